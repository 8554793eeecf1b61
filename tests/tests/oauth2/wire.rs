//! What goes to the token endpoint.

use crate::endpoint::{Asked, Endpoint, json};
use perennial::{
    Gate, OAuth2, OAuth2Access, RefreshAsk, RefreshFailure, Refresher, Secret, Session,
};
use perennial_tests::run;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

const GOOD: &str = r#"{"access_token":"A2","refresh_token":"R2","token_type":"bearer"}"#;

fn ask() -> RefreshAsk {
    RefreshAsk::new("R1+/=", Gate::open(), Duration::from_secs(60))
}

/// What one refresh sends.
async fn sent(configure: impl FnOnce(OAuth2) -> OAuth2) -> Asked {
    let endpoint = Endpoint::answering([json(200, GOOD)]).await;
    let refresher = configure(OAuth2::new(endpoint.token_url(), "my app"));
    let tokens = refresher.refresh(ask()).await.expect("it is answered");
    assert_eq!(tokens.access().expose(), "A2");
    assert_eq!(tokens.refresh().map(Secret::expose), Some("R2"));
    endpoint.last()
}

#[test]
fn a_public_client_says_its_name_in_the_form() {
    run(async {
        let asked = sent(|refresher| refresher).await;
        assert_eq!(
            asked.form,
            [
                ("grant_type".to_owned(), "refresh_token".to_owned()),
                ("refresh_token".to_owned(), "R1+/=".to_owned()),
                ("client_id".to_owned(), "my app".to_owned()),
            ]
        );
        assert_eq!(asked.header("authorization"), None);
        assert_eq!(asked.header("accept"), Some("application/json"));
        assert_eq!(
            asked.header("content-type"),
            Some("application/x-www-form-urlencoded")
        );
        assert!(asked.head.starts_with("POST /token HTTP/1.1\r\n"));
    });
}

#[test]
fn basic_and_post_authenticate_the_client() {
    run(async {
        let asked = sent(|refresher| refresher.client_secret_basic("s:1")).await;
        // base64("my+app:s%3A1"), by RFC 6749, section 2.3.1.
        assert_eq!(
            asked.header("authorization"),
            Some("Basic bXkrYXBwOnMlM0Ex")
        );
        assert!(asked.all("client_id").is_empty() && asked.all("client_secret").is_empty());

        let asked = sent(|refresher| refresher.client_secret_post("s:1")).await;
        assert_eq!(asked.header("authorization"), None);
        assert_eq!(asked.all("client_id"), ["my app"]);
        assert_eq!(asked.all("client_secret"), ["s:1"]);
    });
}

#[test]
fn scopes_resources_and_parameters_of_ones_own() {
    run(async {
        let asked = sent(|refresher| {
            refresher
                .scopes(["a.read", "b"])
                .resource("https://x.example")
                .resource("https://y.example")
                .parameter("audience", "shop")
                .parameter("audience", "orders")
        })
        .await;
        assert_eq!(asked.all("scope"), ["a.read b"]);
        assert_eq!(
            asked.all("resource"),
            ["https://x.example", "https://y.example"]
        );
        assert_eq!(asked.all("audience"), ["orders"]);

        let none: [&str; 0] = [];
        let asked = sent(|refresher| refresher.scopes(none)).await;
        assert!(asked.all("scope").is_empty(), "an empty scope is none");
    });
}

#[test]
fn the_users_hook_builds_the_client_and_undoes_nothing() {
    run(async {
        let elsewhere = Endpoint::answering([json(200, GOOD)]).await;
        let to = format!(
            "HTTP/1.1 307 X\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n",
            elsewhere.token_url()
        );
        let endpoint = Endpoint::answering([to]).await;
        let refresher = OAuth2::new(endpoint.token_url(), "app").http(|http| {
            http.user_agent("hooked")
                .redirect(reqwest::redirect::Policy::limited(5))
        });
        let failure = refresher.refresh(ask()).await.expect_err("a redirect");
        assert!(
            matches!(failure, RefreshFailure::Answered(_)),
            "{failure:?}"
        );
        assert_eq!(endpoint.last().header("user-agent"), Some("hooked"));
        assert!(elsewhere.asked().is_empty(), "the token went elsewhere");
    });
}

/// The whole chain of what went wrong.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

#[test]
fn what_cannot_be_sent_is_said_and_not_sent() {
    let app = |url: &str| OAuth2::new(url, "app");
    let cases = [
        (app("/token"), "is none"),
        (app("ftp://x.example/token"), "neither http nor https"),
        (app("http://x.example/token"), "expected https"),
        (app("https://x.example/token#top"), "has a fragment"),
        (
            app("https://u:hunter2@x.example/token"),
            "user name or password",
        ),
        (
            OAuth2::new("https://x.example/token", ""),
            "client id is empty",
        ),
        (
            app("https://x.example/token").client_secret_post(""),
            "client secret is empty",
        ),
        (
            app("https://x.example/token").parameter("grant_type", "password"),
            "found a parameter `grant_type`",
        ),
        (
            app("https://x.example/token").partition(
                "y",
                OAuth2Access::new().parameter("client_secret", "hunter2"),
            ),
            "found a parameter `client_secret`",
        ),
        (
            app("https://x.example/token").client_credentials(),
            "without credentials",
        ),
    ];
    run(async {
        for (refresher, expected) in cases {
            let refresher = Arc::new(refresher);
            let session = Session::builder().refresh_with(refresher.clone()).build();
            let refused = chain(&session.expect_err(expected));
            assert!(refused.contains(expected), "{refused}");
            let failure = refresher.refresh(ask()).await.expect_err(expected);
            assert!(matches!(failure, RefreshFailure::NotSent(_)), "{failure:?}");
            let said = chain(&failure);
            assert!(said.contains(expected), "{said}");
            assert!(!said.contains("hunter2"), "{said}");
        }
    });
}

#[test]
fn debug_shows_no_secret() {
    let refresher = OAuth2::new("https://x.example/token?key=hunter2", "app")
        .client_secret_basic("hunter2")
        .parameter("client_assertion", "hunter2")
        .partition("y", OAuth2Access::new().parameter("password", "hunter2"));
    let shown = format!("{refresher:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    for told in [
        "https://x.example/token",
        "app",
        "Basic",
        "client_assertion",
    ] {
        assert!(shown.contains(told), "{shown}");
    }
}
