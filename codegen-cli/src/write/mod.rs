//! Files: what generation hands over, and how it reaches the disk.

mod disk;
pub(crate) mod manifest;
mod place;

use std::io;
use std::path::{Path, PathBuf};

pub(crate) use disk::Plan;

/// A file of the output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Relative to the output folder, with `/`, such as `src/types/shared.rs`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// What `Cargo.toml` must hold. The file belongs to the user, who may have changed the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Manifest {
    /// The package's name.
    pub(crate) name: String,
    /// The package's version, as the document gives it, if Cargo can read it.
    pub(crate) version: String,
    /// One line.
    pub(crate) description: String,
    /// Name and the value as TOML text, such as `{ version = "1", features = ["serde"] }`.
    pub(crate) dependencies: Vec<(String, String)>,
    /// In the order they are written, without `default`.
    pub(crate) features: Vec<Feature>,
    /// The features that `default` turns on.
    pub(crate) default_features: Vec<String>,
}

/// A line of `[features]`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Feature {
    /// Its name.
    pub(crate) name: String,
    /// The features it turns on.
    pub(crate) enables: Vec<String>,
    /// A comment above it, without `#`; empty for none.
    pub(crate) comment: String,
}

/// Why the output could not be compared or written. Nothing is half-written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A file could not be read or written.
    #[error("cannot access `{}`", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A name of the document would have led out of the output folder.
    #[error("`{0}` would lie outside the output folder")]
    Outside(String),
    /// A file is in the way that gen-client did not write.
    #[error("`{}` is there already, and gen-client did not write it", .0.display())]
    Foreign(PathBuf),
    /// The package's manifest cannot be read.
    #[error("`{}` is no TOML", path.display())]
    Manifest {
        /// The manifest.
        path: PathBuf,
        /// Where and why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl WriteError {
    fn io(path: &Path, source: io::Error) -> Self {
        Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}
