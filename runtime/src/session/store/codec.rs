//! A record as bytes, for stores that outlive the process.
//!
//! JSON, with a number for the format. Times are whole nanoseconds: since 1970 by the calendar, or
//! a span. What tells the age of an access token is read leniently, since a token of unknown age
//! is worth more than none; the rest is read strictly, since it decides what may be sent.

use super::{Doubt, Marker, Record, Serial, SignIn, StoreError, StoreErrorKind, record::Access};
use crate::Secret;
use serde::Serialize;
use serde_json::{Map, Value, error::Category};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use zeroize::{Zeroize, Zeroizing};

/// The format that is written, and the only one that is read.
const SCHEMA: u64 = 1;

type Members = Map<String, Value>;

impl Record {
    /// The record as JSON, secrets included; the buffer is wiped when it is dropped.
    ///
    /// The version is part of it, so a store sets it [before](Self::with_version).
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        // Large enough at once: what a growing buffer leaves behind is not wiped.
        let mut out = Zeroizing::new(Vec::with_capacity(self.room()));
        member(&mut out, "{\"schema\":", SCHEMA);
        member(&mut out, ",\"version\":", self.version);
        member(
            &mut out,
            ",\"sign_in\":",
            format!("{:032x}", self.sign_in.0),
        );
        member(&mut out, ",\"serial\":", numbers(self.serial));
        member(&mut out, ",\"rotates\":", self.rotates);
        if let Some(refresh) = &self.refresh {
            member(&mut out, ",\"refresh_token\":", refresh.expose());
        }
        out.extend_from_slice(b",\"access_tokens\":[");
        for (at, access) in self.access.iter().enumerate() {
            let start = if at == 0 {
                "{\"token\":"
            } else {
                ",{\"token\":"
            };
            member(&mut out, start, access.token.expose());
            if let Some(partition) = access.partition.as_deref() {
                member(&mut out, ",\"partition\":", partition);
            }
            member(&mut out, ",\"serial\":", numbers(access.serial));
            member(
                &mut out,
                ",\"obtained_at_ns\":",
                since_1970(access.obtained_at),
            );
            if let Some(lifetime) = access.lifetime {
                member(&mut out, ",\"lifetime_ns\":", nanoseconds(lifetime));
            }
            out.push(b'}');
        }
        out.push(b']');
        if let Some(marker) = &self.marker {
            member(&mut out, ",\"marker\":{\"serial\":", numbers(marker.serial));
            member(&mut out, ",\"attempt\":", marker.attempt);
            member(&mut out, ",\"sent_at_ns\":", since_1970(marker.sent_at));
            member(&mut out, ",\"deadline_ns\":", since_1970(marker.deadline));
            member(&mut out, ",\"doubt\":", word(marker.doubt));
            out.push(b'}');
        }
        out.push(b'}');
        out
    }

    /// What [`encode`](Self::encode) wrote. A lifetime that makes no sense counts as unknown.
    ///
    /// # Errors
    /// [`StoreErrorKind::Unreadable`] for what is damaged, cut off, or no record at all;
    /// [`StoreErrorKind::Unsupported`] for a record of another version's format. The message says
    /// what was found, and repeats nothing of it.
    pub fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let mut tree = Tree(serde_json::from_slice(bytes).map_err(|error| no_json(bytes, &error))?);
        let record = match &mut tree.0 {
            Value::Object(members) => members,
            _ => return Err(foreign("JSON, but no object")),
        };
        match record.get("schema").and_then(Value::as_u64) {
            Some(SCHEMA) => {}
            Some(newer) if newer > SCHEMA => {
                return Err(unsupported(newer, "it was written by a newer perennial"));
            }
            Some(other) => return Err(unsupported(other, "no perennial has written that")),
            None => return Err(foreign("a JSON object without a number `schema`")),
        }
        let access = match record.remove("access_tokens") {
            Some(Value::Array(list)) => list,
            _ => return Err(damaged("access_tokens", "a list")),
        };
        Ok(Self {
            version: required(record, "version", Value::as_u64, "a number")?,
            sign_in: required(record, "sign_in", sign_in, "32 hexadecimal digits")?,
            serial: required(record, "serial", serial, SERIAL)?,
            refresh: text(record, "refresh_token").map(Secret::new),
            rotates: required(record, "rotates", Value::as_bool, "true or false")?,
            access: access
                .into_iter()
                .map(access_token)
                .collect::<Result<_, _>>()?,
            marker: match record.remove("marker") {
                None | Some(Value::Null) => None,
                Some(Value::Object(members)) => Some(read_marker(&members)?),
                Some(_) => return Err(damaged("marker", "an object")),
            },
        })
    }

    /// No record takes more bytes than that: an escaped character takes six.
    fn room(&self) -> usize {
        let texts = self.access.iter().map(|access| {
            let partition = access.partition.as_deref().map_or(0, str::len);
            access.token.expose().len() + partition
        });
        let refresh = self
            .refresh
            .as_ref()
            .map_or(0, |refresh| refresh.expose().len());
        512 + 6 * (refresh + texts.sum::<usize>()) + 256 * self.access.len()
    }
}

const SERIAL: &str = "a pair of numbers";

fn member(out: &mut Vec<u8>, start: &str, value: impl Serialize) {
    out.extend_from_slice(start.as_bytes());
    serde_json::to_writer(out, &value).expect("memory takes any text, number and pair of numbers");
}

