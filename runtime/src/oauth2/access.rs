//! What an access token is asked for.

use super::request::Form;
use crate::RequestError;
use std::{collections::BTreeMap, fmt};

/// What an access token is to be good for: scopes, resources, parameters of the server's own.
///
/// ```
/// use perennial::OAuth2Access;
///
/// let access = OAuth2Access::new()
///     .scopes(["orders.read"])
///     .resource("https://orders.example.com")
///     .parameter("audience", "orders");
/// # let _ = access;
/// ```
#[derive(Clone, Default)]
#[must_use = "it does nothing until a refresher has it"]
pub struct OAuth2Access {
    scopes: Option<String>,
    resources: Vec<String>,
    parameters: BTreeMap<String, String>,
}

/// What the grant itself, or the client's authentication, says.
const RESERVED: [&str; 7] = [
    "grant_type",
    "refresh_token",
    "client_id",
    "client_secret",
    "scope",
    "resource",
    "code",
];

impl OAuth2Access {
    /// Nothing in particular.
    pub fn new() -> Self {
        Self::default()
    }

    /// These scopes.
    pub fn scopes<S: AsRef<str>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.set_scopes(scopes);
        self
    }

    /// This resource (RFC 8707); may be said several times.
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.add_resource(resource.into());
        self
    }

    /// A parameter of the server's own, `audience` for example. A second value replaces the first.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.set_parameter(name.into(), value.into());
        self
    }

    pub(super) fn set_scopes<S: AsRef<str>>(&mut self, scopes: impl IntoIterator<Item = S>) {
        let scopes: Vec<S> = scopes.into_iter().collect();
        let scopes: Vec<&str> = scopes.iter().map(AsRef::as_ref).collect();
        self.scopes = Some(scopes.join(" "));
    }

    pub(super) fn add_resource(&mut self, resource: String) {
        self.resources.push(resource);
    }

    pub(super) fn set_parameter(&mut self, name: String, value: String) {
        self.parameters.insert(name, value);
    }

    pub(super) fn has(&self, parameter: &str) -> bool {
        self.parameters.contains_key(parameter)
    }

    /// The same, with what it does not say taken from `base`.
    pub(super) fn or(&self, base: &Self) -> Self {
        let mut parameters = base.parameters.clone();
        parameters.extend(self.parameters.clone());
        let resources = match self.resources.is_empty() {
            true => &base.resources,
            false => &self.resources,
        };
        Self {
            scopes: self.scopes.clone().or_else(|| base.scopes.clone()),
            resources: resources.clone(),
            parameters,
        }
    }

    pub(super) fn check(&self) -> Result<(), RequestError> {
        let reserved = |name: &&String| RESERVED.contains(&name.as_str());
        match self.parameters.keys().find(reserved) {
            None => Ok(()),
            // RFC 6749, section 3.2: no parameter may be there twice.
            Some(name) => Err(RequestError::new(format!(
                "found a parameter `{name}`, which the refresher sets itself"
            ))),
        }
    }

    pub(super) fn fill(&self, form: &mut Form) {
        if let Some(scopes) = self.scopes.as_deref().filter(|scopes| !scopes.is_empty()) {
            form.add("scope", scopes);
        }
        for resource in &self.resources {
            form.add("resource", resource);
        }
        for (name, value) in &self.parameters {
            form.add(name, value);
        }
    }
}

impl fmt::Debug for OAuth2Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A parameter may be a client assertion, or a password.
        let names: Vec<&String> = self.parameters.keys().collect();
        f.debug_struct("OAuth2Access")
            .field("scopes", &self.scopes)
            .field("resources", &self.resources)
            .field("parameters", &names)
            .finish()
    }
}
