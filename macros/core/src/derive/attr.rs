//! The keys of `#[serde(…)]`, `#[model(…)]` and their like.

use super::mistakes::Mistakes;
use crate::suggest::nearest;
use proc_macro2::{Span, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, ExprLit, Ident, Lit, LitStr, Meta, Token, token};

/// `key`, `key = value` or `key(…)`.
pub(super) struct Entry {
    pub(super) key: Ident,
    pub(super) value: Value,
    /// Whether it stands in `#[serde(…)]`.
    is_serde: bool,
}

/// What follows a key.
pub(super) enum Value {
    Nothing,
    Is(Expr),
    List(TokenStream),
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let key = Ident::parse_any(input)?;
        let value = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Value::Is(input.parse()?)
        } else if input.peek(token::Paren) {
            let list;
            syn::parenthesized!(list in input);
            Value::List(list.parse()?)
        } else {
            Value::Nothing
        };
        Ok(Self {
            key,
            value,
            is_serde: false,
        })
    }
}

impl Entry {
    pub(super) fn span(&self) -> Span {
        self.key.span()
    }

    /// The string after `=`; anything else is a mistake.
    pub(super) fn text(&self, mistakes: &mut Mistakes) -> Option<LitStr> {
        match &self.value {
            Value::Is(Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            })) => return Some(text.clone()),
            Value::Is(other) => {
                mistakes.over(other, format!("`{}` expects a string", self.key));
            }
            _ => mistakes.at(
                self.span(),
                format!("`{0}` expects a string: `{0} = \"…\"`", self.key),
            ),
        }
        None
    }

    /// A path after `=`, bare or in a string; anything else is a mistake.
    pub(super) fn path(&self, mistakes: &mut Mistakes) -> Option<syn::Path> {
        match &self.value {
            Value::Is(Expr::Path(path)) if path.qself.is_none() => Some(path.path.clone()),
            Value::Is(Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            })) => mistakes.ok(text.parse()),
            _ => {
                mistakes.at(self.span(), format!("`{}` expects a path", self.key));
                None
            }
        }
    }

    /// Nothing after the key; anything else is a mistake.
    pub(super) fn flag(&self, mistakes: &mut Mistakes) -> bool {
        if !matches!(self.value, Value::Nothing) {
            mistakes.at(self.span(), format!("`{}` takes no value", self.key));
        }
        true
    }
}

/// The keys of one item, member or variant.
pub(super) struct Keys {
    entries: Vec<Entry>,
}

impl Keys {
    /// Reads the attributes of those names; `serde` is always one of them where `own` has it.
    pub(super) fn read(attrs: &[Attribute], own: &[&str], mistakes: &mut Mistakes) -> Self {
        let mut entries = Vec::new();
        for attr in attrs {
            let Some(name) = own.iter().find(|name| attr.path().is_ident(name)) else {
                continue;
            };
            let list = match &attr.meta {
                Meta::List(_) => {
                    attr.parse_args_with(Punctuated::<Entry, Token![,]>::parse_terminated)
                }
                other => Err(syn::Error::new_spanned(
                    other,
                    format!("expected a list: `#[{name}(…)]`"),
                )),
            };
            let is_serde = *name == "serde";
            let list = mistakes.ok(list).into_iter().flatten();
            entries.extend(list.map(|entry| Entry { is_serde, ..entry }));
        }
        Self { entries }
    }

    /// Takes the entry of that key; a second one is a mistake.
    pub(super) fn take(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<Entry> {
        let mut found = self.take_all(key).into_iter();
        let first = found.next()?;
        for again in found {
            mistakes.at(again.span(), format!("`{key}` is given twice"));
        }
        Some(first)
    }

    /// Takes the entry of a key that `#[serde(…)]` does not have; there it is a mistake.
    pub(super) fn take_own(&mut self, key: &str, mistakes: &mut Mistakes) -> Option<Entry> {
        let entry = self.take(key, mistakes)?;
        refuse_serde(&entry, mistakes);
        Some(entry)
    }

    /// Takes every entry of that key.
    pub(super) fn take_all(&mut self, key: &str) -> Vec<Entry> {
        let (taken, rest) = std::mem::take(&mut self.entries)
            .into_iter()
            .partition(|entry| entry.key == key);
        self.entries = rest;
        taken
    }

    /// Whether the key is there.
    pub(super) fn has(&mut self, key: &str, mistakes: &mut Mistakes) -> bool {
        self.take(key, mistakes)
            .is_some_and(|entry| entry.flag(mistakes))
    }

    /// The same for a key that `#[serde(…)]` does not have.
    pub(super) fn has_own(&mut self, key: &str, mistakes: &mut Mistakes) -> bool {
        self.take_own(key, mistakes)
            .is_some_and(|entry| entry.flag(mistakes))
    }

    /// Reports what nobody took. `known` are the keys that can stand here.
    pub(super) fn finish(self, known: &[&str], place: &str, mistakes: &mut Mistakes) {
        for entry in self.entries {
            let key = entry.key.unraw().to_string();
            let message = match explained(&key).filter(|_| entry.is_serde) {
                Some(why) => format!("`{key}` is not understood by `Model`: {why}"),
                None => match nearest(&key, known.iter().copied()) {
                    Some(near) => format!("unknown key `{key}` {place}; did you mean `{near}`?"),
                    None => format!(
                        "unknown key `{key}` {place}; known are {}",
                        known
                            .iter()
                            .map(|k| format!("`{k}`"))
                            .collect::<Vec<_>>()
                            .join(", ")
                    ),
                },
            };
            mistakes.at(entry.key.span(), message);
        }
    }
}

pub(super) fn refuse_serde(entry: &Entry, mistakes: &mut Mistakes) {
    if entry.is_serde {
        mistakes.at(
            entry.span(),
            format!("serde has no `{0}`; write `#[model({0})]`", entry.key),
        );
    }
}

/// serde's words that have no meaning here, and what to write instead.
fn explained(key: &str) -> Option<&'static str> {
    Some(match key {
        "skip" | "skip_deserializing" => {
            "a member that is not received belongs into a type of its own"
        }
        "skip_serializing" => "write `#[model(read_only)]`",
        "with" | "serialize_with" | "deserialize_with" | "from" | "try_from" | "into"
        | "remote" | "getter" => {
            "give the member a type that implements `Serialize` and `Deserialize`"
        }
        "deny_unknown_fields" => "a server may add members, and clients must not fail by it",
        "content" => "a union is told apart by a member of the value itself; write `tag = \"…\"`",
        "other" => "write `#[model(unknown)]` on a last variant that holds a `String`",
        "bound" => "each type parameter is bound by what its direction needs",
        "borrow" => "a type that borrows can only be sent",
        "expecting" => "messages name the type",
        "rename_all_fields" => "variants hold types of their own; write `rename_all` on those",
        "variant_identifier" | "field_identifier" | "non_exhaustive" => {
            "it has no meaning for JSON members"
        }
        _ => return None,
    })
}
