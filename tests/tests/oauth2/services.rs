//! The client-credentials grant: nobody signs in, nothing is spent.

use crate::endpoint::{Endpoint, json};
use perennial::{Error, FileStore, OAuth2, OAuth2Access, Session, SessionBuilder, SessionState};
use perennial_tests::clock::Hands;
use perennial_tests::folder::Folder;
use perennial_tests::oidc::{ApiClient, Oidc, SERVICE};
use perennial_tests::run;
use std::time::Duration;

const LIFETIME: Duration = Duration::from_secs(3600);

fn refresher(token_url: String) -> OAuth2 {
    OAuth2::new(token_url, SERVICE.id)
        .client_secret_post(SERVICE.secret)
        .client_credentials()
}

fn client(url: &str, session: SessionBuilder) -> (ApiClient, Session) {
    let session = session.build().expect("the options fit together");
    let api = ApiClient::builder()
        .base_url(url)
        .session(session.clone())
        .build();
    (api.expect("a client can be built"), session)
}

fn store(folder: &Folder) -> FileStore {
    FileStore::new(folder.path("token.json"))
}

#[test]
fn the_first_call_gets_the_token_and_everyone_shares_it() {
    if !Oidc::there("the_first_call_gets_the_token_and_everyone_shares_it") {
        return;
    }
    run(async {
        let server = Oidc::start(LIFETIME);
        let clock = Hands::new();
        let session = Session::builder()
            .refresh_with(refresher(server.token_url()))
            .clock(clock.clone());
        let (api, session) = client(server.issuer(), session);
        assert_eq!(server.figures().services, 0, "not before it is needed");
        for round in 1..=3 {
            let calls: Vec<_> = (0..16).map(|_| tokio::spawn(api.whose())).collect();
            for call in calls {
                let whose = call.await.expect("no panic").expect("it is answered");
                assert_eq!((whose.client.as_str(), whose.user), (SERVICE.id, None));
            }
            assert_eq!(server.figures().services, round);
            clock.advance(LIFETIME);
        }
        assert_eq!(server.figures().presented, 0, "there is no refresh token");
        let tokens = session.tokens().expect("it has a token");
        assert!(tokens.refresh().is_none());
    });
}

#[test]
fn processes_share_one_token_through_the_store() {
    if !Oidc::there("processes_share_one_token_through_the_store") {
        return;
    }
    run(async {
        let server = Oidc::start(LIFETIME);
        let folder = Folder::new();
        // Each has a store of its own over the same file, as processes have.
        let processes: Vec<_> = (0..3)
            .map(|_| {
                let session = Session::builder().store(store(&folder));
                let session = session.refresh_with(refresher(server.token_url()));
                client(server.issuer(), session)
            })
            .collect();
        let calls: Vec<_> = (0..4)
            .flat_map(|_| processes.iter().map(|(api, _)| tokio::spawn(api.whose())))
            .collect();
        for call in calls {
            call.await.expect("no panic").expect("it is answered");
        }
        assert_eq!(server.figures().services, 1);
        for (_, session) in &processes {
            session.close().await;
        }
        // One that starts later finds it.
        let session = Session::builder().store(store(&folder));
        let (api, _) = client(
            server.issuer(),
            session.refresh_with(refresher(server.token_url())),
        );
        api.whose().await.expect("it is answered");
        assert_eq!(server.figures().services, 1);
    });
}

#[test]
fn a_store_that_lost_the_token_signs_nobody_out() {
    run(async {
        let good = json(200, r#"{"access_token":"A2","expires_in":3600}"#);
        let endpoint = Endpoint::answering([good.clone(), good]).await;
        endpoint.takes("A2");
        let folder = Folder::new();
        let clock = Hands::new();
        let session = Session::builder()
            .store(store(&folder))
            .clock(clock.clone())
            .refresh_with(refresher(endpoint.token_url()));
        let (api, session) = client(&endpoint.url, session);
        let answered = async || api.whose().raw().await.map(|answer| answer.status.as_u16());
        assert_eq!(answered().await.expect("an answer"), 200);
        session.close().await;
        std::fs::remove_file(folder.path("token.json")).expect("it was written");
        clock.advance(LIFETIME);
        assert_eq!(answered().await.expect("an answer"), 200);
        assert_eq!(endpoint.asked().len(), 2);
        assert_eq!(session.state(), SessionState::Active);
    });
}

#[test]
fn whatever_is_refused_or_lost_is_asked_for_again() {
    let error = |status, word: &str| json(status, &format!(r#"{{"error":"{word}"}}"#));
    let answers = [
        error(400, "invalid_grant"),
        error(401, "invalid_client"),
        String::new(),
        error(402, "pay_first"),
        json(500, ""),
        json(500, ""),
        json(500, ""),
        json(200, "<html>"),
        String::new(),
        json(200, r#"{"access_token":"A2","refresh_token":"R9"}"#),
    ];
    run(async {
        let count = answers.len();
        let endpoint = Endpoint::answering(answers).await;
        endpoint.takes("A2");
        let clock = Hands::new();
        let session = Session::builder()
            .clock(clock.clone())
            .refresh_with(refresher(endpoint.token_url()));
        let (api, session) = client(&endpoint.url, session);
        for number in 1..count {
            let refused = api.whose().raw().await;
            assert!(
                matches!(refused, Err(Error::Refresh(_))),
                "{number}: {refused:?}"
            );
            assert_eq!(endpoint.asked().len(), number);
            clock.advance_secs(31);
        }
        api.whose().raw().await.expect("it is answered at last");
        for asked in endpoint.asked() {
            assert_eq!(asked.all("grant_type"), ["client_credentials"]);
            assert!(asked.all("refresh_token").is_empty());
        }
        let tokens = session.tokens().expect("it has a token");
        assert!(
            tokens.refresh().is_none(),
            "a refresh token is of no use to it"
        );
        session.sign_out();
        let ended = api.whose().raw().await;
        assert!(matches!(ended, Err(Error::SessionExpired(_))), "{ended:?}");
    });
}

#[test]
fn partitions_of_a_service_are_for_a_resource_each() {
    if !Oidc::there("partitions_of_a_service_are_for_a_resource_each") {
        return;
    }
    run(async {
        let server = Oidc::start(LIFETIME);
        let resource = |url: &str| OAuth2Access::new().resource(url).scopes(["orders.read"]);
        let refresher = refresher(server.token_url())
            .partition("x", resource("https://x.example"))
            .partition("y", resource("https://y.example"));
        let session = Session::builder().refresh_with(refresher);
        let (_, session) = client(server.issuer(), session);
        for name in ["x", "y"] {
            let api = ApiClient::builder()
                .base_url(server.issuer())
                .session(session.partition(name))
                .build()
                .expect("a client can be built");
            for _ in 0..2 {
                let whose = api.whose().await.expect("it is answered");
                let audience = format!("https://{name}.example");
                assert_eq!(whose.audience, Some(audience));
                assert_eq!(whose.scope.as_deref(), Some("orders.read"));
            }
        }
        assert_eq!(server.figures().services, 2);
    });
}
