//! `types.rs`, and the files below it: a type stands with the one group that reaches it, or among
//! the shared ones.

use super::files::{Printer, Used};
use super::scope::Scope;
use super::{layout, types};
use crate::ir::Type;
use proc_macro2::{TokenStream, TokenTree};
use quote::quote;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn files(printer: &Printer<'_>) -> Vec<Used> {
    let list = &printer.library.types.list;
    if list.is_empty() {
        return Vec::new();
    }
    let mut alone: BTreeMap<&str, Vec<&Type>> = BTreeMap::new();
    let mut shared = Vec::new();
    for ty in list {
        match ty.groups.first() {
            Some(only) if ty.groups.len() == 1 => alone.entry(only).or_default().push(ty),
            _ => shared.push(ty),
        }
    }
    let index = index(printer, alone.keys().copied(), &shared);
    let mut files = vec![(printer.file("types.rs", index), Vec::new())];
    files.extend(
        alone
            .into_iter()
            .map(|(module, types)| own(printer, module, &types)),
    );
    if !shared.is_empty() {
        files.push(self::shared(printer, &shared));
    }
    files
}

fn index<'m>(
    printer: &Printer<'_>,
    modules: impl Iterator<Item = &'m str>,
    shared: &[&Type],
) -> String {
    let mut modules: Vec<(&str, TokenStream)> = modules
        .map(|module| (module, printer.only(module)))
        .collect();
    if !shared.is_empty() {
        modules.push(("shared", printer.any_of(shared.iter().map(|ty| &ty.groups))));
    }
    modules.sort_by_key(|(module, _)| *module);
    let (mut mods, mut uses) = (TokenStream::new(), TokenStream::new());
    for (module, condition) in modules {
        let place = super::root::place("types/", module);
        let module = super::scope::ident(module);
        mods.extend(quote!(#condition #place mod #module;));
        uses.extend(quote!(#condition pub use #module::*;));
    }
    let doc = "//! What is sent and received. Every type is `types::Name`; files follow the features.\n\n";
    format!("{doc}{}\n{}", layout::items(mods), layout::items(uses))
}

/// The types that one group alone reaches.
fn own<'a>(printer: &Printer<'a>, module: &str, list: &[&'a Type]) -> Used {
    let mut scope = Scope::new(&printer.library.types, "super");
    for ty in list {
        scope.define(&ty.name);
    }
    let items: Vec<String> = list
        .iter()
        .map(|ty| layout::items(types::item(ty, &mut scope)))
        .collect();
    let text = joined(layout::items(scope.uses(false)), items);
    (
        printer.file(&format!("types/{module}.rs"), text),
        scope.packages().collect(),
    )
}

/// The types of several groups. Each stands under the condition of those groups, and so does each
/// import.
fn shared<'a>(printer: &Printer<'a>, list: &[&'a Type]) -> Used {
    let mut imports: BTreeMap<(&'static str, String), BTreeSet<String>> = BTreeMap::new();
    let mut packages = BTreeSet::new();
    let mut items = Vec::new();
    for ty in list {
        let mut scope = Scope::new(&printer.library.types, "super");
        for other in list {
            scope.define(&other.name);
        }
        let item = types::item(ty, &mut scope);
        let condition = printer.any(&ty.groups);
        items.push(layout::items(below_docs(condition, item)));
        packages.extend(scope.packages());
        for import in scope.imports() {
            imports
                .entry(import)
                .or_default()
                .extend(ty.groups.iter().cloned());
        }
    }
    let mut lines: Vec<(&'static str, String, Vec<String>)> = Vec::new();
    for ((module, name), groups) in imports {
        let condition = printer.any(&groups).to_string();
        match lines
            .iter_mut()
            .find(|(known, under, _)| *known == module && *under == condition)
        {
            Some((_, _, names)) => names.push(name),
            None => lines.push((module, condition, vec![name])),
        }
    }
    let uses: TokenStream = lines
        .iter()
        .map(|(module, condition, names)| {
            let condition: TokenStream = condition.parse().unwrap_or_default();
            let line = super::scope::import(module, names);
            quote!(#condition #line)
        })
        .collect();
    let doc = "//! Types that several features reach.\n\n";
    let text = format!("{doc}{}", joined(layout::items(uses), items));
    (
        printer.file("types/shared.rs", text),
        packages.into_iter().collect(),
    )
}

/// `item` with `condition` under its documentation.
fn below_docs(condition: TokenStream, item: TokenStream) -> TokenStream {
    let mut tokens = item.into_iter().peekable();
    let mut docs = TokenStream::new();
    while let Some(TokenTree::Punct(sign)) = tokens.peek().cloned() {
        let Some(TokenTree::Group(group)) = tokens.clone().nth(1) else {
            break;
        };
        let doc = group.stream().into_iter().next();
        if sign.as_char() != '#' || doc.is_none_or(|word| word.to_string() != "doc") {
            break;
        }
        docs.extend(tokens.by_ref().take(2));
    }
    let rest: TokenStream = tokens.collect();
    quote!(#docs #condition #rest)
}

fn joined(uses: String, items: Vec<String>) -> String {
    let parts: Vec<String> = std::iter::once(uses)
        .chain(items)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("\n")
}
