//! Paths with placeholders.

use std::fmt;

/// A path with placeholders: `/users/{owner}/files/{*rest}?sort=asc`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// Literals and placeholders; no two literals side by side.
    pub parts: Vec<Part>,
    /// What stands after `?`, sent with each call as it is.
    pub query: Option<String>,
}

impl Template {
    /// A path without placeholders.
    pub fn literal(path: &str) -> Self {
        Self {
            parts: vec![Part::Literal(path.to_owned())],
            query: None,
        }
    }

    /// The names of its placeholders, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Literal(_) => None,
            Part::One(name) | Part::Rest(name) => Some(name.as_str()),
        })
    }
}

/// A piece of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Text, sent as it is.
    Literal(String),
    /// `{id}`: one segment, or a part of one.
    One(String),
    /// `{*rest}`: several segments; keeps its slashes.
    Rest(String),
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Literal(text) => f.write_str(text)?,
                Part::One(name) => write!(f, "{{{name}}}")?,
                Part::Rest(name) => write!(f, "{{*{name}}}")?,
            }
        }
        match &self.query {
            Some(query) => write!(f, "?{query}"),
            None => Ok(()),
        }
    }
}
