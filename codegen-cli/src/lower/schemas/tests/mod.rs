//! Small documents, one feature each, and the types that come of them.

mod enums;
mod hostile;
mod names;
mod objects;
mod scalars;
mod unions;
mod ways;

use super::{Direction, Hint, Schemas};
use crate::config::Types as Formats;
use crate::diagnostic::Diagnostics;
use crate::lower::lock::Lock;
use crate::lower::names::Names;
use crate::print::layout;
use crate::print::scope::Scope;
use crate::print::types::item;
use crate::read::{self, Tree};
use crate::resolve::Resolver;
use crate::upgrade::upgrade;
use expect_test::Expect;
use std::fmt::Write as _;

/// What is sent, what is received, and the schemas they are among.
struct Case<'c> {
    version: &'c str,
    sent: &'c [&'c str],
    received: &'c [&'c str],
    schemas: &'c str,
    lock: &'c str,
    formats: Formats,
}

/// Everything is received unless a test says more.
fn received<'c>(received: &'c [&'c str], schemas: &'c str) -> Case<'c> {
    Case {
        version: "3.1.0",
        sent: &[],
        received,
        schemas,
        lock: "",
        formats: Formats::default(),
    }
}

fn both<'c>(names: &'c [&'c str], schemas: &'c str) -> Case<'c> {
    Case {
        sent: names,
        ..received(names, schemas)
    }
}

fn check(case: &Case<'_>, expected: &Expect) {
    expected.assert_eq(&text(case));
}

fn text(case: &Case<'_>) -> String {
    let mut document = format!(
        "openapi: {}\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n",
        case.version
    );
    for line in case.schemas.lines() {
        let _ = writeln!(document, "    {line}");
    }
    let (mut text, found, lock) = lowered(&document, case);
    if !lock.is_empty() {
        let _ = writeln!(text, "// lock\n{lock}");
    }
    if !found.is_empty() {
        let _ = writeln!(text, "// found\n{found}");
    }
    text
}

fn lowered(document: &str, case: &Case<'_>) -> (String, String, String) {
    let found = Diagnostics::new();
    let mut tree = read::read("test.yaml", document.as_bytes().to_vec(), &found).expect("readable");
    upgrade(&mut tree, &found).expect("an OpenAPI document");
    let mut names = Names::new(Lock::parse(case.lock).expect("a lock"));
    let resolver = Resolver::new(&tree, &found);
    let mut schemas = Schemas::new(&tree, &resolver, &found, case.formats);
    let mut uses = String::new();
    for (names, direction) in [
        (case.sent, Direction::Sent),
        (case.received, Direction::Received),
    ] {
        for name in names {
            let pointer = format!("#/components/schemas/{}", read::escape(name));
            let node = tree.at_pointer(&pointer).expect("a schema");
            let hint = Hint {
                owner: (*name).to_owned(),
                member: "Response".to_owned(),
            };
            let ty = schemas.lower(node, direction, hint);
            if !matches!(ty, crate::ir::TypeRef::Named(_)) {
                let _ = writeln!(uses, "// {name}: {ty:?}");
            }
        }
    }
    let types = schemas.finish(&mut names);
    let mut items = String::new();
    let mut scope = Scope::new(&types, "super");
    for ty in &types.list {
        scope.define(&ty.name);
    }
    for ty in &types.list {
        items.push_str(&layout::items(item(ty, &mut scope)));
        items.push('\n');
    }
    let lock = names.into_lock();
    let kept: Vec<_> = [
        crate::lower::lock::Section::Types,
        crate::lower::lock::Section::Members,
    ]
    .into_iter()
    .flat_map(|section| lock.section(section).collect::<Vec<_>>())
    .map(|(pointer, name)| {
        format!(
            "// {} = {name}",
            pointer.replace("#/components/schemas/", "")
        )
    })
    .collect();
    (
        uses + items.trim_end() + "\n",
        findings(found, &tree),
        kept.join("\n"),
    )
}

fn findings(found: Diagnostics, tree: &Tree) -> String {
    let lines = found.into_vec().into_iter().map(|one| {
        let at = one.place.map(|place| tree.position(place.start));
        let at = at
            .map(|at| format!("{}:{}", at.line - 5, at.column - 4))
            .unwrap_or_default();
        format!("// {:?} {at} {}", one.severity, one.message).to_lowercase()
    });
    lines.collect::<Vec<_>>().join("\n")
}
