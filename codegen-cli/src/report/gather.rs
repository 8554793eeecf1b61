//! From diagnostics with offsets to findings with lines, alike ones together.

use std::collections::HashMap;

use super::{Excerpt, Finding, Location};
use crate::diagnostic::{Diagnostic, Kind, Place, Severity, Text};
use crate::read::Source;

/// The texts that diagnostics point into.
#[derive(Default)]
pub(crate) struct Sources<'a> {
    /// The document, if it could be read at all.
    pub(crate) document: Option<&'a Source>,
    /// The configuration, if there is one.
    pub(crate) config: Option<&'a Source>,
}

/// The findings, errors first, else in the order of their places.
pub(crate) fn findings(diagnostics: Vec<Diagnostic>, sources: &Sources<'_>) -> Vec<Finding> {
    let mut groups: HashMap<(Severity, Kind, String), usize> = HashMap::new();
    let mut list: Vec<Vec<Diagnostic>> = Vec::new();
    for one in diagnostics {
        let key = (one.severity, one.kind, one.message.clone());
        match groups.get(&key) {
            Some(index) => list[*index].push(one),
            None => {
                groups.insert(key, list.len());
                list.push(vec![one]);
            }
        }
    }
    for alike in &mut list {
        // Readers do not go through a document from the top to the bottom.
        alike.sort_by_key(|one| (one.place.is_none(), one.place));
    }
    list.sort_by_key(|alike| (alike[0].severity, alike[0].place.is_none(), alike[0].place));
    list.into_iter()
        .filter_map(|alike| group(alike, sources))
        .collect()
}

/// Diagnostics that say the same, in order of their places.
fn group(alike: Vec<Diagnostic>, sources: &Sources<'_>) -> Option<Finding> {
    let places = alike.len();
    let mut alike = alike.into_iter();
    let mut finding = read(alike.next()?, sources);
    finding.places = places;
    let further = alike.filter_map(|one| sources.location(one.place?));
    finding.further = further.collect();
    Some(finding)
}

fn read(one: Diagnostic, sources: &Sources<'_>) -> Finding {
    let excerpt = one
        .place
        .filter(|_| one.severity != Severity::Note)
        .and_then(|place| {
            let text = sources.text(place)?;
            let line = text.position(place.start).line;
            Some(Excerpt::new(
                text.text(),
                line,
                place.start as usize,
                place.end as usize,
            ))
        });
    let also = one.also.into_iter();
    Finding {
        severity: one.severity,
        kind: one.kind,
        message: line(&one.message),
        help: one.help.as_deref().map(line),
        at: one.place.and_then(|place| sources.location(place)),
        places: 1,
        further: Vec::new(),
        also: also
            .filter_map(|(place, word)| Some((sources.location(place)?, line(&word))))
            .collect(),
        excerpt,
    }
}

impl Sources<'_> {
    fn text(&self, place: Place) -> Option<&Source> {
        match place.text {
            Text::Document => self.document,
            Text::Config => self.config,
        }
    }

    fn location(&self, place: Place) -> Option<Location> {
        let text = self.text(place)?;
        let position = text.position(place.start);
        Some(Location {
            file: text.name().to_owned(),
            line: position.line,
            column: position.column,
        })
    }
}

/// A text of the document on one line, and with nothing in it that a terminal obeys.
pub(super) fn line(text: &str) -> String {
    let words: Vec<_> = text.split_whitespace().collect();
    let safe = |sign: char| {
        if sign.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            sign
        }
    };
    words.join(" ").chars().map(safe).collect()
}
