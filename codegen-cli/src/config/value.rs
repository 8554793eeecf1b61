//! A value of the configuration and its place, whether it stands in TOML or in the document.

use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Diagnostics, Kind as Topic, Place, Text};
use crate::read::{Kind, NodeId, Tree};

/// A value with its place.
#[derive(Clone, Debug)]
pub(super) struct Value {
    pub(super) place: Place,
    pub(super) shape: Shape,
}

#[derive(Clone, Debug)]
pub(super) enum Shape {
    Text(String),
    Integer(i64),
    Flag(bool),
    List(Vec<Value>),
    /// Key, its place, and the value, in document order.
    Table(Vec<(String, Place, Value)>),
    /// A float, a date, a null: nothing that any key takes.
    Other,
}

impl Shape {
    /// What it is, for people.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Integer(_) => "a whole number",
            Self::Flag(_) => "a boolean",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other => "something else",
        }
    }
}

/// Reads TOML; what is wrong with it is an error in `found`.
pub(super) fn parse(text: &str, found: &Diagnostics) -> Option<Value> {
    match DeTable::parse(text) {
        Ok(table) => Some(from_table(table.get_ref(), place(table.span()))),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let message = error.message().replace('\n', ", ");
            let (start, end) = (span.start as u32, span.end as u32);
            found.push(Diagnostic::error(Topic::Config, message).in_config(start, end));
            None
        }
    }
}

fn place(span: std::ops::Range<usize>) -> Place {
    Place {
        text: Text::Config,
        start: span.start as u32,
        end: span.end as u32,
    }
}

fn from_table(table: &DeTable<'_>, at: Place) -> Value {
    let entry = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
        let key_text: &std::borrow::Cow<'_, str> = key.get_ref();
        (key_text.to_string(), place(key.span()), from_toml(value))
    };
    let mut entries: Vec<_> = table.iter().map(entry).collect();
    entries.sort_by_key(|(_, place, _)| place.start);
    Value {
        place: at,
        shape: Shape::Table(entries),
    }
}

fn from_toml(value: &toml::Spanned<DeValue<'_>>) -> Value {
    let at = place(value.span());
    let shape = match value.get_ref() {
        DeValue::String(text) => Shape::Text(text.to_string()),
        DeValue::Integer(number) => {
            let digits = number.as_str().replace('_', "");
            let parsed = i64::from_str_radix(&digits, number.radix());
            parsed.map_or(Shape::Other, Shape::Integer)
        }
        DeValue::Boolean(flag) => Shape::Flag(*flag),
        DeValue::Array(items) => Shape::List(items.iter().map(from_toml).collect()),
        DeValue::Table(table) => return from_table(table, at),
        DeValue::Float(_) | DeValue::Datetime(_) => Shape::Other,
    };
    Value { place: at, shape }
}

/// The same from a node of the document.
pub(super) fn from_tree(tree: &Tree, node: NodeId) -> Value {
    let at = |id| Place {
        text: Text::Document,
        start: tree.at(id),
        end: tree.end(id),
    };
    let shape = match tree.kind(node) {
        Kind::Null => Shape::Other,
        Kind::Sequence => Shape::List(tree.items(node).map(|id| from_tree(tree, id)).collect()),
        Kind::Mapping => {
            let entries = tree.entries(node);
            Shape::Table(
                entries
                    .map(|(key, id, value)| (key.to_owned(), at(id), from_tree(tree, value)))
                    .collect(),
            )
        }
        Kind::Scalar { .. } => match (tree.as_bool(node), tree.as_i128(node)) {
            (Some(flag), _) => Shape::Flag(flag),
            (_, Some(number)) => i64::try_from(number).map_or(Shape::Other, Shape::Integer),
            _ => Shape::Text(tree.text(node).unwrap_or_default().to_owned()),
        },
    };
    Value {
        place: at(node),
        shape,
    }
}
