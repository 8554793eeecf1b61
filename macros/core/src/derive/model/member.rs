//! A member of a struct.

use super::super::attr::Keys;
use super::super::mistakes::Mistakes;
use super::super::types;
use super::container::{Container, Fallback, fallback};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use std::collections::HashMap;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Field, Ident, Path, Type};

/// A member and the keys on it.
pub(super) struct Member<'i> {
    pub(super) ident: &'i Ident,
    pub(super) ty: &'i Type,
    pub(super) span: Span,
    pub(super) wire: String,
    pub(super) aliases: Vec<String>,
    pub(super) flatten: bool,
    pub(super) nullable: bool,
    pub(super) read_only: bool,
    pub(super) default: Option<Fallback>,
    pub(super) skip_if: Option<Path>,
    pub(super) presence: Presence,
    pub(super) binary: bool,
}

/// What `Option`s a member's type is wrapped in.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Presence {
    /// `T`.
    Required,
    /// `Option<T>`.
    Optional,
    /// `Option<Option<T>>`: the outer says whether it is there.
    Nullable,
}

const KNOWN: &[&str] = &[
    "rename",
    "alias",
    "default",
    "flatten",
    "skip_serializing_if",
    "nullable",
    "read_only",
];

impl<'i> Member<'i> {
    pub(super) fn read(
        container: &Container<'_>,
        field: &'i Field,
        mistakes: &mut Mistakes,
    ) -> Option<Self> {
        let ident = field.ident.as_ref()?;
        let mut keys = Keys::read(&field.attrs, &["serde", "model"], mistakes);
        let rename = keys.take("rename", mistakes);
        let renamed = rename.is_some();
        let wire = rename.and_then(|entry| entry.text(mistakes));
        let own = ident.unraw().to_string();
        let wire = match (wire, container.rename_all) {
            (Some(text), _) => text.value(),
            (None, Some(case)) => case.apply(&own),
            (None, None) => own,
        };
        let aliases = keys.take_all("alias").into_iter();
        let aliases = aliases
            .filter_map(|entry| entry.text(mistakes))
            .map(|text| text.value())
            .collect();
        let presence = match types::option(&field.ty) {
            None => Presence::Required,
            Some(inner) if types::option(inner).is_none() => Presence::Optional,
            Some(_) => Presence::Nullable,
        };
        let skip_if = keys.take("skip_serializing_if", mistakes);
        let member = Self {
            ident,
            ty: &field.ty,
            span: ident.span(),
            wire,
            aliases,
            flatten: keys.has("flatten", mistakes),
            nullable: nullable(&mut keys, presence, mistakes),
            read_only: keys.has_own("read_only", mistakes),
            default: keys
                .take("default", mistakes)
                .and_then(|entry| fallback(&entry, mistakes)),
            skip_if: skip_if.and_then(|entry| entry.path(mistakes)),
            presence,
            binary: types::is_binary(&field.ty),
        };
        keys.finish(KNOWN, "on a member", mistakes);
        if member.flatten && (renamed || !member.aliases.is_empty()) {
            mistakes.at(ident.span(), "a flattened member has no name on the wire");
        }
        Some(member)
    }

    /// Whether decoding fails without it.
    pub(super) fn is_required(&self, container: &Container<'_>) -> bool {
        self.presence == Presence::Required
            && self.default.is_none()
            && container.default.is_none()
            && !self.flatten
    }

    /// Whether the slot is of the member's own type, `None` until it is found.
    fn is_own_slot(&self, container: &Container<'_>) -> bool {
        self.presence != Presence::Required
            && !matches!(self.default, Some(Fallback::Call(_)))
            && container.default.is_none()
            && !(self.binary && self.presence == Presence::Optional)
    }

    /// The variable that holds it while the object is read.
    pub(super) fn slot(&self) -> Ident {
        format_ident!("_{}", self.ident.unraw(), span = Span::mixed_site())
    }

