//! YAML by the events of granit-parser.

use std::collections::HashMap;
use std::sync::Arc;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span};

use super::build::{Builder, Extent};
use super::position::Source;
use super::tree::{NodeId, Tree};
use super::{MAX_DEPTH, Unusable};
use crate::diagnostic::{Diagnostic, Diagnostics, Kind};

/// YAML allows keys of 1,024 characters; documents put whole URLs and sentences there.
const KEY_LOOKAHEAD: usize = 16 * 1024;

/// Reads YAML text (1.2, core schema).
pub(super) fn read(source: &Arc<Source>, found: &Diagnostics) -> Result<Tree, Unusable> {
    let mut options = granit_parser::options! {
        simple_key_max_lookahead: KEY_LOOKAHEAD,
        flow_nesting_limit: MAX_DEPTH as usize,
        block_nesting_limit: MAX_DEPTH as usize,
        emit_unresolved_aliases: true,
    };
    options.set_emit_comments(false);
    let builder = Builder::new(source.clone(), found);
    let mut reader = Reader {
        source: source.text(),
        builder,
        found,
        anchors: HashMap::new(),
        open: Vec::new(),
        skip: None,
        documents: 0,
    };
    for event in Parser::new_from_str_with_options(source.text(), options) {
        match event {
            Ok((event, span)) => reader.event(event, span)?,
            Err(error) => return Err(reader.syntax(&error)),
        }
    }
    Ok(reader.builder.finish())
}

/// A member whose key is no text is passed over: first its key, then its value.
struct Skip {
    key: bool,
    depth: usize,
}

struct Reader<'s, 'd> {
    source: &'s str,
    builder: Builder<'d>,
    found: &'d Diagnostics,
    /// What each anchor names, once it is complete.
    anchors: HashMap<usize, (NodeId, Extent)>,
    /// The anchor of each open collection; 0 is none.
    open: Vec<usize>,
    skip: Option<Skip>,
    documents: usize,
}

