//! What each method is called.

use super::lock::Section;
use super::names::Names;
use super::words::{Style, identifier, join, singular, words};
use crate::document::Operation;
use crate::read::Tree;
use std::collections::BTreeMap;

/// A name for each operation; two of one trait never share one.
pub(super) fn names(
    operations: &[Operation],
    groups: &[String],
    tree: &Tree,
    names: &mut Names,
) -> Vec<String> {
    let wishes: Vec<Vec<String>> = operations.iter().map(wishes).collect();
    let mut order: Vec<usize> = (0..operations.len()).collect();
    // Neither the order in the document nor a later addition may change a name: the lock comes
    // first, then who is alone with a wish, then who spells it exactly, then the path's text.
    let mut wanted: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (group, wishes) in groups.iter().zip(&wishes) {
        *wanted.entry((group, &wishes[0])).or_default() += 1;
    }
    let rank = |at: &usize| {
        let operation = &operations[*at];
        let id = operation.value.operation_id.as_deref().unwrap_or_default();
        let locked = names
            .locked(Section::Methods, &tree.pointer(operation.at))
            .is_some();
        let plain = operation.path.chars().any(char::is_uppercase) || operation.path.ends_with('/');
        (
            !locked,
            id != wishes[*at][0],
            plain,
            operation.path.clone(),
            operation.verb,
        )
    };
    order.sort_by_cached_key(rank);
    let mut given = vec![String::new(); operations.len()];
    for at in order {
        let alone = wanted[&(groups[at].as_str(), wishes[at][0].as_str())] < 2;
        // Who shares an id with others is told apart by the path at once, the first one too.
        let id = operations[at].value.operation_id.is_some();
        let own = if alone || !id || wishes[at].len() < 2 {
            &wishes[at][..]
        } else {
            &wishes[at][1..]
        };
        let scope = format!("methods of {}", groups[at]);
        let pointer = tree.pointer(operations[at].at);
        given[at] = names.claim_locked(&scope, Section::Methods, &pointer, own, Style::Snake);
    }
    given
}

fn wishes(operation: &Operation) -> Vec<String> {
    let path = from_path(operation);
    let with_parent = parent(operation);
    let mut wishes = match &operation.value.operation_id {
        Some(id) => {
            let own = identifier(id, Style::Snake);
            let verb = format!("{own}_{}", operation.verb);
            vec![own, path, verb]
        }
        None => vec![path],
    };
    wishes.extend(with_parent);
    wishes
}

/// Verb and nouns of the path: what stands before a placeholder is one of its kind.
fn from_path(operation: &Operation) -> String {
    let (path, fragment) = match operation.path.split_once('#') {
        Some((path, fragment)) => (path, Some(fragment)),
        None => (operation.path.as_str(), None),
    };
    let path = path.split('?').next().unwrap_or_default();
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let mut all = vec![operation.verb.to_owned()];
    for (at, segment) in segments.iter().enumerate() {
        if segment.starts_with('{') && segment.ends_with('}') {
            continue;
        }
        let nouns = words(segment);
        let one = segments
            .get(at + 1)
            .is_some_and(|next| next.starts_with('{'));
        all.extend(if one && !nouns.is_empty() {
            singular_noun(&nouns)
        } else {
            nouns
        });
    }
    all.extend(fragment.into_iter().flat_map(words));
    join(&all, Style::Snake)
}

/// `singular` calls what is no plural an item of it; here that is the noun itself.
fn singular_noun(nouns: &[String]) -> Vec<String> {
    let one = singular(nouns);
    if one.len() > nouns.len() {
        nouns.to_vec()
    } else {
        one
    }
}

fn parent(operation: &Operation) -> Option<String> {
    let segments = operation.path.split(['/', '?', '#']);
    let placeholders: Vec<String> = segments
        .filter(|segment| segment.starts_with('{'))
        .flat_map(words)
        .collect();
    if placeholders.is_empty() {
        return None;
    }
    let mut all = words(&from_path(operation));
    all.push("by".to_owned());
    all.extend(placeholders);
    Some(join(&all, Style::Snake))
}
