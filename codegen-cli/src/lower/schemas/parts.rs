//! Which schemas make up one type.

use crate::read::NodeId;

/// Schemas that all hold at once, as `allOf` says it: what a type is lowered from.
///
/// Two types are the same where their parts are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Parts {
    /// The schemas, in the order of their members.
    pub(super) nodes: Vec<NodeId>,
    /// Lists of `oneOf` and `anyOf` that were dealt with outside.
    pub(super) skip: Vec<NodeId>,
    /// The JSON types that are left of what the schemas allow.
    pub(super) only: Kinds,
}

impl Parts {
    /// One schema as it stands.
    pub(super) fn one(node: NodeId) -> Self {
        Self::all(vec![node])
    }

    /// Several schemas at once.
    pub(super) fn all(nodes: Vec<NodeId>) -> Self {
        Self {
            nodes,
            skip: Vec::new(),
            only: Kinds::ANY,
        }
    }

    /// The schema, if it is one as it stands.
    pub(super) fn single(&self) -> Option<NodeId> {
        match self.nodes.as_slice() {
            [node] if self.skip.is_empty() && self.only == Kinds::ANY => Some(*node),
            _ => None,
        }
    }
}

/// A set of JSON types; a number that need not be whole is [`INTEGER`](Self::INTEGER) too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Kinds(u8);

impl Kinds {
    pub(super) const NONE: Self = Self(0);
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(2);
    pub(super) const INTEGER: Self = Self(4);
    pub(super) const NUMBER: Self = Self(8 | 4);
    pub(super) const STRING: Self = Self(16);
    pub(super) const ARRAY: Self = Self(32);
    pub(super) const OBJECT: Self = Self(64);
    pub(super) const ANY: Self = Self(127);

    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The single types in it, null aside.
    pub(super) fn each(self) -> impl Iterator<Item = Self> {
        let number = if self.has(Self::NUMBER) {
            Self::NUMBER
        } else {
            Self::INTEGER
        };
        [
            Self::BOOLEAN,
            number,
            Self::STRING,
            Self::ARRAY,
            Self::OBJECT,
        ]
        .into_iter()
        .filter(move |kind| self.has(*kind))
    }

    /// What a `type` word allows.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        Some(match word {
            "null" => Self::NULL,
            "boolean" => Self::BOOLEAN,
            "integer" => Self::INTEGER,
            "number" => Self::NUMBER,
            "string" => Self::STRING,
            "array" => Self::ARRAY,
            "object" => Self::OBJECT,
            _ => return None,
        })
    }

    /// What people write for lack of the right word.
    pub(super) fn of_wrong_word(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "any" => Self::ANY,
            "bool" => Self::BOOLEAN,
            "int" | "int32" | "int64" | "long" => Self::INTEGER,
            "float" | "double" | "decimal" => Self::NUMBER,
            "str" | "text" | "file" | "date" | "datetime" | "date-time" | "uuid" => Self::STRING,
            "list" => Self::ARRAY,
            "map" | "dict" => Self::OBJECT,
            other => return Self::of_word(other),
        })
    }

    /// The words, for people.
    pub(super) fn words(self) -> String {
        let words = [
            (Self::NULL, "null"),
            (Self::BOOLEAN, "boolean"),
            (Self::NUMBER, "number"),
            (Self::STRING, "string"),
            (Self::ARRAY, "array"),
            (Self::OBJECT, "object"),
        ];
        let mut words: Vec<&str> = words
            .into_iter()
            .filter(|(kind, _)| self.has(*kind))
            .map(|(_, word)| word)
            .collect();
        if self.has(Self::INTEGER) && !self.has(Self::NUMBER) {
            words.push("integer");
        }
        words.join(" or ")
    }
}
