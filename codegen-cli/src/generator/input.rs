//! Where document, configuration and lock come from.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Generator, file_name};
use crate::error::Error;

/// The document.
#[derive(Default)]
pub(super) enum Input {
    Path(PathBuf),
    Bytes(String, Vec<u8>),
    /// The configuration names it.
    #[default]
    Config,
}

/// What the configuration is called when nobody says otherwise.
const CONFIG: &str = "gen-client.toml";

impl Generator {
    /// The configuration's path and text. Without a path it is optional.
    pub(super) fn config_text(&self) -> Result<Option<(PathBuf, String)>, Error> {
        let guess = self.out_dir.as_ref().map(|folder| folder.join(CONFIG));
        let Some(path) = self.config.clone().or(guess) else {
            return Ok(None);
        };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if self.config.is_none() && error.kind() == io::ErrorKind::NotFound => {
                return Ok(None);
            }
            Err(source) => return Err(unreadable(&path, source)),
        };
        let text = String::from_utf8(bytes).map_err(|_| {
            let text = "it is not UTF-8";
            unreadable(&path, io::Error::new(io::ErrorKind::InvalidData, text))
        })?;
        self.watch(&path);
        Ok(Some((path, text)))
    }

    /// The document's name and bytes; `named` is what the configuration says.
    pub(super) fn document_bytes(
        &self,
        named: Option<PathBuf>,
    ) -> Result<(String, Vec<u8>), Error> {
        let path = match &self.input {
            Input::Bytes(name, bytes) => return Ok((name.clone(), bytes.clone())),
            Input::Path(path) => path.clone(),
            Input::Config => named.ok_or_else(|| {
                Error::Usage(format!(
                    "no document: name one, or say `document = …` in {CONFIG}"
                ))
            })?,
        };
        let bytes = fs::read(&path).map_err(|source| unreadable(&path, source))?;
        self.watch(&path);
        Ok((file_name(&path), bytes))
    }

    /// The lock of an earlier run, if there is one.
    pub(super) fn lock_text(&self, folder: &Path) -> Result<Option<String>, Error> {
        let path = folder.join("gen-client.lock");
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(unreadable(&path, source)),
        }
    }

    fn watch(&self, path: &Path) {
        if self.cargo_directives {
            println!("cargo::rerun-if-changed={}", path.display());
        }
    }
}

fn unreadable(path: &Path, source: io::Error) -> Error {
    Error::Read {
        path: path.display().to_string(),
        source,
    }
}
