//! The decoders that come with the crate.

use super::{Decode, Reply, place::without_value};
use crate::{DecodeError, Response};
use bytes::Bytes;
use http::StatusCode;
use serde::de::{DeserializeOwned, IntoDeserializer, value::StringDeserializer};
use std::marker::PhantomData;

/// JSON.
#[derive(Debug)]
pub struct Json;

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> Decode<T> for Json {
    const ACCEPT: &'static str = "application/json";

    fn decode(reply: Reply) -> Result<T, DecodeError> {
        reply.json()
    }
}

/// Nothing: the body is not looked at.
#[derive(Debug)]
pub struct Empty;

impl Decode<()> for Empty {
    const ACCEPT: &'static str = "*/*";

    fn decode(_: Reply) -> Result<(), DecodeError> {
        Ok(())
    }
}

/// The body as text.
#[derive(Debug)]
pub struct Text;

#[diagnostic::do_not_recommend]
impl<T: From<String>> Decode<T> for Text {
    const ACCEPT: &'static str = "text/plain, */*;q=0.1";

    fn decode(reply: Reply) -> Result<T, DecodeError> {
        Ok(reply.text().into())
    }
}

/// The body as bytes.
#[derive(Debug)]
pub struct Raw;

#[diagnostic::do_not_recommend]
impl<T: From<Bytes>> Decode<T> for Raw {
    const ACCEPT: &'static str = "*/*";

    fn decode(reply: Reply) -> Result<T, DecodeError> {
        Ok(reply.bytes().into())
    }
}

/// JSON or text of one string type: the `Content-Type` that arrives decides.
#[derive(Debug)]
pub struct JsonOrText;

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> Decode<T> for JsonOrText {
    const ACCEPT: &'static str = "application/json, text/plain";

    fn decode(reply: Reply) -> Result<T, DecodeError> {
        if is_json(&reply) {
            return reply.json();
        }
        let text: StringDeserializer<serde::de::value::Error> = reply.text().into_deserializer();
        T::deserialize(text).map_err(|error| {
            DecodeError::new(without_value(&error.to_string())).under(reply.status())
        })
    }
}

fn is_json(reply: &Reply) -> bool {
    let kind = reply
        .headers()
        .get(http::header::CONTENT_TYPE)
        .map(|value| value.as_bytes());
    let kind = kind
        .unwrap_or_default()
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default();
    let kind = kind.trim_ascii().to_ascii_lowercase();
    kind.ends_with(b"/json") || kind.ends_with(b"+json")
}

/// `None` for 204, 205, 304, the statuses of `none(…)`, an empty body and JSON `null`.
#[derive(Debug)]
pub struct Opt<D>(PhantomData<fn() -> D>);

impl<T, D: Decode<T>> Decode<Option<T>> for Opt<D> {
    const ACCEPT: &'static str = D::ACCEPT;
    const OPTIONAL: bool = true;

    fn decode(reply: Reply) -> Result<Option<T>, DecodeError> {
        if is_absent(&reply) {
            Ok(None)
        } else {
            D::decode(reply).map(Some)
        }
    }
}

fn is_absent(reply: &Reply) -> bool {
    const EMPTY: [StatusCode; 3] = [
        StatusCode::NO_CONTENT,
        StatusCode::RESET_CONTENT,
        StatusCode::NOT_MODIFIED,
    ];
    let body = reply.bytes();
    let body = body.trim_ascii();
    reply.absent || EMPTY.contains(&reply.status()) || body.is_empty() || body == b"null"
}

/// Status and headers beside the value.
#[derive(Debug)]
pub struct Whole<D>(PhantomData<fn() -> D>);

impl<T, D: Decode<T>> Decode<Response<T>> for Whole<D> {
    const ACCEPT: &'static str = D::ACCEPT;
    const OPTIONAL: bool = D::OPTIONAL;

    fn decode(reply: Reply) -> Result<Response<T>, DecodeError> {
        let (status, headers) = (reply.status(), reply.headers().clone());
        Ok(Response::with(status, headers, D::decode(reply)?))
    }
}
