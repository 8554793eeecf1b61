//! A table whose keys are taken one by one; what nobody took is a mistake.

use super::Said;
use super::value::{Shape, Value};
use crate::diagnostic::{Diagnostic, Diagnostics, Kind, Place};
use crate::suggest;

pub(super) struct Keys<'a> {
    entries: Vec<(String, Place, Value)>,
    known: Vec<&'static str>,
    found: &'a Diagnostics,
}

impl<'a> Keys<'a> {
    pub(super) fn new(value: Value, found: &'a Diagnostics) -> Self {
        let entries = match value.shape {
            Shape::Table(entries) => entries,
            other => {
                let message = format!("found {}, expected a table", other.name());
                report(found, value.place, message, "");
                Vec::new()
            }
        };
        Self {
            entries,
            known: Vec::new(),
            found,
        }
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.known.push(key);
        let index = self.entries.iter().position(|(name, ..)| name == key)?;
        Some(self.entries.remove(index).2)
    }

    pub(super) fn text(&mut self, key: &'static str) -> Option<Said> {
        let value = self.take(key)?;
        self.as_text(value)
    }

    pub(super) fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.take(key)?;
        match value.shape {
            Shape::Flag(flag) => Some(flag),
            other => self.expected(value.place, &other, "`true` or `false`"),
        }
    }

    pub(super) fn table(&mut self, key: &'static str) -> Option<Keys<'a>> {
        let value = self.take(key)?;
        Some(Keys::new(value, self.found))
    }

    /// A key that has its meaning already, but no effect yet.
    pub(super) fn not_yet(&mut self, key: &'static str) {
        if let Some(value) = self.take(key) {
            let message = format!("`{key}` has no effect yet");
            let mut diagnostic = Diagnostic::warning(Kind::NotYet, message);
            diagnostic.place = Some(value.place);
            self.found.push(diagnostic);
        }
    }

    /// A whole number, or nothing for the word `"none"`.
    pub(super) fn status(&mut self, key: &'static str) -> Option<Said<Option<u16>>> {
        let value = self.take(key)?;
        match &value.shape {
            Shape::Text(word) if word == "none" => Some(Said {
                value: None,
                place: value.place,
            }),
            _ => {
                let place = value.place;
                self.as_status(value).map(|status| Said {
                    value: Some(status),
                    place,
                })
            }
        }
    }

    pub(super) fn integers(&mut self, key: &'static str) -> Option<Vec<i64>> {
        let value = self.take(key)?;
        let items = self.as_list(value);
        Some(
            items
                .into_iter()
                .filter_map(|item| self.as_integer(item))
                .collect(),
        )
    }

    pub(super) fn choice<T: Copy>(&mut self, key: &'static str, among: &[(&str, T)]) -> Option<T> {
        let said = self.text(key)?;
        let found = among.iter().find(|(word, _)| *word == said.value);
        if found.is_none() {
            let words: Vec<_> = among
                .iter()
                .map(|(word, _)| format!("`\"{word}\"`"))
                .collect();
            let message = format!(
                "found `\"{}\"`, expected {}",
                said.value,
                words.join(" or ")
            );
            report(self.found, said.place, message, "");
        }
        found.map(|(_, value)| *value)
    }

    /// All entries, each a text: names that the configuration does not prescribe.
    pub(super) fn texts(mut self) -> Vec<(Said, Said)> {
        let entries = std::mem::take(&mut self.entries);
        let read = |(name, place, value)| Some((Said { value: name, place }, self.as_text(value)?));
        entries.into_iter().filter_map(read).collect()
    }

    /// All entries, each a text or a list of texts.
    pub(super) fn text_lists(mut self) -> Vec<(Said, Vec<Said>)> {
        let entries = std::mem::take(&mut self.entries);
        let read = |(name, place, value)| {
            let items = self.as_list(value);
            let texts = items
                .into_iter()
                .filter_map(|item| self.as_text(item))
                .collect();
            (Said { value: name, place }, texts)
        };
        entries.into_iter().map(read).collect()
    }

    /// All entries, each a status or a list of statuses.
    pub(super) fn status_lists(mut self) -> Vec<(Said, Vec<u16>)> {
        let entries = std::mem::take(&mut self.entries);
        let read = |(name, place, value)| {
            let items = self.as_list(value);
            let statuses = items
                .into_iter()
                .filter_map(|item| self.as_status(item))
                .collect();
            (Said { value: name, place }, statuses)
        };
        entries.into_iter().map(read).collect()
    }

    /// Reports every key that nobody took.
    pub(super) fn finish(self, table: &str) {
        for (name, place, _) in &self.entries {
            let help = match suggest::nearest(name, self.known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("{table} knows: {}", self.known.join(", ")),
            };
            report(
                self.found,
                *place,
                format!("unknown key `{name}` in {table}"),
                &help,
            );
        }
    }

    fn as_text(&self, value: Value) -> Option<Said> {
        match value.shape {
            Shape::Text(text) => Some(Said {
                value: text,
                place: value.place,
            }),
            other => self.expected(value.place, &other, "text in quotes"),
        }
    }

    fn as_integer(&self, value: Value) -> Option<i64> {
        match value.shape {
            Shape::Integer(number) => Some(number),
            other => self.expected(value.place, &other, "a whole number"),
        }
    }

    fn as_status(&self, value: Value) -> Option<u16> {
        let place = value.place;
        let number = self.as_integer(value)?;
        let status = u16::try_from(number)
            .ok()
            .filter(|status| (100..1000).contains(status));
        if status.is_none() {
            report(
                self.found,
                place,
                format!("found {number}, expected a status such as 404"),
                "",
            );
        }
        status
    }

    fn as_list(&self, value: Value) -> Vec<Value> {
        match value.shape {
            Shape::List(items) => items,
            shape => vec![Value { shape, ..value }],
        }
    }

    fn expected<T>(&self, place: Place, found: &Shape, expected: &str) -> Option<T> {
        report(
            self.found,
            place,
            format!("found {}, expected {expected}", found.name()),
            "",
        );
        None
    }
}

pub(super) fn report(found: &Diagnostics, place: Place, message: String, help: &str) {
    let mut diagnostic = Diagnostic::error(Kind::Config, message);
    diagnostic.place = Some(place);
    found.push(if help.is_empty() {
        diagnostic
    } else {
        diagnostic.help(help)
    });
}
