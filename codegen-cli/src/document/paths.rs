//! Path items, and what is wrong between operations.

use std::collections::HashMap;

use super::Operation;
use super::fields::{Reader, shortened};
use super::operations::Shared;
use crate::diagnostic::{Diagnostic, Kind as Topic};
use crate::read::NodeId;

const VERBS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];
const ITEM: &[&str] = &[
    "summary",
    "description",
    "servers",
    "parameters",
    "get",
    "put",
    "post",
    "delete",
    "options",
    "head",
    "patch",
    "trace",
];

impl Reader<'_> {
    /// All operations under `paths`, and all under `webhooks`.
    pub(super) fn operations(&self) -> (Vec<Operation>, Vec<Operation>) {
        let root = self.tree.root();
        let mut operations = Vec::new();
        for (path, key, item) in self.members(root, "paths") {
            let path = self.path(path, key);
            self.path_item(path, item, &mut operations);
        }
        let mut webhooks = Vec::new();
        for (name, _, item) in self.members(root, "webhooks") {
            self.path_item(name.to_owned(), item, &mut webhooks);
        }
        self.report_twins(&operations);
        self.report_ids(&operations);
        (operations, webhooks)
    }

    fn path(&self, path: &str, key: NodeId) -> String {
        let closed = with_closed_braces(path);
        if closed != path {
            let message = format!("the braces of `{}` do not pair", shortened(path));
            self.warn(
                key,
                Topic::Parameter,
                message,
                "the odd ones are read as text",
            );
        }
        if closed.starts_with('/') {
            return closed;
        }
        let message = format!("the path `{}` does not begin with `/`", shortened(path));
        self.warn(key, Topic::Parameter, message, "it is read as if it did");
        format!("/{closed}")
    }

    /// A path item may be a reference and still have members of its own.
    fn path_item(&self, path: String, item: NodeId, operations: &mut Vec<Operation>) {
        if !self.tree.is_mapping(item) {
            self.wrong::<()>(item, "an object");
            return;
        }
        let mut objects = vec![item];
        objects.extend(self.followed(item).filter(|target| *target != item));
        let mut shared = Shared {
            path,
            parameters: Vec::new(),
            servers: Vec::new(),
        };
        for object in &objects {
            self.known(*object, "a path item", ITEM);
            let parameters = self.parameters(*object);
            shared.parameters = super::parameters::merge(&parameters, shared.parameters);
            if shared.servers.is_empty() {
                shared.servers = self.servers(*object);
            }
        }
        let first = operations.len();
        for object in objects {
            for (key, _, node) in self.tree.entries(object) {
                let Some(verb) = VERBS.into_iter().find(|verb| *verb == key) else {
                    continue;
                };
                if operations[first..].iter().any(|known| known.verb == verb) {
                    continue;
                }
                if self.tree.is_mapping(node) {
                    operations.push(self.operation(node, verb, &shared));
                } else {
                    self.wrong::<()>(node, "an operation");
                }
            }
        }
    }

    /// Two paths that differ only in the names of their parameters are one to a server.
    fn report_twins(&self, operations: &[Operation]) {
        let mut known: HashMap<(String, &str), &Operation> = HashMap::new();
        for operation in operations {
            let key = (without_names(&operation.path), operation.verb);
            let Some(first) = known.get(&key) else {
                known.insert(key, operation);
                continue;
            };
            let message = format!(
                "`{}` and `{}` differ only in the names of their parameters",
                shortened(&first.path),
                shortened(&operation.path),
            );
            self.found.push(
                Diagnostic::warning(Topic::Parameter, message)
                    .at(self.tree.at(operation.at))
                    .also(self.tree.at(first.at), "the other one")
                    .help("both are generated; a server cannot tell them apart"),
            );
        }
    }

    fn report_ids(&self, operations: &[Operation]) {
        let mut known: HashMap<&str, NodeId> = HashMap::new();
        for operation in operations {
            let (Some(id), Some(node)) = (
                &operation.value.operation_id,
                self.tree.get(operation.at, "operationId"),
            ) else {
                continue;
            };
            let Some(first) = known.get(id.as_str()) else {
                known.insert(id, node);
                continue;
            };
            let message = format!("the operationId `{}` is there twice", shortened(id));
            self.found.push(
                Diagnostic::warning(Topic::DuplicateName, message)
                    .spanning(self.tree.at(node), self.tree.end(node))
                    .also(self.tree.at(*first), "first here")
                    .help("where both would have one name, the path tells them apart"),
            );
        }
    }
}

/// Braces that open or close no parameter, percent-encoded: nothing else writes them in a path.
fn with_closed_braces(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, tail) = rest.split_at(at);
        text.push_str(before);
        let inner = tail[1..]
            .find(['{', '}', '/'])
            .map(|end| (end + 1, tail.as_bytes()[end + 1]));
        match inner {
            Some((end, b'}')) if tail.starts_with('{') => {
                text.push_str(&tail[..=end]);
                rest = &tail[end + 1..];
            }
            _ => {
                text.push_str(if tail.starts_with('{') { "%7B" } else { "%7D" });
                rest = &tail[1..];
            }
        }
    }
    text.push_str(rest);
    text
}

/// `/a/{b}` as `/a/{}`.
fn without_names(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    let mut inside = false;
    for sign in path.chars() {
        match sign {
            '{' => inside = true,
            '}' => inside = false,
            _ if inside => continue,
            _ => {}
        }
        text.push(sign);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::with_closed_braces;

    #[test]
    fn braces_pair() {
        for (path, closed) in [
            ("/a/{b}.{c}", "/a/{b}.{c}"),
            ("/a/{b", "/a/%7Bb"),
            ("/a/b}/{c}", "/a/b%7D/{c}"),
            ("/{a/{b}", "/%7Ba/{b}"),
            ("/{{é}}", "/%7B{é}%7D"),
            ("/{a/b}", "/%7Ba/b%7D"),
        ] {
            assert_eq!(with_closed_braces(path), closed);
        }
    }
}
