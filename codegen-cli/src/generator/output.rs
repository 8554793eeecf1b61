//! What a run hands over: files, with the manifest and the lock among them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{Generator, Output};
use crate::config::Config;
use crate::error::Error;
use crate::lower::words::{Style, join, words};
use crate::report::{Report, Written};
use crate::write::{File, Manifest, WriteError, manifest};

/// A run that came to its end.
pub(super) struct Finished {
    pub(super) folder: PathBuf,
    pub(super) files: Vec<File>,
    pub(super) manifest: Manifest,
    pub(super) lock: String,
    pub(super) report: Report,
    /// The root type's name.
    pub(super) root: String,
}

impl Finished {
    pub(super) fn output(self, generator: &Generator) -> Result<Output, Error> {
        let Self {
            folder,
            mut files,
            mut manifest,
            lock,
            mut report,
            root,
        } = self;
        if generator.strict && report.has_warnings() {
            return Err(Error::Strict(Box::new(report)));
        }
        if let Some(runtime) = &generator.runtime_path {
            let path = toml_path(&from(&folder, runtime));
            for (name, value) in &mut manifest.dependencies {
                if name == "perennial" {
                    *value = format!("{{ path = {path} }}");
                }
            }
        }
        let module = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .replace('-', "_");
        let home = if generator.module {
            module
        } else {
            manifest.name.replace('-', "_")
        };
        let mut dependencies = Vec::new();
        if generator.module {
            let lines = manifest.dependencies.iter();
            dependencies.extend(lines.map(|(name, value)| format!("{name} = {value}")));
        } else {
            files.push(File {
                path: "Cargo.toml".to_owned(),
                text: cargo_toml(&folder, &manifest)?,
            });
        }
        files.push(File {
            path: "gen-client.lock".to_owned(),
            text: lock,
        });
        report.output = Some(Written {
            folder: folder.display().to_string(),
            root: format!("{home}::{root}"),
            files: files.len(),
            dependencies,
            ..Written::default()
        });
        Ok(Output {
            folder,
            files,
            report,
        })
    }
}

fn cargo_toml(folder: &Path, wanted: &Manifest) -> Result<String, WriteError> {
    let path = folder.join("Cargo.toml");
    match fs::read_to_string(&path) {
        Ok(text) => manifest::merged(&text, wanted).map_err(|source| WriteError::Manifest {
            path,
            source: Box::new(source),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(manifest::fresh(wanted)),
        Err(source) => Err(WriteError::Io { path, source }),
    }
}

impl Generator {
    /// The output folder.
    pub(super) fn folder(&self, config: &Config, title: &str) -> PathBuf {
        if let Some(folder) = &self.out_dir {
            return folder.clone();
        }
        if let (super::Input::Config, Some(path)) = (&self.input, &self.config) {
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            return folder.unwrap_or(Path::new(".")).to_owned();
        }
        let name = config.name.as_ref().map_or(title, |said| &said.value);
        PathBuf::from(folder_name(name))
    }
}

/// A title as the name of a folder: its words, without "API".
fn folder_name(title: &str) -> String {
    let mut words = words(title);
    words.retain(|word| !word.eq_ignore_ascii_case("api"));
    // Without a letter there are no words, and `words` says so in words of its own.
    if words.is_empty() || !title.chars().any(char::is_alphanumeric) {
        return "api-client".to_owned();
    }
    let name = join(&words, Style::Snake);
    let plain = |sign: char| if sign.is_alphanumeric() { sign } else { '-' };
    name.chars().map(plain).take(64).collect()
}

/// `to` as seen from the folder `from`; an absolute path stays one.
fn from(from: &Path, to: &Path) -> PathBuf {
    if to.is_absolute() {
        return to.to_owned();
    }
    let depth = from
        .components()
        .filter(|part| matches!(part, std::path::Component::Normal(_)));
    let relative = !from.is_absolute()
        && !from
            .components()
            .any(|part| matches!(part, std::path::Component::ParentDir));
    match (relative, std::path::absolute(to)) {
        (true, _) => depth.map(|_| "..").collect::<PathBuf>().join(to),
        (false, Ok(absolute)) => absolute,
        (false, Err(_)) => to.to_owned(),
    }
}

/// A path as a TOML string; a literal one, since Windows has backslashes.
fn toml_path(path: &Path) -> String {
    let text = path.display().to_string().replace('\\', "/");
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_plain_names() {
        for (title, name) in [
            ("Train Travel API", "train-travel"),
            ("../../etc/passwd", "etc-passwd"),
            ("API", "api-client"),
            ("", "api-client"),
            ("ビー API", "ビー"),
        ] {
            assert_eq!(folder_name(title), name);
        }
    }

    #[test]
    fn the_runtime_is_found_from_the_crate() {
        let seen = |folder: &str, runtime: &str| from(Path::new(folder), Path::new(runtime));
        assert_eq!(seen("a/b", "runtime"), Path::new("../../runtime"));
        assert_eq!(seen("./a", "runtime"), Path::new("../runtime"));
        assert_eq!(seen("a", "/x/runtime"), Path::new("/x/runtime"));
        assert!(seen("../a", "runtime").is_absolute());
    }
}
