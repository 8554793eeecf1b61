//! What people read about a type: descriptions, limits, defaults, examples.

use super::Schemas;
use super::flat::Flat;
use super::parts::{Kinds, Parts};
use crate::diagnostic::Kind;
use crate::ir::Doc;
use crate::lower::docs;
use crate::read::{self, NodeId};

/// The longest example or pattern that is shown.
const MAX_SHOWN: usize = 100;

impl<'a> Schemas<'a> {
    /// What people read about a value of `schema`, as a parameter or a member; with `examples` if
    /// wanted.
    pub(crate) fn doc(&self, schema: NodeId, examples: bool) -> Doc {
        self.member_doc(&self.doc_chain(&[schema]), examples)
    }

    /// The first description.
    pub(super) fn description(&self, nodes: &[NodeId]) -> Option<&'a str> {
        let texts = nodes
            .iter()
            .filter_map(|node| self.tree.text_at(*node, "description"));
        texts.map(str::trim).find(|text| !text.is_empty())
    }

    pub(super) fn type_doc(&self, nodes: &[NodeId], rules: &[String], way: Option<&str>) -> Doc {
        let text = self.description(nodes).map(docs::text);
        let text = match way {
            Some(way) => text.map(|text| after_first_sentence(&text, way)),
            None => text,
        };
        Doc {
            summary: None,
            text,
            notes: rules.to_vec(),
        }
    }

    pub(super) fn member_doc(&self, nodes: &[NodeId], examples: bool) -> Doc {
        let text = self.description(nodes).map(docs::text);
        let mut notes = Vec::new();
        if let Some(first) = nodes.first() {
            let flat = self.flatten(&Parts::one(*first));
            notes.extend(self.limits(nodes, &flat));
            if let [items] = flat.items.as_slice() {
                let nodes = self.doc_chain(&[*items]);
                let each = self.limits(&nodes, &self.flatten(&Parts::one(*items)));
                notes.extend(each.map(|limits| format!("Each item: {}", lower_first(&limits))));
            }
            notes.extend(self.format(&flat));
        }
        if examples {
            notes.extend(self.examples(nodes));
        }
        Doc {
            summary: None,
            text,
            notes,
        }
    }

    /// `From 1 to 100; the server assumes 10.`
    fn limits(&self, nodes: &[NodeId], flat: &Flat<'a>) -> Option<String> {
        let mut parts = Vec::new();
        let find = |key: &str| nodes.iter().find_map(|node| self.tree.get(*node, key));
        let number = |key: &str| find(key).and_then(|node| self.tree.as_number(node));
        let range = (
            number("minimum").map(|least| (least, false)),
            number("exclusiveMinimum").map(|least| (least, true)),
            number("maximum").map(|most| (most, false)),
            number("exclusiveMaximum").map(|most| (most, true)),
        );
        let (least, most) = (range.1.or(range.0), range.3.or(range.2));
        parts.extend(match (least, most) {
            (Some((least, false)), Some((most, false))) => Some(format!("from {least} to {most}")),
            (Some((least, over)), Some((most, under))) => Some(format!(
                "{} {least} and {} {most}",
                at_least(over),
                at_most(under)
            )),
            (Some((least, over)), None) => Some(format!("{} {least}", at_least(over))),
            (None, Some((most, under))) => Some(format!("{} {most}", at_most(under))),
            (None, None) => None,
        });
        parts.extend(number("multipleOf").map(|step| format!("a multiple of {step}")));
        let count = |key: &str| {
            find(key)
                .and_then(|node| self.tree.as_i128(node))
                .filter(|n| *n >= 0)
        };
        for (least, most, one, many) in [
            ("minLength", "maxLength", "character", "characters"),
            ("minItems", "maxItems", "item", "items"),
            ("minProperties", "maxProperties", "member", "members"),
        ] {
            let words = |count: i128| if count == 1 { one } else { many };
            parts.extend(
                match (count(least).filter(|least| *least > 0), count(most)) {
                    (Some(least), Some(most)) if least == most => {
                        Some(format!("exactly {least} {}", words(least)))
                    }
                    (Some(least), Some(most)) => Some(format!("{least} to {most} {many}")),
                    (Some(least), None) => Some(format!("at least {least} {}", words(least))),
                    (None, Some(most)) => Some(format!("at most {most} {}", words(most))),
                    (None, None) => None,
                },
            );
        }
        if find("uniqueItems").and_then(|node| self.tree.as_bool(node)) == Some(true) {
            parts.push("no item twice".to_owned());
        }
        let pattern = find("pattern").and_then(|node| self.tree.text(node));
        parts.extend(
            pattern
                .filter(|text| text.len() <= MAX_SHOWN)
                .map(|text| format!("matches {}", docs::code(text))),
        );
        parts.extend(self.listed_numbers(flat));
        let default = find("default").and_then(|default| self.default(default, flat));
        parts.extend(default.map(|value| format!("the server assumes {value}")));
        sentence(&parts.join("; "))
    }

    /// Listed values that are no enum.
    fn listed_numbers(&self, flat: &Flat<'a>) -> Option<String> {
        let values = flat
            .values
            .as_ref()
            .filter(|values| (2..=12).contains(&values.len()))?;
        if flat.kinds.map(|kinds| kinds.without(Kinds::NULL)) != Some(Kinds::NUMBER) {
            return None;
        }
        let values: Vec<&str> = values
            .iter()
            .filter_map(|value| self.tree.as_number(*value))
            .collect();
        Some(format!("one of {}", values.join(", ")))
    }

    /// A default that fits its schema; one that does not is reported.
    fn default(&self, node: NodeId, flat: &Flat<'a>) -> Option<String> {
        let tree = self.tree;
        if tree.kind(node) == read::Kind::Null {
            return None;
        }
        let allowed = flat.allowed();
        let plain = tree.kind(node) == (read::Kind::Scalar { plain: true });
        let fits = match tree.kind(node) {
            read::Kind::Mapping => allowed.has(Kinds::OBJECT),
            read::Kind::Sequence => allowed.has(Kinds::ARRAY),
            _ => {
                let text = tree.text(node).is_some() && allowed.has(Kinds::STRING);
                let number = tree.as_f64(node).is_some() && allowed.has(Kinds::NUMBER);
                let integer = tree.as_i128(node).is_some() && allowed.has(Kinds::INTEGER);
                let flag = tree.as_bool(node).is_some() && allowed.has(Kinds::BOOLEAN);
                text || number || integer || flag
            }
        };
        let kinds = flat.kinds.map(|kinds| kinds.without(Kinds::NULL));
        let listed = flat.values.as_ref().is_none_or(|values| {
            let default = self.value(node, kinds);
            default.is_none()
                || values
                    .iter()
                    .any(|value| self.value(*value, kinds) == default)
        });
        if !fits || !listed {
            let what = if fits {
                "is none of the listed values"
            } else {
                "is of another type"
            };
            self.warn(
                Kind::Value,
                node,
                &format!("the default {what}; it is ignored"),
            );
            return None;
        }
        let kind = allowed.without(Kinds::NULL);
        let number = plain && (kind == Kinds::NUMBER || kind == Kinds::INTEGER);
        match (number, tree.text(node)) {
            (true, Some(text)) => Some(text.to_owned()),
            (false, Some("")) => Some("an empty text".to_owned()),
            _ => self.shown(node),
        }
    }

    /// The format, where the type does not say it.
    fn format(&self, flat: &Flat<'a>) -> Option<String> {
        let format = flat.format?;
        let said = matches!(
            format,
            "uuid"
                | "date-time"
                | "date"
                | "time"
                | "byte"
                | "binary"
                | "int32"
                | "int64"
                | "uint64"
                | "float"
                | "double"
                | "uri"
                | "url"
                | "password"
                | "string"
                | ""
        );
        (!said && format.len() <= MAX_SHOWN).then(|| format!("Format: {}.", docs::code(format)))
    }

    fn examples(&self, nodes: &[NodeId]) -> Option<String> {
        let list = nodes
            .iter()
            .find_map(|node| self.tree.get(*node, "examples"));
        let list = list.filter(|list| self.tree.is_sequence(*list));
        let one = nodes
            .iter()
            .find_map(|node| self.tree.get(*node, "example"));
        let mut shown: Vec<String> = list
            .into_iter()
            .flat_map(|list| self.tree.items(list))
            .chain(one)
            .filter_map(|node| self.shown(node))
            .collect();
        shown.truncate(4);
        shown.dedup();
        match shown.as_slice() {
            [] => None,
            [one] => Some(format!("Example: {one}.")),
            _ => Some(format!("Examples: {}.", shown.join(", "))),
        }
    }

    /// A value as code, if it is short.
    fn shown(&self, node: NodeId) -> Option<String> {
        let text = match self.tree.kind(node) {
            read::Kind::Null => return None,
            read::Kind::Scalar { .. } => self.tree.text(node)?.to_owned(),
            _ => self.tree.json(node).to_string(),
        };
        let fits = !text.trim().is_empty() && text.len() <= MAX_SHOWN;
        fits.then(|| docs::code(&text))
    }
}

fn at_least(over: bool) -> &'static str {
    if over { "more than" } else { "at least" }
}

fn at_most(under: bool) -> &'static str {
    if under { "less than" } else { "at most" }
}

fn sentence(text: &str) -> Option<String> {
    let mut chars = text.chars();
    let first = chars.next()?;
    Some(format!("{}{}.", first.to_uppercase(), chars.as_str()))
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_lowercase().chain(chars).collect())
        .unwrap_or_default()
}

/// Says something at the end of the first sentence.
fn after_first_sentence(text: &str, way: &str) -> String {
    let ends = |at: usize| text[at + 1..].starts_with([' ', '\n']) || at + 1 == text.len();
    match text
        .match_indices('.')
        .map(|(at, _)| at)
        .find(|at| ends(*at))
    {
        Some(at) => format!("{}, {way}{}", &text[..at], &text[at..]),
        None => format!("{text}, {way}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_ends_the_first_sentence() {
        let check =
            |text, expected| assert_eq!(after_first_sentence(text, "as it is sent"), expected);
        check("A card.", "A card, as it is sent.");
        check(
            "A card v1.2. To pay.",
            "A card v1.2, as it is sent. To pay.",
        );
        check("A card", "A card, as it is sent");
    }
}
