//! `gen-client.lock`: the names that were given once and stay.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Which part of the lock a name is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Section {
    /// Types whose name the document does not give.
    Types,
    /// Methods.
    Methods,
    /// Fields, variants and arguments, where a collision was resolved.
    Members,
}

const SECTIONS: [(Section, &str); 3] = [
    (Section::Types, "types"),
    (Section::Methods, "methods"),
    (Section::Members, "members"),
];

/// The names of one run, by JSON pointer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lock {
    names: BTreeMap<(Section, String), String>,
}

impl Lock {
    /// Reads a lock that an earlier run wrote.
    ///
    /// # Errors
    ///
    /// What is not TOML, or not a table of names. A section that this version does not know is
    /// left out, so that an older tool can read a newer lock.
    pub(crate) fn parse(text: &str) -> Result<Self, toml::de::Error> {
        let tables: BTreeMap<String, toml::Value> = toml::from_str(text)?;
        let mut lock = Self::default();
        for (section, word) in SECTIONS {
            let Some(table) = tables.get(word) else {
                continue;
            };
            let names: BTreeMap<String, String> = table.clone().try_into()?;
            lock.names
                .extend(names.into_iter().map(|(key, name)| ((section, key), name)));
        }
        Ok(lock)
    }

    /// The name that `pointer` was given before.
    pub(crate) fn get(&self, section: Section, pointer: &str) -> Option<&str> {
        self.names
            .get(&(section, pointer.to_owned()))
            .map(String::as_str)
    }

    /// Keeps a name for the next run.
    pub(crate) fn set(&mut self, section: Section, pointer: String, name: String) {
        self.names.insert((section, pointer), name);
    }

    /// Every name of a section.
    pub(crate) fn section(&self, section: Section) -> impl Iterator<Item = (&str, &str)> {
        let names = self.names.iter().filter(move |((of, _), _)| *of == section);
        names.map(|((_, pointer), name)| (pointer.as_str(), name.as_str()))
    }

    /// The text of the file.
    pub(crate) fn print(&self) -> String {
        let mut text = String::from("# Names that were given once and stay. Commit this file.\n");
        for (section, word) in SECTIONS {
            if section != Section::Types {
                text.push('\n');
            }
            let _ = writeln!(text, "[{word}]");
            let mut names = self.section(section).peekable();
            if section == Section::Members && names.peek().is_none() {
                text.push_str("# Only where a collision was resolved; none here.\n");
            }
            for (pointer, name) in names {
                let _ = writeln!(text, "{} = {}", quoted(pointer), quoted(name));
            }
        }
        text
    }
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(char);
            }
            char if char.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(char));
            }
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_survives_a_round_trip() {
        let mut lock = Lock::default();
        lock.set(
            Section::Types,
            "#/components/schemas/Pet#sent".into(),
            "PetInput".into(),
        );
        lock.set(
            Section::Methods,
            "#/paths/~1a\"\\\u{7}/get".into(),
            "get".into(),
        );
        lock.set(Section::Members, "#/x/properties/名".into(), "名_2".into());
        let text = lock.print();
        assert_eq!(Lock::parse(&text).expect("own text"), lock);
        assert!(text.contains("\"#/components/schemas/Pet#sent\" = \"PetInput\""));
    }

    #[test]
    fn a_broken_lock_is_an_error() {
        assert!(Lock::parse("[types]\na = 1").is_err());
        assert!(Lock::parse("types = ").is_err());
        assert_eq!(
            Lock::parse("[later]\na = \"b\"").expect("unknown section"),
            Lock::default()
        );
    }
}
