//! `#[derive(Params)]`: a struct whose members are query parameters, headers or cookies.

use super::attr::{Entry, Keys, Value};
use super::case;
use super::item::{Data, Item, hidden};
use super::mistakes::Mistakes;
use super::types;
use crate::api::{Case, Style};
use crate::suggest::nearest;
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use std::collections::HashMap;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Field, Fields, Ident, LitStr, Meta, Token, Type};

/// Expands `#[derive(Params)]`.
pub(super) fn expand(item: &Item, mistakes: &mut Mistakes) -> TokenStream {
    let mut keys = Keys::read(&item.attrs, &["params"], mistakes);
    let runtime = keys.take("crate", mistakes);
    let runtime = runtime.and_then(|entry| entry.path(mistakes));
    let rename_all = keys.take("rename_all", mistakes);
    let rename_all = rename_all.and_then(|entry| case::read(&entry, mistakes));
    keys.finish(&["rename_all", "crate"], "on a struct", mistakes);
    let members: Vec<_> = match &item.data {
        Data::Struct(Fields::Named(fields)) => {
            let fields = fields.named.iter();
            fields
                .filter_map(|field| Member::read(field, rename_all, mistakes))
                .collect()
        }
        Data::Struct(Fields::Unit) => Vec::new(),
        _ => {
            mistakes.at(
                item.span(),
                "expected a struct with a named member for each parameter",
            );
            Vec::new()
        }
    };
    distinct(&members, mistakes);
    let hidden = hidden(runtime.as_ref());
    let pushes = members.iter().map(|member| member.push(&hidden));
    let ident = &item.ident;
    let bounded = item.generics(None, &quote!(#hidden::model::Serialize));
    let (before, after, clause) = (bounded.before, bounded.after, bounded.clause);
    let request = match members.is_empty() {
        true => quote!(_),
        false => quote!(request),
    };
    quote! {
        #[automatically_derived]
        #[allow(deprecated)]
        impl #before #hidden::Params for #ident #after #clause {
            fn apply(&self, #request: &mut #hidden::Request) {
                #(#pushes)*
            }
        }
    }
}

struct Member<'i> {
    ident: &'i Ident,
    ty: &'i Type,
    kind: Kind,
    name: String,
    span: Span,
    style: Style,
    default: Option<Expr>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Query,
    Flatten,
    Header,
    Cookie,
}

/// `#[query("name", style = csv)]`.
#[derive(Default)]
struct Written {
    name: Option<LitStr>,
    entries: Vec<Entry>,
}

impl Parse for Written {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut written = Self::default();
        if input.peek(LitStr) {
            written.name = Some(input.parse()?);
            if input.is_empty() {
                return Ok(written);
            }
            input.parse::<Token![,]>()?;
        }
        let entries = Punctuated::<Entry, Token![,]>::parse_terminated(input)?;
        written.entries = entries.into_iter().collect();
        Ok(written)
    }
}

impl<'i> Member<'i> {
    fn read(field: &'i Field, rename_all: Option<Case>, mistakes: &mut Mistakes) -> Option<Self> {
        let ident = field.ident.as_ref()?;
        let (kind, written) = kind(&field.attrs, mistakes);
        let own = ident.unraw().to_string();
        let (name, span) = match (&written.name, kind) {
            (Some(text), _) => (text.value(), text.span()),
            (None, Kind::Header) => (Case::Kebab.apply(&own), ident.span()),
            (None, _) => {
                let name = rename_all.map_or(own.clone(), |case| case.apply(&own));
                (name, ident.span())
            }
        };
        let mut member = Self {
            ident,
            ty: &field.ty,
            kind,
            name,
            span,
            style: Style::default(),
            default: None,
        };
        for entry in written.entries {
            member.entry(entry, mistakes);
        }
        if member.kind == Kind::Header {
            header(&member, mistakes);
        }
        if member.kind == Kind::Flatten {
            if let Some(name) = &written.name {
                mistakes.at(
                    name.span(),
                    "`flatten` sends the members under their own names",
                );
            }
        }
        Some(member)
    }

