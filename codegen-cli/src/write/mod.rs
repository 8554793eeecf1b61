//! Files: what generation hands over, and how it reaches the disk.

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
