//! `[session]` and `[envelope]`.

use super::Said;
use super::keys::Keys;

/// How the session is renewed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Session {
    /// The operation that spends a refresh token: its id, or verb and path (`POST /token`).
    pub(crate) refresh: Option<Said>,
    /// The parameter or body member that takes the refresh token.
    pub(crate) send: Option<Said>,
    /// Fixed values for other parameters or members of that operation.
    pub(crate) with: Vec<(Said, Said)>,
    /// Where the answer holds the access token: member names joined by dots.
    pub(crate) access: Option<Said>,
    /// Where the answer holds the next refresh token.
    pub(crate) refresh_token: Option<Said>,
    /// Where the answer holds the lifetime.
    pub(crate) expires_in: Option<Said>,
    /// What the lifetime is counted in.
    pub(crate) expires_unit: Option<ExpiresUnit>,
    /// The header that carries the access token.
    pub(crate) header: Option<Said>,
    /// What stands before the token in that header.
    pub(crate) prefix: Option<Said>,
    /// The codes that mean something to the session.
    pub(crate) codes: Codes,
}

/// The unit of a lifetime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExpiresUnit {
    /// `"s"`.
    Seconds,
    /// `"ms"`.
    Milliseconds,
}

/// `codes = { refresh = 401, expired = 402 }`; inside, `None` is the word `"none"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Codes {
    /// The access token is expired.
    pub(crate) refresh: Option<Option<u16>>,
    /// The session is over.
    pub(crate) expired: Option<Option<u16>>,
}

/// What the server wraps around its answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Envelope {
    /// The member that holds the code.
    pub(crate) code: Option<Said>,
    /// The member that holds the message.
    pub(crate) message: Option<Said>,
    /// The member that holds the data.
    pub(crate) data: Option<Said>,
    /// The codes that mean success.
    pub(crate) ok: Option<Vec<i64>>,
}

impl Session {
    /// Whether nothing was said.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Fills what is missing from `other`.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            refresh: self.refresh.or(other.refresh),
            send: self.send.or(other.send),
            with: if self.with.is_empty() {
                other.with
            } else {
                self.with
            },
            access: self.access.or(other.access),
            refresh_token: self.refresh_token.or(other.refresh_token),
            expires_in: self.expires_in.or(other.expires_in),
            expires_unit: self.expires_unit.or(other.expires_unit),
            header: self.header.or(other.header),
            prefix: self.prefix.or(other.prefix),
            codes: Codes {
                refresh: self.codes.refresh.or(other.codes.refresh),
                expired: self.codes.expired.or(other.codes.expired),
            },
        }
    }
}

pub(super) fn session(mut keys: Keys<'_>) -> Session {
    const UNIT: &[(&str, ExpiresUnit)] = &[
        ("s", ExpiresUnit::Seconds),
        ("ms", ExpiresUnit::Milliseconds),
    ];
    let session = Session {
        refresh: keys.text("refresh"),
        send: keys.text("send"),
        with: keys.table("with").map(Keys::texts).unwrap_or_default(),
        access: keys.text("access"),
        refresh_token: keys.text("refresh_token"),
        expires_in: keys.text("expires_in"),
        expires_unit: keys.choice("expires_unit", UNIT),
        header: keys.text("header"),
        prefix: keys.text("prefix"),
        codes: keys.table("codes").map(codes).unwrap_or_default(),
    };
    keys.finish("[session]");
    session
}

fn codes(mut keys: Keys<'_>) -> Codes {
    let codes = Codes {
        refresh: keys.status("refresh").map(|said| said.value),
        expired: keys.status("expired").map(|said| said.value),
    };
    keys.finish("codes");
    codes
}

pub(super) fn envelope(mut keys: Keys<'_>) -> Envelope {
    let envelope = Envelope {
        code: keys.text("code"),
        message: keys.text("message"),
        data: keys.text("data"),
        ok: keys.integers("ok"),
    };
    keys.finish("[envelope]");
    envelope
}