impl Reader<'_, '_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Unusable> {
        let at = span.start.byte_offset().unwrap_or(0);
        match event {
            Event::DocumentStart(..) => self.document(at),
            _ if self.documents > 1 => {}
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain
                    && tag.is_none_or(|tag| tag.core_suffix() != Some("str"));
                let end = span.end.byte_offset().unwrap_or(at);
                self.scalar(at, end, &text, plain, anchor);
            }
            Event::MappingStart(_, anchor, _) => self.start(at, true, anchor)?,
            Event::SequenceStart(_, anchor, _) => self.start(at, false, anchor)?,
            Event::MappingEnd | Event::SequenceEnd => self.end(at),
            Event::Alias(anchor) => self.alias(at, anchor)?,
            Event::UnresolvedAlias(name) => self.unresolved(at, &name),
            _ => {}
        }
        Ok(())
    }

    fn document(&mut self, at: usize) {
        self.documents += 1;
        if self.documents == 2 {
            self.found.push(
                Diagnostic::warning(
                    Kind::Yaml,
                    "a second YAML document begins here; it is not read",
                )
                .at(at as u32)
                .help("one OpenAPI document per file"),
            );
        }
    }

    fn scalar(&mut self, at: usize, end: usize, text: &str, plain: bool, anchor: usize) {
        if self.skipped(0) {
            return;
        }
        if self.builder.expects_key() && plain && text == "<<" {
            self.merge_key(at);
        }
        let node = match offset(self.source, text) {
            Some(start) if !text.is_empty() => {
                self.builder.scalar(at, start..start + text.len(), plain)
            }
            // Nothing written is null; so the text of nothing is nothing.
            _ if plain && end <= at => self.builder.scalar(at, at..at, true),
            _ => self.builder.spilled(at, text, plain),
        };
        if anchor != 0 {
            self.anchors
                .insert(anchor, (node, Extent { size: 1, height: 0 }));
        }
    }

    fn start(&mut self, at: usize, is_mapping: bool, anchor: usize) -> Result<(), Unusable> {
        if self.skipped(1) {
            return Ok(());
        }
        if self.builder.expects_key() {
            self.refuse_key(at, true);
            return Ok(());
        }
        self.builder.open(at, is_mapping)?;
        self.open.push(anchor);
        Ok(())
    }

    fn end(&mut self, at: usize) {
        if let Some(skip) = &mut self.skip {
            skip.depth -= 1;
            let finished = skip.depth == 0;
            if finished && skip.key {
                skip.key = false;
            } else if finished {
                self.skip = None;
            }
            return;
        }
        let anchor = self.open.pop().unwrap_or(0);
        if let Some(closed) = self.builder.close(self.last_byte(at)) {
            if anchor != 0 {
                self.anchors.insert(anchor, closed);
            }
        }
    }

    fn alias(&mut self, at: usize, anchor: usize) -> Result<(), Unusable> {
        if self.skipped(0) {
            return Ok(());
        }
        let Some((target, extent)) = self.anchors.get(&anchor).copied() else {
            self.found.push(
                Diagnostic::error(Kind::Cycle, "this alias stands within what it names")
                    .at(at as u32)
                    .help("use `$ref` for a schema that contains itself"),
            );
            return Err(Unusable);
        };
        if self.builder.expects_key() && extent.height > 0 {
            self.refuse_key(at, false);
            return Ok(());
        }
        self.builder.alias(at, target, extent)
    }

    fn unresolved(&mut self, at: usize, name: &str) {
        self.found.push(
            Diagnostic::warning(
                Kind::Yaml,
                format!("no anchor `&{name}` stands before this alias"),
            )
            .at(at as u32)
            .help("it is read as null; put text that begins with `*` in quotes"),
        );
        self.scalar(at, at, "", true, 0);
    }

    fn merge_key(&self, at: usize) {
        self.found.push(
            Diagnostic::warning(Kind::Yaml, "the merge key `<<` is not read")
                .spanning(at as u32, at as u32 + 2)
                .help(
                    "YAML 1.2, which OpenAPI uses, has none; write the members out or use `$ref`",
                ),
        );
    }

    /// Starts to pass over a member; `open` if its key is a collection that begins here.
    fn refuse_key(&mut self, at: usize, open: bool) {
        self.found.push(
            Diagnostic::warning(
                Kind::Yaml,
                "this key is a list or an object; the member is left out",
            )
            .at(at as u32)
            .help("keys are text; put it in quotes if it is meant as text"),
        );
        self.skip = Some(Skip {
            key: open,
            depth: usize::from(open),
        });
    }

    /// Whether a node that opens `opens` collections belongs to what is passed over.
    fn skipped(&mut self, opens: usize) -> bool {
        let Some(skip) = &mut self.skip else {
            return false;
        };
        skip.depth += opens;
        if skip.depth == 0 {
            self.skip = None;
        }
        true
    }

    /// Block collections end at the next token; what lies between is space.
    fn last_byte(&self, at: usize) -> usize {
        let at = at.min(self.source.len());
        self.source
            .get(..at)
            .map_or(at, |before| before.trim_end().len())
    }

    fn syntax(&self, error: &ScanError) -> Unusable {
        let at = error.marker().byte_offset().unwrap_or(0);
        let (kind, message, help) = explain(error.kind());
        let line = self
            .source
            .get(..at)
            .and_then(|before| before.rsplit('\n').next());
        let tab = line.and_then(|line| line.rfind('\t').map(|tab| at - line.len() + tab));
        let at = tab
            .filter(|_| message.is_some_and(|text| text.starts_with("a tab")))
            .unwrap_or(at);
        let message = message.map_or_else(|| error.kind().to_string(), str::to_owned);
        let diagnostic = Diagnostic::error(kind, message).at(at as u32);
        self.found.push(if help.is_empty() {
            diagnostic
        } else {
            diagnostic.help(help)
        });
        Unusable
    }
}

/// Where `text` stands in `source`, if it is a part of it.
fn offset(source: &str, text: &str) -> Option<usize> {
    let start = (text.as_ptr() as usize).checked_sub(source.as_ptr() as usize)?;
    (start + text.len() <= source.len()).then_some(start)
}

/// The parser's words for the most frequent mistakes, and what to do about them.
fn explain(kind: &ErrorKind) -> (Kind, Option<&'static str>, &'static str) {
    match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInIndentation
        | ErrorKind::TabInPlainScalar => (
            Kind::Syntax,
            Some("a tab stands here, and YAML indents with spaces"),
            "use spaces",
        ),
        ErrorKind::RecursionLimitExceeded => (
            Kind::Limit,
            Some("lists and objects lie too deep here"),
            "give the inner parts a name under `components` and refer to them with `$ref`",
        ),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            (Kind::Syntax, None, "text with `: ` in it goes into quotes")
        }
        ErrorKind::InvalidIndentation | ErrorKind::SimpleKeyExpected => (
            Kind::Syntax,
            None,
            "check the indentation here and in the line above",
        ),
        ErrorKind::UnclosedQuotedScalar => (Kind::Syntax, None, "the quotes are never closed"),
        _ => (Kind::Syntax, None, ""),
    }
}
