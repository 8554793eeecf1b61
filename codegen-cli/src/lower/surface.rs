//! From the document's operations to groups of methods.

use super::draft::{self, Draft};
use super::lock::Lock;
use super::names::Names;
use super::schemas::Schemas;
use super::{assemble, groups, methods};
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Diagnostics, Kind};
use crate::document::Document;
use crate::ir;
use crate::read::{NodeId, Tree};
use crate::resolve::Resolver;

/// What lowering reads, and where it reports.
pub(super) struct Surface<'a> {
    pub(super) document: &'a Document,
    pub(super) tree: &'a Tree,
    pub(super) resolver: &'a Resolver<'a>,
    pub(super) config: &'a Config,
    pub(super) found: &'a Diagnostics,
}

/// What lowering hands on.
#[derive(Clone, Debug)]
pub(crate) struct Lowered {
    /// The client.
    pub(crate) library: ir::Library,
    /// The text of `gen-client.lock` for the next run.
    pub(crate) lock: String,
}

/// Lowers a whole document; `lock` is what an earlier run wrote.
pub(crate) fn lower(
    document: &Document,
    config: &Config,
    lock: Option<&str>,
    found: &Diagnostics,
) -> Lowered {
    let old = lock.map(Lock::parse).transpose().unwrap_or_else(|error| {
        let message = format!("gen-client.lock cannot be read: {}", error.message());
        let help = "names are given anew; delete the file if that is right";
        found.push(Diagnostic::error(Kind::Config, message).help(help));
        None
    });
    let mut names = Names::new(old.unwrap_or_default());
    let resolver = Resolver::new(&document.tree, found);
    let library = library(document, config, &resolver, &mut names, found);
    Lowered {
        library,
        lock: names.into_lock().print(),
    }
}

fn library<'a>(
    document: &'a Document,
    config: &'a Config,
    resolver: &'a Resolver<'a>,
    names: &mut Names,
    found: &'a Diagnostics,
) -> ir::Library {
    let tree = &document.tree;
    let surface = Surface {
        document,
        tree,
        resolver,
        config,
        found,
    };
    let groups: Vec<String> = groups::names(document, config)
        .iter()
        .map(|name| groups::key(name))
        .collect();
    let methods = methods::names(&document.operations, &groups, tree, names);
    let mut schemas = Schemas::new(tree, resolver, found, config.types);
    let operations = document
        .operations
        .iter()
        .enumerate()
        .zip(methods)
        .zip(groups);
    let drafts: Vec<Draft<'a>> = operations
        .map(|((operation, method), group)| {
            draft::operation(&surface, operation, method, group, &mut schemas)
        })
        .collect();
    let webhooks = draft::webhooks(&surface, &mut schemas);
    let types = schemas.finish(names);
    assemble::library(&surface, drafts, webhooks, types, names)
}

impl<'a> Surface<'a> {
    /// A description, unless descriptions are left out.
    pub(super) fn text(&self, description: Option<&str>) -> Option<String> {
        let text = super::docs::text(description.filter(|_| self.config.docs)?);
        (!text.is_empty()).then_some(text)
    }

    pub(super) fn note(&self, at: NodeId, kind: Kind, message: impl Into<String>) {
        self.found
            .push(self.place(Diagnostic::note(kind, message), at));
    }

    pub(super) fn warn(&self, at: NodeId, kind: Kind, message: impl Into<String>, help: &str) {
        let diagnostic = self.place(Diagnostic::warning(kind, message), at);
        self.found.push(if help.is_empty() {
            diagnostic
        } else {
            diagnostic.help(help)
        });
    }

    /// A collection is pointed at by its first byte.
    fn place(&self, diagnostic: Diagnostic, at: NodeId) -> Diagnostic {
        let start = self.tree.at(at);
        let end = if self.tree.text(at).is_some() {
            self.tree.end(at)
        } else {
            start
        };
        diagnostic.spanning(start, end)
    }
}
