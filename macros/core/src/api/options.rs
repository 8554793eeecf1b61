//! What may follow a path.

use super::{At, Auth, Flag, Retry, Text};
use std::time::Duration;
use syn::Path;

/// The keys that may follow a method's path: `#[get("/users", timeout = none, ok(200, 201))]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// `refresh`: the session renews its tokens through this method.
    pub refresh: Flag,
    /// `auth = none`, in place of the trait's.
    pub auth: Option<At<Auth>>,
    /// `ok(200, 201)`: the statuses of a call that went well; empty for 2xx.
    pub ok: Vec<At<Status>>,
    /// `none(404)`: statuses that are `None`.
    pub none: Vec<At<u16>>,
    /// `decode = text`, in place of what the result's type says.
    pub decode: Option<At<Decode>>,
    /// `replay = never`: the request is never sent a second time.
    pub replay: Option<At<Replay>>,
    /// `timeout = "30s"`, in place of the trait's.
    pub timeout: Option<At<Timeout>>,
    /// `retry = none`, or `retry(…)`, in place of the trait's.
    pub retry: Option<At<Retry>>,
    /// `headers("Accept-Language" = "en")`, beside the trait's.
    pub headers: Vec<Header>,
    /// `allow_body`: a body where the verb has none as a rule.
    pub allow_body: Flag,
}

/// An HTTP method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// `#[get]`.
    Get,
    /// `#[post]`.
    Post,
    /// `#[put]`.
    Put,
    /// `#[patch]`.
    Patch,
    /// `#[delete]`.
    Delete,
    /// `#[head]`.
    Head,
    /// `#[options]`.
    Options,
    /// `#[trace]`.
    Trace,
    /// `#[request("PURGE", …)]`.
    Other(String),
}

impl Verb {
    /// The verbs that are attributes of their own: attribute, verb, name on the wire.
    pub const ALL: [(&'static str, Verb, &'static str); 8] = [
        ("get", Verb::Get, "GET"),
        ("post", Verb::Post, "POST"),
        ("put", Verb::Put, "PUT"),
        ("patch", Verb::Patch, "PATCH"),
        ("delete", Verb::Delete, "DELETE"),
        ("head", Verb::Head, "HEAD"),
        ("options", Verb::Options, "OPTIONS"),
        ("trace", Verb::Trace, "TRACE"),
    ];

    /// The verb of that name on the wire; names are told apart by case, as HTTP does.
    pub fn named(name: &str) -> Self {
        let known = Self::ALL.iter().find(|(_, _, wire)| *wire == name);
        known.map_or_else(|| Verb::Other(name.to_owned()), |(_, verb, _)| verb.clone())
    }

    /// The name on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Verb::Other(name) => name,
            known => Self::ALL
                .iter()
                .find(|(_, verb, _)| verb == known)
                .map_or("", |(_, _, wire)| wire),
        }
    }

    /// Whether a body has no defined meaning (RFC 9110, sections 9.3.1 and 9.3.2).
    pub fn is_bodiless(&self) -> bool {
        matches!(self, Verb::Get | Verb::Head)
    }
}

/// A status, or a hundred of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// `200`.
    Code(u16),
    /// `"2XX"`; its first digit.
    Class(u8),
}

impl Status {
    /// The first and the last status.
    pub fn range(self) -> (u16, u16) {
        match self {
            Status::Code(code) => (code, code),
            Status::Class(class) => (u16::from(class) * 100, u16::from(class) * 100 + 99),
        }
    }
}

/// How a value is read from the body, where the type as written does not say it.
#[derive(Clone, Debug, PartialEq)]
pub enum Decode {
    /// `json`.
    Json,
    /// `text`.
    Text,
    /// `bytes`.
    Bytes,
    /// `json_or_text`: as the answer's content type says.
    JsonOrText,
    /// A decoder of one's own.
    With(Path),
}

/// Whether a request may be sent a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// `never`.
    Never,
}

/// How long a call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// `none`: as long as it takes.
    Never,
    /// `"10s"`.
    After(Duration),
}

/// `"Accept-Language" = "en"`.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// The name as written.
    pub name: At<String>,
    /// The value.
    pub value: Text,
}
