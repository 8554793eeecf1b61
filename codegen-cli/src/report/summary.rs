//! Counts: how much of the document became code.

use std::collections::HashSet;

use super::gather::line;
use super::{Finding, GroupReport, Missing, Report};
use crate::diagnostic::Severity;
use crate::document::Document;
use crate::ir::{Group, Library};

/// The report of a run that came to its end.
pub(crate) fn report(document: &Document, library: &Library, findings: Vec<Finding>) -> Report {
    let info = &document.api.info;
    let refresh = library.refresh.as_ref().map(|refresh| &refresh.group);
    let groups = || library.groups.iter().chain(refresh);
    let made: HashSet<&str> = groups()
        .flat_map(|group| &group.operations)
        .map(|one| one.pointer.as_str())
        .collect();
    let missing = document.operations.iter().filter_map(|operation| {
        let pointer = document.tree.pointer(operation.at);
        (!made.contains(pointer.as_str())).then(|| Missing {
            operation: line(&format!(
                "{} {}",
                operation.verb.to_uppercase(),
                operation.path
            )),
            reason: "the findings at its place say why".to_owned(),
        })
    });
    let missing: Vec<_> = missing.collect();
    let warnings = findings
        .iter()
        .filter(|one| one.severity == Severity::Warning);
    Report {
        title: line(&info.title),
        version: line(&info.version),
        openapi: line(&document.api.openapi),
        operations: document.operations.len(),
        methods: document.operations.len() - missing.len(),
        webhooks: document.webhooks.len(),
        types: library.types.list.len(),
        groups: groups().map(|group| closure(group, library)).collect(),
        missing,
        degraded: warnings.map(|one| one.places).sum(),
        findings,
        output: None,
    }
}

fn closure(group: &Group, library: &Library) -> GroupReport {
    let reached = |one: &&crate::ir::Type| one.groups.contains(&group.module);
    GroupReport {
        name: group.module.clone(),
        methods: group.operations.len(),
        types: library.types.list.iter().filter(reached).count(),
    }
}
