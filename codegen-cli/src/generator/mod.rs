//! The library's face: what the command line and a `build.rs` use alike.

mod input;
mod output;
mod run;

use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::report::{Report, Written};
use crate::write::{File, Plan};

use input::Input;

/// A step of a run, for progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// Reads the document.
    Read,
    /// Finds out what it says.
    Understand,
    /// Decides names, types and methods.
    Lower,
    /// Writes the text.
    Print,
    /// Compares and writes the files.
    Write,
}

/// Writes a client from an OpenAPI document.
///
/// In a `build.rs`, with `gen-client` as a build dependency without default features:
///
/// ```no_run
/// # fn main() -> Result<(), gen_client::Error> {
/// let out = std::path::PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
/// gen_client::Generator::new("openapi.yaml")
///     .out_dir(out.join("pets"))
///     .module()
///     .cargo_directives()
///     .generate()?;
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
pub struct Generator {
    input: Input,
    out_dir: Option<PathBuf>,
    config: Option<PathBuf>,
    name: Option<String>,
    runtime_path: Option<PathBuf>,
    module: bool,
    cargo_directives: bool,
    strict: bool,
    on_stage: Option<Box<dyn Fn(Stage) + Send + Sync>>,
}

/// A generated client in memory.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Output {
    /// Where it belongs.
    pub folder: PathBuf,
    /// Its files.
    pub files: Vec<File>,
    /// What the run did.
    pub report: Report,
}

impl Generator {
    /// Starts from the document at `path`, a file in JSON or YAML.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            input: Input::Path(path.into()),
            ..Self::default()
        }
    }

    /// Starts from a document in memory; `name` is how diagnostics call it.
    pub fn from_bytes(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            input: Input::Bytes(name.into(), bytes.into()),
            ..Self::default()
        }
    }

    /// Starts from a document that is read already, as far as that type holds one.
    pub fn from_openapi(api: &openapiv3::OpenAPI) -> Self {
        // Its values are text, numbers, lists and maps with text for keys.
        let bytes = serde_json::to_vec_pretty(api).unwrap_or_default();
        Self::from_bytes("openapi.json", bytes)
    }

    /// Starts from the `document` that `gen-client.toml` in `folder` names.
    pub fn from_config(path: impl Into<PathBuf>) -> Self {
        Self {
            input: Input::Config,
            config: Some(path.into()),
            ..Self::default()
        }
    }

    /// Where the client goes. Default: a folder named after the document's title, in the current
    /// one; with [`from_config`](Self::from_config), the folder of the configuration.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(folder.into());
        self
    }

    /// Reads this configuration instead of `gen-client.toml` in the output folder.
    pub fn config(mut self, path: impl Into<PathBuf>) -> Self {
        self.config = Some(path.into());
        self
    }

    /// Calls the package so, instead of after the document's title.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Writes a module (`mod.rs` and what it needs) instead of a crate.
    pub fn module(mut self) -> Self {
        self.module = true;
        self
    }

    /// Makes the crate depend on the `perennial` in this folder instead of the published one.
    pub fn runtime_path(mut self, folder: impl Into<PathBuf>) -> Self {
        self.runtime_path = Some(folder.into());
        self
    }

    /// Prints `cargo::rerun-if-changed` for the document and the configuration.
    pub fn cargo_directives(mut self) -> Self {
        self.cargo_directives = true;
        self
    }

    /// Makes warnings failures: with any, nothing is written.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Calls `f` when a step begins.
    pub fn on_stage(mut self, f: impl Fn(Stage) + Send + Sync + 'static) -> Self {
        self.on_stage = Some(Box::new(f));
        self
    }

    /// Generates in memory. Reads files, writes none.
    ///
    /// # Errors
    ///
    /// Every [`Error`] but `Write`.
    pub fn render(&self) -> Result<Output, Error> {
        self.run()
    }

    /// Compares what would be generated with what is there, and writes nothing.
    ///
    /// # Errors
    ///
    /// As [`generate`](Self::generate). That the folder is not current is no error:
    /// [`Report::is_current`] says so.
    pub fn check(&self) -> Result<Report, Error> {
        let output = self.run()?;
        let plan = Plan::new(&output.folder, &output.files)?;
        Ok(output.told(&plan, true))
    }

    /// Generates, and writes what differs from what is there.
    ///
    /// # Errors
    ///
    /// The document or the configuration cannot be used, a file cannot be read or written, or a
    /// file is in the way that gen-client did not write. Nothing is half-written.
    pub fn generate(&self) -> Result<Report, Error> {
        let output = self.run()?;
        self.enter(Stage::Write);
        let plan = Plan::new(&output.folder, &output.files)?;
        plan.apply()?;
        Ok(output.told(&plan, false))
    }

    fn enter(&self, stage: Stage) {
        if let Some(f) = &self.on_stage {
            f(stage);
        }
    }
}

impl Output {
    fn told(mut self, plan: &Plan, compared: bool) -> Report {
        let (changed, removed) = plan.differences();
        if let Some(written) = &mut self.report.output {
            *written = Written {
                changed,
                removed,
                compared,
                ..std::mem::take(written)
            };
        }
        self.report
    }
}

impl std::fmt::Debug for Generator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Generator")
            .field("out_dir", &self.out_dir)
            .finish_non_exhaustive()
    }
}

/// The file name of a path, or all of it.
fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}
