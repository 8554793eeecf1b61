//! Answers wrapped in `{"code": …, "msg": …, "data": …}`.

use crate::{
    answer::{self, Answer},
    endpoint::EnvelopeSpec,
};
use bytes::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use std::{borrow::Cow, fmt};

/// An envelope that no list of member names describes.
///
/// `envelope = MyEnvelope` on the trait names a type that implements this.
///
/// ```
/// use perennial::{Envelope, envelope::Opened};
///
/// /// `ok` or `no` in the first line, the data below it.
/// struct FirstLine;
///
/// impl Envelope for FirstLine {
///     const OK: &'static [i64] = &[0];
///
///     fn open(body: &[u8]) -> Option<Opened<'_>> {
///         let (first, data) = std::str::from_utf8(body).ok()?.split_once('\n')?;
///         let code = if first == "ok" { 0 } else { 1 };
///         Some(Opened { code, message: None, data: Some(data.as_bytes()) })
///     }
/// }
///
/// assert_eq!(FirstLine::open(b"no\n[]").unwrap().code, 1);
/// ```
pub trait Envelope: 'static {
    /// The codes that mean success.
    const OK: &'static [i64];

    /// Opens a body; `None` if it is not in this envelope, which then passes as it is.
    fn open(body: &[u8]) -> Option<Opened<'_>>;
}

/// What is in an envelope.
#[derive(Clone, Debug)]
pub struct Opened<'a> {
    /// The code.
    pub code: i64,
    /// What the server says to people.
    pub message: Option<Cow<'a, str>>,
    /// The data as JSON text, a part of the body.
    pub data: Option<&'a [u8]>,
}

/// The members of an envelope.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The member that holds the code, a number or a text of digits.
    pub code: &'static str,
    /// The member that holds the message.
    pub message: &'static str,
    /// The member that holds the data; empty: the data stands beside the code.
    pub data: &'static str,
    /// The codes that mean success.
    pub ok: &'static [i64],
}

impl EnvelopeSpec {
    fn ok(&self) -> &'static [i64] {
        match self {
            Self::Fields(fields) => fields.ok,
            Self::Custom(_, ok) => ok,
        }
    }

    fn read<'a>(&self, body: &'a [u8]) -> Option<Opened<'a>> {
        match self {
            Self::Fields(fields) => open(body, fields.code, fields.message, fields.data),
            Self::Custom(open, _) => open(body),
        }
    }

    /// Opens the answer's body, once, for codes and data alike.
    pub(crate) fn open(&self, answer: &mut Answer) {
        let Some(opened) = self.read(&answer.body) else {
            return;
        };
        let data = opened
            .data
            .map_or_else(Bytes::new, |data| part(&answer.body, data));
        let message = opened.message.map(Cow::into_owned);
        answer.opened = Some(Box::new(answer::Opened {
            code: opened.code,
            message,
            data,
        }));
    }

    /// Whether the envelope says that the answer is a refusal.
    pub(crate) fn refuses(&self, answer: &Answer) -> bool {
        answer
            .opened
            .as_ref()
            .is_some_and(|opened| !self.ok().contains(&opened.code))
    }
}

/// Shares the body where the data is a part of it, as it is for every envelope but odd ones.
fn part(body: &Bytes, data: &[u8]) -> Bytes {
    let (start, end) = (body.as_ptr() as usize, body.as_ptr() as usize + body.len());
    let inside = (start..=end).contains(&(data.as_ptr() as usize))
        && data.as_ptr() as usize + data.len() <= end;
    if inside {
        body.slice_ref(data)
    } else {
        Bytes::copy_from_slice(data)
    }
}

/// Opens an object with these members; `None` if it is none, or has no code.
pub(crate) fn open<'a>(
    body: &'a [u8],
    code: &str,
    message: &str,
    data: &str,
) -> Option<Opened<'a>> {
    // Most bodies that are no envelope are told by their first byte.
    if body.trim_ascii_start().first() != Some(&b'{') {
        return None;
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let mut opened = reader
        .deserialize_map(Members {
            code,
            message,
            data,
        })
        .ok()??;
    reader.end().ok()?;
    if data.is_empty() {
        opened.data = Some(body);
    }
    Some(opened)
}

struct Members<'n> {
    code: &'n str,
    message: &'n str,
    data: &'n str,
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Option<Opened<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an envelope")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut code, mut message, mut data) = (None, None, None);
        while let Some(Key(key)) = map.next_key()? {
            if key == self.code {
                code = map.next_value::<&RawValue>().map(number)?;
            } else if key == self.message {
                message = map.next_value::<&RawValue>().map(text)?;
            } else if key == self.data {
                data = Some(map.next_value::<&RawValue>()?.get().as_bytes());
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(code.map(|code| Opened {
            code,
            message,
            data,
        }))
    }
}

/// A key, borrowed unless it has escapes in it.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

fn number(value: &RawValue) -> Option<i64> {
    value.get().trim_matches('"').trim().parse().ok()
}

fn text(value: &RawValue) -> Option<Cow<'_, str>> {
    serde_json::from_str::<Key<'_>>(value.get())
        .ok()
        .map(|key| key.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;

    fn check(body: &str, expected: Option<(i64, Option<&str>, &str)>) {
        let mut answer = Answer::new(StatusCode::OK, body.to_owned());
        EnvelopeSpec::fields("code", "msg", "data", &[0, 200]).open(&mut answer);
        let opened = answer.opened.as_ref();
        let found = opened.map(|o| (o.code, o.message.as_deref(), str(&o.data)));
        assert_eq!(found, expected, "{body}");
    }

    fn str(bytes: &[u8]) -> &str {
        std::str::from_utf8(bytes).unwrap()
    }

    #[test]
    fn envelopes_are_opened() {
        check(
            r#"{"code":200,"msg":"ok","data":{"a":1}}"#,
            Some((200, Some("ok"), r#"{"a":1}"#)),
        );
        check(
            r#" {"data": [1], "x": {"code": 1}, "code": "401"}"#,
            Some((401, None, "[1]")),
        );
        check(r#"{"code":0,"msg":null}"#, Some((0, None, "")));
        check(r#"{"code":0,"msg":"a\nb"}"#, Some((0, Some("a\nb"), "")));
    }

    #[test]
    fn what_is_no_envelope_passes() {
        for body in [
            "",
            "plain",
            "[1]",
            "{\"code\":\"x\"}",
            "{\"data\":1}",
            "{\"code\":1",
            "{}",
            "{\"code\":1} x",
        ] {
            check(body, None);
        }
    }

    #[test]
    fn data_may_stand_beside_the_code() {
        let body = r#"{"code":0,"user":7}"#;
        let mut answer = Answer::new(StatusCode::OK, body);
        EnvelopeSpec::fields("code", "msg", "", &[0]).open(&mut answer);
        assert_eq!(answer.bytes(), body);
    }

    #[test]
    fn the_data_is_not_copied() {
        let mut answer = Answer::new(StatusCode::OK, r#"{"code":0,"data":"abc"}"#);
        EnvelopeSpec::fields("code", "msg", "data", &[0]).open(&mut answer);
        assert!(
            answer
                .body
                .as_ptr_range()
                .contains(&answer.bytes().as_ptr())
        );
    }
}
