//! What stands on the type itself.

use super::super::attr::{Entry, Keys, Value, refuse_serde};
use super::super::case;
use super::super::item::{Data, Item, hidden};
use super::super::literal::{self, Constant};
use super::super::mistakes::Mistakes;
use crate::api::Case;
use proc_macro2::{Span, TokenStream};
use quote::quote;
use std::collections::HashSet;
use syn::{Expr, Fields, Path};

/// A type and the keys on it.
pub(super) struct Container<'i> {
    pub(super) item: &'i Item,
    /// `::perennial::__v1::model`.
    pub(super) hidden: TokenStream,
    pub(super) rename_all: Option<Case>,
    pub(super) send: bool,
    pub(super) receive: bool,
    pub(super) new: bool,
    pub(super) tuple: bool,
    pub(super) transparent: bool,
    pub(super) default: Option<Fallback>,
    pub(super) tag: Option<Tag>,
    /// Members of a struct with a single value.
    pub(super) constants: Vec<literal::Member>,
    /// The only value of a unit struct.
    pub(super) constant: Option<Constant>,
}

/// What stands for a member that is missing.
pub(super) enum Fallback {
    Default,
    Call(Path),
}

/// `tag = "kind", or = required`.
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) or_required: bool,
}

impl<'i> Container<'i> {
    pub(super) fn read(item: &'i Item, mistakes: &mut Mistakes) -> Self {
        let mut keys = Keys::read(&item.attrs, &["serde", "model"], mistakes);
        let runtime = keys.take("crate", mistakes);
        let runtime = runtime.and_then(|entry| entry.path(mistakes));
        let hidden = hidden(runtime.as_ref());
        let (send, receive) = direction(item, &mut keys, mistakes);
        let mut container = Self {
            item,
            hidden: quote!(#hidden::model),
            rename_all: None,
            send,
            receive,
            new: false,
            tuple: false,
            transparent: false,
            default: None,
            tag: None,
            constants: Vec::new(),
            constant: None,
        };
        container.kind(&mut keys, mistakes);
        container
    }

    fn kind(&mut self, keys: &mut Keys, mistakes: &mut Mistakes) {
        let rest = std::mem::replace(keys, Keys::read(&[], &[], mistakes));
        let mut keys = rest;
        match &self.item.data {
            Data::Enum(_) => {
                self.rename_all(&mut keys, mistakes);
                self.tag = tag(&mut keys, mistakes);
                // What a union without a tag is anyway.
                keys.has("untagged", mistakes);
                let known = ["rename_all", "tag", "or", "send", "receive", "crate"];
                keys.finish(&known, "on an enum", mistakes);
            }
            Data::Struct(Fields::Named(_)) => {
                self.rename_all(&mut keys, mistakes);
                self.new = keys.has_own("new", mistakes);
                self.tuple = keys.has_own("tuple", mistakes);
                self.transparent = keys.has("transparent", mistakes);
                self.default = keys
                    .take("default", mistakes)
                    .and_then(|entry| fallback(&entry, mistakes));
                self.members(&mut keys, mistakes);
                let known = [
                    "rename_all",
                    "new",
                    "tuple",
                    "transparent",
                    "default",
                    "constant",
                    "send",
                    "receive",
                    "crate",
                ];
                keys.finish(&known, "on a struct", mistakes);
            }
            Data::Struct(Fields::Unnamed(_)) => {
                keys.has("transparent", mistakes);
                keys.has_own("tuple", mistakes);
                keys.finish(
                    &["send", "receive", "crate"],
                    "on a struct without names",
                    mistakes,
                );
            }
            Data::Struct(Fields::Unit) => {
                let entry = keys.take_own("constant", mistakes);
                self.constant = entry.and_then(|entry| match entry.value {
                    Value::Is(_) => literal::value(&entry, mistakes),
                    _ => {
                        mistakes.at(entry.span(), "expected `constant = value`");
                        None
                    }
                });
                keys.finish(
                    &["constant", "send", "receive", "crate"],
                    "on a unit struct",
                    mistakes,
                );
            }
        }
    }

    fn rename_all(&mut self, keys: &mut Keys, mistakes: &mut Mistakes) {
        let entry = keys.take("rename_all", mistakes);
        self.rename_all = entry.and_then(|entry| case::read(&entry, mistakes));
    }

    fn members(&mut self, keys: &mut Keys, mistakes: &mut Mistakes) {
        let mut names = HashSet::new();
        for entry in keys.take_all("constant") {
            refuse_serde(&entry, mistakes);
            if !matches!(entry.value, Value::List(_)) {
                mistakes.at(
                    entry.span(),
                    "which member has that value? write `constant(\"member\" = value)`",
                );
            }
            for member in literal::members(&entry, mistakes).into_iter().flatten() {
                if !names.insert(member.name.clone()) {
                    let message = format!("the member {:?} has two values", member.name);
                    mistakes.at(member.span, message);
                }
                self.constants.push(member);
            }
        }
    }

    /// The name of the type.
    pub(super) fn name(&self) -> String {
        use syn::ext::IdentExt;
        self.item.ident.unraw().to_string()
    }

    pub(super) fn span(&self) -> Span {
        self.item.span()
    }
}

/// `send` and `receive`: both where neither is written.
fn direction(item: &Item, keys: &mut Keys, mistakes: &mut Mistakes) -> (bool, bool) {
    let send = keys.has_own("send", mistakes);
    let receive = keys.has_own("receive", mistakes);
    let (send, receive) = match (send, receive) {
        (false, false) => (true, true),
        written => written,
    };
    let lifetime = item.generics.lifetimes().next();
    if let (true, Some(lifetime)) = (receive, lifetime) {
        mistakes.over(
            lifetime,
            "a type that borrows can only be sent; add `#[model(send)]`",
        );
    }
    (send, receive)
}

/// `default` and `default = "path"`.
pub(super) fn fallback(entry: &Entry, mistakes: &mut Mistakes) -> Option<Fallback> {
    match entry.value {
        Value::Nothing => Some(Fallback::Default),
        _ => entry.path(mistakes).map(Fallback::Call),
    }
}

fn tag(keys: &mut Keys, mistakes: &mut Mistakes) -> Option<Tag> {
    let tag = keys.take("tag", mistakes);
    let or = keys.take_own("or", mistakes);
    let or_required = or.as_ref().is_some_and(|or| {
        let required = match &or.value {
            Value::Is(Expr::Path(path)) => path.path.is_ident("required"),
            _ => false,
        };
        if !required {
            mistakes.at(or.span(), "expected `or = required`");
        } else if tag.is_none() {
            mistakes.at(or.span(), "`or = required` stands beside a `tag = \"…\"`");
        }
        required
    });
    let name = tag?.text(mistakes)?.value();
    Some(Tag { name, or_required })
}