fn numbers(serial: Serial) -> (u64, u32) {
    (serial.number, serial.attempt)
}

fn word(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::Unanswered => "unanswered",
        Doubt::Suspect => "suspect",
    }
}

/// Negative before 1970. Two and a half centuries either way are enough.
fn since_1970(moment: SystemTime) -> i64 {
    let signed = |span: Duration| i64::try_from(span.as_nanos()).unwrap_or(i64::MAX);
    match moment.duration_since(UNIX_EPOCH) {
        Ok(after) => signed(after),
        Err(before) => -signed(before.duration()),
    }
}

/// More than five centuries are as good as for ever.
fn nanoseconds(span: Duration) -> u64 {
    u64::try_from(span.as_nanos()).unwrap_or(u64::MAX)
}

/// Wipes the texts that were not taken over.
struct Tree(Value);

impl Drop for Tree {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn access_token(value: Value) -> Result<Access, StoreError> {
    let mut tree = Tree(value);
    let Value::Object(members) = &mut tree.0 else {
        return Err(damaged("access_tokens", "a list of objects"));
    };
    let token = text(members, "token").ok_or_else(|| damaged("token", "a text"))?;
    // From here on the token is wiped, whatever is wrong with the rest.
    let token = Secret::new(token);
    let partition = match members.get("partition") {
        None | Some(Value::Null) => None,
        Some(Value::String(name)) => Some(name.as_str().into()),
        Some(_) => return Err(damaged("partition", "a text")),
    };
    let obtained_at = members.get("obtained_at_ns").and_then(moment);
    let lifetime = members.get("lifetime_ns").and_then(Value::as_u64);
    Ok(Access {
        partition,
        token,
        serial: required(members, "serial", serial, SERIAL)?,
        obtained_at: obtained_at.unwrap_or(UNIX_EPOCH),
        // Without a beginning the lifetime has no end either.
        lifetime: lifetime
            .filter(|lifetime| *lifetime > 0 && obtained_at.is_some())
            .map(Duration::from_nanos),
    })
}

fn read_marker(members: &Members) -> Result<Marker, StoreError> {
    let attempt = |value: &Value| value.as_u64().and_then(|attempt| attempt.try_into().ok());
    let doubt = |value: &Value| match value.as_str()? {
        "unanswered" => Some(Doubt::Unanswered),
        "suspect" => Some(Doubt::Suspect),
        _ => None,
    };
    Ok(Marker {
        serial: required(members, "serial", serial, SERIAL)?,
        attempt: required(members, "attempt", attempt, "a number below 2³²")?,
        sent_at: required(members, "sent_at_ns", moment, NANOSECONDS)?,
        deadline: required(members, "deadline_ns", moment, NANOSECONDS)?,
        doubt: required(members, "doubt", doubt, "`unanswered` or `suspect`")?,
    })
}

const NANOSECONDS: &str = "nanoseconds since 1970";

fn required<T>(
    members: &Members,
    name: &str,
    read: impl FnOnce(&Value) -> Option<T>,
    expected: &str,
) -> Result<T, StoreError> {
    members
        .get(name)
        .and_then(read)
        .ok_or_else(|| damaged(name, expected))
}

/// A text that says something, moved out of the tree without a copy.
fn text(members: &mut Members, name: &str) -> Option<String> {
    match members.get_mut(name)? {
        Value::String(text) if !text.is_empty() => Some(std::mem::take(text)),
        _ => None,
    }
}

fn serial(value: &Value) -> Option<Serial> {
    match value.as_array()?.as_slice() {
        [number, attempt] => Some(Serial {
            number: number.as_u64()?,
            attempt: attempt.as_u64()?.try_into().ok()?,
        }),
        _ => None,
    }
}

fn sign_in(value: &Value) -> Option<SignIn> {
    let text = value.as_str().filter(|text| text.len() == 32)?;
    u128::from_str_radix(text, 16).ok().map(SignIn)
}

fn moment(value: &Value) -> Option<SystemTime> {
    let nanoseconds = value.as_i64()?;
    let span = Duration::from_nanos(nanoseconds.unsigned_abs());
    match nanoseconds < 0 {
        true => UNIX_EPOCH.checked_sub(span),
        false => UNIX_EPOCH.checked_add(span),
    }
}

fn no_json(bytes: &[u8], error: &serde_json::Error) -> StoreError {
    let found = match error.classify() {
        _ if bytes.is_empty() => "nothing, not even JSON".to_owned(),
        Category::Eof => format!("JSON that is cut off after {} bytes", bytes.len()),
        // The place, and nothing of what is there.
        _ => format!("no JSON (line {}, column {})", error.line(), error.column()),
    };
    foreign(&found)
}

fn foreign(found: &str) -> StoreError {
    unreadable(format!("expected a session's record, found {found}"))
}

fn damaged(member: &str, expected: &str) -> StoreError {
    unreadable(format!(
        "the session's record is damaged: expected {expected} in `{member}`"
    ))
}

fn unreadable(message: String) -> StoreError {
    StoreError::new(message).with_kind(StoreErrorKind::Unreadable)
}

fn unsupported(found: u64, why: &str) -> StoreError {
    StoreError::new(format!(
        "the session's record has schema {found}, expected {SCHEMA}: {why}"
    ))
    .with_kind(StoreErrorKind::Unsupported)
}

#[cfg(test)]
mod tests;
