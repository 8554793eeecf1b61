//! Refusals of requests that carry several tokens.

use crate::{
    endpoints::{builder, send},
    server::{Reply, Seen, Server},
};
use perennial::{
    __v1::{Api, Auth, Endpoint},
    BoxFuture, Builder, Classify, Convention, Error, RefreshAsk, RefreshFailure, Refresher,
    Refused, Session, StatusCode, Tokens,
    classify::Verdict,
};
use std::sync::{Arc, Mutex};

static API: Api = Api {
    auth: Auth::All(&[
        Auth::Bearer,
        Auth::Query("key"),
        Auth::Header {
            name: "X-App-Id",
            prefix: "",
        },
    ]),
    ..Api::new("ShopApi")
};
static ME: Endpoint = Endpoint::new(&API, "ShopApi::me", "GET", "/me");

/// Gives the next token of its kind, or refuses with a status.
#[derive(Clone)]
struct Renews {
    kind: &'static str,
    refuses: Option<u16>,
    spent: Arc<Mutex<Vec<String>>>,
}

impl Renews {
    fn new(kind: &'static str) -> Self {
        Self {
            kind,
            refuses: None,
            spent: Arc::default(),
        }
    }

    fn refusing(kind: &'static str, status: u16) -> Self {
        Self {
            refuses: Some(status),
            ..Self::new(kind)
        }
    }

    fn spent(&self) -> usize {
        self.spent.lock().unwrap().len()
    }

    /// A session that holds the first pair.
    fn session(&self) -> Session {
        let tokens = Tokens::new(format!("{}1", self.kind)).refresh_token("R1");
        let builder = Session::builder().tokens(tokens).refresh_with(self.clone());
        builder.build().unwrap()
    }
}

