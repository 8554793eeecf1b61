//! What a partition holds: the refresh token of its sign-in, and an access token of its own.

use super::Moment;
use crate::{
    Secret, Tokens,
    session::{
        Credential,
        store::{Access, Marker, Record, Serial, SignIn},
    },
    tokens::Expiry,
};
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

/// What renews a partition's access token, and that token, if one was had yet.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    pub(crate) sign_in: SignIn,
    /// Which refresh token it is.
    pub(crate) serial: Serial,
    pub(crate) refresh: Option<Secret>,
    /// False once a refresh brought no new refresh token: such servers do not rotate.
    pub(crate) rotates: bool,
    pub(crate) access: Option<Held>,
}

/// An access token in use.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    /// The pair it came with. The refresh token may be newer, where another partition spent the
    /// one that came with this access token.
    pub(crate) serial: Serial,
    pub(crate) token: Arc<Credential>,
    pub(super) obtained_at: SystemTime,
    pub(super) lifetime: Option<Duration>,
    /// The same end by the monotonic clock.
    pub(super) ends: Option<Duration>,
    /// The moment it came here, whose chance it keeps: asking twice gives one answer.
    pub(super) found_at: Moment,
}

impl Pair {
    /// Fresh from an answer. The warning, if any, is about an expiry that makes no sense.
    pub(super) fn arrived(
        tokens: &Tokens,
        sign_in: SignIn,
        now: &Moment,
    ) -> (Self, Option<&'static str>) {
        // Rule "Time": an absolute expiry becomes a lifetime on arrival.
        let lifetime = match tokens.expiry() {
            Expiry::Unknown => Ok(None),
            Expiry::Unreadable => Err("an access token's lifetime makes no sense and is ignored"),
            Expiry::In(lifetime) => Ok(Some(lifetime)),
            Expiry::At(moment) => match moment.duration_since(now.wall) {
                Ok(left) if !left.is_zero() => Ok(Some(left)),
                _ => Err("an access token came expired by this machine's clock; is it wrong?"),
            },
        };
        let serial = Serial::default();
        let access = Access {
            partition: None,
            token: tokens.access().clone(),
            serial,
            obtained_at: now.wall,
            lifetime: lifetime.unwrap_or_default(),
        };
        let pair = Self {
            sign_in,
            serial,
            refresh: tokens.refresh().cloned(),
            rotates: true,
            access: Some(Held::found(&access, now)),
        };
        (pair, lifetime.err())
    }

    /// As the store has it for `partition`.
    pub(super) fn found(record: &Record, partition: Option<&str>, now: &Moment) -> Self {
        let access = record.access(partition);
        Self {
            sign_in: record.sign_in,
            serial: record.serial,
            refresh: record.refresh.clone(),
            rotates: record.rotates,
            access: access.map(|access| Held::found(access, now)),
        }
    }

    /// What other partitions may know of it.
    pub(super) fn without_access(&self) -> Self {
        Self {
            access: None,
            ..self.clone()
        }
    }

    /// As the user gave it; none without an access token.
    pub(crate) fn tokens(&self) -> Option<Tokens> {
        let held = self.access.as_ref()?;
        let mut tokens = Tokens::new(held.token.secret().clone());
        if let Some(refresh) = &self.refresh {
            tokens = tokens.refresh_token(refresh.clone());
        }
        let end = held
            .lifetime
            .and_then(|lifetime| held.obtained_at.checked_add(lifetime));
        Some(match end {
            Some(end) => tokens.expires_at(end),
            None => tokens,
        })
    }

    /// As the store should have it, `partition`'s access token alone.
    pub(super) fn record(&self, partition: Option<&Arc<str>>, marker: Option<Marker>) -> Record {
        let access = self.access.as_ref();
        Record {
            version: 0,
            sign_in: self.sign_in,
            serial: self.serial,
            refresh: self.refresh.clone(),
            rotates: self.rotates,
            access: access
                .map(|held| held.access(partition))
                .into_iter()
                .collect(),
            marker,
        }
    }

    /// What the record becomes when this pair is added to it: the newer of both in each part.
    pub(super) fn added_to(&self, record: &Record, partition: Option<&Arc<str>>) -> Record {
        let mine = self.record(partition, None);
        let mut merged = record.clone();
        if mine.serial > merged.serial {
            merged.renew(&mine);
        }
        for access in mine.access {
            merged.put_newer(access);
        }
        merged
    }
}

impl Held {
    fn found(access: &Access, now: &Moment) -> Self {
        // Rule "Time": obtained in the future makes the expiry unknown.
        let age = now.wall.duration_since(access.obtained_at).ok();
        let lifetime = access.lifetime.filter(|_| age.is_some());
        let left = lifetime.map(|lifetime| lifetime.saturating_sub(age.unwrap_or_default()));
        Self {
            serial: access.serial,
            token: Arc::new(Credential::new(access.token.clone())),
            obtained_at: access.obtained_at,
            lifetime,
            ends: left.and_then(|left| now.monotonic.checked_add(left)),
            found_at: *now,
        }
    }

    fn access(&self, partition: Option<&Arc<str>>) -> Access {
        Access {
            partition: partition.cloned(),
            token: self.token.secret().clone(),
            serial: self.serial,
            obtained_at: self.obtained_at,
            lifetime: self.lifetime,
        }
    }
}
