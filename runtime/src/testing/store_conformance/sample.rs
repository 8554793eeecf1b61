//! Records to keep, with everything that a record can have.

use crate::{
    Record, Secret,
    session::{Access, Doubt, Marker, Serial, SignIn},
};
use std::time::{Duration, UNIX_EPOCH};

/// In every token, so that it can be looked for.
pub(super) const SECRET: &str = "not-to-be-shown";

/// Tokens are opaque: quotes, backslashes and other scripts may be in them, and they may be long.
fn secret(what: &str, number: u64) -> Secret {
    let long = "0123456789abcdef".repeat(64);
    Secret::new(format!(
        "{SECRET}\"\\\u{e9}\u{1f511}/{what}/{number}/{long}"
    ))
}

/// The `number`th record of one sign-in.
pub(super) fn record(number: u64) -> Record {
    let serial = Serial { number, attempt: 2 };
    let seconds = Duration::from_secs(1_800_000_000 + number);
    let access = |partition: Option<&str>, lifetime| Access {
        partition: partition.map(Into::into),
        token: secret(partition.unwrap_or("access"), number),
        serial,
        obtained_at: UNIX_EPOCH + seconds,
        lifetime,
    };
    let hour = Duration::from_secs(3600);
    Record {
        version: 0,
        sign_in: SignIn(0xa11ce),
        serial,
        refresh: Some(secret("refresh", number)),
        rotates: true,
        access: vec![
            access(None, Some(hour)),
            access(Some("https://reports.example.com"), None),
        ],
        marker: Some(Marker {
            serial,
            attempt: 1,
            sent_at: UNIX_EPOCH + seconds,
            deadline: UNIX_EPOCH + seconds + hour,
            doubt: Doubt::Suspect,
        }),
    }
}

/// Which of the records it is.
pub(super) fn number(record: &Record) -> u64 {
    record.serial.number
}

/// Whether nothing but the version differs.
pub(super) fn same(held: &Record, written: &Record) -> bool {
    let versionless = |record: &Record| record.clone().with_version(0).encode();
    *versionless(held) == *versionless(written)
}
