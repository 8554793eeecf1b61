//! Where a type without a name of its own is used: what it can be named after.

use crate::ir::TypeId;
use crate::read::NodeId;

/// What to call a type that has no name: `<Owner><Member>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hint {
    /// An operation's or webhook's name.
    pub(crate) owner: String,
    /// `Request`, `Response`, `Payload`, a parameter's name.
    pub(crate) member: String,
}

/// Where a type is used for the first time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Site {
    /// An operation uses it.
    Given(Hint),
    /// A reference leads to it.
    Target(NodeId),
    /// It is a member, an item or a variant of something.
    Member {
        owner: Owner,
        words: Vec<String>,
        /// A title of its own, if it is a variant.
        title: Option<String>,
    },
}

/// What a member belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Draft(TypeId),
    /// A schema that is extended, whether or not it is a type itself.
    Schema(NodeId),
    Hint(Hint),
}

impl Site {
    /// A member of a type.
    pub(super) fn member(owner: Owner, words: Vec<String>) -> Self {
        Self::Member {
            owner,
            words,
            title: None,
        }
    }

    /// One of what is at this site: an item, a value.
    pub(super) fn one(&self) -> Self {
        match self {
            Self::Given(hint) => Self::member(Owner::Hint(hint.clone()), vec!["item".to_owned()]),
            Self::Target(node) => Self::member(Owner::Schema(*node), vec!["item".to_owned()]),
            Self::Member { owner, words, .. } => {
                Self::member(owner.clone(), crate::lower::words::singular(words))
            }
        }
    }

    /// The item at a place of a tuple.
    pub(super) fn item(&self, at: usize) -> Self {
        const WORDS: [&str; 4] = ["first", "second", "third", "fourth"];
        let word = WORDS
            .get(at)
            .map_or_else(|| format!("item{}", at + 1), |word| (*word).to_owned());
        match self {
            Self::Given(hint) => Self::member(Owner::Hint(hint.clone()), vec![word]),
            Self::Target(node) => Self::member(Owner::Schema(*node), vec![word]),
            Self::Member { owner, words, .. } => {
                let words = words.iter().cloned().chain([word]).collect();
                Self::member(owner.clone(), words)
            }
        }
    }
}
