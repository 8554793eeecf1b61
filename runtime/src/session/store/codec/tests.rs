use super::*;

const SECRETS: [&str; 4] = ["A-secret", "B-secret\n\"", "R-secret", "X-secret"];

fn at(seconds: u64) -> SystemTime {
    UNIX_EPOCH + Duration::new(seconds, 123_456_789)
}

fn full() -> Record {
    Record {
        version: u64::MAX,
        sign_in: SignIn(0x00c0_ffee),
        serial: Serial {
            number: 7,
            attempt: 2,
        },
        refresh: Some(SECRETS[2].into()),
        rotates: true,
        access: vec![
            Access {
                partition: None,
                token: SECRETS[0].into(),
                serial: Serial {
                    number: 7,
                    attempt: 2,
                },
                obtained_at: at(1_800_000_000),
                lifetime: Some(Duration::new(3600, 1)),
            },
            Access {
                partition: Some("réports \"x\"".into()),
                token: SECRETS[1].into(),
                serial: Serial::default(),
                obtained_at: UNIX_EPOCH - Duration::from_nanos(5),
                lifetime: None,
            },
        ],
        marker: Some(Marker {
            serial: Serial {
                number: 7,
                attempt: 2,
            },
            attempt: 3,
            sent_at: at(1_800_000_100),
            deadline: at(1_800_000_115),
            doubt: Doubt::Suspect,
        }),
    }
}

/// Everything that `Debug` shows, and the secrets, which it does not.
fn shown(record: &Record) -> String {
    let secrets: Vec<_> = record
        .access
        .iter()
        .map(|access| access.token.expose())
        .collect();
    let refresh = record.refresh.as_ref().map(Secret::expose);
    format!("{record:?} {secrets:?} {refresh:?}")
}

fn there_and_back(record: &Record) {
    let bytes = record.encode();
    let back = Record::decode(&bytes).unwrap();
    assert_eq!(shown(&back), shown(record));
    assert!(
        bytes.capacity() == record.room(),
        "the buffer grew and left a copy behind"
    );
}

#[test]
fn every_field_comes_back() {
    there_and_back(&full());
    let bare = Record {
        version: 0,
        refresh: None,
        rotates: false,
        access: Vec::new(),
        marker: None,
        ..full()
    };
    there_and_back(&bare);
    let mut unanswered = full();
    unanswered.marker.as_mut().unwrap().doubt = Doubt::Unanswered;
    there_and_back(&unanswered);
}

#[test]
fn a_lifetime_without_end_stays_long() {
    let mut record = full();
    record.access[0].lifetime = Some(Duration::MAX);
    let back = Record::decode(&record.encode()).unwrap();
    let century = Duration::from_secs(100 * 365 * 24 * 3600);
    assert!(back.access[0].lifetime.unwrap() > century);
}

fn kind_and_message(bytes: &[u8]) -> (StoreErrorKind, String) {
    let error = Record::decode(bytes).unwrap_err();
    let message = format!("{error} {error:?}");
    for secret in SECRETS {
        assert!(!message.contains(secret), "{message}");
    }
    (error.kind(), error.to_string())
}

#[test]
fn cut_off_anywhere_it_is_no_record() {
    let bytes = full().encode();
    for end in 0..bytes.len() {
        let (kind, message) = kind_and_message(&bytes[..end]);
        assert_eq!(kind, StoreErrorKind::Unreadable, "{message}");
        assert!(
            message.starts_with("expected a session's record, found "),
            "{message}"
        );
    }
}

#[test]
fn a_changed_byte_anywhere_does_no_harm() {
    let bytes = full().encode();
    for at in 0..bytes.len() {
        for with in [0, b'0', b'"', b'}', 0xff] {
            let mut changed = bytes.to_vec();
            changed[at] = with;
            if let Ok(record) = Record::decode(&changed) {
                there_and_back(&record);
            } else {
                kind_and_message(&changed);
            }
        }
    }
}

/// The record with `old` in its text replaced by `new`.
fn with(old: &str, new: &str) -> Vec<u8> {
    let text = String::from_utf8(full().encode().to_vec()).unwrap();
    assert!(text.contains(old), "{text}");
    text.replacen(old, new, 1).into_bytes()
}

#[test]
fn what_is_found_instead_is_said() {
    let check = |bytes: &[u8], kind, message: &str| {
        assert_eq!(kind_and_message(bytes), (kind, message.to_owned()));
    };
    use StoreErrorKind::{Unreadable, Unsupported};
    let expected = "expected a session's record, found ";
    check(
        b"",
        Unreadable,
        &format!("{expected}nothing, not even JSON"),
    );
    check(
        b"<html>X-secret",
        Unreadable,
        &format!("{expected}no JSON (line 1, column 1)"),
    );
    check(
        b"\x00\xff\xfe",
        Unreadable,
        &format!("{expected}no JSON (line 1, column 1)"),
    );
    check(
        b"[\"X-secret\"]",
        Unreadable,
        &format!("{expected}JSON, but no object"),
    );
    check(
        br#"{"access_token": "X-secret"}"#,
        Unreadable,
        &format!("{expected}a JSON object without a number `schema`"),
    );
    check(
        br#"{"schema": 1, "tokens": "X-secret"}"#,
        Unreadable,
        "the session's record is damaged: expected a list in `access_tokens`",
    );
    check(
        &with("\"schema\":1", "\"schema\":2"),
        Unsupported,
        "the session's record has schema 2, expected 1: it was written by a newer perennial",
    );
    check(
        &with("\"schema\":1", "\"schema\":0"),
        Unsupported,
        "the session's record has schema 0, expected 1: no perennial has written that",
    );
    check(
        &with("\"doubt\":\"suspect\"", "\"doubt\":\"X-secret\""),
        Unreadable,
        "the session's record is damaged: expected `unanswered` or `suspect` in `doubt`",
    );
    check(
        &with("\"token\":\"A-secret\"", "\"token\":[\"A-secret\"]"),
        Unreadable,
        "the session's record is damaged: expected a text in `token`",
    );
    check(
        &with("\"serial\":[7,2]", "\"serial\":[7]"),
        Unreadable,
        "the session's record is damaged: expected a pair of numbers in `serial`",
    );
}

#[test]
fn an_age_that_makes_no_sense_keeps_the_token() {
    let lifetime = "\"lifetime_ns\":3600000000001";
    for nonsense in ["-5", "0", "1.5", "\"soon\"", "null", "[]"] {
        let bytes = with(lifetime, &format!("\"lifetime_ns\":{nonsense}"));
        let access = &Record::decode(&bytes).unwrap().access[0];
        assert_eq!(access.token.expose(), SECRETS[0]);
        assert_eq!(access.lifetime, None, "{nonsense}");
    }
    for nonsense in ["1e99", "\"noon\"", "null"] {
        let obtained = "\"obtained_at_ns\":1800000000123456789";
        let bytes = with(obtained, &format!("\"obtained_at_ns\":{nonsense}"));
        let access = &Record::decode(&bytes).unwrap().access[0];
        assert_eq!(access.lifetime, None, "its end is unknown: {nonsense}");
    }
}

#[test]
fn members_of_a_later_version_are_no_obstacle() {
    let bytes = with("{\"schema\":1", "{\"colour\":\"blue\",\"schema\":1");
    assert_eq!(shown(&Record::decode(&bytes).unwrap()), shown(&full()));
}

#[test]
fn debug_shows_no_secret() {
    let record = format!("{:?}", full());
    for secret in SECRETS {
        assert!(!record.contains(secret), "{record}");
    }
}
