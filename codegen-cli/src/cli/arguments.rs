//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};

/// Writes a typed, self-renewing API client from an OpenAPI document.
///
/// Exit codes: 0 done; 1 the document cannot be used, a file cannot be written, or with --check the
/// output is stale; 2 the call or the configuration is wrong.
#[derive(Parser)]
#[command(name = "gen-client", version)]
pub(super) struct Arguments {
    /// OpenAPI 3.0 or 3.1, JSON or YAML; `-` is standard input [default: what gen-client.toml names]
    #[arg(value_name = "DOC")]
    pub(super) document: Option<PathBuf>,

    /// Where the client goes [default: a folder named after the document's title]
    #[arg(short, long, value_name = "DIR")]
    pub(super) output: Option<PathBuf>,

    /// The package's name [default: after the document's title]
    #[arg(long)]
    pub(super) name: Option<String>,

    /// Writes a module instead of a crate
    #[arg(long)]
    pub(super) module: bool,

    /// The configuration [default: gen-client.toml in DIR, if there is one]
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,

    /// Depends on the `perennial` in this folder instead of the published one
    #[arg(long, value_name = "PATH")]
    pub(super) runtime_path: Option<PathBuf>,

    /// Writes nothing and says whether the output is current
    #[arg(long)]
    pub(super) check: bool,

    /// Makes warnings failures
    #[arg(long)]
    pub(super) strict: bool,

    /// What to print about the run
    #[arg(long, value_enum, value_name = "FORM", default_value_t = Form::Text)]
    pub(super) report: Form,
}

/// The form of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// For people.
    Text,
    /// One JSON object on standard output, whatever happens.
    Json,
}