impl Refresher for Renews {
    fn refresh(&self, ask: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>> {
        let own = self.clone();
        Box::pin(async move {
            ask.gate().pass().map_err(RefreshFailure::not_sent)?;
            let mut spent = own.spent.lock().unwrap();
            spent.push(ask.refresh_token().expose().to_owned());
            if let Some(status) = own.refuses {
                return Err(Refused::new(StatusCode::from_u16(status).unwrap()).into());
            }
            let next = spent.len() + 1;
            Ok(Tokens::new(format!("{}{next}", own.kind)).refresh_token(format!("R{next}")))
        })
    }

    fn convention(&self) -> Convention {
        Convention::Endpoint
    }
}

/// A client of two sessions that renew themselves and a key that does not.
fn client(server: &Server, user: &Renews, key: &Renews) -> Builder {
    builder(&server.url)
        .session(user.session())
        .session_for("key", key.session())
        .session_for("X-App-Id", Session::fixed("app"))
}

/// The tokens of a request, as `B1 k1`.
fn tokens(seen: &Seen) -> String {
    assert_eq!(seen.header("x-app-id"), Some("app"));
    let bearer = seen.header("authorization").unwrap();
    let (path, key) = seen.target.split_once("?key=").unwrap();
    assert_eq!(path, "/me");
    format!("{} {key}", bearer.trim_start_matches("Bearer "))
}

fn sent(server: &Server) -> Vec<String> {
    server.seen().iter().map(tokens).collect()
}

/// Takes requests with these tokens and refuses the others.
async fn taking(good: &'static str, refusal: Reply) -> Server {
    Server::start(move |seen| {
        if tokens(seen) == good {
            Reply::new(200)
        } else {
            refusal.clone()
        }
    })
    .await
}

#[tokio::test]
async fn where_nobody_is_named_all_are_renewed_for_one_replay() {
    let (user, key) = (Renews::new("B"), Renews::new("k"));
    let server = taking("B2 k2", Reply::new(401)).await;
    let client = client(&server, &user, &key).build().unwrap();
    send(&client, &ME, |_| {}).await.unwrap();
    assert_eq!(sent(&server), ["B1 k1", "B2 k2"]);
    assert_eq!((user.spent(), key.spent()), (1, 1));
}

#[tokio::test]
async fn a_challenge_names_who_is_to_blame() {
    for (challenge, good) in [
        ("Bearer error=\"invalid_token\"", "B2 k1"),
        ("Basic realm=\"x\", KEY", "B1 k2"),
        ("key, Bearer", "B2 k2"),
        ("Basic", "B2 k2"),
    ] {
        let (user, key) = (Renews::new("B"), Renews::new("k"));
        let refusal = Reply::new(401).header("www-authenticate", challenge);
        let server = taking(good, refusal).await;
        let client = client(&server, &user, &key).build().unwrap();
        let sent_again = send(&client, &ME, |_| {}).await;
        assert!(sent_again.is_ok(), "{challenge}: {:?}", sent(&server));
        assert_eq!(sent(&server), ["B1 k1", good]);
    }
}

#[tokio::test]
async fn the_policy_names_who_is_to_blame() {
    let policy = || {
        Classify::with(|status, headers, _| match status.as_u16() {
            419 if headers.contains_key("x-over") => Verdict::ExpiredOf("bearer"),
            419 => Verdict::RefreshOf("key"),
            _ => Verdict::Other,
        })
    };
    let (user, key) = (Renews::new("B"), Renews::new("k"));
    let server = taking("B1 k2", Reply::new(419)).await;
    let client = client(&server, &user, &key).classify(policy());
    send(&client.build().unwrap(), &ME, |_| {}).await.unwrap();
    assert_eq!(sent(&server), ["B1 k1", "B1 k2"]);

    let server = taking("", Reply::new(419).header("x-over", "1")).await;
    let client = self::client(&server, &user, &key).classify(policy());
    let error = send(&client.build().unwrap(), &ME, |_| {})
        .await
        .unwrap_err();
    assert!(error.is_session_expired(), "{error:?}");

    // One that takes no part is no reason to renew another.
    static ALONE: Endpoint = Endpoint {
        auth: Auth::Bearer,
        ..ME
    };
    let server = Server::always(Reply::new(419)).await;
    let client = self::client(&server, &user, &key).classify(policy());
    let error = send(&client.build().unwrap(), &ALONE, |_| {})
        .await
        .unwrap_err();
    assert!(error.is_unauthorized(), "{error:?}");
    assert_eq!((server.seen().len(), user.spent()), (1, 0));
}

#[tokio::test]
async fn a_key_that_is_to_blame_alone_renews_nothing() {
    let (user, key) = (Renews::new("B"), Renews::new("k"));
    let refusal = Reply::new(401).header("www-authenticate", "X-App-Id");
    let server = taking("", refusal).await;
    let client = client(&server, &user, &key).build().unwrap();
    let error = send(&client, &ME, |_| {}).await.unwrap_err();
    assert!(error.is_unauthorized(), "{error:?}");
    assert_eq!(sent(&server), ["B1 k1"]);
    assert_eq!((user.spent(), key.spent()), (0, 0));
}

#[tokio::test]
async fn a_second_refusal_ends_the_call_and_nobodys_session() {
    let (user, key) = (Renews::new("B"), Renews::new("k"));
    let server = taking("", Reply::new(401).body("no")).await;
    let client = client(&server, &user, &key).build().unwrap();
    for _ in 0..3 {
        let error = send(&client, &ME, |_| {}).await.unwrap_err();
        let Error::Unauthorized(refused) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(refused.answer().body, "no");
    }
    // The endpoint is remembered: it would refuse the next pair, too.
    assert_eq!(sent(&server), ["B1 k1", "B2 k2", "B2 k2", "B2 k2"]);
    assert_eq!((user.spent(), key.spent()), (1, 1));
}

#[tokio::test]
async fn one_renewal_that_fails_does_not_stop_the_other() {
    let (user, key) = (Renews::new("B"), Renews::refusing("k", 503));
    let server = taking("B2 k1", Reply::new(401)).await;
    let client = client(&server, &user, &key).build().unwrap();
    send(&client, &ME, |_| {}).await.unwrap();
    assert_eq!(sent(&server), ["B1 k1", "B2 k1"]);
}

#[tokio::test]
async fn a_renewal_that_failed_is_told_once_the_replay_is_refused_too() {
    let (user, key) = (Renews::new("B"), Renews::refusing("k", 503));
    let server = taking("B2 k2", Reply::new(401)).await;
    let client = client(&server, &user, &key).build().unwrap();
    let error = send(&client, &ME, |_| {}).await.unwrap_err();
    assert!(matches!(&error, Error::Refresh(_)), "{error:?}");
    assert_eq!(sent(&server), ["B1 k1", "B2 k1"]);
}

#[tokio::test]
async fn a_session_whose_renewal_is_refused_is_over() {
    let (user, key) = (Renews::new("B"), Renews::refusing("k", 402));
    let server = taking("B2 k2", Reply::new(401)).await;
    let client = client(&server, &user, &key).build().unwrap();
    let error = send(&client, &ME, |_| {}).await.unwrap_err();
    assert!(error.is_session_expired(), "{error:?}");
    assert_eq!(sent(&server), ["B1 k1"]);
}

#[tokio::test]
async fn nobody_is_signed_out_on_a_suspicion() {
    let (user, key) = (Renews::new("B"), Renews::new("k"));
    let server = taking("B2 k2", Reply::new(402)).await;
    let client = client(&server, &user, &key).build().unwrap();
    send(&client, &ME, |_| {}).await.unwrap();
    assert_eq!(sent(&server), ["B1 k1", "B2 k2"]);
    // Named, it is over.
    let (user, key) = (Renews::new("B"), Renews::new("k"));
    let refusal = Reply::new(402).header("www-authenticate", "Bearer");
    let server = taking("", refusal).await;
    let client = self::client(&server, &user, &key).build().unwrap();
    let error = send(&client, &ME, |_| {}).await.unwrap_err();
    assert!(error.is_session_expired(), "{error:?}");
    assert_eq!((user.spent(), key.spent()), (0, 0));
}

#[tokio::test]
async fn a_replay_is_never_somebody_elses() {
    let (user, key) = (Renews::new("B"), Renews::new("k"));
    let sessions = (user.session(), key.session());
    let changes = sessions.0.clone();
    // The user's pair changes while the first answer is on its way.
    let server = Server::start(move |seen| match &*tokens(seen) {
        "B1 k1" => {
            changes.sign_in(Tokens::new("B9").refresh_token("R9"));
            Reply::new(401)
        }
        _ => Reply::new(200),
    })
    .await;
    let client = builder(&server.url)
        .session(sessions.0)
        .session_for("key", sessions.1)
        .session_for("X-App-Id", Session::fixed("app"));
    let client = client.build().unwrap();
    let error = send(&client, &ME, |_| {}).await.unwrap_err();
    assert!(matches!(&error, Error::SessionChanged(_)), "{error:?}");
    assert_eq!(sent(&server), ["B1 k1"], "never replayed as another user");
}
