//! Which operations stand together in a trait.

use super::words::{Style, identifier, words};
use crate::config::Config;
use crate::document::{Document, Operation};
use std::collections::BTreeSet;

/// Where an operation belongs: the name of its group, as a tag, a path or a person says it.
pub(super) fn names(document: &Document, config: &Config) -> Vec<String> {
    let tags: BTreeSet<&str> = document.operations.iter().filter_map(tag).collect();
    // One tag on everything tells nothing apart.
    let telling = tags.len() > 1;
    let shared = shared_prefix(&document.operations);
    let name = |operation: &Operation| {
        configured(operation, config)
            .or_else(|| tag(operation).filter(|_| telling).map(str::to_owned))
            .or_else(|| segment(&operation.path, shared))
            .or_else(|| tag(operation).map(str::to_owned))
            .unwrap_or_else(|| "general".to_owned())
    };
    document.operations.iter().map(name).collect()
}

/// Two spellings of one name are one group.
pub(super) fn key(name: &str) -> String {
    identifier(name, Style::Snake)
}

/// The first tag that has letters or digits.
fn tag(operation: &Operation) -> Option<&str> {
    let first = operation.value.tags.first()?;
    (!words(first).is_empty()).then_some(first)
}

fn configured(operation: &Operation, config: &Config) -> Option<String> {
    let belongs = |member: &str| {
        let path = member.starts_with('/') && operation.path.starts_with(member);
        path || operation.value.tags.iter().any(|tag| tag == member) || is(operation, member)
    };
    let group = config
        .groups
        .iter()
        .find(|(_, members)| members.iter().any(|it| belongs(&it.value)));
    group.map(|(name, _)| name.value.clone())
}

/// Whether a person means this operation: by its id, or by verb and path.
pub(super) fn is(operation: &Operation, name: &str) -> bool {
    let by_path = name.split_once(' ').is_some_and(|(verb, path)| {
        verb.eq_ignore_ascii_case(operation.verb) && path.trim() == operation.path
    });
    by_path || operation.value.operation_id.as_deref() == Some(name)
}

/// How many leading segments all paths share.
fn shared_prefix(operations: &[Operation]) -> usize {
    let mut paths = operations.iter().map(|operation| segments(&operation.path));
    let Some(first) = paths.next() else { return 0 };
    let mut shared = first.len();
    for path in paths {
        let same = first
            .iter()
            .zip(&path)
            .take_while(|(left, right)| left == right)
            .count();
        shared = shared.min(same);
    }
    shared
}

fn segments(path: &str) -> Vec<&str> {
    let end = path.find(['?', '#']).unwrap_or(path.len());
    path[..end]
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect()
}

/// The first segment that says what the path is about.
fn segment(path: &str, shared: usize) -> Option<String> {
    let segments = segments(path);
    let telling = |segment: &&&str| {
        let version = segment.trim_start_matches('v');
        let number = version
            .chars()
            .all(|c| c.is_ascii_digit() || ".-_".contains(c));
        let plain = segment.contains('{') || number || matches!(**segment, "api" | "rest");
        !plain && !words(segment).is_empty()
    };
    let own = segments.iter().skip(shared).find(telling);
    own.or_else(|| segments.iter().rev().find(telling))
        .map(|segment| (*segment).to_owned())
}
