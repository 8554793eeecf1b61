//! `#[derive(ApiError)]` and `#[derive(ApiReply)]`: enums whose variants stand for statuses.

use super::attr::{Entry, Value};
use super::item::{Data, Item, hidden};
use super::mistakes::Mistakes;
use super::types;
use crate::api::{Case, Decode};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use std::collections::HashMap;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Fields, Ident, LitInt, LitStr, Path, Token, Type, Variant as Syntax};

/// Expands `#[derive(ApiReply)]`.
pub(super) fn reply(item: &Item, mistakes: &mut Mistakes) -> TokenStream {
    Set::read(item, mistakes).reading(item)
}

/// Expands `#[derive(ApiError)]`.
pub(super) fn error(item: &Item, mistakes: &mut Mistakes) -> TokenStream {
    let set = Set::read(item, mistakes);
    let mut tokens = set.reading(item);
    tokens.extend(set.error(item));
    tokens
}

/// The variants and where the runtime is.
struct Set<'i> {
    hidden: TokenStream,
    variants: Vec<Variant<'i>>,
    /// Mistakes were reported: what is expanded is never run.
    is_stub: bool,
}

struct Variant<'i> {
    ident: &'i Ident,
    payload: Option<&'i Type>,
    decode: Option<Decode>,
    statuses: Vec<Status>,
}

/// What a variant stands for.
enum Status {
    /// `404`, `"4XX"`, `400..=451`: from the first to the last.
    Range(u16, u16, Span),
    /// `default`: what no other variant does.
    Default(Span),
}

/// What stands in `#[status(…)]`.
enum Argument {
    Status(Status),
    Entry(Entry),
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        if input.peek(LitInt) {
            let first: LitInt = input.parse()?;
            let span = first.span();
            let first = code(&first)?;
            if !input.peek(Token![..=]) {
                return Ok(Self::Status(Status::Range(first, first, span)));
            }
            input.parse::<Token![..=]>()?;
            let last: LitInt = input.parse()?;
            let end = code(&last)?;
            if end < first {
                return Err(syn::Error::new(last.span(), "the range is empty"));
            }
            return Ok(Self::Status(Status::Range(first, end, span)));
        }
        if input.peek(LitStr) {
            let class: LitStr = input.parse()?;
            return match class.value().as_bytes() {
                [digit @ b'1'..=b'5', b'X', b'X'] => {
                    let first = u16::from(digit - b'0') * 100;
                    Ok(Self::Status(Status::Range(first, first + 99, class.span())))
                }
                [digit @ b'1'..=b'5', b'x' | b'X', b'x' | b'X'] => {
                    let meant = format!("did you mean \"{}XX\"?", char::from(*digit));
                    Err(syn::Error::new(class.span(), meant))
                }
                _ => Err(syn::Error::new(
                    class.span(),
                    "expected a hundred of statuses such as \"4XX\"",
                )),
            };
        }
        let entry: Entry = input.parse()?;
        if entry.key == "default" {
            return Ok(Self::Status(Status::Default(entry.span())));
        }
        Ok(Self::Entry(entry))
    }
}

fn code(literal: &LitInt) -> syn::Result<u16> {
    match literal.base10_parse::<u16>() {
        Ok(code @ 100..=999) => Ok(code),
        _ => Err(syn::Error::new(
            literal.span(),
            "expected a status from 100 to 999",
        )),
    }
}

impl<'i> Set<'i> {
    fn read(item: &'i Item, mistakes: &mut Mistakes) -> Self {
        let mut runtime = None;
        for argument in arguments(&item.attrs, mistakes) {
            match argument {
                Argument::Entry(entry) if entry.key == "crate" => runtime = entry.path(mistakes),
                Argument::Entry(entry) => mistakes.at(
                    entry.span(),
                    format!("unknown key `{}` on an enum; known is `crate`", entry.key),
                ),
                Argument::Status(Status::Range(_, _, span) | Status::Default(span)) => {
                    mistakes.at(span, "a status stands on a variant");
                }
            }
        }
        let variants = match &item.data {
            Data::Enum(variants) => variants
                .iter()
                .filter_map(|variant| read(variant, mistakes))
                .collect(),
            Data::Struct(_) => {
                mistakes.at(
                    item.span(),
                    "expected an enum with a variant for each status; \
                     a struct stands in one: `#[status(default)] Other(T)`",
                );
                Vec::new()
            }
        };
        distinct(&variants, mistakes);
        Self {
            hidden: hidden(runtime.as_ref()),
            variants,
            is_stub: !mistakes.is_empty(),
        }
    }

