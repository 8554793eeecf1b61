//! What is wrong with a document, and what to do about it.

use std::cell::RefCell;
use std::collections::HashSet;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The document, or the named part of it, cannot be used.
    Error,
    /// Something is not as the document asks; generation went on.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// The severity as a word: `error`, `warning`, `note`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// What a diagnostic is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// A file could not be read or written.
    Io,
    /// The bytes are no text.
    Encoding,
    /// The text is neither JSON nor YAML.
    Syntax,
    /// Something nests, or expands, beyond all reason.
    Limit,
    /// A key is there twice.
    DuplicateKey,
    /// A YAML construct that OpenAPI documents may not use.
    Yaml,
    /// It is another kind of document.
    NotOpenApi,
    /// Understood, but not generated yet.
    NotYet,
    /// A value is of another type than its place asks for.
    WrongType,
    /// Something required is not there.
    Missing,
    /// A keyword that has no meaning at its place.
    Unknown,
    /// A reference leads nowhere.
    Unresolved,
    /// A reference leads back to itself.
    Cycle,
    /// A status code is misspelt.
    Status,
    /// Two things that must differ have one name.
    DuplicateName,
    /// Path and parameters do not fit together.
    Parameter,
    /// A media type, or one of several, is not used.
    MediaType,
    /// A schema keyword is not enforced or contradicts another.
    Schema,
    /// A default or example does not fit its schema.
    Value,
    /// Names were changed to be told apart.
    Name,
    /// Security schemes.
    Security,
    /// Servers and their variables.
    Server,
    /// The configuration.
    Config,
    /// The session: refresh, envelope, codes.
    Session,
    /// An extension is not read.
    Extension,
}

impl Kind {
    /// The kind as a word, for `--report json`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Io => "io",
            Self::Encoding => "encoding",
            Self::Syntax => "syntax",
            Self::Limit => "limit",
            Self::DuplicateKey => "duplicate-key",
            Self::Yaml => "yaml",
            Self::NotOpenApi => "not-openapi",
            Self::NotYet => "not-yet",
            Self::WrongType => "wrong-type",
            Self::Missing => "missing",
            Self::Unknown => "unknown",
            Self::Unresolved => "unresolved",
            Self::Cycle => "cycle",
            Self::Status => "status",
            Self::DuplicateName => "duplicate-name",
            Self::Parameter => "parameter",
            Self::MediaType => "media-type",
            Self::Schema => "schema",
            Self::Value => "value",
            Self::Name => "name",
            Self::Security => "security",
            Self::Server => "server",
            Self::Config => "config",
            Self::Session => "session",
            Self::Extension => "extension",
        }
    }
}

/// Which text a place is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Text {
    /// The OpenAPI document.
    Document,
    /// `gen-client.toml`.
    Config,
}

/// A stretch of a text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Place {
    pub(crate) text: Text,
    pub(crate) start: u32,
    /// Never before `start`.
    pub(crate) end: u32,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Diagnostic {
    pub(crate) severity: Severity,
    pub(crate) kind: Kind,
    /// Lower case, no full stop: what was found, and what was expected.
    pub(crate) message: String,
    /// How to mend it.
    pub(crate) help: Option<String>,
    pub(crate) place: Option<Place>,
    /// The other places that belong to it, with a word on each.
    pub(crate) also: Vec<(Place, String)>,
}

impl Diagnostic {
    /// The document, or this part of it, cannot be used.
    pub(crate) fn error(kind: Kind, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, kind, message.into())
    }

    /// Something is not as the document asks.
    pub(crate) fn warning(kind: Kind, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, kind, message.into())
    }

    /// Worth knowing.
    pub(crate) fn note(kind: Kind, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, kind, message.into())
    }

    fn new(severity: Severity, kind: Kind, message: String) -> Self {
        Self {
            severity,
            kind,
            message,
            help: None,
            place: None,
            also: Vec::new(),
        }
    }

    /// Says where: a byte of the document (`tree.at(id)`).
    pub(crate) fn at(self, start: u32) -> Self {
        self.spanning(start, start)
    }

    /// Says where, from the first byte to the one after the last.
    pub(crate) fn spanning(mut self, start: u32, end: u32) -> Self {
        self.place = Some(Place {
            text: Text::Document,
            start,
            end: end.max(start),
        });
        self
    }

    /// Says where in the configuration.
    pub(crate) fn in_config(mut self, start: u32, end: u32) -> Self {
        self.place = Some(Place {
            text: Text::Config,
            start,
            end: end.max(start),
        });
        self
    }

    /// Says how to mend it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Points at another place of the document that belongs to it.
    pub(crate) fn also(mut self, start: u32, word: impl Into<String>) -> Self {
        self.also.push((
            Place {
                text: Text::Document,
                start,
                end: start,
            },
            word.into(),
        ));
        self
    }
}

/// All findings of a run, in the order they were made.
///
/// Takes `&self`, so that readers of the tree can share it.
#[derive(Debug, Default)]
pub(crate) struct Diagnostics {
    list: RefCell<Vec<Diagnostic>>,
    once: RefCell<HashSet<String>>,
}

impl Diagnostics {
    /// Nothing found yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Adds a finding.
    pub(crate) fn push(&self, diagnostic: Diagnostic) {
        self.list.borrow_mut().push(diagnostic);
    }

    /// Adds a finding unless one with the same key was added before.
    pub(crate) fn push_once(&self, key: String, diagnostic: impl FnOnce() -> Diagnostic) {
        if self.once.borrow_mut().insert(key) {
            self.push(diagnostic());
        }
    }

    /// Whether anything is an error.
    pub(crate) fn has_errors(&self) -> bool {
        self.list
            .borrow()
            .iter()
            .any(|one| one.severity == Severity::Error)
    }

    /// Whether the first error is about the configuration.
    pub(crate) fn blames_config(&self) -> bool {
        let list = self.list.borrow();
        let first = list.iter().find(|one| one.severity == Severity::Error);
        first.is_some_and(|one| matches!(one.kind, Kind::Config | Kind::Session))
    }

    /// What was found.
    pub(crate) fn into_vec(self) -> Vec<Diagnostic> {
        self.list.into_inner()
    }
}
