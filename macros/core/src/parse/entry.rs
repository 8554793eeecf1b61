//! The arguments of an attribute, cut at commas: `"/users", timeout = "10s", ok(200, 201), refresh`.
//!
//! Cut by hand, so that one that cannot be read hides no other.

use crate::mistake::{Mistakes, Place};
use crate::suggest;
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{LitStr, parse::Parse};

/// A key of an attribute, and how it is written.
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) form: &'static str,
}

/// Keys that 0.1 understands, and keys that have their place but no meaning yet.
pub(crate) struct Keys {
    pub(crate) known: &'static [Key],
    pub(crate) later: &'static [&'static str],
}

impl Keys {
    fn names(&self) -> impl Iterator<Item = &'static str> + Clone {
        self.known.iter().map(|key| key.name)
    }
}

/// One argument of an attribute.
pub(crate) struct Entry {
    pub(crate) name: Option<Ident>,
    pub(crate) value: Value,
    all: TokenStream,
}

pub(crate) enum Value {
    /// `refresh`.
    Nothing,
    /// `timeout = "10s"`; what stands after the equals sign.
    Equals(TokenStream),
    /// `ok(200)`; what stands in the parentheses.
    List(TokenStream),
}

impl Entry {
    fn new(all: Vec<TokenTree>) -> Self {
        let tokens = |trees: &[TokenTree]| trees.iter().cloned().collect::<TokenStream>();
        let (name, value) = match all.as_slice() {
            [TokenTree::Ident(name)] => (Some(name), Value::Nothing),
            [TokenTree::Ident(name), TokenTree::Punct(equals), value @ ..]
                if equals.as_char() == '=' =>
            {
                (Some(name), Value::Equals(tokens(value)))
            }
            [TokenTree::Ident(name), TokenTree::Group(group)]
                if group.delimiter() == Delimiter::Parenthesis =>
            {
                (Some(name), Value::List(group.stream()))
            }
            [TokenTree::Ident(name), ..] => (Some(name), Value::Equals(TokenStream::new())),
            other => (None, Value::Equals(tokens(other))),
        };
        Self {
            name: name.cloned(),
            value,
            all: all.iter().cloned().collect(),
        }
    }

    pub(crate) fn place(&self) -> Place {
        Place::of(&self.all)
    }

    /// Where its value stands, else where it stands itself.
    pub(crate) fn value_place(&self) -> Place {
        match &self.value {
            Value::Equals(value) | Value::List(value) if !value.is_empty() => Place::of(value),
            _ => self.place(),
        }
    }

    /// What stands after the equals sign, if it can be read as that.
    pub(crate) fn equals<T: Parse>(&self) -> Option<T> {
        match &self.value {
            Value::Equals(value) => syn::parse2(value.clone()).ok(),
            _ => None,
        }
    }

    /// `Some` if it has no value.
    pub(crate) fn nothing(&self) -> Option<()> {
        matches!(self.value, Value::Nothing).then_some(())
    }

    /// What stands in its parentheses.
    pub(crate) fn list(&self) -> Option<TokenStream> {
        match &self.value {
            Value::List(list) => Some(list.clone()),
            _ => None,
        }
    }

    /// What stands in its parentheses, cut at commas.
    pub(crate) fn items(&self) -> Option<Vec<TokenStream>> {
        self.list().map(cut)
    }
}

impl ToTokens for Entry {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(self.all.clone());
    }
}

/// Cuts at the commas outside groups and angle brackets.
pub(crate) fn cut(tokens: TokenStream) -> Vec<TokenStream> {
    cut_trees(tokens)
        .into_iter()
        .map(|trees| trees.into_iter().collect())
        .collect()
}

fn cut_trees(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut pieces = vec![Vec::new()];
    let (mut angles, mut last) = (0_u32, ' ');
    for tree in tokens {
        let mark = if let TokenTree::Punct(mark) = &tree {
            mark.as_char()
        } else {
            ' '
        };
        match mark {
            '<' => angles += 1,
            '>' if last != '-' && last != '=' => angles = angles.saturating_sub(1),
            _ => {}
        }
        last = mark;
        match pieces.last_mut() {
            Some(piece) if mark != ',' || angles > 0 => piece.push(tree),
            _ => pieces.push(Vec::new()),
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// The arguments of an attribute.
pub(crate) fn entries(tokens: TokenStream) -> Vec<Entry> {
    cut_trees(tokens).into_iter().map(Entry::new).collect()
}

/// Takes the string that stands first, a path or a name.
pub(crate) fn take_text(entries: &mut Vec<Entry>) -> Option<LitStr> {
    let first = entries.first().filter(|entry| entry.name.is_none())?;
    let text = first.equals()?;
    entries.remove(0);
    Some(text)
}

/// Gives each entry under a known key to `each`, once per key. What `each` cannot read (`None`), and
/// what is unknown, misplaced or given twice, is a mistake. `place` is the attribute's own name.
pub(crate) fn read(
    entries: Vec<Entry>,
    keys: &Keys,
    place: &str,
    mistakes: &mut Mistakes,
    mut each: impl FnMut(&str, &Entry, &mut Mistakes) -> Option<()>,
) {
    let mut seen = Vec::new();
    for entry in entries {
        let Some(name) = &entry.name else {
            let expected = keys.known.first().map_or("nothing", |key| key.form);
            mistakes.add(
                entry.place(),
                format!(
                    "found `{}` in `{place}`, expected a key, such as `{expected}`",
                    entry.all
                ),
            );
            continue;
        };
        let name = name.to_string();
        let Some(key) = keys.known.iter().find(|key| key.name == name) else {
            unknown(&name, &entry, keys, place, mistakes);
            continue;
        };
        if seen.contains(&key.name) {
            mistakes
                .add(entry.place(), format!("`{name}` is given twice"))
                .help("keep one of them");
            continue;
        }
        seen.push(key.name);
        if each(&name, &entry, mistakes).is_none() {
            mistakes.add(
                entry.place(),
                format!("found `{}`, expected `{}`", entry.all, key.form),
            );
        }
    }
}

fn unknown(name: &str, entry: &Entry, keys: &Keys, place: &str, mistakes: &mut Mistakes) {
    if keys.later.contains(&name) {
        mistakes.add(
            entry.place(),
            format!("`{name}` is not yet supported in `{place}`"),
        );
    } else if keys.known.is_empty() {
        mistakes.add(
            entry.place(),
            format!("found `{}`, but `{place}` takes nothing", entry.all),
        );
    } else {
        let at = entry
            .name
            .as_ref()
            .map_or_else(|| entry.place(), |name| name.span().into());
        let hint = suggest::hint(name, keys.names());
        mistakes
            .add(at, format!("unknown key `{name}` in `{place}`"))
            .help(hint);
    }
}
