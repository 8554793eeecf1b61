//! Info, tags, components: what stands around the operations.

use openapiv3::{Components, ExternalDocumentation, Info, OpenAPI, ReferenceOr, Tag};

use super::fields::Reader;
use crate::read::NodeId;

const ROOT: &[&str] = &[
    "openapi",
    "info",
    "jsonSchemaDialect",
    "servers",
    "paths",
    "webhooks",
    "components",
    "security",
    "tags",
    "externalDocs",
    // A leftover of Swagger 2.0 that references still lead into.
    "definitions",
    "$defs",
    "$schema",
    "$id",
];
const COMPONENTS: &[&str] = &[
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
];

impl Reader<'_> {
    /// Everything but the operations.
    pub(super) fn general(&self) -> OpenAPI {
        let root = self.tree.root();
        self.known(root, "the document", ROOT);
        OpenAPI {
            openapi: self.text(root, "openapi").unwrap_or_default(),
            info: self.info(),
            servers: self.servers(root),
            components: self.components(),
            security: self.security(root),
            tags: self
                .items(root, "tags")
                .iter()
                .filter_map(|tag| self.tag(*tag))
                .collect(),
            external_docs: self.external_docs(root),
            ..OpenAPI::default()
        }
    }

    fn info(&self) -> Info {
        let root = self.tree.root();
        let Some(info) = self.object(root, "info") else {
            if self.tree.get(root, "info").is_none() {
                self.missing(root, "the document has no `info`", "it is called `API`");
            }
            return Info {
                title: "API".to_owned(),
                ..Info::default()
            };
        };
        let title = self
            .text(info, "title")
            .filter(|title| !title.trim().is_empty());
        if title.is_none() {
            self.missing(
                info,
                "`info` has no `title`",
                "the document is called `API`",
            );
        }
        Info {
            title: title.unwrap_or_else(|| "API".to_owned()),
            description: self
                .text(info, "description")
                .or_else(|| self.text(info, "summary")),
            terms_of_service: self.text(info, "termsOfService"),
            version: self.text(info, "version").unwrap_or_default(),
            ..Info::default()
        }
    }

    fn tag(&self, node: NodeId) -> Option<Tag> {
        if let Some(name) = self.tree.text(node) {
            self.wrong::<()>(node, "an object with a `name`");
            return Some(Tag {
                name: name.to_owned(),
                ..Tag::default()
            });
        }
        let Some(name) = self.text(node, "name") else {
            self.missing(node, "a tag has no `name`", "it is left out");
            return None;
        };
        let description = self.text(node, "description");
        Some(Tag {
            name,
            description,
            external_docs: self.external_docs(node),
            ..Tag::default()
        })
    }

    pub(super) fn external_docs(&self, id: NodeId) -> Option<ExternalDocumentation> {
        let node = self.object(id, "externalDocs")?;
        let url = self.text(node, "url")?;
        let description = self.text(node, "description");
        Some(ExternalDocumentation {
            url,
            description,
            ..ExternalDocumentation::default()
        })
    }

    fn components(&self) -> Option<Components> {
        let node = self.object(self.tree.root(), "components")?;
        self.known(node, "`components`", COMPONENTS);
        let schemes = self.members(node, "securitySchemes");
        let scheme = |(name, _, value): &(&str, _, _)| {
            let scheme = self.security_scheme(name, self.followed(*value)?)?;
            Some(((*name).to_owned(), ReferenceOr::Item(scheme)))
        };
        Some(Components {
            security_schemes: schemes.iter().filter_map(scheme).collect(),
            ..Components::default()
        })
    }
}
