//! Which kind of document this is.

use super::Version;
use crate::diagnostic::{Diagnostic, Diagnostics, Kind};
use crate::read::{NodeId, Tree, Unusable};

/// The version, or an error that says what the document is instead.
pub(super) fn version(tree: &Tree, found: &Diagnostics) -> Result<Version, Unusable> {
    let refuse = |diagnostic: Diagnostic| {
        found.push(diagnostic);
        Err(Unusable)
    };
    let root = tree.root();
    if !tree.is_mapping(root) {
        return refuse(
            not_openapi("this is no object, and so no OpenAPI document")
                .at(tree.at(root))
                .help("an OpenAPI document begins with `openapi: 3.1.0`"),
        );
    }
    if let Some(node) = tree.get(root, "openapi") {
        return match tree.text(node) {
            Some(text) if is(text, "3.0") || text == "3" => Ok(Version::V30),
            Some(text) if is(text, "3.1") => Ok(Version::V31),
            Some(text) if is(text, "3.2") => refuse(not_yet(tree, node, "OpenAPI 3.2")),
            Some(text) => {
                let message = format!("found OpenAPI `{text}`, expected 3.0 or 3.1");
                refuse(not_openapi(message).spanning(tree.at(node), tree.end(node)))
            }
            None => {
                let message = "the value of `openapi` is no version such as `3.1.0`";
                refuse(not_openapi(message).at(tree.at(node)))
            }
        };
    }
    if let Some(node) = tree.get(root, "swagger") {
        return refuse(not_yet(tree, node, "Swagger 2.0").help(
            "convert it with a tool such as https://converter.swagger.io, or wait for a later version",
        ));
    }
    if let Some((name, help)) = other_kind(tree, root) {
        return refuse(
            not_openapi(format!("this is {name}, not an OpenAPI document"))
                .at(tree.at(root))
                .help(help),
        );
    }
    if ["paths", "webhooks", "components"]
        .iter()
        .any(|key| tree.get(root, key).is_some())
    {
        found.push(
            Diagnostic::warning(Kind::Missing, "the document does not say its version")
                .at(tree.at(root))
                .help("it is read as `openapi: 3.1.0`"),
        );
        return Ok(Version::V31);
    }
    refuse(
        not_openapi("there is no `openapi` key, so this is no OpenAPI document")
            .at(tree.at(root))
            .help("an OpenAPI document begins with `openapi: 3.1.0`"),
    )
}

/// `3.1`, `3.1.0`, `3.1.0-rc1`.
fn is(text: &str, version: &str) -> bool {
    text.strip_prefix(version)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
}

fn not_openapi(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Kind::NotOpenApi, message)
}

fn not_yet(tree: &Tree, node: NodeId, name: &str) -> Diagnostic {
    Diagnostic::error(
        Kind::NotYet,
        format!("{name} is not read yet; 3.0 and 3.1 are"),
    )
    .spanning(tree.at(node), tree.end(node))
}

/// Documents of other kinds that people pass by mistake, and where the right one is.
fn other_kind(tree: &Tree, root: NodeId) -> Option<(&'static str, &'static str)> {
    let has = |pointer: &str| tree.at_pointer(pointer).is_some();
    let postman = || {
        let schema = tree
            .at_pointer("#/info/schema")
            .and_then(|node| tree.text(node));
        schema.is_some_and(|schema| schema.contains("postman.com")) || has("#/info/_postman_id")
    };
    if postman() {
        return Some((
            "a Postman collection",
            "export the API's definition as OpenAPI instead",
        ));
    }
    let known: &[(&str, &str, &str)] = &[
        (
            "#/asyncapi",
            "an AsyncAPI document",
            "it describes messages, not HTTP operations",
        ),
        (
            "#/swaggerVersion",
            "a Swagger 1.2 document",
            "convert it to OpenAPI 3 first",
        ),
        (
            "#/data/__schema",
            "a GraphQL schema",
            "it describes queries, not HTTP operations",
        ),
        (
            "#/__schema",
            "a GraphQL schema",
            "it describes queries, not HTTP operations",
        ),
        (
            "#/log/entries",
            "an HTTP archive (HAR)",
            "it records traffic and describes no API",
        ),
        (
            "#/overlay",
            "an Overlay",
            "pass the document that it changes",
        ),
        (
            "#/arazzo",
            "an Arazzo document",
            "pass one of its source descriptions",
        ),
        (
            "#/_type",
            "an Insomnia export",
            "export the API's definition as OpenAPI instead",
        ),
    ];
    let found = known.iter().find(|(pointer, ..)| has(pointer));
    if let Some((_, name, help)) = found {
        return Some((name, help));
    }
    let is_schema = tree.text_at(root, "$schema").is_some() && !has("#/paths");
    if is_schema {
        return Some((
            "a JSON Schema",
            "put it under `components/schemas` of an OpenAPI document",
        ));
    }
    let manifest =
        tree.text_at(root, "kind").is_some() && tree.text_at(root, "apiVersion").is_some();
    manifest.then_some((
        "a Kubernetes manifest",
        "its API's document is at `/openapi/v3`",
    ))
}
