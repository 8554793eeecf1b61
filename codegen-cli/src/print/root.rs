//! `lib.rs`: servers, the root type, an accessor per group.

use super::files::Printer;
use super::scope::ident;
use super::{docs, example, layout, server};
use crate::ir::{Group, Library, ReplyType, Shape};
use proc_macro2::TokenStream;
use quote::quote;

/// From this many arguments on, beside `&self`, clippy finds them too many.
const MANY: usize = 7;

pub(super) fn text(printer: &Printer<'_>) -> String {
    let library = printer.library;
    let parts = [
        layout::items(docs::inner(&front(printer))),
        layout::items(allowed(printer)),
        layout::items(modules(printer)),
        layout::items(quote!(
            use perennial::{Builder, Client};
        )),
        library
            .servers
            .iter()
            .map(server::constant)
            .map(layout::items)
            .collect::<Vec<_>>()
            .join("\n"),
        layout::items(root(printer)),
        library
            .servers
            .iter()
            .map(|it| server::variables(it, library))
            .map(layout::items)
            .collect::<Vec<_>>()
            .join("\n"),
    ];
    let parts: Vec<_> = parts
        .iter()
        .map(|part| part.trim_end())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("\n\n") + "\n"
}

/// The description, with an example after its first paragraph.
fn front(printer: &Printer<'_>) -> String {
    let library = printer.library;
    let text = docs::joined(&library.doc);
    let first_only = || format!("A client of {}.", name(library));
    let (first, rest) = match text.split_once("\n\n") {
        Some((first, rest)) => (first.to_owned(), rest.to_owned()),
        None if text.is_empty() => (first_only(), String::new()),
        None => (text, String::new()),
    };
    // A heading, a list or code is no first paragraph.
    let plain = !first.starts_with(['#', '-', '>', '|', '`']);
    let (first, rest) = if plain {
        (first, rest)
    } else {
        (first_only(), format!("{first}\n\n{rest}"))
    };
    let example = if printer.module {
        String::new()
    } else {
        example::text(library)
    };
    crate::lower::docs::paragraphs([first, example, rest])
}

/// `the Train Travel API`.
fn name(library: &Library) -> String {
    let title = crate::lower::docs::plain(&library.title);
    let last = title.rsplit(' ').next().unwrap_or_default();
    if last.eq_ignore_ascii_case("api") {
        format!("the {title}")
    } else {
        format!("the {title} API")
    }
}

