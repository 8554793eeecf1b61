//! The names that one file can see, and how types are written in it.

use crate::ir::{TypeRef, Types};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use std::collections::{BTreeMap, BTreeSet};

/// Names that every file sees without an import and that generated code relies on.
const PRELUDE: [&str; 8] = [
    "Box", "From", "Option", "Result", "Send", "String", "Sync", "Vec",
];

/// One file's view: what it imports, and from where it sees the types.
#[derive(Debug)]
pub(crate) struct Scope<'a> {
    types: &'a Types,
    /// Where the types are: `crate::types` in a group's file, `super` in a file of types.
    home: &'static str,
    /// Types that the file itself defines.
    own: BTreeSet<&'a str>,
    imports: BTreeMap<&'static str, BTreeSet<String>>,
    /// Types that the file uses and another file defines.
    used: BTreeSet<&'a str>,
    /// Whether a type had to be written with its module.
    qualified: bool,
}

impl<'a> Scope<'a> {
    /// The view of a file that sees `types` in the module `home`.
    pub(crate) fn new(types: &'a Types, home: &'static str) -> Self {
        Self {
            types,
            home,
            own: BTreeSet::new(),
            imports: BTreeMap::new(),
            used: BTreeSet::new(),
            qualified: false,
        }
    }

    /// Says that the file defines a type of that name.
    pub(crate) fn define(&mut self, name: &'a str) {
        self.own.insert(name);
    }

