//! What a request proves who it is with.

use super::surface::Surface;
use crate::diagnostic::Kind;
use crate::document::Operation;
use crate::ir::Auth;
use crate::read::NodeId;
use openapiv3::{APIKeyLocation, ReferenceOr, SecurityRequirement, SecurityScheme};

/// What an operation injects, and the scopes it asks for.
#[derive(Clone, Debug, Default)]
pub(super) struct Security {
    pub(super) auth: Auth,
    pub(super) scopes: Vec<String>,
}

/// One scheme of an alternative, as far as it can be injected.
enum Scheme {
    Auth(Auth),
    /// The HTTP client's business: mutual TLS.
    Outside,
    /// Not yet: why.
    Not(String),
}

impl Surface<'_> {
    /// The security of `operation`; the document's, where it says nothing.
    pub(super) fn security(&self, operation: &Operation) -> Security {
        let requirements = operation.value.security.as_ref().or(self
            .document
            .api
            .security
            .as_ref());
        let at = self
            .tree
            .get(operation.at, "security")
            .unwrap_or(operation.at);
        match requirements {
            Some(requirements) => self.alternatives(requirements, at),
            None => self.undeclared(),
        }
    }

    /// A document that says nothing about security has what the configuration says.
    fn undeclared(&self) -> Security {
        let session = &self.config.session;
        let schemes = self
            .document
            .api
            .components
            .as_ref()
            .map_or(0, |it| it.security_schemes.len());
        let auth = match (&session.header, session.is_empty() || schemes > 0) {
            (_, true) => Auth::None,
            (Some(header), false) => self.header(&header.value),
            (None, false) => Auth::Bearer,
        };
        Security {
            auth,
            scopes: Vec::new(),
        }
    }

    fn header(&self, name: &str) -> Auth {
        let prefix = self
            .config
            .session
            .prefix
            .as_ref()
            .map(|prefix| prefix.value.clone());
        Auth::Header {
            name: name.to_owned(),
            prefix,
        }
    }

    fn alternatives(&self, requirements: &[SecurityRequirement], at: NodeId) -> Security {
        let bare = requirements
            .iter()
            .any(|requirement| requirement.is_empty());
        let mut chosen: Option<Security> = None;
        let mut passed: Vec<String> = Vec::new();
        for requirement in requirements
            .iter()
            .filter(|requirement| !requirement.is_empty())
        {
            match (self.requirement(requirement, at, chosen.is_some()), &chosen) {
                (Ok(security), None) => chosen = Some(security),
                (Ok(security), Some(first)) if security.auth == first.auth => {}
                // A token that a session holds comes before a name and a password.
                (Ok(security), Some(first)) if first.auth == Auth::Basic => {
                    chosen = Some(security);
                    passed.push("HTTP basic".to_owned());
                }
                _ => passed.push(listed(requirement)),
            }
        }
        if !passed.is_empty() && chosen.is_some() {
            let message = format!(
                "another way to sign in is passed over: {}",
                passed.join(", or ")
            );
            self.note(at, Kind::Security, message);
        }
        let mut security = chosen.unwrap_or_default();
        if bare && security.auth != Auth::None {
            security.auth = Auth::Optional(Box::new(security.auth));
        }
        security
    }

    /// All schemes of one alternative: one of them is the session's.
    fn requirement(
        &self,
        requirement: &SecurityRequirement,
        at: NodeId,
        later: bool,
    ) -> Result<Security, ()> {
        let mut session: Option<(Security, bool)> = None;
        let mut beside: Vec<String> = Vec::new();
        let mut missing = Vec::new();
        for (name, scopes) in requirement {
            match self.scheme(name) {
                Scheme::Auth(auth) => {
                    let header = matches!(auth, Auth::Header { .. });
                    let security = Security {
                        auth,
                        scopes: scopes.clone(),
                    };
                    match &session {
                        // A bearer is renewed, a key stays what it is.
                        Some((_, true)) if !header => {
                            let old = session.replace((security, header));
                            beside.extend(old.map(|(old, _)| said(&old.auth)));
                        }
                        Some(_) => beside.push(said(&security.auth)),
                        None => session = Some((security, header)),
                    }
                }
                Scheme::Outside => {
                    beside.push("a client certificate, through `Builder::http`".to_owned())
                }
                Scheme::Not(why) => missing.push(why),
            }
        }
        let Some((security, _)) = session else {
            if !later {
                for why in &missing {
                    self.warn(
                        at,
                        Kind::Security,
                        why.clone(),
                        "until then: `Builder::before_send`",
                    );
                }
            }
            let outside = missing.is_empty() && !beside.is_empty();
            return if outside {
                Ok(Security::default())
            } else {
                Err(())
            };
        };
        if later {
            return if beside.is_empty() && missing.is_empty() {
                Ok(security)
            } else {
                Err(())
            };
        }
        for beside in beside {
            let message = format!("beside the session's token this asks for {beside}");
            self.warn(
                at,
                Kind::Security,
                message,
                "give it to the builder, as a default header",
            );
        }
        for why in missing {
            self.warn(
                at,
                Kind::Security,
                why,
                "until then: `Builder::before_send`",
            );
        }
        Ok(security)
    }

    fn scheme(&self, name: &str) -> Scheme {
        let schemes = self
            .document
            .api
            .components
            .as_ref()
            .map(|it| &it.security_schemes);
        let Some(ReferenceOr::Item(scheme)) = schemes.and_then(|schemes| schemes.get(name)) else {
            return self.unread(name);
        };
        match scheme {
            SecurityScheme::OAuth2 { .. } | SecurityScheme::OpenIDConnect { .. } => self.bearer(),
            SecurityScheme::HTTP { scheme, .. } => match scheme.to_ascii_lowercase().as_str() {
                "bearer" => self.bearer(),
                "basic" => Scheme::Auth(Auth::Basic),
                other => Scheme::Not(format!("the HTTP scheme `{other}` is not injected yet")),
            },
            SecurityScheme::APIKey { location, name, .. } => match location {
                APIKeyLocation::Header => Scheme::Auth(self.api_key(name)),
                APIKeyLocation::Query => Scheme::Not(format!(
                    "the key in the query (`{name}`) is not injected yet"
                )),
                APIKeyLocation::Cookie => Scheme::Not(format!(
                    "the key in a cookie (`{name}`) is not injected yet"
                )),
            },
        }
    }

    /// A scheme that the typed document does not hold: mutual TLS, or none at all.
    fn unread(&self, name: &str) -> Scheme {
        let schemes = self.tree.at_pointer("#/components/securitySchemes");
        let node = schemes.and_then(|schemes| self.tree.get(schemes, name));
        let node = node.and_then(|node| self.resolver.follow(node).ok());
        match node.and_then(|node| self.tree.text_at(node, "type")) {
            Some("mutualTLS") => Scheme::Outside,
            _ => Scheme::Not(format!("there is no security scheme `{name}` to inject")),
        }
    }

    fn bearer(&self) -> Scheme {
        Scheme::Auth(match &self.config.session.header {
            Some(header) => self.header(&header.value),
            None => Auth::Bearer,
        })
    }

    /// A key in `Authorization` is sent as it is; the configuration may know a prefix.
    fn api_key(&self, name: &str) -> Auth {
        match &self.config.session.header {
            Some(header) if header.value.eq_ignore_ascii_case(name) => self.header(name),
            _ => Auth::Header {
                name: name.to_owned(),
                prefix: None,
            },
        }
    }
}

fn listed(requirement: &SecurityRequirement) -> String {
    let names: Vec<_> = requirement.keys().map(|name| format!("`{name}`")).collect();
    names.join(" with ")
}

fn said(auth: &Auth) -> String {
    match auth {
        Auth::Header { name, .. } => format!("the header `{name}`"),
        Auth::Basic => "HTTP basic".to_owned(),
        _ => "another token".to_owned(),
    }
}
