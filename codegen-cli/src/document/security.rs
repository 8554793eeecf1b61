//! Security requirements and schemes.

use openapiv3::{
    APIKeyLocation, AuthorizationCodeOAuth2Flow, ClientCredentialsOAuth2Flow, ImplicitOAuth2Flow,
    OAuth2Flows, PasswordOAuth2Flow, SecurityRequirement, SecurityScheme,
};

use super::fields::{Reader, shortened};
use crate::diagnostic::Kind as Topic;
use crate::read::NodeId;

impl Reader<'_> {
    /// The `security` of the document or an operation; `None` if it says nothing.
    pub(super) fn security(&self, id: NodeId) -> Option<Vec<SecurityRequirement>> {
        self.tree.get(id, "security")?;
        let items = self.items(id, "security");
        Some(
            items
                .iter()
                .filter_map(|item| self.requirement(*item))
                .collect(),
        )
    }

    fn requirement(&self, node: NodeId) -> Option<SecurityRequirement> {
        if let Some(name) = self.tree.text(node) {
            self.wrong::<()>(node, "an object such as `{name: []}`");
            return Some([(name.to_owned(), Vec::new())].into_iter().collect());
        }
        if !self.tree.is_mapping(node) {
            return self.wrong(node, "an object such as `{name: []}`");
        }
        let scheme = |(name, ..): (&str, _, _)| (name.to_owned(), self.texts(node, name));
        Some(self.tree.entries(node).map(scheme).collect())
    }

    /// A scheme under `components/securitySchemes`.
    pub(super) fn security_scheme(&self, name: &str, node: NodeId) -> Option<SecurityScheme> {
        let description = self.text(node, "description");
        let extensions = Default::default();
        let kind = self.text(node, "type").unwrap_or_default();
        Some(match kind.as_str() {
            "apiKey" => SecurityScheme::APIKey {
                location: self.key_location(node)?,
                name: self.required_text(node, "name")?,
                description,
                extensions,
            },
            "http" => SecurityScheme::HTTP {
                scheme: self.required_text(node, "scheme")?,
                bearer_format: self.text(node, "bearerFormat"),
                description,
                extensions,
            },
            "oauth2" => SecurityScheme::OAuth2 {
                flows: self.flows(node),
                description,
                extensions,
            },
            "openIdConnect" => SecurityScheme::OpenIDConnect {
                open_id_connect_url: self.text(node, "openIdConnectUrl").unwrap_or_default(),
                description,
                extensions,
            },
            "mutualTLS" => {
                let message = format!("the security scheme `{name}` is mutual TLS");
                let help = "give the certificate to the client builder's `http` hook";
                self.note(node, Topic::Security, message, help);
                return None;
            }
            // Swagger 2.0's word for `http` with `scheme: basic`.
            "basic" => {
                let message = "`type: basic` is Swagger 2.0's; OpenAPI 3 says `type: http`";
                self.warn(
                    node,
                    Topic::Security,
                    message.to_owned(),
                    "it is read as that",
                );
                let scheme = "basic".to_owned();
                SecurityScheme::HTTP {
                    scheme,
                    bearer_format: None,
                    description,
                    extensions,
                }
            }
            other => {
                let message = format!(
                    "the security scheme `{name}` has the type `{}`",
                    shortened(other)
                );
                let help = "OpenAPI knows apiKey, http, oauth2, openIdConnect and mutualTLS";
                self.warn(node, Topic::Security, message, help);
                return None;
            }
        })
    }

    fn required_text(&self, node: NodeId, key: &str) -> Option<String> {
        let text = self.text(node, key);
        if text.is_none() {
            self.missing(
                node,
                &format!("a security scheme has no `{key}`"),
                "it is left out",
            );
        }
        text
    }

    fn key_location(&self, node: NodeId) -> Option<APIKeyLocation> {
        match self.text(node, "in").as_deref() {
            Some("header") => Some(APIKeyLocation::Header),
            Some("query") => Some(APIKeyLocation::Query),
            Some("cookie") => Some(APIKeyLocation::Cookie),
            _ => {
                let message = "an API key goes into `header`, `query` or `cookie`".to_owned();
                self.warn(node, Topic::Security, message, "the scheme is left out");
                None
            }
        }
    }

    fn flows(&self, node: NodeId) -> OAuth2Flows {
        let Some(flows) = self.object(node, "flows") else {
            self.missing(
                node,
                "an oauth2 scheme has no `flows`",
                "its tokens are sent as bearer",
            );
            return OAuth2Flows::default();
        };
        let flow = |key| self.object(flows, key).map(|node| self.flow(node));
        OAuth2Flows {
            implicit: flow("implicit").map(|flow| ImplicitOAuth2Flow {
                authorization_url: flow.authorization_url,
                refresh_url: flow.refresh_url,
                scopes: flow.scopes,
                extensions: Default::default(),
            }),
            password: flow("password").map(|flow| PasswordOAuth2Flow {
                refresh_url: flow.refresh_url,
                token_url: flow.token_url,
                scopes: flow.scopes,
                extensions: Default::default(),
            }),
            client_credentials: flow("clientCredentials").map(|flow| ClientCredentialsOAuth2Flow {
                refresh_url: flow.refresh_url,
                token_url: flow.token_url,
                scopes: flow.scopes,
                extensions: Default::default(),
            }),
            authorization_code: flow("authorizationCode"),
            extensions: Default::default(),
        }
    }

    /// The flow that has all members; the others have some of them.
    fn flow(&self, node: NodeId) -> AuthorizationCodeOAuth2Flow {
        let scopes = self.members(node, "scopes");
        let scope = |(name, _, value): &(&str, _, NodeId)| {
            (
                (*name).to_owned(),
                self.tree.text(*value).unwrap_or_default().to_owned(),
            )
        };
        AuthorizationCodeOAuth2Flow {
            authorization_url: self.text(node, "authorizationUrl").unwrap_or_default(),
            token_url: self.text(node, "tokenUrl").unwrap_or_default(),
            refresh_url: self.text(node, "refreshUrl"),
            scopes: scopes.iter().map(scope).collect(),
            extensions: Default::default(),
        }
    }
}
