//! `gen-client.toml`: what a person decides about the output. Every line of it is optional.
//!
//! What concerns the session may also stand in the document, as `x-perennial-session` at its root;
//! the file wins, member by member.

mod keys;
mod session;
mod value;

use crate::diagnostic::{Diagnostics, Place};
use crate::read::Tree;

pub(crate) use session::{Envelope, ExpiresUnit, Session};

use keys::Keys;

/// A text of the configuration and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said<T = String> {
    pub(crate) value: T,
    pub(crate) place: Place,
}

/// What a person decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Config {
    /// The document, relative to the configuration.
    pub(crate) document: Option<Said>,
    /// The package's name instead of the title's.
    pub(crate) name: Option<Said>,
    /// Whether descriptions become documentation.
    pub(crate) docs: bool,
    /// What formats become.
    pub(crate) types: Types,
    /// Group and what belongs to it: tags, operation ids, or beginnings of paths (with `/`).
    pub(crate) groups: Vec<(Said, Vec<Said>)>,
    /// Operation (id or `GET /path`) and the statuses that are `None`.
    pub(crate) none: Vec<(Said, Vec<u16>)>,
    /// How the session is renewed.
    pub(crate) session: Session,
    /// What the server wraps around its answers.
    pub(crate) envelope: Option<Envelope>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            document: None,
            name: None,
            docs: true,
            types: Types::default(),
            groups: Vec::new(),
            none: Vec::new(),
            session: Session::default(),
            envelope: None,
        }
    }
}

/// What formats become, where there is a choice.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Types {
    /// `format: date-time`.
    pub(crate) date_time: Library,
    /// `format: date`.
    pub(crate) date: Library,
    /// `format: time`.
    pub(crate) time: Library,
    /// `format: uuid`.
    pub(crate) uuid: Library,
    /// `format: decimal`.
    pub(crate) decimal: Decimal,
    /// Whether every type can be sent and received, whatever the operations do with it.
    pub(crate) both_ways: bool,
}

/// A type of the format's library, or text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Library {
    /// `jiff`'s types, `uuid::Uuid`.
    #[default]
    Typed,
    /// `String`.
    Text,
}

/// What `format: decimal` becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Decimal {
    /// What the schema's own type is: `f64` or `String`.
    #[default]
    Plain,
    /// `rust_decimal::Decimal`.
    RustDecimal,
}

impl Config {
    /// Reads the text of `gen-client.toml`. Mistakes are errors in `found`.
    pub(crate) fn parse(text: &str, found: &Diagnostics) -> Self {
        let mut config = Self::default();
        let Some(root) = value::parse(text, found) else {
            return config;
        };
        let mut keys = Keys::new(root, found);
        config.document = keys.text("document");
        config.name = keys.text("name");
        config.docs = keys.flag("docs").unwrap_or(true);
        config.types = keys.table("types").map(types).unwrap_or_default();
        config.groups = keys
            .table("groups")
            .map(Keys::text_lists)
            .unwrap_or_default();
        config.none = keys
            .table("none")
            .map(Keys::status_lists)
            .unwrap_or_default();
        config.session = keys
            .table("session")
            .map(session::session)
            .unwrap_or_default();
        config.envelope = keys.table("envelope").map(session::envelope);
        keys.not_yet("pagination");
        keys.finish("gen-client.toml");
        config
    }

    /// Adds what the document says about its session, where the file does not.
    pub(crate) fn read_extension(&mut self, tree: &Tree, found: &Diagnostics) {
        let Some(node) = tree.get(tree.root(), "x-perennial-session") else {
            return;
        };
        let value = value::from_tree(tree, node);
        let mut keys = Keys::new(value, found);
        let envelope = keys.table("envelope").map(session::envelope);
        self.envelope = self.envelope.take().or(envelope);
        let session = std::mem::take(&mut self.session);
        self.session = session.or(session::session(keys));
    }
}

fn types(mut keys: Keys<'_>) -> Types {
    const LIBRARY: &[(&str, Library)] = &[("jiff", Library::Typed), ("string", Library::Text)];
    const UUID: &[(&str, Library)] = &[("uuid", Library::Typed), ("string", Library::Text)];
    const DECIMAL: &[(&str, Decimal)] = &[
        ("plain", Decimal::Plain),
        ("rust_decimal", Decimal::RustDecimal),
    ];
    const DIRECTIONS: &[(&str, bool)] = &[("needed", false), ("all", true)];
    let types = Types {
        date_time: keys.choice("date-time", LIBRARY).unwrap_or_default(),
        date: keys.choice("date", LIBRARY).unwrap_or_default(),
        time: keys.choice("time", LIBRARY).unwrap_or_default(),
        uuid: keys.choice("uuid", UUID).unwrap_or_default(),
        decimal: keys.choice("decimal", DECIMAL).unwrap_or_default(),
        both_ways: keys.choice("directions", DIRECTIONS).unwrap_or_default(),
    };
    keys.finish("[types]");
    types
}

#[cfg(test)]
mod tests;
