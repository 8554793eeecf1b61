//! What a run did, and everything that is not as the document asks.

mod excerpt;
mod gather;
mod summary;
mod text;

use serde::Serialize;

use crate::diagnostic::{Kind, Severity};

pub use excerpt::Excerpt;
pub(crate) use gather::{Sources, findings};
pub(crate) use summary::report;

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The document's title.
    pub title: String,
    /// The document's version.
    pub version: String,
    /// The version of OpenAPI that the document names.
    pub openapi: String,
    /// How many operations the document has.
    pub operations: usize,
    /// How many methods were generated.
    pub methods: usize,
    /// How many webhooks the document has.
    pub webhooks: usize,
    /// How many types were generated.
    pub types: usize,
    /// The groups, each with what it needs.
    pub groups: Vec<GroupReport>,
    /// Operations without a method.
    pub missing: Vec<Missing>,
    /// At how many places something is not as the document asks.
    pub degraded: usize,
    /// Everything there is to say, the worst first.
    pub findings: Vec<Finding>,
    /// What became of the files; `None` if none were asked for.
    pub output: Option<Written>,
}

/// A group and its closure.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct GroupReport {
    /// Its module and Cargo feature.
    pub name: String,
    /// How many methods it has.
    pub methods: usize,
    /// How many types these need.
    pub types: usize,
}

/// An operation that has no method.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Missing {
    /// `GET /pets/{id}`.
    pub operation: String,
    /// Why.
    pub reason: String,
}

/// Something to know about the document, at one or several places.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What it is about.
    pub kind: Kind,
    /// What was found, and what was expected.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// Where, the first place of several; `None` if it is nowhere in particular.
    pub at: Option<Location>,
    /// How many places are alike.
    pub places: usize,
    /// The further ones of these, in order.
    pub further: Vec<Location>,
    /// Other places that belong to it, with a word on each.
    pub also: Vec<(Location, String)>,
    /// The text around the place.
    #[serde(skip)]
    pub excerpt: Option<Excerpt>,
}

/// A place in a file, as people and editors count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Location {
    /// The file.
    pub file: String,
    /// The first line is 1.
    pub line: u32,
    /// In characters; the first is 1.
    pub column: u32,
}

/// What became of the files.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Written {
    /// The output folder.
    pub folder: String,
    /// The root type, with its crate or module.
    pub root: String,
    /// How many files there are.
    pub files: usize,
    /// The files that were written, or would be.
    pub changed: Vec<String>,
    /// The files that were removed, or would be.
    pub removed: Vec<String>,
    /// Whether this is a module of the user's crate, which then needs these lines in its
    /// `[dependencies]`.
    pub dependencies: Vec<String>,
    /// Whether nothing was written, only compared.
    pub compared: bool,
}

impl Report {
    /// Whether anything is not as the document asks.
    pub fn has_warnings(&self) -> bool {
        self.findings
            .iter()
            .any(|one| one.severity != Severity::Note)
    }

    /// Whether the output folder holds what it should, before this run.
    pub fn is_current(&self) -> bool {
        self.output
            .as_ref()
            .is_none_or(|out| out.changed.is_empty() && out.removed.is_empty())
    }

    /// As JSON, one object.
    pub fn to_json(&self) -> String {
        // Texts, numbers and lists of them can always be written.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl Serialize for Severity {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl Serialize for Kind {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}
