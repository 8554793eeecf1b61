//! What holds for every method of a trait.

use super::{At, Auth, Header, Retry, Template, Text, Timeout};
use syn::Path;

/// The arguments of `#[api_client(…)]`: what holds for every method.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Head {
    /// `base_url = "https://api.example.com"`.
    pub base_url: Option<Text>,
    /// `path = "/v1/{tenant}"`, before the path of each method; the builder fills its placeholders.
    pub path: Option<At<Template>>,
    /// `auth = bearer`.
    pub auth: Option<At<Auth>>,
    /// `session(refresh = 401, expired = 402, from = [status, envelope])`.
    pub session: Option<At<Session>>,
    /// `envelope(code = "code", data = "data", ok = [0])`, or `envelope = Type`.
    pub envelope: Option<At<Envelope>>,
    /// `headers("User-Agent" = "demo/1")`.
    pub headers: Vec<Header>,
    /// `timeout = "10s"`.
    pub timeout: Option<At<Timeout>>,
    /// `retry(max = 2, on = [connect, 503])`.
    pub retry: Option<At<Retry>>,
    /// `rename_all = "camelCase"`, for query, form and cookie names.
    pub rename_all: Option<At<Case>>,
    /// `crate = my_sdk::perennial`, where the runtime is found.
    pub runtime: Option<Path>,
}

/// `session(…)`: which codes the session answers to, and where they are found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    /// `refresh = 401`: the access token is no longer good.
    pub refresh: Option<At<i64>>,
    /// `expired = 402`: the session is over.
    pub expired: Option<At<Expired>>,
    /// `from = [status, envelope]`.
    pub from: Option<At<Vec<Source>>>,
}

/// What ends a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expired {
    /// This code.
    Code(i64),
    /// `none`: no code does.
    Never,
}

/// Where a code is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// In the HTTP status.
    Status,
    /// In the envelope.
    Envelope,
}

/// What is wrapped around each answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Envelope {
    /// `envelope(code = "code", message = "msg", data = "data", ok = [0, 200])`.
    Fields {
        /// The member that holds the code.
        code: String,
        /// The member that holds the message.
        message: Option<String>,
        /// The member that holds the value; without it the whole body is the value.
        data: Option<String>,
        /// The codes of a call that went well.
        ok: Vec<i64>,
    },
    /// `envelope = Type`, which implements `perennial::Envelope`.
    Type(Path),
}

/// `rename_all = "…"`: how an argument's name becomes a name on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `lowercase`.
    Lower,
    /// `UPPERCASE`.
    Upper,
    /// `PascalCase`.
    Pascal,
    /// `camelCase`.
    Camel,
    /// `snake_case`.
    Snake,
    /// `SCREAMING_SNAKE_CASE`.
    ScreamingSnake,
    /// `kebab-case`.
    Kebab,
    /// `SCREAMING-KEBAB-CASE`.
    ScreamingKebab,
}

impl Case {
    /// Each case and how it is written.
    pub const ALL: [(&'static str, Case); 8] = [
        ("lowercase", Case::Lower),
        ("UPPERCASE", Case::Upper),
        ("PascalCase", Case::Pascal),
        ("camelCase", Case::Camel),
        ("snake_case", Case::Snake),
        ("SCREAMING_SNAKE_CASE", Case::ScreamingSnake),
        ("kebab-case", Case::Kebab),
        ("SCREAMING-KEBAB-CASE", Case::ScreamingKebab),
    ];

    /// Applies the case to a name in `snake_case`, as serde does to members.
    pub fn apply(self, name: &str) -> String {
        match self {
            Case::Lower | Case::Snake => name.to_owned(),
            Case::Upper | Case::ScreamingSnake => name.to_uppercase(),
            Case::Pascal => pascal(name),
            Case::Camel => {
                let name = pascal(name);
                let mut letters = name.chars();
                let first = letters.next().into_iter().flat_map(char::to_lowercase);
                first.chain(letters).collect()
            }
            Case::Kebab => name.replace('_', "-"),
            Case::ScreamingKebab => name.to_uppercase().replace('_', "-"),
        }
    }
}

fn pascal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut raise = true;
    for letter in name.chars() {
        match letter {
            '_' => raise = true,
            _ if raise => {
                out.extend(letter.to_uppercase());
                raise = false;
            }
            _ => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cased_as_serde_does() {
        let expected = [
            "per_page", "PER_PAGE", "PerPage", "perPage", "per_page", "PER_PAGE", "per-page",
            "PER-PAGE",
        ];
        for ((name, case), expected) in Case::ALL.into_iter().zip(expected) {
            assert_eq!(case.apply("per_page"), expected, "{name}");
        }
        assert_eq!(Case::Camel.apply("_seit_é"), "seitÉ");
        assert_eq!(Case::Camel.apply("_"), "");
    }
}
