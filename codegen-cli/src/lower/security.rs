//! What a request proves who it is with.

use super::draft::Draft;
use super::parameters::{In, Parameter};
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
        let mut bare = requirements
            .iter()
            .any(|requirement| requirement.is_empty());
        let (mut found, mut scopes) = (Vec::new(), Vec::new());
        let mut passed: Vec<(String, Vec<String>)> = Vec::new();
        for requirement in requirements {
            if requirement.is_empty() {
                continue;
            }
            match self.requirement(requirement, at) {
                // A client certificate alone: nothing is left to inject.
                Ok(security) if security.auth == Auth::None => bare = true,
                Ok(security) => {
                    if found.is_empty() {
                        scopes = security.scopes;
                    }
                    if !found.contains(&security.auth) {
                        found.push(security.auth);
                    }
                }
                Err(missing) => passed.push((listed(requirement), missing)),
            }
        }
        if found.is_empty() {
            // With nothing to inject each reason counts; else the way that is open is enough.
            for why in passed.iter().flat_map(|(_, missing)| missing) {
                self.not_injected(at, why);
            }
        } else if !passed.is_empty() {
            let names: Vec<_> = passed.iter().map(|(name, _)| name.as_str()).collect();
            let message = format!(
                "another way to sign in is passed over: {}",
                names.join(", or ")
            );
            self.note(at, Kind::Security, message);
        }
        Security {
            auth: Auth::any(found, bare),
            scopes,
        }
    }

    /// All schemes of one alternative; what is missing if none of them can be injected.
    fn requirement(
        &self,
        requirement: &SecurityRequirement,
        at: NodeId,
    ) -> Result<Security, Vec<String>> {
        let (mut found, mut all_scopes) = (Vec::new(), Vec::new());
        let (mut outside, mut missing) = (false, Vec::new());
        for (name, scopes) in requirement {
            match self.scheme(name) {
                Scheme::Auth(auth) if found.contains(&auth) => {}
                Scheme::Auth(auth) => {
                    all_scopes.extend(scopes.iter().cloned());
                    match found.iter().position(|other| collide(other, &auth)) {
                        None => found.push(auth),
                        // A bearer is renewed, a name and a password stay what they are.
                        Some(at_other) => {
                            let kept = if found[at_other] == Auth::Basic {
                                std::mem::replace(&mut found[at_other], auth)
                            } else {
                                auth
                            };
                            missing.push(format!(
                                "{} has no room beside another token in the same place",
                                said(&kept)
                            ));
                        }
                    }
                }
                Scheme::Outside => outside = true,
                Scheme::Not(why) => missing.push(why),
            }
        }
        if found.is_empty() && !outside {
            return Err(missing);
        }
        if outside {
            let message = "this asks for a client certificate, too";
            let help = "give it to the HTTP client, through `Builder::http`";
            self.warn(at, Kind::Security, message, help);
        }
        for why in &missing {
            self.not_injected(at, why);
        }
        Ok(Security {
            auth: Auth::all(found),
            scopes: all_scopes,
        })
    }

    fn not_injected(&self, at: NodeId, why: &str) {
        let help = "until then: `Builder::before_send`";
        self.warn(at, Kind::Security, why.to_owned(), help);
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
                APIKeyLocation::Header if is_token(name) => Scheme::Auth(self.api_key(name)),
                APIKeyLocation::Query if !name.is_empty() => {
                    Scheme::Auth(Auth::Query(name.clone()))
                }
                APIKeyLocation::Cookie if is_token(name) => {
                    Scheme::Auth(Auth::Cookie(name.clone()))
                }
                _ => Scheme::Not(format!("`{name}` cannot be the name of a key")),
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
        Scheme::Auth(self.token())
    }

    /// What a session that renews itself gives, as a rule.
    fn token(&self) -> Auth {
        match &self.config.session.header {
            Some(header) => self.header(&header.value),
            None => Auth::Bearer,
        }
    }

    /// The schemes whose tokens are renewed: bearer tokens, where there are any. A key beside one
    /// never changes.
    pub(super) fn renewed(&self, drafts: &[Draft<'_>]) -> Vec<Auth> {
        let token = self.token();
        let used = drafts
            .iter()
            .flat_map(|draft| draft.security.auth.schemes());
        let used: Vec<_> = used.filter(|scheme| **scheme != Auth::Basic).collect();
        if used.contains(&&token) {
            return vec![token];
        }
        used.into_iter().cloned().collect()
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
        _ => "a bearer token".to_owned(),
    }
}

/// Whether both go into one header.
fn collide(one: &Auth, other: &Auth) -> bool {
    let header = |auth: &Auth| match auth {
        Auth::Bearer | Auth::Basic => Some("authorization".to_owned()),
        Auth::Header { name, .. } => Some(name.to_ascii_lowercase()),
        _ => None,
    };
    header(one).is_some_and(|name| header(other) == Some(name))
}

/// Whether a name can be a header's or a cookie's (RFC 9110, section 5.6.2).
fn is_token(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(letter)
}

impl Security {
    /// Whether a scheme sends what this parameter would.
    pub(super) fn sends(&self, parameter: &Parameter) -> bool {
        let wire = parameter.wire.as_str();
        let sends = |scheme: &&Auth| match (scheme, parameter.place) {
            (Auth::Header { name, .. }, In::Header) => name.eq_ignore_ascii_case(wire),
            (Auth::Query(name), In::Query) | (Auth::Cookie(name), In::Cookie) => name == wire,
            _ => false,
        };
        self.auth.schemes().iter().any(sends)
    }

    /// What says who the client is when the session's own token is the one to be renewed: its
    /// credentials, and keys that stand beside a bearer elsewhere.
    pub(super) fn of_the_client(&self, renewed: &[Auth]) -> Auth {
        let alternatives = match &self.auth {
            Auth::Any(alternatives) => alternatives.iter().collect(),
            Auth::Optional(inner) => match &**inner {
                Auth::Any(alternatives) => alternatives.iter().collect(),
                one => vec![one],
            },
            one => vec![one],
        };
        let kept = |auth: &Auth| {
            let schemes = auth.schemes().into_iter();
            Auth::all(
                schemes
                    .filter(|one| !renewed.contains(one))
                    .cloned()
                    .collect(),
            )
        };
        let mut found: Vec<Auth> = Vec::new();
        for auth in alternatives.into_iter().map(kept) {
            if auth != Auth::None && !found.contains(&auth) {
                found.push(auth);
            }
        }
        Auth::any(found, false)
    }
}
