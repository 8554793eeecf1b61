//! Attributes of structs, and what they hold.

use crate::{check, reads, refuses, writes};
use perennial::{Model, RawJson};
use std::collections::BTreeMap;

#[derive(Debug, PartialEq, Model)]
#[model(new)]
struct Started {
    name: String,
    size: i64,
    note: Option<String>,
    #[serde(default)]
    list: Vec<i64>,
}

#[test]
fn new_takes_what_is_required() {
    writes(&Started::new("a", 1), r#"{"name":"a","size":1,"list":[]}"#);
}

#[derive(Debug, PartialEq, Model)]
#[model(constant("object" = "card", version = 2), constant("live" = true, ratio = -1.5, none = null))]
struct Constants {
    id: i64,
}

#[test]
fn constants_are_written_and_checked() {
    let json = r#"{"object":"card","version":2,"live":true,"ratio":-1.5,"none":null,"id":1}"#;
    check(Constants { id: 1 }, json);
    reads(r#"{"id":1}"#, Constants { id: 1 });
    reads(r#"{"id":1,"version":2.0}"#, Constants { id: 1 });
    refuses::<Constants>(
        r#"{"id":1,"object":"bank"}"#,
        "invalid value: string \"bank\", expected \"card\"",
    );
    refuses::<Constants>(
        r#"{"id":1,"version":3}"#,
        "invalid value: integer `3`, expected 2",
    );
    refuses::<Constants>(
        r#"{"id":1,"live":false}"#,
        "invalid value: boolean `false`, expected true",
    );
}

#[derive(Debug, PartialEq, Model)]
struct Empty {}

#[test]
fn no_members() {
    check(Empty {}, "{}");
    reads(r#"{"a":1}"#, Empty {});
}

#[derive(Debug, PartialEq, Model)]
#[model(constant = "auto")]
struct Auto;

#[derive(Debug, PartialEq, Model)]
#[model(constant = 3)]
struct Three;

#[test]
fn a_unit_struct_is_a_value() {
    check(Auto, "\"auto\"");
    check(Three, "3");
    refuses::<Auto>(
        "\"other\"",
        "invalid value: string \"other\", expected \"auto\"",
    );
}

#[derive(Debug, PartialEq, Model)]
struct Id(String);

#[derive(Debug, PartialEq, Model)]
#[serde(transparent)]
struct Wrapped {
    inner: Vec<Id>,
}

#[test]
fn one_value_is_written_as_itself() {
    check(Id("a".into()), "\"a\"");
    check(
        Wrapped {
            inner: vec![Id("a".into())],
        },
        r#"["a"]"#,
    );
}

#[derive(Debug, PartialEq, Model)]
struct Open {
    locale: String,
    revision: Option<i64>,
    #[serde(flatten)]
    other: BTreeMap<String, String>,
}

#[test]
fn a_map_takes_the_rest() {
    let other = BTreeMap::from([("hi".to_owned(), "hallo".to_owned())]);
    let value = |revision, other| Open {
        locale: "de".into(),
        revision,
        other,
    };
    check(
        value(Some(1), other),
        r#"{"locale":"de","revision":1,"hi":"hallo"}"#,
    );
    check(value(None, BTreeMap::new()), r#"{"locale":"de"}"#);
    refuses::<Open>(
        r#"{"locale":"de","hi":1}"#,
        "at `$.hi`: invalid type: integer, expected a string",
    );
}

#[derive(Debug, PartialEq, Model)]
struct Base {
    id: i64,
    name: Option<String>,
}

#[derive(Debug, PartialEq, Model)]
struct Extended {
    size: i64,
    #[serde(flatten)]
    base: Base,
    #[serde(flatten)]
    other: BTreeMap<String, RawJson>,
}

#[test]
fn another_object_is_flattened() {
    let value = Extended {
        size: 1,
        base: Base {
            id: 2,
            name: Some("n".into()),
        },
        other: BTreeMap::from([("x".into(), RawJson::new(&[1]).expect("it is JSON"))]),
    };
    check(value, r#"{"size":1,"id":2,"name":"n","x":[1]}"#);
    refuses::<Extended>(r#"{"size":1}"#, "missing field `id`");
}

#[derive(Debug, PartialEq, Model)]
struct Page<T> {
    items: Vec<T>,
    next: Option<Box<Page<T>>>,
}

#[derive(Debug, PartialEq, Model)]
#[model(new)]
struct Bounded<T = i64, const N: usize = 2>
where
    T: PartialEq,
{
    value: T,
}

#[test]
fn generic_types() {
    check(
        Page {
            items: vec![1],
            next: Some(Box::new(Page {
                items: vec![],
                next: None,
            })),
        },
        r#"{"items":[1],"next":{"items":[]}}"#,
    );
    check(Bounded::<_, 3>::new("a".to_owned()), r#"{"value":"a"}"#);
}

#[derive(Model)]
#[model(send)]
struct Borrowed<'a, T> {
    name: &'a str,
    items: &'a [T],
    none: Option<&'a str>,
}

#[test]
fn a_type_that_borrows_is_sent() {
    writes(
        &Borrowed {
            name: "a",
            items: &[1, 2],
            none: None,
        },
        r#"{"name":"a","items":[1,2]}"#,
    );
}

#[derive(Debug, PartialEq, Model)]
#[model(receive)]
struct Received {
    at: i64,
}

#[test]
fn a_type_that_is_received_alone() {
    reads(r#"{"at":1}"#, Received { at: 1 });
}

// Names that an expansion must not trip over.
#[derive(Debug, PartialEq, Model)]
struct Hygiene {
    from: i64,
    to: Option<i64>,
    index: i64,
    value: Option<i64>,
    map: i64,
    fallback: Option<i64>,
    __a: i64,
    r#match: Option<i64>,
    _from: i64,
}

#[test]
fn members_named_like_the_expansions_variables() {
    let value = Hygiene {
        from: 1,
        to: Some(2),
        index: 3,
        value: None,
        map: 4,
        fallback: None,
        __a: 5,
        r#match: Some(6),
        _from: 7,
    };
    check(
        value,
        r#"{"from":1,"to":2,"index":3,"map":4,"__a":5,"match":6,"_from":7}"#,
    );
}

mod shadowed {
    #![allow(dead_code, reason = "they are there to be in the way")]
    pub(super) struct Some;
    pub(super) struct None;
    pub(super) struct Ok;
    pub(super) struct Err;
    pub(super) struct Result;
    pub(super) struct Vec;
    pub(super) struct String;
    pub(super) trait Default {}
    pub(super) trait Into {}

    #[derive(perennial::Model)]
    pub(super) struct Plain {
        pub(super) a: i64,
        pub(super) b: core::option::Option<i64>,
        #[serde(default)]
        pub(super) c: bool,
    }

    #[derive(perennial::Model)]
    pub(super) enum Word {
        A,
        #[model(unknown)]
        Other(std::string::String),
    }

    #[derive(perennial::Model)]
    #[model(tag = "kind", or = required)]
    pub(super) enum Union {
        A(Plain),
        #[model(unknown)]
        Other(perennial::RawJson),
    }

    #[derive(Debug, perennial::ApiError)]
    pub(super) enum Error {
        #[status(404)]
        A,
    }
}

#[test]
fn names_of_the_prelude_may_be_taken() {
    let value: shadowed::Plain = serde_json::from_str(r#"{"a":1}"#).expect("it fits");
    writes(&value, r#"{"a":1,"c":false}"#);
}

#[test]
fn many_members() {
    #[derive(Debug, Default, PartialEq, Model)]
    #[serde(default)]
    struct Many {
        a: i64,
        b: i64,
    }
    let names: Vec<String> = (0..200).map(|n| format!("\"x{n}\":{n}")).collect();
    reads(
        &format!("{{{},\"b\":2}}", names.join(",")),
        Many { a: 0, b: 2 },
    );
}
