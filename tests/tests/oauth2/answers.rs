//! What the token endpoint answers, and what becomes of the session.

use crate::endpoint::{Endpoint, json, whole};
use perennial::{
    Call, Error, ExpiredReason, OAuth2, RefreshErrorKind, Secret, Session, Tokens, api_client,
};
use perennial_tests::clock::Hands;
use perennial_tests::run;
use std::error::Error as _;
use std::time::Duration;

#[api_client(auth = bearer)]
pub(crate) trait MeApi: Send + Sync {
    #[get("/me")]
    fn me(&self) -> Call<String>;
}

const GOOD: &str = r#"{"access_token":"A2","refresh_token":"R2","token_type":"Bearer"}"#;

/// A session whose A1 the API does not take any more, and a server with these answers.
struct World {
    endpoint: Endpoint,
    session: Session,
    api: MeApiClient,
    clock: Hands,
}

impl World {
    async fn new(answers: &[String], configure: impl FnOnce(OAuth2) -> OAuth2) -> Self {
        let endpoint = Endpoint::answering(answers.to_vec()).await;
        endpoint.takes("A2");
        let clock = Hands::new();
        let refresher = configure(OAuth2::new(endpoint.token_url(), "app"));
        let session = Session::builder()
            .tokens(Tokens::new("A1").refresh_token("R1"))
            .refresh_with(refresher)
            .clock(clock.clone())
            .build()
            .expect("the defaults fit together");
        let client = MeApiClient::builder()
            .base_url(&endpoint.url)
            .session(session.clone());
        Self {
            api: client.build().expect("a client can be built"),
            endpoint,
            session,
            clock,
        }
    }

    fn held(&self) -> Option<(String, Option<String>)> {
        let tokens = self.session.tokens()?;
        let refresh = tokens.refresh().map(|token| token.expose().to_owned());
        Some((tokens.access().expose().to_owned(), refresh))
    }
}

fn pair(access: &str, refresh: &str) -> Option<(String, Option<String>)> {
    Some((access.to_owned(), Some(refresh.to_owned())))
}

fn said(error: &perennial::RefreshError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}

/// The answer keeps the session with the tokens it had, whoever called is told `kind` and words
/// that hold `told`, and once the pause is over the session renews itself.
async fn keeps(answer: String, kind: RefreshErrorKind, told: &str) {
    let world = World::new(&[answer.clone(), json(200, GOOD)], |refresher| refresher).await;
    match world.api.me().await {
        Err(Error::Refresh(error)) => {
            assert_eq!(error.kind(), kind, "{answer}");
            assert!(said(&error).contains(told), "{answer}: {}", said(&error));
            assert!(!said(&error).contains("R9"), "{}", said(&error));
        }
        other => panic!("{answer}: expected a failed refresh, found {other:?}"),
    }
    assert_eq!(world.held(), pair("A1", "R1"), "{answer}");
    world.clock.advance_secs(31);
    world.api.me().await.expect("the kept token renews it");
    assert_eq!(world.held(), pair("A2", "R2"), "{answer}");
    assert_eq!(world.endpoint.asked().len(), 2, "{answer}");
}

