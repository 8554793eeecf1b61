//! Against a real authorization server that rotates refresh tokens and revokes a family whose
//! spent token comes again.

use perennial::{Error, ExpiredReason, OAuth2, OAuth2Access, Secret, Session, Tokens};
use perennial_tests::clock::Hands;
use perennial_tests::oidc::{ApiClient, CLI, Client, Oidc, WEB};
use perennial_tests::run;
use std::time::Duration;

const LIFETIME: Duration = Duration::from_secs(3600);

fn refresher(server: &Oidc, client: Client) -> OAuth2 {
    let refresher = OAuth2::new(server.token_url(), client.id);
    match client.secret {
        "" => refresher,
        secret => refresher.client_secret_basic(secret),
    }
}

fn signed_in(server: &Oidc, client: Client, tokens: Tokens) -> (ApiClient, Session, Hands) {
    let clock = Hands::new();
    let session = Session::builder()
        .tokens(tokens)
        .refresh_with(refresher(server, client))
        .clock(clock.clone())
        .build()
        .expect("the defaults fit together");
    let api = ApiClient::builder()
        .base_url(server.issuer())
        .session(session.clone())
        .build()
        .expect("a client can be built");
    (api, session, clock)
}

#[test]
fn ten_expiries_with_and_without_a_secret() {
    if !Oidc::there("ten_expiries_with_and_without_a_secret") {
        return;
    }
    run(async {
        let server = Oidc::start(LIFETIME);
        for client in [WEB, CLI] {
            let tokens = server.sign_in(client).await;
            let (api, session, clock) = signed_in(&server, client, tokens);
            let mut seen = Vec::new();
            for _ in 0..10 {
                clock.advance(LIFETIME);
                let calls: Vec<_> = (0..8).map(|_| tokio::spawn(api.whose())).collect();
                for call in calls {
                    let whose = call.await.expect("no panic").expect("it is answered");
                    assert_eq!(whose.client, client.id);
                    assert_eq!(whose.user.as_deref(), Some("user-1"));
                }
                let tokens = session.tokens().expect("signed in");
                let refresh = tokens.refresh().map(Secret::expose).map(str::to_owned);
                assert!(!seen.contains(&refresh), "the server rotates");
                seen.push(refresh);
            }
        }
        let figures = server.figures();
        assert_eq!(
            (figures.presented, figures.rotated),
            (20, 20),
            "{figures:?}"
        );
        assert_eq!((figures.repeated, figures.revoked), (0, 0), "{figures:?}");
    });
}

#[test]
fn a_401_of_the_server_renews_the_session() {
    if !Oidc::there("a_401_of_the_server_renews_the_session") {
        return;
    }
    run(async {
        let server = Oidc::start(LIFETIME);
        let tokens = server.sign_in(CLI).await;
        let refresh = tokens.refresh().expect("a refresh token").clone();
        let revoked = Tokens::new("revoked").refresh_token(refresh);
        let (api, _, _) = signed_in(&server, CLI, revoked);
        api.whose().await.expect("it is renewed and sent again");
        assert_eq!(server.figures().rotated, 1);
    });
}

/// That the log would tell, and that the server means it.
#[test]
fn a_spent_token_is_seen_and_ends_the_session() {
    if !Oidc::there("a_spent_token_is_seen_and_ends_the_session") {
        return;
    }
    run(async {
        let server = Oidc::start(LIFETIME);
        let tokens = server.sign_in(CLI).await;
        let (api, first, clock) = signed_in(&server, CLI, tokens.clone());
        clock.advance(LIFETIME);
        api.whose().await.expect("the first one renews");
        let (thief, second, clock) = signed_in(&server, CLI, tokens);
        clock.advance(LIFETIME);
        match thief.whose().await {
            Err(Error::SessionExpired(end)) => assert_eq!(end.reason(), ExpiredReason::Rejected),
            other => panic!("expected the session's end, found {other:?}"),
        }
        assert!(second.tokens().is_none());
        let figures = server.figures();
        assert_eq!((figures.presented, figures.rotated), (2, 1), "{figures:?}");
        assert_eq!((figures.spent, figures.revoked), (1, 1), "{figures:?}");
        let ended = api.whose().await;
        assert!(matches!(ended, Err(Error::SessionExpired(_))), "{ended:?}");
        assert!(first.tokens().is_none());
    });
}

#[test]
fn a_wrong_secret_keeps_the_session() {
    if !Oidc::there("a_wrong_secret_keeps_the_session") {
        return;
    }
    run(async {
        let server = Oidc::start(LIFETIME);
        let tokens = server.sign_in(WEB).await;
        let wrong = Client {
            secret: "another",
            ..WEB
        };
        let (api, session, clock) = signed_in(&server, wrong, tokens.clone());
        clock.advance(LIFETIME);
        let refused = api.whose().await;
        assert!(matches!(refused, Err(Error::Refresh(_))), "{refused:?}");
        assert!(session.tokens().is_some());
        let (api, _, clock) = signed_in(&server, WEB, tokens);
        clock.advance(LIFETIME);
        api.whose().await.expect("the very token renews it");
    });
}

/// Each access token is for one resource; the refresh token is one for all of them, and no
/// partition spends what another one has spent.
#[test]
fn partitions_get_tokens_for_their_resource_from_one_refresh_token() {
    if !Oidc::there("partitions_get_tokens_for_their_resource_from_one_refresh_token") {
        return;
    }
    run(async {
        let server = Oidc::start(LIFETIME);
        let tokens = server.sign_in(CLI).await;
        let clock = Hands::new();
        let resource = |url: &str| OAuth2Access::new().resource(url).scopes(["orders.read"]);
        let session = Session::builder()
            .tokens(tokens)
            .refresh_with(
                refresher(&server, CLI)
                    .partition("x", resource("https://x.example"))
                    .partition("y", resource("https://y.example")),
            )
            .clock(clock.clone())
            .build()
            .expect("the defaults fit together");
        let apis = ["x", "y"].map(|name| {
            let session = session.partition(name);
            let builder = ApiClient::builder().base_url(server.issuer());
            builder
                .session(session)
                .build()
                .expect("a client can be built")
        });
        for round in 1..=3 {
            let calls: Vec<_> = (0..8)
                .map(|at| tokio::spawn(apis[at % 2].whose()))
                .collect();
            for (at, call) in calls.into_iter().enumerate() {
                let whose = call.await.expect("no panic").expect("it is answered");
                let audience = ["https://x.example", "https://y.example"][at % 2];
                assert_eq!(whose.audience.as_deref(), Some(audience));
            }
            assert_eq!(server.figures().rotated, round * 2);
            clock.advance(LIFETIME);
        }
        let figures = server.figures();
        assert_eq!((figures.repeated, figures.revoked), (0, 0), "{figures:?}");
        let unknown = session.partition("z");
        let api = ApiClient::builder()
            .base_url(server.issuer())
            .session(unknown);
        match api.build().expect("a client can be built").whose().await {
            Err(Error::Refresh(error)) => {
                let cause = std::error::Error::source(&error).expect("a cause");
                let why = std::error::Error::source(cause)
                    .expect("its cause")
                    .to_string();
                assert!(why.contains("the partition `z` is not known"), "{why}");
            }
            other => panic!("expected a failed refresh, found {other:?}"),
        }
    });
}