    /// `name` from `module`, imported unless the file defines a type of that name.
    pub(crate) fn import(&mut self, module: &'static str, name: &str) -> TokenStream {
        let ident = ident(name);
        if self.own.contains(name) {
            let module = path(module);
            return quote!(#module::#ident);
        }
        self.imports
            .entry(module)
            .or_default()
            .insert(name.to_owned());
        ident.into_token_stream()
    }

    /// `Option`, `Vec`, `Box` or `String`, with its path where the file defines a type of that name.
    pub(crate) fn std(&self, name: &str) -> TokenStream {
        let ident = ident(name);
        if !self.own.contains(name) {
            return ident.into_token_stream();
        }
        let module = ident_of_std(name);
        quote!(std::#module::#ident)
    }

    /// `ty` as it is written in this file.
    pub(crate) fn ty(&mut self, ty: &TypeRef) -> TokenStream {
        match ty {
            TypeRef::Bool => quote!(bool),
            TypeRef::I32 => quote!(i32),
            TypeRef::I64 => quote!(i64),
            TypeRef::U64 => quote!(u64),
            TypeRef::F32 => quote!(f32),
            TypeRef::F64 => quote!(f64),
            TypeRef::String => self.std("String"),
            TypeRef::Bytes => self.import("perennial", "Bytes"),
            TypeRef::Uuid => self.import("uuid", "Uuid"),
            TypeRef::Timestamp => self.import("jiff", "Timestamp"),
            TypeRef::Date => self.import("jiff::civil", "Date"),
            TypeRef::Time => self.import("jiff::civil", "Time"),
            TypeRef::Decimal => self.import("rust_decimal", "Decimal"),
            TypeRef::Raw => self.import("perennial", "RawJson"),
            // A path of the user's configuration, checked when that was read.
            TypeRef::Path(path) => path.parse().unwrap_or_default(),
            TypeRef::List(item) => {
                let (vec, item) = (self.std("Vec"), self.ty(item));
                quote!(#vec<#item>)
            }
            TypeRef::Map(value) => {
                let map = self.import("std::collections", "BTreeMap");
                let (string, value) = (self.std("String"), self.ty(value));
                quote!(#map<#string, #value>)
            }
            TypeRef::Tuple(items) => {
                let items: Vec<_> = items.iter().map(|item| self.ty(item)).collect();
                quote!((#(#items,)*))
            }
            TypeRef::Optional(inner) => {
                let (option, inner) = (self.std("Option"), self.ty(inner));
                quote!(#option<#inner>)
            }
            TypeRef::Boxed(inner) => {
                let (boxed, inner) = (self.std("Box"), self.ty(inner));
                quote!(#boxed<#inner>)
            }
            TypeRef::Named(id) => match self.types.get(*id) {
                Some(ty) => self.named(&ty.name),
                None => self.import("perennial", "RawJson"),
            },
        }
    }

    /// The type of an argument: borrowed unless it is small.
    pub(crate) fn borrowed(&mut self, ty: &TypeRef) -> TokenStream {
        match ty {
            TypeRef::String => quote!(&str),
            TypeRef::List(item) => {
                let item = self.ty(item);
                quote!(&[#item])
            }
            TypeRef::Bool
            | TypeRef::I32
            | TypeRef::I64
            | TypeRef::U64
            | TypeRef::F32
            | TypeRef::F64
            | TypeRef::Uuid
            | TypeRef::Timestamp
            | TypeRef::Date
            | TypeRef::Time
            | TypeRef::Decimal => self.ty(ty),
            TypeRef::Optional(inner) => {
                let inner = self.borrowed(inner);
                quote!(Option<#inner>)
            }
            TypeRef::Boxed(inner) => self.borrowed(inner),
            _ => {
                let ty = self.ty(ty);
                quote!(&#ty)
            }
        }
    }

    /// A type of the library, with its module where the name alone would mean something else.
    pub(crate) fn named(&mut self, name: &'a str) -> TokenStream {
        let ident = ident(name);
        if self.own.contains(name) {
            return ident.into_token_stream();
        }
        if reserved(name) {
            if self.home == "super" {
                return quote!(super::#ident);
            }
            self.qualified = true;
            return quote!(types::#ident);
        }
        self.used.insert(name);
        ident.into_token_stream()
    }

    /// The file's imports. With `glob`, all types are imported at once, unless one of them would
    /// hide a name that the file relies on.
    pub(crate) fn uses(&self, glob: bool) -> TokenStream {
        let home = path(self.home);
        let mut lines = TokenStream::new();
        if self.qualified {
            lines.extend(quote!(use #home;));
        }
        let hiding = self
            .types
            .list
            .iter()
            .any(|ty| PRELUDE.contains(&ty.name.as_str()));
        if !self.used.is_empty() {
            let names = self.used.iter().map(|name| ident(name));
            lines.extend(match (glob && !hiding, self.used.len()) {
                (true, _) => quote!(use #home::*;),
                (false, 1) => quote!(use #home::#(#names)*;),
                (false, _) => quote!(use #home::{#(#names),*};),
            });
        }
        for (module, names) in &self.imports {
            let names: Vec<String> = names.iter().cloned().collect();
            lines.extend(import(module, &names));
        }
        lines
    }

    /// What the file imports, but for types.
    pub(crate) fn imports(&self) -> impl Iterator<Item = (&'static str, String)> {
        let each = |(module, names): (&&'static str, &BTreeSet<String>)| {
            names
                .iter()
                .map(|name| (*module, name.clone()))
                .collect::<Vec<_>>()
        };
        self.imports.iter().flat_map(each)
    }

    /// The packages that the imports come from, beside the runtime and the standard library.
    pub(crate) fn packages(&self) -> impl Iterator<Item = &'static str> {
        let roots = self
            .imports
            .keys()
            .filter_map(|module| module.split("::").next());
        roots.filter(|root| !matches!(*root, "std" | "perennial"))
    }
}

/// `use module::{names};` in rustfmt's order: types before functions.
pub(crate) fn import(module: &str, names: &[String]) -> TokenStream {
    let module = path(module);
    let (functions, mut sorted): (Vec<&String>, Vec<&String>) = names
        .iter()
        .partition(|name| name.starts_with(char::is_lowercase));
    sorted.extend(functions);
    let names: Vec<Ident> = sorted.into_iter().map(|name| ident(name)).collect();
    match names.as_slice() {
        [one] => quote!(use #module::#one;),
        names => quote!(use #module::{#(#names),*};),
    }
}

/// Names that a file of generated code may import or has from the start.
fn reserved(name: &str) -> bool {
    const IMPORTS: [&str; 16] = [
        "ApiError",
        "ApiReply",
        "Builder",
        "BTreeMap",
        "Bytes",
        "Call",
        "Client",
        "Date",
        "Decimal",
        "Model",
        "Params",
        "RawJson",
        "Response",
        "Time",
        "Timestamp",
        "Uuid",
    ];
    PRELUDE.contains(&name) || IMPORTS.contains(&name)
}

/// The module of the standard library that a name of the prelude comes from.
fn ident_of_std(name: &str) -> Ident {
    let module = match name {
        "Option" => "option",
        "Vec" => "vec",
        "Box" => "boxed",
        _ => "string",
    };
    ident(module)
}

/// A path of our own making: `crate::types`.
fn path(text: &str) -> TokenStream {
    let parts = text.split("::").map(|part| match part {
        "crate" | "super" => Ident::new(part, Span::call_site()),
        _ => ident(part),
    });
    quote!(#(#parts)::*)
}

/// `name` as an identifier, raw where it is a keyword.
pub(crate) fn ident(name: &str) -> Ident {
    match syn::parse_str::<Ident>(name) {
        Ok(ident) => ident,
        // Raw or not, these four can name nothing.
        Err(_) if matches!(name, "self" | "super" | "crate" | "Self" | "_" | "") => {
            Ident::new(&format!("{name}_"), Span::call_site())
        }
        Err(_) => Ident::new_raw(name, Span::call_site()),
    }
}