    fn entry(&mut self, entry: Entry, mistakes: &mut Mistakes) {
        let key = entry.key.to_string();
        match (key.as_str(), self.kind) {
            ("flatten", Kind::Query) => {
                entry.flag(mistakes);
                self.kind = Kind::Flatten;
            }
            ("style", Kind::Query) => self.style = style(&entry, mistakes).unwrap_or_default(),
            ("default", Kind::Query) if types::option(self.ty).is_none() => mistakes.at(
                entry.span(),
                "`default` is what `None` sends, and this is no `Option`",
            ),
            ("default", Kind::Query) => match entry.value {
                Value::Is(value) => self.default = Some(value),
                _ => mistakes.at(entry.span(), "expected `default = value`"),
            },
            (_, Kind::Query) => {
                let known = ["style", "default", "flatten"];
                let hint = match nearest(&key, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "known are `style`, `default`, `flatten`".to_owned(),
                };
                mistakes.at(
                    entry.span(),
                    format!("unknown key `{key}` of `#[query]`; {hint}"),
                );
            }
            _ => mistakes.at(
                entry.span(),
                format!("unknown key `{key}`; expected a name alone"),
            ),
        }
    }

    fn push(&self, hidden: &TokenStream) -> TokenStream {
        let (ident, name) = (self.ident, &self.name);
        let span = Span::call_site().located_at(self.ty.span());
        let value = quote_spanned!(span=> &self.#ident);
        match self.kind {
            Kind::Flatten => quote_spanned!(span=> request.query_all(#value);),
            Kind::Header => quote_spanned!(span=> request.header(#name, #value);),
            Kind::Cookie => quote_spanned!(span=> request.cookie(#name, #value);),
            Kind::Query => {
                let one = |value: TokenStream| match self.style {
                    Style::Form => quote_spanned!(span=> request.query(#name, #value);),
                    style => {
                        let style = format_ident!("{style:?}");
                        let style = quote!(#hidden::Style::#style);
                        quote_spanned!(span=> request.query_style(#name, #value, #style);)
                    }
                };
                let Some(default) = &self.default else {
                    return one(value);
                };
                let (set, unset) = (one(quote!(value)), one(quote!(&(#default))));
                quote! {
                    match #value {
                        ::core::option::Option::Some(value) => { #set }
                        ::core::option::Option::None => { #unset }
                    }
                }
            }
        }
    }
}

fn kind(attrs: &[Attribute], mistakes: &mut Mistakes) -> (Kind, Written) {
    let kinds = [
        ("query", Kind::Query),
        ("header", Kind::Header),
        ("cookie", Kind::Cookie),
    ];
    let mut found: Option<(Kind, Written)> = None;
    for attr in attrs {
        let kind = kinds.iter().find(|(name, _)| attr.path().is_ident(name));
        let Some((name, kind)) = kind else { continue };
        if found.is_some() {
            mistakes.over(
                attr.path(),
                format!("`#[{name}]` beside another place for the same member"),
            );
            continue;
        }
        let written = match &attr.meta {
            Meta::Path(_) => Some(Written::default()),
            Meta::List(_) => mistakes.ok(attr.parse_args()),
            Meta::NameValue(meta) => {
                mistakes.over(
                    meta,
                    format!("expected `#[{name}]` or `#[{name}(\"name\")]`"),
                );
                None
            }
        };
        found = Some((*kind, written.unwrap_or_default()));
    }
    found.unwrap_or((Kind::Query, Written::default()))
}

fn style(entry: &Entry, mistakes: &mut Mistakes) -> Option<Style> {
    let path = entry.path(mistakes)?;
    let word = path
        .get_ident()
        .map(|ident| ident.to_string())
        .unwrap_or_default();
    let known = Style::ALL.iter().find(|(name, _)| *name == word);
    if known.is_none() {
        let words = Style::ALL.map(|(name, _)| name);
        let hint = match nearest(&word, words) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "known are {}",
                words.map(|word| format!("`{word}`")).join(", ")
            ),
        };
        mistakes.over(path, format!("unknown style `{word}`; {hint}"));
    }
    known.map(|(_, style)| *style)
}

fn header(member: &Member<'_>, mistakes: &mut Mistakes) {
    let name = member.name.to_ascii_lowercase();
    // RFC 9110, section 5.6.2: a name is a token.
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(token) {
        mistakes.at(member.span, format!("{:?} is no header name", member.name));
    }
    if matches!(name.as_str(), "accept" | "content-type" | "authorization") {
        mistakes.at(
            member.span,
            format!("the header {:?} is set by the method itself", member.name),
        );
    }
}

fn distinct(members: &[Member<'_>], mistakes: &mut Mistakes) {
    let mut owners: HashMap<(Kind, String), &Ident> = HashMap::new();
    for member in members.iter().filter(|member| member.kind != Kind::Flatten) {
        let name = match member.kind {
            Kind::Header => member.name.to_ascii_lowercase(),
            _ => member.name.clone(),
        };
        if let Some(other) = owners.insert((member.kind, name), member.ident) {
            let message = format!(
                "the parameter {:?} is already that of `{other}`",
                member.name
            );
            mistakes.at(member.span, message);
        }
    }
}
