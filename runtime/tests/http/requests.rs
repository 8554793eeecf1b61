//! What goes over the wire.

use crate::{
    endpoints::{API, GET, POST, builder, client, endpoint, send},
    server::{Reply, Server},
};
use perennial::{
    __v1::{Api, Endpoint, Request, Style},
    ByteStream, Bytes, Client, RefreshEndpoint, Session,
};
use serde::Serialize;
use serde_json::json;

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Order {
    Rising,
}

#[tokio::test]
async fn a_request_with_everything() {
    static EVERYTHING: Endpoint = Endpoint {
        headers: &[("x-method", "m"), ("x-both", "method")],
        ..endpoint("ShopApi::all", "PATCH", "/users/{id}/f/{*rest}?fixed=1")
    };
    let server = Server::always(Reply::new(204)).await;
    let client = builder(&format!("{}/base/", server.url))
        .header("x-client", "c")
        .header("x-both", "client")
        .header("cookie", "theme=dark")
        .build()
        .unwrap();
    let call = send(&client, &EVERYTHING, |r| {
        r.path("a/b");
        r.path("c/d e");
        r.query("q", "x&y");
        r.query("none", &None::<u8>);
        r.query("order", &Order::Rising);
        r.query_style("ids", &[1, 2], Style::Csv);
        r.query_all(&json!({"page": 2}));
        r.header("x-list", &["a", "b"]);
        r.header("x-none", &None::<&str>);
        r.cookie("sid", "s;1");
        r.cookie("n", &7);
        r.json(&json!({"name": "n"}));
    });
    call.header("x-call", "call")
        .query("late", "1")
        .await
        .unwrap();
    let seen = server.last();
    let query = "fixed=1&q=x%26y&order=rising&ids=1,2&page=2&late=1";
    assert_eq!(
        seen.line(),
        format!("PATCH /base/users/a%2Fb/f/c/d%20e?{query}")
    );
    assert_eq!(seen.body, r#"{"name":"n"}"#);
    for (name, value) in [
        ("x-method", Some("m")),
        ("x-client", Some("c")),
        ("x-both", Some("method")),
        ("x-list", Some("a,b")),
        ("x-none", None),
        ("x-call", Some("call")),
        ("cookie", Some("theme=dark; sid=s%3B1; n=7")),
        ("content-type", Some("application/json")),
        ("accept", Some("*/*")),
        ("referer", None),
        ("authorization", None),
    ] {
        assert_eq!(seen.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn nearer_headers_count_more() {
    static NEAR: Api = Api {
        headers: &[("x-1", "trait"), ("x-2", "trait"), ("X-3", "trait")],
        ..API
    };
    static METHOD: Endpoint = Endpoint {
        headers: &[
            ("x-3", "method"),
            ("content-type", "application/merge-patch+json"),
        ],
        ..Endpoint::new(&NEAR, "NearApi::post", "POST", "/")
    };
    let server = Server::always(Reply::new(200)).await;
    let client = builder(&server.url)
        .header("x-2", "builder")
        .header("x-3", "b")
        .build()
        .unwrap();
    let call = send(&client, &METHOD, |r| {
        r.header("x-4", "argument");
        r.json(&1);
    });
    call.header("x-4", "call").await.unwrap();
    let seen = server.last();
    let found: Vec<_> = ["x-1", "x-2", "x-3", "x-4"]
        .map(|name| seen.header(name))
        .to_vec();
    assert_eq!(
        found,
        [Some("trait"), Some("builder"), Some("method"), Some("call")]
    );
    assert_eq!(
        seen.header("content-type"),
        Some("application/merge-patch+json")
    );
    assert_eq!(
        seen.headers
            .iter()
            .filter(|(name, _)| name == "x-3")
            .count(),
        1
    );
}

#[tokio::test]
async fn bodies() {
    let server = Server::always(Reply::new(200)).await;
    let client = client(&server.url);
    let form = "application/x-www-form-urlencoded";

    send(&client, &POST, |r| {
        r.form(&json!({"a": "x y", "b": {"c": [1, 2]}}))
    })
    .await
    .unwrap();
    let seen = server.last();
    assert_eq!(seen.body, "a=x%20y&b%5Bc%5D%5B%5D=1&b%5Bc%5D%5B%5D=2");
    assert_eq!(seen.header("content-type"), Some(form));

    send(&client, &POST, |r| {
        r.field("grant_type", "refresh");
        r.field_style("ids", &[1, 2], Style::Csv);
        r.field("none", &None::<u8>);
    })
    .await
    .unwrap();
    assert_eq!(server.last().body, "grant_type=refresh&ids=1,2");

    send(&client, &POST, |r| r.body("a,b\n", "text/csv"))
        .await
        .unwrap();
    let seen = server.last();
    assert_eq!(
        (&*seen.body, seen.header("content-type")),
        ("a,b\n", Some("text/csv"))
    );
    assert_eq!(seen.header("content-length"), Some("4"));

    // RFC 9110, section 8.6: no body is said, where a body is expected.
    for empty in [|_: &mut _| {}, |r: &mut Request| r.form(&json!({}))] {
        send(&client, &POST, empty).await.unwrap();
        let seen = server.last();
        assert_eq!(
            (&*seen.body, seen.header("content-length")),
            ("", Some("0"))
        );
    }
    send(&client, &GET, |_| {}).await.unwrap();
    assert_eq!(server.last().header("content-length"), None);

    let rows = ByteStream::from_iter([Bytes::from("1\n"), Bytes::from("2\n")]);
    send(&client, &POST, |r| r.body(rows, "text/csv"))
        .await
        .unwrap();
    let seen = server.last();
    assert_eq!(
        (&*seen.body, seen.header("transfer-encoding")),
        ("1\n2\n", Some("chunked"))
    );
}

#[tokio::test]
async fn a_url_of_the_callers() {
    static NEXT: Endpoint = endpoint("ShopApi::next", "GET", "");
    let server = Server::always(Reply::new(200)).await;
    let client = client(&format!("{}/v1", server.url));
    for (url, line) in [
        ("page?after=1".to_owned(), "GET /v1/page?after=1&limit=2"),
        ("/top".to_owned(), "GET /top?limit=2"),
        (format!("{}/x", server.url), "GET /x?limit=2"),
    ] {
        send(&client, &NEXT, |r| {
            r.url(&url);
            r.query("limit", &2);
        })
        .await
        .unwrap();
        assert_eq!(server.last().line(), line);
    }
    let error = send(&client, &NEXT, |r| r.url("http://example.com/"))
        .await
        .unwrap_err();
    assert!(error.is_request());
    assert_eq!(
        error.to_string(),
        "found http://example.com, expected https (or `.allow_plain_http()` on the builder)"
    );
}

#[tokio::test]
async fn the_trait_says_where_it_lives() {
    static TENANTS: Api = Api {
        path: "/v1/{tenant}",
        ..Api::new("TenantApi")
    };
    static LIST: Endpoint = Endpoint::new(&TENANTS, "TenantApi::list", "GET", "/users");
    let server = Server::always(Reply::new(200)).await;
    let client = builder(&server.url)
        .path_value("tenant", "a b")
        .build()
        .unwrap();
    send(&client, &LIST, |_| {}).await.unwrap();
    assert_eq!(server.last().line(), "GET /v1/a%20b/users");

    let client = builder(&server.url).build().unwrap();
    let error = send(&client, &LIST, |_| {}).await.unwrap_err();
    let expected = "TenantApi::list: `{tenant}` has no value, \
                    expected `.path_value(\"tenant\", …)` on the builder";
    assert_eq!(error.to_string(), expected);

    let nowhere = Client::builder().build().unwrap();
    let error = send(&nowhere, &GET, |_| {}).await.unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("ShopApi: no base URL, expected"),
        "{error}"
    );
}

#[tokio::test]
async fn what_cannot_be_built_is_answered_and_nothing_is_sent() {
    static USER: Endpoint = endpoint("ShopApi::user", "GET", "/users/{id}");
    let server = Server::always(Reply::new(200)).await;
    let client = client(&server.url);
    let secret = "se\ncret";
    for (call, expected) in [
        (
            send(&client, &USER, |r| r.path("..")),
            "ShopApi::user: the path segment `{id}` became `.` or `..`",
        ),
        (
            send(&client, &USER, |_| {}),
            "ShopApi::user: `{id}` has no value",
        ),
        (
            send(&client, &GET, |r| r.header("x-a", secret)),
            "ShopApi::get: the header `x-a` cannot be sent: \
             found a character that a header cannot carry",
        ),
        (
            send(&client, &GET, |_| {}).header("a b", "v"),
            "ShopApi::get: the header `a b` cannot be sent: this is no header name",
        ),
        (
            send(&client, &GET, |r| r.query("q", &json!({"a": {"b": 1}}))),
            "ShopApi::get: the query parameter `q` cannot be sent: \
             found nested values, which need `style = deepObject`",
        ),
        (
            send(&client, &POST, |r| {
                r.json(&std::collections::BTreeMap::from([(vec![1], 1)]))
            }),
            "the body cannot be JSON",
        ),
    ] {
        let error = call.await.unwrap_err();
        assert!(error.is_request());
        assert_eq!(error.to_string(), expected);
        assert!(!format!("{error:?}").contains("cret"));
    }
    assert_eq!(server.seen().len(), 0);
}

#[test]
fn builders_say_what_does_not_fit() {
    let check = |builder: perennial::Builder, expected: &str| {
        let error = builder.build().unwrap_err();
        assert!(error.is_request());
        assert!(error.to_string().contains(expected), "{error}");
    };
    check(builder("example.com"), "the base URL `example.com` is none");
    check(builder("ftp://example.com"), "is neither http nor https");
    check(
        builder("https://example.com?a=b"),
        "has a query or a fragment",
    );
    check(
        builder("http://example.com"),
        "expected https (or `.allow_plain_http()`",
    );
    check(
        builder("https://example.com").allow_origin("http://example.com"),
        "expected https",
    );
    check(
        builder("https://example.com").header("x", "a\nb"),
        "the header `x` cannot be sent",
    );
    let server = "https://{tenant}.example.com";
    check(
        Client::builder().server(server, &[("tenant", "a/")]),
        "the variable `tenant` expects",
    );
    for fine in [
        "http://localhost:1",
        "http://127.0.0.2",
        "http://[::1]:80",
        "http://a.localhost",
    ] {
        builder(fine).build().unwrap();
    }
    builder("http://example.com")
        .allow_plain_http()
        .build()
        .unwrap();
}

#[tokio::test]
async fn the_hook_builds_both_clients() {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };
    static TOKEN: Endpoint = endpoint("ShopApi::token", "POST", "/token");
    const REFRESH: RefreshEndpoint =
        RefreshEndpoint::new(&TOKEN, |_, _| {}, |reply| Ok(reply.text().into()));
    let built = Arc::new(AtomicUsize::new(0));
    let count = built.clone();
    let with_hook = move |builder: perennial::Builder| {
        let count = count.clone();
        builder.http(move |http| {
            count.fetch_add(1, Ordering::SeqCst);
            http.user_agent("hooked/1")
        })
    };
    let server = Server::always(Reply::new(200)).await;
    let client = with_hook(builder(&server.url)).build().unwrap();
    send(&client, &GET, |_| {}).await.unwrap();
    assert_eq!(server.last().header("user-agent"), Some("hooked/1"));
    assert_eq!(built.load(Ordering::SeqCst), 1);
    let session = Session::new("A1");
    with_hook(builder(&server.url))
        .session(session)
        .refresh(REFRESH)
        .build()
        .unwrap();
    assert_eq!(built.load(Ordering::SeqCst), 3);
}
