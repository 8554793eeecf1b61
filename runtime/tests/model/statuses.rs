//! Enums whose variants stand for statuses.

use perennial::__v1::{FromStatus, Mismatch};
use perennial::{Answer, ApiError, ApiReply, Bytes, Error, Model, Response, StatusCode};

#[derive(Debug, PartialEq, Model)]
struct Problem {
    title: String,
}

#[derive(Debug, PartialEq, ApiError)]
enum Refusal {
    #[status("4XX")]
    Client(Problem),
    #[status(404)]
    NotFound,
    #[status(409, 412)]
    Conflict(Option<Problem>),
    #[status(429, decode = text)]
    TooMany(String),
    #[status(500..=503)]
    Server(String),
    #[status(default)]
    Other(Bytes),
}

#[track_caller]
fn check<E: FromStatus + PartialEq + std::fmt::Debug>(status: u16, body: &'static str, value: E) {
    let status = StatusCode::from_u16(status).expect("it is a status");
    let found = E::from_status(&Answer::new(status, body)).expect("it is described");
    assert_eq!(found, value);
}

#[test]
fn exact_goes_before_range_goes_before_default() {
    let problem = || Problem { title: "t".into() };
    check(400, r#"{"title":"t"}"#, Refusal::Client(problem()));
    check(404, "<html>", Refusal::NotFound);
    check(409, "", Refusal::Conflict(None));
    check(412, r#"{"title":"t"}"#, Refusal::Conflict(Some(problem())));
    check(429, "slow down", Refusal::TooMany("slow down".into()));
    check(502, "<html>", Refusal::Server("<html>".into()));
    check(504, "x", Refusal::Other(Bytes::from_static(b"x")));
    assert_eq!(Refusal::CLAIMS, [404, 409, 412, 429]);
}

#[test]
fn a_body_that_does_not_fit() {
    let found = Refusal::from_status(&Answer::new(StatusCode::BAD_REQUEST, "<html>"));
    assert!(matches!(found, Err(Mismatch::Decode(_))));
}

#[derive(Debug, PartialEq, ApiReply)]
enum Reply {
    #[status(200)]
    Done(Problem),
    #[status(202, decode = json)]
    Later(String),
    #[status(204)]
    Nothing,
}

#[test]
fn a_reply_by_status() {
    check(
        200,
        r#"{"title":"t"}"#,
        Reply::Done(Problem { title: "t".into() }),
    );
    check(202, "\"soon\"", Reply::Later("soon".into()));
    check(204, "", Reply::Nothing);
    let found = Reply::from_status(&Answer::new(StatusCode::CREATED, ""));
    assert!(matches!(found, Err(Mismatch::Undescribed)));
}

#[derive(Debug, ApiError)]
enum Generic<T> {
    #[status(default)]
    Any(T),
}

#[test]
fn a_generic_error() {
    let found = Generic::<i64>::from_status(&Answer::new(StatusCode::IM_A_TEAPOT, "7"));
    assert!(matches!(found, Ok(Generic::Any(7))));
}

#[test]
fn an_error_displays_its_variant_and_converts() {
    let error: &dyn std::error::Error = &Refusal::TooMany(String::new());
    assert_eq!(error.to_string(), "too many");
    fn general() -> perennial::Result<()> {
        let typed: Error<Refusal> = Error::Api(Box::new(Response::new(
            StatusCode::NOT_FOUND,
            Refusal::NotFound,
        )));
        Err(typed)?
    }
    assert_eq!(
        general().expect_err("it is one").status(),
        Some(StatusCode::NOT_FOUND)
    );
}
