//! From answers to values and errors.

use crate::{
    endpoints::{API, GET, call, client, endpoint},
    server::{Reply, Server},
};
use perennial::{
    __v1::{
        Api, Choice, Empty, Endpoint, EnvelopeSpec, FromStatus, Json, JsonOrText, Mismatch,
        OrJson as _, Pick, Raw, Text, TypedError,
    },
    Answer, ApiError, Bytes, Error, Response, Result, StatusCode,
};
use std::{collections::BTreeMap, error::Error as _};

async fn get<T, D>(reply: Reply, endpoint: &'static Endpoint, choice: Choice<D>) -> Result<T>
where
    T: 'static,
    D: perennial::Decode<T>,
{
    let server = Server::always(reply).await;
    call(&client(&server.url), endpoint, choice, |_| {}).await
}

/// What `#[derive(ApiError)]` makes.
#[derive(Debug, PartialEq)]
enum PutError {
    Conflict(BTreeMap<String, u8>),
    Other(Bytes),
}

impl FromStatus for PutError {
    const CLAIMS: &'static [u16] = &[409];

    fn from_status(answer: &Answer) -> std::result::Result<Self, Mismatch> {
        match answer.code() {
            409 => Ok(Self::Conflict(answer.json()?)),
            410 => Err(Mismatch::Undescribed),
            _ => Ok(Self::Other(answer.bytes())),
        }
    }
}

impl TypedError for PutError {}

/// What `#[derive(ApiReply)]` makes.
#[derive(Debug, PartialEq)]
enum Put {
    Made(u8),
    Changed,
}

impl FromStatus for Put {
    const CLAIMS: &'static [u16] = &[201, 200];

    fn from_status(answer: &Answer) -> std::result::Result<Self, Mismatch> {
        match answer.code() {
            201 => Ok(Self::Made(answer.json()?)),
            200 => Ok(Self::Changed),
            _ => Err(Mismatch::Undescribed),
        }
    }
}

#[tokio::test]
async fn fixed_decoders() {
    let body = || Reply::json(r#""a""#);
    assert_eq!(
        get::<String, _>(body(), &GET, Pick::<String>::PICK)
            .await
            .unwrap(),
        "a"
    );
    assert_eq!(
        get::<String, _>(body(), &GET, Choice::<Text>::NEW)
            .await
            .unwrap(),
        r#""a""#
    );
    assert_eq!(
        get::<Bytes, _>(body(), &GET, Choice::<Raw>::NEW)
            .await
            .unwrap(),
        r#""a""#
    );
    get::<(), _>(body(), &GET, Choice::<Empty>::NEW)
        .await
        .unwrap();
    let either = Choice::<JsonOrText>::NEW;
    assert_eq!(get::<String, _>(body(), &GET, either).await.unwrap(), "a");
    let plain = Reply::new(200)
        .header("content-type", "text/plain; charset=utf-8")
        .body("a b");
    assert_eq!(get::<String, _>(plain, &GET, either).await.unwrap(), "a b");
    let problem = Reply::new(200).header("content-type", "application/problem+json; x=y");
    assert_eq!(
        get::<String, _>(problem.body("\"p\""), &GET, either)
            .await
            .unwrap(),
        "p"
    );
}

#[tokio::test]
async fn nothing_is_none() {
    let none = Choice::<Json>::NEW.option();
    for reply in [
        Reply::new(204),
        Reply::new(205),
        Reply::new(304),
        Reply::json(""),
        Reply::json(" null\n"),
    ] {
        assert_eq!(get::<Option<u8>, _>(reply, &GET, none).await.unwrap(), None);
    }
    assert_eq!(
        get::<Option<u8>, _>(Reply::json("7"), &GET, none)
            .await
            .unwrap(),
        Some(7)
    );
    let missing = get::<Option<u8>, _>(Reply::new(404), &GET, none)
        .await
        .unwrap_err();
    assert!(missing.is_api());

    static MAYBE: Endpoint = Endpoint {
        none: &[404],
        ..endpoint("ShopApi::maybe", "GET", "/m")
    };
    let absent = Reply::new(404).body(r#"{"missing": true}"#);
    assert_eq!(
        get::<Option<u8>, _>(absent.clone(), &MAYBE, none)
            .await
            .unwrap(),
        None
    );
    let whole: Response<Option<u8>> = get(absent, &MAYBE, none.response()).await.unwrap();
    assert_eq!((whole.status, whole.value), (StatusCode::NOT_FOUND, None));
    let unchanged: Response<Option<u8>> =
        get(Reply::new(304).header("etag", "e"), &GET, none.response())
            .await
            .unwrap();
    assert_eq!(unchanged.headers["etag"], "e");
    // A 304 is a refusal where nothing stands for it.
    assert!(
        get::<u8, _>(Reply::new(304), &GET, Choice::<Json>::NEW)
            .await
            .unwrap_err()
            .is_api()
    );
}

#[tokio::test]
async fn statuses_that_are_a_success() {
    static MADE: Endpoint = Endpoint {
        ok: &[(201, 201), (400, 499)],
        ..GET
    };
    let json = Choice::<Json>::NEW;
    assert_eq!(
        get::<u8, _>(Reply::new(201).body("1"), &MADE, json)
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        get::<u8, _>(Reply::new(418).body("1"), &MADE, json)
            .await
            .unwrap(),
        1
    );
    assert!(
        get::<u8, _>(Reply::new(200).body("1"), &MADE, json)
            .await
            .unwrap_err()
            .is_api()
    );
}

#[tokio::test]
async fn results_by_status() {
    let pick = Pick::<Put>::PICK;
    assert_eq!(
        get::<Put, _>(Reply::new(201).body("7"), &GET, pick)
            .await
            .unwrap(),
        Put::Made(7)
    );
    assert_eq!(
        get::<Put, _>(Reply::new(200), &GET, pick).await.unwrap(),
        Put::Changed
    );
    let odd = get::<Put, _>(Reply::new(202).body("x"), &GET, pick)
        .await
        .unwrap_err();
    let Error::Unexpected(odd) = &odd else {
        panic!("{odd:?}")
    };
    assert_eq!(odd.answer().body, "x");
    let bad = get::<Put, _>(Reply::new(201).body("x"), &GET, pick)
        .await
        .unwrap_err();
    assert!(bad.is_decode());
    assert_eq!(bad.status(), Some(StatusCode::CREATED));
}

#[tokio::test]
async fn refusals_by_status() {
    let put = |status: u16, body: &'static str| async move {
        let server = Server::always(Reply::new(status).header("x-a", "b").body(body)).await;
        let call = call::<u8, PutError, _>(&client(&server.url), &GET, Choice::<Json>::NEW, |_| {});
        call.await.unwrap_err()
    };
    let conflict = put(409, r#"{"a": 1}"#).await;
    assert_eq!(
        conflict.api(),
        Some(&PutError::Conflict(BTreeMap::from([("a".to_owned(), 1)])))
    );
    assert_eq!(conflict.status(), Some(StatusCode::CONFLICT));
    assert_eq!(conflict.to_string(), "the API refused: 409 Conflict");
    let response = conflict.into_api().unwrap();
    assert_eq!(response.headers["x-a"], "b");

    // `?` in a function whose error is `ApiError`.
    let carried: Error = Error::from(put(409, r#"{"a": 1}"#).await);
    let carried = carried.into_api().unwrap().value;
    assert_eq!(carried.status(), StatusCode::CONFLICT);
    assert_eq!(carried.headers()["x-a"], "b");
    assert_eq!(carried.body(), r#"{"a": 1}"#);

    assert_eq!(
        put(400, "plain").await.api(),
        Some(&PutError::Other("plain".into()))
    );
    let undescribed = put(410, "gone").await;
    assert!(undescribed.is_unexpected() && undescribed.source().is_none());
    let unreadable = put(409, "<html>").await;
    assert!(unreadable.is_unexpected());
    assert_eq!(unreadable.status(), Some(StatusCode::CONFLICT));
    assert!(unreadable.source().unwrap().to_string().contains('$'));
}

#[tokio::test]
async fn a_refusal_as_it_came() {
    let html = Reply::new(502)
        .header("content-type", "text/html")
        .body("<h1>no</h1>");
    let error = get::<u8, _>(html, &GET, Choice::<Json>::NEW)
        .await
        .unwrap_err();
    let refused = error
        .api()
        .expect("an HTML 502 is a refusal, never a decode error");
    assert_eq!((refused.code(), refused.message()), (None, None));
    assert_eq!(refused.body(), "<h1>no</h1>");
    assert!(
        !format!("{error:?}").contains("<h1>"),
        "bodies stay out of Debug"
    );
}

#[tokio::test]
async fn a_success_that_cannot_be_read() {
    let error = get::<BTreeMap<String, Vec<u8>>, _>(
        Reply::json(r#"{"a": [1, "x"], "b": []}"#),
        &GET,
        Choice::<Json>::NEW,
    )
    .await
    .unwrap_err();
    let Error::Decode(error) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(error.path(), "$.a[1]");
    assert_eq!(error.excerpt(), r#""x"], "b": []}"#);
    assert_eq!(error.status(), Some(StatusCode::OK));
}

static WRAPPED: Api = Api {
    envelope: Some(EnvelopeSpec::fields("code", "msg", "data", &[0, 200])),
    ..API
};
static OPEN: Endpoint = Endpoint::new(&WRAPPED, "WrappedApi::get", "GET", "/get");

#[tokio::test]
async fn decoders_see_what_is_in_the_envelope() {
    let json = Choice::<Json>::NEW;
    let body = |data: &str| Reply::json(&format!(r#"{{"code":200,"msg":"ok","data":{data}}}"#));
    assert_eq!(
        get::<Vec<u8>, _>(body("[1,2]"), &OPEN, json).await.unwrap(),
        [1, 2]
    );
    assert_eq!(
        get::<Option<u8>, _>(body("null"), &OPEN, json.option())
            .await
            .unwrap(),
        None
    );
    get::<(), _>(body("null"), &OPEN, Choice::<Empty>::NEW)
        .await
        .unwrap();
    assert_eq!(
        get::<Bytes, _>(body("{}"), &OPEN, Choice::<Raw>::NEW)
            .await
            .unwrap(),
        "{}"
    );
    let bare = Reply::json(r#"{"code":0}"#);
    assert_eq!(
        get::<Option<u8>, _>(bare, &OPEN, json.option())
            .await
            .unwrap(),
        None
    );
    assert_eq!(
        get::<String, _>(body("\"a\\nb\""), &OPEN, Choice::<Text>::NEW)
            .await
            .unwrap(),
        "a\nb"
    );
    // What is in no envelope passes.
    assert_eq!(
        get::<Vec<u8>, _>(Reply::json("[1]"), &OPEN, json)
            .await
            .unwrap(),
        [1]
    );
    let text = Choice::<Text>::NEW;
    assert_eq!(
        get::<String, _>(Reply::new(200).body("motd"), &OPEN, text)
            .await
            .unwrap(),
        "motd"
    );
}

#[tokio::test]
async fn a_code_refuses_under_any_status() {
    for status in [200, 400] {
        let reply = Reply::new(status).body(r#"{"code":409,"msg":"taken","data":{"a":1}}"#);
        let error = get::<u8, _>(reply, &OPEN, Choice::<Json>::NEW)
            .await
            .unwrap_err();
        let refused = error.api().unwrap();
        assert_eq!(
            (refused.code(), refused.message()),
            (Some(409), Some("taken"))
        );
        assert_eq!(refused.status().as_u16(), status);
        let text = error.to_string();
        assert!(
            text.starts_with("the API refused: ") && text.ends_with(", code 409, taken"),
            "{text}"
        );
    }
    // Inside an HTTP 2xx the code picks the variant, and its data is the body.
    let server = Server::always(Reply::json(r#"{"code":409,"msg":"taken","data":{"a":1}}"#)).await;
    let typed = call::<u8, PutError, _>(&client(&server.url), &OPEN, Choice::<Json>::NEW, |_| {});
    let error = typed.await.unwrap_err();
    assert_eq!(
        error.api(),
        Some(&PutError::Conflict(BTreeMap::from([("a".to_owned(), 1)])))
    );

    static MAYBE: Endpoint = Endpoint {
        none: &[404],
        ..OPEN
    };
    let missing = Reply::json(r#"{"code":404,"msg":"none","data":null}"#);
    let none = Choice::<Json>::NEW.option();
    assert_eq!(
        get::<Option<u8>, _>(missing, &MAYBE, none).await.unwrap(),
        None
    );
}

#[tokio::test]
async fn raw_sees_the_envelope_itself() {
    let body = r#"{"code":409,"msg":"taken"}"#;
    let server = Server::always(Reply::json(body)).await;
    let call = call::<u8, ApiError, _>(&client(&server.url), &OPEN, Choice::<Json>::NEW, |_| {});
    assert_eq!(call.raw().await.unwrap().value, body);
}