/// Lints that a document can trip, whatever is written for it.
fn allowed(printer: &Printer<'_>) -> TokenStream {
    let library = printer.library;
    let mut allowed = TokenStream::new();
    let mut types = library.types.list.iter();
    if types.any(|ty| matches!(ty.shape, Shape::Union(_)))
        || groups(library).any(|group| !(group.errors.is_empty() && group.replies.is_empty()))
    {
        let reason = "alternatives are as large as the document makes them";
        allowed.extend(quote!(#![allow(clippy::large_enum_variant, reason = #reason)]));
    }
    let mut operations = groups(library).flat_map(|group| &group.operations);
    if operations.any(|operation| operation.arguments.len() >= MANY) {
        let reason = "a path has as many parameters as the document gives it";
        allowed.extend(quote!(#![allow(clippy::too_many_arguments, reason = #reason)]));
    }
    if is_deep(library) {
        let reason = "lists and maps nest as the document nests them";
        allowed.extend(quote!(#![allow(clippy::type_complexity, reason = #reason)]));
    }
    // These lints are the crate's to set: in a module the attribute would be a warning itself.
    if !printer.module && !names(library).all(|name| name.is_ascii()) {
        let reason = "names are the document's";
        allowed.extend(quote! {
            #![allow(confusable_idents, mixed_script_confusables, uncommon_codepoints, reason = #reason)]
        });
    }
    allowed
}

/// All groups, that of the refresh operation included.
fn groups(library: &Library) -> impl Iterator<Item = &Group> + Clone {
    let refresh = library.refresh.iter().map(|refresh| &refresh.group);
    library.groups.iter().chain(refresh)
}

/// Whether a type is written that clippy may find complex.
fn is_deep(library: &Library) -> bool {
    const DEEP: usize = 4;
    let fields = library.types.list.iter().flat_map(|ty| match &ty.shape {
        Shape::Struct(shape) => shape.fields.as_slice(),
        _ => &[],
    });
    let operations = groups(library).flat_map(|group| &group.operations);
    let replies = operations.filter_map(|operation| match &operation.reply.ty {
        Some(ReplyType::Value(ty)) => Some(ty),
        _ => None,
    });
    let mut types = fields.map(|field| &field.ty).chain(replies);
    types.any(|ty| ty.depth() >= DEEP)
}

fn names(library: &Library) -> impl Iterator<Item = &str> {
    let groups = groups(library);
    let operations = groups.clone().flat_map(|group| &group.operations);
    let arguments = operations
        .clone()
        .flat_map(|operation| &operation.arguments);
    let options = groups
        .clone()
        .flat_map(|group| &group.params)
        .flat_map(|params| &params.fields);
    let of_types = library.types.list.iter().flat_map(|ty| match &ty.shape {
        Shape::Struct(shape) => shape
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect(),
        Shape::Enum(shape) => shape.variants.iter().map(|it| it.name.as_str()).collect(),
        Shape::Union(shape) => shape.variants.iter().map(|it| it.name.as_str()).collect(),
        Shape::Tuple(_) => Vec::new(),
    });
    let all = groups
        .map(|group| group.module.as_str())
        .chain(operations.map(|it| it.name.as_str()));
    let all = all.chain(arguments.map(|it| it.name.as_str()));
    let all = all.chain(options.map(|it| it.argument.name.as_str()));
    all.chain(library.types.list.iter().map(|ty| ty.name.as_str()))
        .chain(of_types)
}

fn modules(printer: &Printer<'_>) -> TokenStream {
    let library = printer.library;
    let mut modules: Vec<(&str, TokenStream)> = library
        .groups
        .iter()
        .map(|group| (group.module.as_str(), printer.only(&group.module)))
        .collect();
    if library.refresh.is_some() {
        modules.push(("refresh", TokenStream::new()));
    }
    if !library.types.list.is_empty() {
        modules.push(("types", TokenStream::new()));
    }
    modules.sort_by(|left, right| left.0.cmp(right.0));
    let each = modules.into_iter().map(|(module, condition)| {
        let place = place("", module);
        let module = ident(module);
        quote!(#condition #place pub mod #module;)
    });
    each.collect()
}

/// Rust looks for the file of a module by itself only if its name is ASCII.
pub(super) fn place(folder: &str, module: &str) -> TokenStream {
    if module.is_ascii() {
        return TokenStream::new();
    }
    let path = format!("{folder}{module}.rs");
    quote!(#[path = #path])
}

fn root(printer: &Printer<'_>) -> TokenStream {
    let library = printer.library;
    let text = name(library).replacen("the", "The", 1);
    let about = docs::markdown(
        &format!("{text}.\n\nCheap to clone; all parts share one connection pool and one session."),
        0,
    );
    let root = ident(&library.root);
    let builder = server::builder(library);
    let groups = library
        .groups
        .iter()
        .map(|group| accessor(group, printer.only(&group.module)));
    quote! {
        #about
        #[derive(Clone, Debug)]
        pub struct #root { client: Client }

        impl #root {
            #builder

            /// Shares `client`'s connection pool and session with whatever else uses them.
            pub fn new(client: Client) -> Self {
                Self { client }
            }

            /// The client that all parts share, for what the document does not describe.
            pub fn client(&self) -> &Client {
                &self.client
            }

            #(#groups)*
        }
    }
}

fn accessor(group: &Group, condition: TokenStream) -> TokenStream {
    let doc = docs::markdown(&docs::first_paragraph(&group.doc), 4);
    let module = ident(&group.module);
    let client = ident(&format!("{}Client", group.trait_name));
    // An operation called `new` takes the constructor's name.
    let taken = group
        .operations
        .iter()
        .any(|operation| operation.name == "new");
    let constructor = ident(if taken { "from" } else { "new" });
    quote! {
        #doc
        #condition
        pub fn #module(&self) -> #module::#client {
            #module::#client::#constructor(self.client.clone())
        }
    }
}
