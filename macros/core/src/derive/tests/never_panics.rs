//! Whatever tokens a derive is given, it answers with an expansion or an error, both of them Rust.

use crate::derive::{api_error, api_reply, model, params};
use proc_macro2::TokenStream;
use proptest::prelude::*;
use proptest::sample::select;

fn derives(item: &TokenStream) {
    for derive in [model, params, api_error, api_reply] {
        let expansion = derive(item.clone());
        let parsed = syn::parse2::<syn::File>(expansion.clone());
        assert!(parsed.is_ok(), "{item}\n{expansion}");
    }
}

/// Pieces that the parsers look for, and some that they do not.
const PIECES: &[&str] = &[
    "struct",
    "enum",
    "union",
    "pub",
    "where",
    "S",
    "r#type",
    "T",
    "'a",
    "<",
    ">",
    ",",
    ";",
    ":",
    "=",
    "#",
    "!",
    "->",
    "..=",
    "()",
    "{}",
    "[]",
    "(i64)",
    "{ a: i64 }",
    "{ A, B(T) }",
    "-1",
    "1.5",
    "404",
    "\"4XX\"",
    "\"\"",
    "'c'",
    "b\"x\"",
    "true",
    "null",
    "Option<Option<T>>",
    "Bytes",
    "#[serde(rename = \"x\")]",
    "#[model(unknown)]",
    "#[status(404)]",
    "#[query]",
];

/// Keys of attributes with what may follow them, sensible or not.
const KEYS: &[&str] = &[
    "rename",
    "rename_all",
    "default",
    "flatten",
    "skip_serializing_if",
    "alias",
    "nullable",
    "read_only",
    "new",
    "unknown",
    "tag",
    "or",
    "constant",
    "send",
    "receive",
    "tuple",
    "rest",
    "transparent",
    "untagged",
    "crate",
    "with",
    "style",
    "decode",
    "r#type",
    "nonsense",
];
const VALUES: &[&str] = &[
    "",
    "= \"x\"",
    "= \"camelCase\"",
    "= 1",
    "= -1",
    "= -170141183460469231731687303715884105728",
    "= 1e999",
    "= null",
    "= required",
    "= a::b",
    "= \"1 +\"",
    "(\"a\" = 1)",
    "(a = 1, a = -2.5)",
    "()",
    "(=)",
    "= |x| x",
    "= csv",
    "= \"\"",
    "404",
    "= json",
];
const TYPES: &[&str] = &[
    "i64",
    "Option<T>",
    "Option<Option<T>>",
    "Option<Bytes>",
    "Vec<Bytes>",
    "BTreeMap<String, T>",
    "&'a str",
    "(A, B)",
    "[u8; 4]",
    "fn(A) -> B",
    "dyn A + B",
    "Box<Self>",
    "<A as B>::C",
    "!",
    "Option<'a>",
    "impl A",
    "_",
    "a::b!()",
];

fn attribute() -> impl Strategy<Value = String> {
    let path = select(
        &[
            "serde", "model", "status", "params", "query", "header", "cookie",
        ][..],
    );
    let entry = (select(KEYS), select(VALUES)).prop_map(|(key, value)| format!("{key} {value}"));
    let entries = prop::collection::vec(entry, 0..3);
    (path, entries).prop_map(|(path, entries)| format!("#[{path}({})]", entries.join(", ")))
}

fn attributes() -> impl Strategy<Value = String> {
    prop::collection::vec(attribute(), 0..3).prop_map(|attributes| attributes.join(" "))
}

fn name() -> impl Strategy<Value = &'static str> {
    select(&["a", "b", "r#type", "Self_", "ÄÖ", "_", "A1"][..])
}

fn body(is_enum: bool) -> impl Strategy<Value = String> {
    let part =
        (attributes(), name(), select(TYPES)).prop_map(
            move |(attributes, name, ty)| match is_enum {
                true if ty.len() % 2 == 0 => format!("{attributes} {name}"),
                true => format!("{attributes} {name}({ty})"),
                false => format!("{attributes} {name}: {ty}"),
            },
        );
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.join(", "))
}

fn item() -> impl Strategy<Value = String> {
    let generics = select(&["", "<T>", "<'a, T: A = B, const N: usize = 1>"][..]);
    (attributes(), any::<bool>(), generics).prop_flat_map(|(attributes, is_enum, generics)| {
        body(is_enum).prop_map(move |body| {
            let keyword = if is_enum { "enum" } else { "struct" };
            format!("{attributes} {keyword} Name{generics} {{ {body} }}")
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_tokens(pieces in prop::collection::vec(select(PIECES), 0..24)) {
        if let Ok(tokens) = pieces.join(" ").parse() {
            derives(&tokens);
        }
    }

    #[test]
    fn any_item(item in item()) {
        if let Ok(tokens) = item.parse() {
            derives(&tokens);
        }
    }

    #[test]
    fn any_tuple(parts in prop::collection::vec((attributes(), select(TYPES)), 0..4)) {
        let parts: Vec<_> = parts.iter().map(|(attributes, ty)| format!("{attributes} {ty}")).collect();
        if let Ok(tokens) = format!("struct Name({});", parts.join(", ")).parse() {
            derives(&tokens);
        }
    }
}
