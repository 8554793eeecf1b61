//! Bodies of every kind, there or not.

use crate::wire::types::{BoilRequest, CoolRequest, GrantMeta};
use crate::wire::{Wire, bodies::BodiesApiClient};
use perennial::Bytes;

fn api() -> BodiesApiClient {
    Wire::builder()
        .build()
        .expect("loopback needs no certificates")
        .bodies()
}

#[test]
fn a_body_that_may_be_missing() {
    let bare = api().boil(None).request().expect("a request");
    assert_eq!(bare.body.map(|body| body.len()).unwrap_or_default(), 0);
    assert!(!bare.headers.contains_key("content-type"));
    let body = BoilRequest { celsius: Some(100) };
    let full = api().boil(Some(&body)).request().expect("a request");
    assert_eq!(full.body.expect("a body"), r#"{"celsius":100}"#);
    assert_eq!(full.headers["content-type"], "application/json");
}

#[test]
fn a_body_that_may_be_null() {
    let null = api().cool(&None).request().expect("a request");
    assert_eq!(
        (null.method.as_str(), null.body.expect("a body")),
        ("DELETE", Bytes::from_static(b"null"))
    );
    let body = Some(CoolRequest { fast: Some(true) });
    let full = api().cool(&body).request().expect("a request");
    assert_eq!(full.body.expect("a body"), r#"{"fast":true}"#);
}

#[test]
fn a_form_is_a_form() {
    let meta = GrantMeta { a: Some(1) };
    let scope = ["a".to_owned(), "b".to_owned()];
    let call = api().grant("j+x&y", Some(&scope), Some(&meta));
    let request = call.request().expect("a request");
    assert_eq!(
        request.headers["content-type"],
        "application/x-www-form-urlencoded"
    );
    let body = request.body.expect("a body");
    let body = String::from_utf8_lossy(&body).replace("%20", "+");
    assert_eq!(body, "kind=j%2Bx%26y&scope=a+b&meta%5Ba%5D=1");
    let least = api().grant("k", None, None).request().expect("a request");
    assert_eq!(least.body.expect("a body"), "kind=k");
}

#[test]
fn bytes_go_as_they_are() {
    let request = api()
        .upload(Bytes::from_static(b"\x89PNG"))
        .request()
        .expect("a request");
    assert_eq!(request.headers["content-type"], "image/png");
    assert_eq!(request.body.expect("a body"), &b"\x89PNG"[..]);
}
