//! One operation.

use openapiv3::{ReferenceOr, Responses, Server};

use super::Operation;
use super::fields::Reader;
use super::parameters::{Found, merge, split};
use crate::diagnostic::Kind as Topic;
use crate::read::NodeId;

const OPERATION: &[&str] = &[
    "tags",
    "summary",
    "description",
    "externalDocs",
    "operationId",
    "parameters",
    "requestBody",
    "responses",
    "callbacks",
    "deprecated",
    "security",
    "servers",
];

/// What a path item gives to its operations.
pub(super) struct Shared {
    pub(super) path: String,
    pub(super) parameters: Vec<Found>,
    pub(super) servers: Vec<Server>,
}

impl Reader<'_> {
    /// The operation `at`, with what its path item has for all.
    pub(super) fn operation(&self, at: NodeId, verb: &'static str, shared: &Shared) -> Operation {
        self.known(at, "an operation", OPERATION);
        if let Some(callbacks) = self.tree.key(at, "callbacks") {
            self.note(
                callbacks,
                Topic::NotYet,
                "callbacks are not generated yet".to_owned(),
                "",
            );
        }
        let (parameters, parameter_nodes) = split(merge(&shared.parameters, self.parameters(at)));
        let body = self
            .tree
            .get(at, "requestBody")
            .and_then(|node| self.followed(node));
        let found = self.responses(at);
        let statuses = found
            .iter()
            .map(|(status, node, _)| (status.clone(), *node))
            .collect();
        let mut responses = Responses::default();
        for (status, _, response) in found {
            match status {
                Some(status) => {
                    responses
                        .responses
                        .insert(status, ReferenceOr::Item(response));
                }
                None => responses.default = Some(ReferenceOr::Item(response)),
            }
        }
        let servers = self.servers(at);
        let value = openapiv3::Operation {
            tags: self.texts(at, "tags"),
            summary: self.text(at, "summary"),
            description: self.text(at, "description"),
            external_docs: self.external_docs(at),
            operation_id: self
                .text(at, "operationId")
                .filter(|id| !id.trim().is_empty()),
            parameters,
            request_body: body.map(|node| ReferenceOr::Item(self.request_body(node))),
            responses,
            deprecated: self.flag(at, "deprecated").unwrap_or(false),
            security: self.security(at),
            servers: if servers.is_empty() {
                shared.servers.clone()
            } else {
                servers
            },
            ..openapiv3::Operation::default()
        };
        let path = shared.path.clone();
        Operation {
            at,
            path,
            verb,
            value,
            parameters: parameter_nodes,
            body,
            responses: statuses,
        }
    }
}