    /// `let mut _name: Option<T> = None;`
    pub(super) fn declare(&self, container: &Container<'_>) -> TokenStream {
        let (slot, ty) = (self.slot(), self.ty);
        let none = quote!(::core::option::Option::None);
        match self.is_own_slot(container) {
            true => quote!(let mut #slot: #ty = #none;),
            false => quote!(let mut #slot: ::core::option::Option<#ty> = #none;),
        }
    }

    /// `from.fill(&mut _name)`
    pub(super) fn fill(&self, container: &Container<'_>) -> TokenStream {
        let slot = self.slot();
        // What the type does not implement is reported at the type.
        let span = at(self.ty);
        let method = if self.binary {
            quote_spanned!(span=> fill_binary)
        } else if self.presence == Presence::Optional && self.is_own_slot(container) {
            quote_spanned!(span=> fill_optional)
        } else {
            quote_spanned!(span=> fill)
        };
        let argument = quote_spanned!(span=> &mut #slot);
        quote!(from.#method(#argument))
    }

    /// The member's value from its slot, for members that are not required.
    pub(super) fn unwrap(&self, container: &Container<'_>) -> TokenStream {
        let (slot, ident) = (self.slot(), self.ident);
        if self.is_own_slot(container) {
            return quote!(#slot);
        }
        match (&self.default, &container.default) {
            (Some(Fallback::Call(path)), _) => quote!(#slot.unwrap_or_else(#path)),
            (None, Some(_)) => quote!(match #slot {
                ::core::option::Option::Some(value) => value,
                ::core::option::Option::None => fallback.#ident,
            }),
            _ => quote!(#slot.unwrap_or_default()),
        }
    }

    /// `to.put("name", &self.name);`
    pub(super) fn write(&self, hidden: &TokenStream) -> TokenStream {
        let (ident, wire, span) = (self.ident, &self.wire, at(self.ty));
        let optional = self.skip_if.is_none()
            && match self.presence {
                Presence::Required => false,
                Presence::Optional => !self.nullable,
                Presence::Nullable => true,
            };
        let value = quote_spanned!(span=> &self.#ident);
        let write = match (optional, self.binary) {
            _ if self.flatten => quote_spanned!(span=> to.flatten(#value);),
            (true, false) => quote_spanned!(span=> to.put_optional(#wire, #value);),
            (false, false) => quote_spanned!(span=> to.put(#wire, #value);),
            (false, true) => quote_spanned!(span=> to.put(#wire, &#hidden::Encoded(#value));),
            (true, true) => quote_spanned! {span=>
                if let ::core::option::Option::Some(value) = #value {
                    to.put(#wire, &#hidden::Encoded(value));
                }
            },
        };
        match &self.skip_if {
            Some(skip) => quote!(if !#skip(&self.#ident) { #write }),
            None => write,
        }
    }
}

/// The type's place, with the names of the expansion.
pub(super) fn at(ty: &Type) -> Span {
    Span::call_site().located_at(ty.span())
}

fn nullable(keys: &mut Keys, presence: Presence, mistakes: &mut Mistakes) -> bool {
    let Some(entry) = keys.take_own("nullable", mistakes) else {
        return false;
    };
    let why = match presence {
        Presence::Optional => return entry.flag(mistakes),
        Presence::Required => "`nullable` stands on an `Option<T>`, whose `None` is sent as `null`",
        Presence::Nullable => {
            "`Option<Option<T>>` tells `null` from a missing member without `nullable`"
        }
    };
    mistakes.at(entry.span(), why);
    true
}

/// Reports names on the wire that two members share.
pub(super) fn distinct(container: &Container<'_>, members: &[Member<'_>], mistakes: &mut Mistakes) {
    let mut owners: HashMap<&str, String> = HashMap::new();
    for constant in &container.constants {
        owners.insert(&constant.name, "a constant".to_owned());
    }
    for member in members.iter().filter(|member| !member.flatten) {
        let aliases = member.aliases.iter();
        for name in aliases.chain([&member.wire]) {
            let owner = format!("`{}`", member.ident);
            if let Some(other) = owners.insert(name, owner) {
                let message = format!("the name {name:?} on the wire is already that of {other}");
                mistakes.at(member.span, message);
            }
        }
    }
}