    fn reading(&self, item: &Item) -> TokenStream {
        let (hidden, ident) = (&self.hidden, &item.ident);
        let bounded = item.generics(None, &quote!(#hidden::model::DeserializeOwned));
        let (before, after, clause) = (bounded.before, bounded.after, bounded.clause);
        let mut ranges = self.ranges();
        // The narrowest first: an exact status goes before its hundred.
        ranges.sort_by_key(|(first, last, _)| last - first);
        let claims = ranges.iter().filter(|(first, last, _)| first == last);
        let claims = claims.map(|(first, _, _)| first);
        let arms = ranges.iter().map(|(first, last, variant)| {
            let (first, last) = (i64::from(*first), i64::from(*last));
            let value = variant.value(hidden);
            match first == last {
                true => quote!(#first => #value,),
                false => quote!(#first..=#last => #value,),
            }
        });
        let default = self.variants.iter().find(|variant| variant.is_default());
        let default = match default {
            Some(variant) => variant.value(hidden),
            None => quote!(::core::result::Result::Err(#hidden::Mismatch::Undescribed)),
        };
        quote! {
            #[automatically_derived]
            #[allow(deprecated)]
            impl #before #hidden::FromStatus for #ident #after #clause {
                const CLAIMS: &'static [u16] = &[#(#claims),*];

                fn from_status(
                    answer: &#hidden::Answer,
                ) -> ::core::result::Result<Self, #hidden::Mismatch> {
                    match answer.code() {
                        #(#arms)*
                        _ => #default,
                    }
                }
            }
        }
    }

    fn ranges(&self) -> Vec<(u16, u16, &Variant<'i>)> {
        let all = self.variants.iter().flat_map(|variant| {
            variant
                .statuses
                .iter()
                .filter_map(move |status| match status {
                    Status::Range(first, last, _) => Some((*first, *last, variant)),
                    Status::Default(_) => None,
                })
        });
        all.collect()
    }

    fn error(&self, item: &Item) -> TokenStream {
        let (hidden, ident) = (&self.hidden, &item.ident);
        let (before, after, clause) = item.generics.split_for_impl();
        let debug = match item.generics.params.is_empty() {
            true => quote!(#clause),
            false => match &item.generics.where_clause {
                Some(clause) => quote!(#clause, Self: ::core::fmt::Debug),
                None => quote!(where Self: ::core::fmt::Debug),
            },
        };
        let arms = self.variants.iter().map(|variant| {
            let (ident, words) = (variant.ident, words(variant.ident));
            quote!(Self::#ident { .. } => #words,)
        });
        let text = match (self.is_stub, self.variants.is_empty()) {
            (true, _) => quote!(f.write_str("a mistake in this type was reported")),
            (false, true) => quote!(match *self {}),
            (false, false) => quote!(f.write_str(match self { #(#arms)* })),
        };
        quote! {
            #[automatically_derived]
            #[allow(deprecated)]
            impl #before ::core::fmt::Display for #ident #after #clause {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    #text
                }
            }
            #[automatically_derived]
            impl #before ::core::error::Error for #ident #after #debug {}
            #[automatically_derived]
            impl #before #hidden::TypedError for #ident #after #clause {}
        }
    }
}

fn arguments(attrs: &[syn::Attribute], mistakes: &mut Mistakes) -> Vec<Argument> {
    let attrs = attrs.iter().filter(|attr| attr.path().is_ident("status"));
    let parsed = attrs.filter_map(|attr| {
        let parser = Punctuated::<Argument, Token![,]>::parse_terminated;
        mistakes.ok(attr.parse_args_with(parser))
    });
    parsed.flatten().collect()
}

fn read<'i>(variant: &'i Syntax, mistakes: &mut Mistakes) -> Option<Variant<'i>> {
    let payload = match &variant.fields {
        Fields::Unit => None,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            fields.unnamed.first().map(|field| &field.ty)
        }
        other => {
            mistakes.over(
                other,
                "a variant holds the body as one type; put these members into a struct of their own",
            );
            return None;
        }
    };
    let has_status = variant
        .attrs
        .iter()
        .any(|attr| attr.path().is_ident("status"));
    if !has_status {
        mistakes.at(
            variant.ident.span(),
            "which status is it? write `#[status(404)]`, `#[status(\"4XX\")]` or `#[status(default)]`",
        );
    }
    let mut read = Variant {
        ident: &variant.ident,
        payload,
        decode: None,
        statuses: Vec::new(),
    };
    for argument in arguments(&variant.attrs, mistakes) {
        match argument {
            Argument::Status(status) => read.statuses.push(status),
            Argument::Entry(entry) if entry.key == "decode" => {
                read.decode = decode(&entry, mistakes);
            }
            Argument::Entry(entry) => mistakes.at(
                entry.span(),
                format!(
                    "unknown key `{}` on a variant; expected a status, `default` or `decode = …`",
                    entry.key
                ),
            ),
        }
    }
    Some(read)
}

fn decode(entry: &Entry, mistakes: &mut Mistakes) -> Option<Decode> {
    let path: Path = match &entry.value {
        Value::Is(_) => entry.path(mistakes)?,
        _ => {
            mistakes.at(entry.span(), "expected `decode = json`, `text` or `bytes`");
            return None;
        }
    };
    let word = path.get_ident().map(|ident| ident.to_string());
    match word.as_deref() {
        Some("json") => Some(Decode::Json),
        Some("text") => Some(Decode::Text),
        Some("bytes") => Some(Decode::Bytes),
        _ => {
            mistakes.over(path, "expected `json`, `text` or `bytes`");
            None
        }
    }
}

fn distinct(variants: &[Variant<'_>], mistakes: &mut Mistakes) {
    let mut owners: HashMap<(u16, u16), &Ident> = HashMap::new();
    for variant in variants {
        for status in &variant.statuses {
            let (range, span, what) = match *status {
                Status::Default(span) => ((0, 0), span, "`default`".to_owned()),
                Status::Range(first, last, span) if first == last => {
                    ((first, last), span, first.to_string())
                }
                Status::Range(first, last, span) => {
                    ((first, last), span, format!("{first} to {last}"))
                }
            };
            if let Some(other) = owners.insert(range, variant.ident) {
                mistakes.at(span, format!("{what} is already that of `{other}`"));
            }
        }
    }
}

impl Variant<'_> {
    fn is_default(&self) -> bool {
        let mut statuses = self.statuses.iter();
        statuses.any(|status| matches!(status, Status::Default(_)))
    }

    /// The variant from `answer`, a `Result`.
    fn value(&self, hidden: &TokenStream) -> TokenStream {
        let ident = self.ident;
        let Some(ty) = self.payload else {
            return quote!(::core::result::Result::Ok(Self::#ident));
        };
        let take = match self.decode {
            Some(Decode::Json) => quote!(json),
            Some(Decode::Text) => quote!(text),
            Some(Decode::Bytes) => quote!(bytes),
            _ if types::is(ty, "Bytes") => quote!(bytes),
            _ if types::is(ty, "String") => quote!(text),
            _ if types::option(ty).is_some() => quote!(optional),
            _ => quote!(json),
        };
        // What the type does not implement is reported at the type.
        let span = Span::call_site().located_at(ty.span());
        quote_spanned!(span=> #hidden::model::status::#take(answer, Self::#ident))
    }
}

/// `NotFound` as `not found`.
fn words(ident: &Ident) -> String {
    super::case::variant(Case::Snake, &ident.unraw().to_string()).replace('_', " ")
}