#[test]
fn bad_answers_keep_the_session() {
    use RefreshErrorKind::{Protocol, Server, Throttled, Transport};
    let html = |status| {
        whole(
            status,
            "content-type: text/html; charset=utf-8\r\n",
            "<html>",
        )
    };
    let error = |status, word: &str| json(status, &format!(r#"{{"error":"{word}"}}"#));
    let torn = json(200, r#"{"access_token":"A9","refresh_token":"R9"}"#);
    let torn = torn[..torn.len() - 10].to_owned();
    let endless = format!(r#"{{"access_token":"A9","x":"{}"}}"#, "x".repeat(1 << 20));
    let cases = [
        (html(200), Protocol, "found text/html"),
        (html(503), Server, "503"),
        (html(502), Server, "502"),
        (torn, Transport, "sent and not answered"),
        (
            json(200, r#"{"refresh_token":"R9"}"#),
            Protocol,
            "no `access_token`",
        ),
        (
            json(200, r#"{"access_token":"A9","refr"#),
            Protocol,
            "application/json",
        ),
        (json(200, "[]"), Protocol, "object with an access token"),
        (
            json(200, r#"{"access_token":""}"#),
            Protocol,
            "no `access_token`",
        ),
        (json(204, ""), Protocol, "expected JSON"),
        (error(401, "invalid_client"), Server, "invalid_client"),
        (error(400, "invalid_scope"), Server, "invalid_scope"),
        (
            error(400, "unauthorized_client"),
            Server,
            "unauthorized_client",
        ),
        (error(400, "of_its_own"), Server, "400"),
        (error(403, "access_denied"), Server, "403"),
        (error(500, "invalid_grant"), Server, "500"),
        (json(400, "{}"), Server, "400"),
        (json(401, ""), Server, "401"),
        (json(429, "{}"), Throttled, "429"),
        (error(200, "bad_verification_code"), Protocol, "200"),
        (
            json(
                200,
                r#"{"access_token":"A9","refresh_token":"R9","token_type":"DPoP"}"#,
            ),
            Protocol,
            "found the token type `DPoP`, expected `Bearer`",
        ),
        (
            json(200, r#"{"access_token":"A9","token_type":"R9 \u0007"}"#),
            Protocol,
            "that is no name",
        ),
        (String::new(), Transport, "sent and not answered"),
        (json(200, &endless), Protocol, "longer than 1 MiB"),
    ];
    run(async {
        for (answer, kind, told) in cases {
            keeps(answer, kind, told).await;
        }
    });
}

#[test]
fn only_invalid_grant_ends_the_session() {
    run(async {
        let rejected = |status| {
            json(
                status,
                r#"{"error":"invalid_grant","error_description":"R9"}"#,
            )
        };
        for answer in [rejected(400), rejected(401), rejected(200)] {
            let world = World::new(std::slice::from_ref(&answer), |refresher| refresher).await;
            match world.api.me().await {
                Err(Error::SessionExpired(end)) => {
                    assert_eq!(end.reason(), ExpiredReason::Rejected, "{answer}");
                }
                other => panic!("{answer}: expected the session's end, found {other:?}"),
            }
            assert_eq!(world.held(), None);
        }
    });
}

#[test]
fn a_servers_own_word_for_it_is_known_when_it_was_said() {
    let own = json(200, r#"{"error":"bad_refresh_token"}"#);
    run(async {
        let world = World::new(&[own], |refresher| {
            refresher.rejected_errors(["bad_refresh_token"])
        })
        .await;
        let ended = world.api.me().await;
        assert!(matches!(ended, Err(Error::SessionExpired(_))), "{ended:?}");
    });
}

#[test]
fn retry_after_is_honoured() {
    let busy = whole(429, "retry-after: 120\r\n", "{}");
    run(async {
        let world = World::new(&[busy, json(200, GOOD)], |refresher| refresher).await;
        let asked = |world: &World| world.endpoint.asked().len();
        assert!(matches!(world.api.me().await, Err(Error::Refresh(_))));
        world.clock.advance_secs(119);
        assert!(matches!(world.api.me().await, Err(Error::Refresh(_))));
        assert_eq!(asked(&world), 1, "it was asked again too early");
        world.clock.advance_secs(1);
        world.api.me().await.expect("it may be asked again");
        assert_eq!(asked(&world), 2);
    });
}

#[test]
fn an_expiry_that_makes_no_sense_is_unknown() {
    run(async {
        for expiry in ["-1", "0", "\"soon\"", "[]", "null", "\"-3600\""] {
            let answer =
                format!(r#"{{"access_token":"A2","refresh_token":"R2","expires_in":{expiry}}}"#);
            let world = World::new(&[json(200, &answer)], |refresher| refresher).await;
            for _ in 0..3 {
                world.api.me().await.expect("the new token is used");
                world.clock.advance(Duration::from_secs(86_400));
            }
            assert_eq!(world.held(), pair("A2", "R2"), "{expiry}");
            assert_eq!(world.endpoint.asked().len(), 1, "{expiry}: a loop");
        }
    });
}

#[test]
fn a_lifetime_as_text_counts() {
    let first = r#"{"access_token":"A2","refresh_token":"R2","expires_in":"3600"}"#;
    let second = r#"{"access_token":"A2","expires_in":3600.0}"#;
    run(async {
        let world = World::new(&[json(200, first), json(200, second)], |own| own).await;
        world.api.me().await.expect("the new token is used");
        world.clock.advance_secs(3601);
        world.api.me().await.expect("it is renewed by the clock");
        let presented: Vec<_> = world.endpoint.asked();
        let presented: Vec<_> = presented
            .iter()
            .flat_map(|asked| asked.all("refresh_token"))
            .collect();
        assert_eq!(presented, ["R1", "R2"]);
        assert_eq!(
            world.held(),
            pair("A2", "R2"),
            "no new refresh token: the old one stays"
        );
    });
}

#[test]
fn a_token_type_of_the_apis_own_is_taken_when_it_was_said() {
    let own = json(
        200,
        r#"{"access_token":"A2","refresh_token":"R2","token_type":"bot"}"#,
    );
    run(async {
        let world = World::new(&[own], |refresher| refresher.token_type("Bot")).await;
        world.api.me().await.expect("the API takes it");
        assert_eq!(world.held(), pair("A2", "R2"));
    });
}

#[test]
fn a_hundred_callers_one_post() {
    run(async {
        let world = World::new(&[json(200, GOOD)], |refresher| refresher).await;
        let calls: Vec<_> = (0..100).map(|_| tokio::spawn(world.api.me())).collect();
        for call in calls {
            let answered = call.await.expect("no panic").expect("it is answered");
            assert_eq!(answered, "me");
        }
        assert_eq!(world.endpoint.asked().len(), 1);
        let tokens = world.session.tokens().expect("signed in");
        assert_eq!(tokens.refresh().map(Secret::expose), Some("R2"));
    });
}
