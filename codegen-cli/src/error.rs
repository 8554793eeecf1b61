//! Why a run ended without a client.

use crate::report::Report;
use crate::write::WriteError;

/// Why a run ended without a client. What was there before is still there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The document cannot be used; the report's findings say where and why.
    #[error("the document cannot be used: {}", first(.0))]
    Document(Box<Report>),
    /// The configuration has mistakes; the report's findings say where.
    #[error("the configuration cannot be used: {}", first(.0))]
    Config(Box<Report>),
    /// There are warnings, and [`strict`](crate::Generator::strict) makes them failures.
    #[error("{}, and warnings are failures here", first(.0))]
    Strict(Box<Report>),
    /// A document or configuration could not be read.
    #[error("cannot read `{path}`")]
    Read {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The output could not be compared or written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The call itself does not make sense.
    #[error("{0}")]
    Usage(String),
    /// The generator failed where it must not: a bug of ours.
    #[error("gen-client failed on this document, which is a bug: {0}")]
    Bug(String),
}

impl Error {
    /// What is wrong with the document or the configuration.
    pub fn report(&self) -> Option<&Report> {
        match self {
            Self::Document(report) | Self::Config(report) | Self::Strict(report) => Some(report),
            _ => None,
        }
    }

    /// Whether the call or the configuration is to blame, and not the document or the disk.
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::Usage(_) | Self::Config(_) | Self::Write(WriteError::Foreign(_))
        )
    }
}

fn first(report: &Report) -> String {
    let Some(finding) = report.findings.first() else {
        return String::new();
    };
    match &finding.at {
        Some(location) => format!("{location}: {}", finding.message),
        None => finding.message.clone(),
    }
}
