//! Where the API is.

use super::docs;
use super::names::Names;
use super::surface::Surface;
use super::words::{Style, join, words};
use crate::diagnostic::Kind;
use crate::ir::{Doc, Server, ServerVariable, Variables};

impl Surface<'_> {
    /// The document's servers, in its order.
    pub(super) fn servers(&self, names: &mut Names) -> Vec<Server> {
        let node = self.tree.get(self.tree.root(), "servers");
        let at = |index: usize| node.and_then(|node| self.tree.items(node).nth(index));
        let mut servers = Vec::new();
        let declared = self.declared();
        for (index, server) in declared.iter().enumerate() {
            let wishes = self.server_names(server.description.as_deref(), &server.url);
            let name = names.claim("constants", &wishes, Style::Constant);
            let doc = Doc {
                summary: self.text(server.description.as_deref()),
                ..Doc::default()
            };
            let variables = self.variables(server, &name, at(index), names);
            let url = filled(&server.url, server);
            servers.push(Server {
                name,
                url,
                doc,
                variables,
            });
        }
        let known: Vec<&str> = declared.iter().map(|it| it.url.as_str()).collect();
        for operation in &self.document.operations {
            let elsewhere = operation
                .value
                .servers
                .iter()
                .any(|it| !known.contains(&it.url.as_str()));
            if elsewhere {
                let message =
                    "an operation with servers of its own is sent to the client's base URL";
                self.warn(
                    operation.at,
                    Kind::Server,
                    message,
                    "give it a client with another base URL",
                );
            }
        }
        servers
    }

    /// The servers of the document; those of its operations, where all have the same.
    fn declared(&self) -> &[openapiv3::Server] {
        let mut operations = self
            .document
            .operations
            .iter()
            .map(|operation| &operation.value.servers);
        let first = operations.next().filter(|first| !first.is_empty());
        match first {
            Some(first) if operations.all(|servers| servers == first) => first,
            _ => &self.document.api.servers,
        }
    }

    fn server_names(&self, description: Option<&str>, url: &str) -> Vec<String> {
        let mut own = words(description.unwrap_or_default());
        own.truncate(4);
        // Cut short, a name must not end in the middle of a phrase.
        let small = [
            "a", "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with",
        ];
        while own
            .last()
            .is_some_and(|last| small.contains(&last.to_lowercase().as_str()))
        {
            own.pop();
        }
        let host = url.split("//").nth(1).unwrap_or_default();
        let host = words(host.split('/').next().unwrap_or_default());
        let mut wishes = Vec::new();
        if !own.is_empty() && own.iter().all(|word| word.is_ascii()) {
            wishes.push(join(&own, Style::Constant));
        }
        wishes.push("SERVER".to_owned());
        if !host.is_empty() {
            wishes.push(join(&host, Style::Constant));
        }
        wishes
    }

    fn variables(
        &self,
        server: &openapiv3::Server,
        constant: &str,
        at: Option<crate::read::NodeId>,
        names: &mut Names,
    ) -> Option<Variables> {
        let declared = server.variables.as_ref();
        let placeholders = super::parameters::placeholders(&server.url);
        if placeholders.is_empty() {
            return None;
        }
        let mut own = words(constant);
        if own
            .last()
            .is_none_or(|last| !last.eq_ignore_ascii_case("server"))
        {
            own.push("server".to_owned());
        }
        let name = names.claim("roots", &[join(&own, Style::Pascal)], Style::Pascal);
        let wires: Vec<(&str, String)> = placeholders
            .iter()
            .map(|wire| (*wire, format!("#/servers:{wire}")))
            .collect();
        let members = names.members(&wires, Style::Snake, &[]);
        let mut list = Vec::new();
        for (wire, member) in placeholders.iter().zip(members) {
            let variable = declared.and_then(|declared| declared.get(*wire));
            if let (None, Some(at)) = (variable, at) {
                self.warn(
                    at,
                    Kind::Server,
                    format!("the server's `{{{wire}}}` is not declared"),
                    "it is text",
                );
            }
            let values: Vec<String> = variable
                .map(|it| it.enumeration.clone())
                .unwrap_or_default();
            let choice = (values.len() > 1).then(|| {
                let mut own = own.clone();
                own.extend(words(wire));
                let name = names.claim("roots", &[join(&own, Style::Pascal)], Style::Pascal);
                // A number alone is no name.
                let spelt = |value: &String| match value.starts_with(|c: char| c.is_ascii_digit()) {
                    true => format!("{wire} {value}"),
                    false => value.clone(),
                };
                let spelt: Vec<String> = values.iter().map(spelt).collect();
                let texts: Vec<(&str, String)> = spelt
                    .iter()
                    .map(|value| (value.as_str(), format!("#/servers:{wire}:{value}")))
                    .collect();
                let variants = names.members(&texts, Style::Pascal, &[]);
                (
                    name,
                    variants.into_iter().zip(values.iter().cloned()).collect(),
                )
            });
            list.push(ServerVariable {
                name: member,
                wire: (*wire).to_owned(),
                default: variable.map(|it| it.default.clone()).unwrap_or_default(),
                doc: Doc {
                    summary: self.text(variable.and_then(|it| it.description.as_deref())),
                    ..Doc::default()
                },
                choice,
            });
        }
        Some(Variables {
            name,
            template: server.url.clone(),
            list,
        })
    }
}

/// The URL with its variables' defaults.
fn filled(url: &str, server: &openapiv3::Server) -> String {
    let mut url = url.trim().to_owned();
    for (name, variable) in server.variables.iter().flatten() {
        url = url.replace(&format!("{{{name}}}"), &variable.default);
    }
    docs::line(&url)
}
