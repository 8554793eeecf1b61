//! Servers and their variables.

use openapiv3::{Server, ServerVariable};

use super::fields::Reader;
use crate::read::NodeId;

impl Reader<'_> {
    /// The `servers` of the document, a path item or an operation.
    pub(super) fn servers(&self, id: NodeId) -> Vec<Server> {
        self.items(id, "servers")
            .iter()
            .filter_map(|server| self.server(*server))
            .collect()
    }

    fn server(&self, node: NodeId) -> Option<Server> {
        if let Some(url) = self.tree.text(node) {
            self.wrong::<()>(node, "an object with a `url`");
            return Some(Server {
                url: url.to_owned(),
                ..Server::default()
            });
        }
        self.known(
            node,
            "a server",
            &["url", "description", "variables", "name"],
        );
        let Some(url) = self.text(node, "url") else {
            self.missing(node, "a server has no `url`", "it is left out");
            return None;
        };
        let variables = self.members(node, "variables");
        let variable =
            |(name, _, value): &(&str, _, NodeId)| ((*name).to_owned(), self.variable(*value));
        Some(Server {
            url,
            description: self
                .text(node, "description")
                .or_else(|| self.text(node, "name")),
            variables: (!variables.is_empty()).then(|| variables.iter().map(variable).collect()),
            ..Server::default()
        })
    }

    fn variable(&self, node: NodeId) -> ServerVariable {
        let enumeration = self.texts(node, "enum");
        let default = self.text(node, "default");
        if default.is_none() {
            self.missing(
                node,
                "a server variable has no `default`",
                "its first value is taken",
            );
        }
        ServerVariable {
            default: default
                .or_else(|| enumeration.first().cloned())
                .unwrap_or_default(),
            enumeration,
            description: self.text(node, "description"),
            ..ServerVariable::default()
        }
    }
}
