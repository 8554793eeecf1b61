//! Several schemes on one client: all at once, and alternatives.

use crate::shop::{Echo, join, tokens};
use perennial::{Call, Error, ExpiredReason, OAuth2Tokens, Session, Tokens, api_client};
use perennial_tests::backend::Request;
use perennial_tests::{Backend, Canned, Convention, Gate, Pair, run};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A user's token beside the key of the program, or the program alone.
#[api_client(auth = all(bearer, query("key")))]
pub(crate) trait TwoApi: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Call<Echo>;

    #[get("/open/either", auth = any(bearer, all(header("X-App-Id"), cookie("sid"))))]
    fn either(&self) -> Call<Echo>;

    #[get("/open/maybe", auth = any(bearer, query("key"), none))]
    fn maybe(&self) -> Call<Echo>;
}

/// A back end with "ada" signed in, her session, and a key that renews itself elsewhere.
struct Two {
    backend: Backend,
    pair: Pair,
    user: Session,
    key: Session,
    renewals: Arc<AtomicUsize>,
    api: TwoApiClient,
}

impl Two {
    fn new() -> Self {
        let backend = Backend::start();
        let pair = backend.sign_in("ada");
        let user = Session::new(tokens(&pair));
        let renewals = Arc::new(AtomicUsize::new(0));
        let counts = renewals.clone();
        let key = Session::builder()
            .tokens(Tokens::new("k1").refresh_token("r1"))
            .refresh_by(move |_| {
                let next = counts.fetch_add(1, Ordering::SeqCst) + 2;
                async move { Ok(Tokens::new(format!("k{next}")).refresh_token(format!("r{next}"))) }
            })
            .build()
            .expect("the options fit together");
        let api = TwoApiClient::builder()
            .base_url(backend.url())
            .session(user.clone())
            .session_for("key", key.clone())
            .session_for("X-App-Id", Session::fixed("app"))
            .session_for("sid", Session::fixed("7"))
            .build()
            .expect("the client can be built");
        Self {
            backend,
            pair,
            user,
            key,
            renewals,
            api,
        }
    }

    /// Refuses requests with another key, like the application a token that has expired.
    fn accept_key(&self, key: &'static str, challenge: Option<&str>) {
        let query = format!("key={key}");
        let other = move |request: &Request| request.query.as_deref() != Some(&query);
        let refusal = Canned::status(401);
        let refusal = match challenge {
            Some(challenge) => refusal.header("www-authenticate", challenge),
            None => refusal,
        };
        self.backend.on("/items/1").when(other).answer(refusal);
    }

    fn renewals(&self) -> (usize, usize) {
        let refreshes = self.backend.ledger().read().refreshes();
        (refreshes, self.renewals.load(Ordering::SeqCst))
    }
}

/// What a request carried: bearer, query, key of the program, cookie.
fn carried(backend: &Backend, path: &str) -> Vec<[String; 4]> {
    let record = backend.ledger().read();
    let header = |request: &Request, name| {
        let value = request.headers.get(name);
        value.map_or("-".to_owned(), |value| {
            value.to_str().unwrap_or("?").to_owned()
        })
    };
    record
        .to(path)
        .map(|request| {
            [
                header(request, "authorization"),
                request.query.clone().unwrap_or("-".to_owned()),
                header(request, "x-app-id"),
                header(request, "cookie"),
            ]
        })
        .collect()
}

#[test]
fn two_schemes_and_or() {
    run(async {
        let two = Two::new();
        let bearer = |pair: &Pair| format!("Bearer {}", pair.access);
        let ada = bearer(&two.pair);

        // AND: both go out, and the one that a challenge names is renewed alone.
        two.accept_key("k2", Some("key realm=\"program\""));
        two.api.item(1).await.expect("the key is renewed");
        let sent = carried(&two.backend, "/items/1");
        assert_eq!(
            sent,
            [
                [ada.as_str(), "key=k1", "-", "-"],
                [ada.as_str(), "key=k2", "-", "-"]
            ]
        );
        assert_eq!(
            two.renewals(),
            (0, 1),
            "the user's session has nothing to do with it"
        );

        // OR: the first alternative with a live session.
        two.api.either().await.expect("as the user");
        two.user.sign_out();
        two.api.either().await.expect("as the program");
        two.user.sign_in(tokens(&two.backend.sign_in("grace")));
        two.api.either().await.expect("as another user");
        let sent = carried(&two.backend, "/open/either");
        assert_eq!(sent[0], [ada.as_str(), "-", "-", "-"]);
        assert_eq!(sent[1], ["-", "-", "app", "sid=7"]);
        assert_eq!(sent[2][1..], ["-", "-", "-"]);
        assert!(sent[2][0].starts_with("Bearer ") && sent[2][0] != ada);

        // Where `none` is the last one, it goes bare in the end.
        two.user.sign_out();
        two.api.maybe().await.expect("with the key");
        two.key.sign_out();
        two.api.maybe().await.expect("bare");
        let sent = carried(&two.backend, "/open/maybe");
        assert_eq!(sent, [["-", "key=k2", "-", "-"], ["-", "-", "-", "-"]]);

        // AND needs both; nothing goes out with half of them.
        two.user.sign_in(tokens(&two.backend.sign_in("ada")));
        let error = two.api.item(1).await.expect_err("the key is signed out");
        assert!(
            matches!(&error, Error::SessionExpired(over) if over.reason() == ExpiredReason::SignedOut),
            "{error:?}"
        );
        assert_eq!(two.backend.ledger().read().sends("/items/1"), 2);
    });
}

#[test]
fn and_schemes_401_ambiguous_one_replay() {
    run(async {
        // The key is good and the user's token is not, but the 401 does not say so.
        let two = Two::new();
        let refused = two.backend.on("/items/1").token(&two.pair.access);
        refused.answer(Canned::status(401));
        let gate = Gate::closed();
        two.backend.on("/items/1").first(20).hold(&gate);
        let calls: Vec<_> = (0..20).map(|_| tokio::spawn(two.api.item(1))).collect();
        let ledger = two.backend.ledger();
        ledger
            .wait_for("all calls", |record| record.sends("/items/1") == 20)
            .await;
        gate.open();
        for call in calls {
            let echo = join(call).await.expect("both are renewed");
            assert_eq!(echo.user.as_deref(), Some("ada"));
            assert_eq!(echo.query.as_deref(), Some("key=k2"));
        }
        assert_eq!(two.renewals(), (1, 1), "one each, for twenty calls");
        let sends = two.backend.ledger().read().sends("/items/1");
        assert!(
            (21..=40).contains(&sends),
            "one replay each at most: {sends}"
        );

        // The other way round.
        let two = Two::new();
        two.accept_key("k2", None);
        two.api.item(1).await.expect("both are renewed");
        assert_eq!(two.renewals(), (1, 1));
        assert_eq!(two.backend.ledger().read().sends("/items/1"), 2);

        // A replay that is refused again is the last one, and nobody is signed out.
        let two = Two::new();
        two.accept_key("never", None);
        let error = two.api.item(1).await.expect_err("no key is good");
        assert!(matches!(&error, Error::Unauthorized(_)), "{error:?}");
        assert_eq!(two.backend.ledger().read().sends("/items/1"), 2);
        assert!(two.user.tokens().is_some() && two.key.tokens().is_some());
    });
}

/// The key of the program alone, in the query; the refresh token too.
#[api_client(auth = query("key"))]
pub(crate) trait QueryApi: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[query] refresh_token: &str) -> Call<OAuth2Tokens>;

    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Call<Echo>;
}

#[test]
fn referer_has_no_query_token() {
    run(async {
        let backend = Backend::plan(Convention::Status).query("key").start();
        let elsewhere = Backend::start();
        let pair = backend.sign_in("ada");
        let api: QueryApiClient = QueryApiClient::builder()
            .base_url(backend.url())
            .session(Session::new(tokens(&pair)))
            .build()
            .expect("the client can be built");
        let away = elsewhere.url() + "/open/blob?sig=1";
        let near = Canned::redirect(302, "/items/2?page=1");
        backend.on("/items/1").answer(near);
        backend.on("/items/2").answer(Canned::redirect(307, &away));

        api.item(1).await.expect("both redirects are followed");
        let record = backend.ledger().read();
        assert_eq!(record.tokens("/items/1"), [&pair.access]);
        let query = Some(format!("page=1&key={}", pair.access));
        let hop = record.to("/items/2").next().expect("the first redirect");
        assert_eq!(hop.query, query, "at home it carries the key");
        let away = elsewhere.ledger().read();
        let blob = away.to("/open/blob").next().expect("the second redirect");
        assert_eq!(
            blob.query.as_deref(),
            Some("sig=1"),
            "elsewhere it does not"
        );
        for request in record.requests.iter().chain(&away.requests) {
            assert!(!request.headers.contains_key("referer"), "{request:?}");
            let text = format!("{:?}", request.headers);
            assert!(!text.contains(&pair.access), "{text}");
        }
    });
}

#[test]
fn error_url_redacted() {
    perennial_tests::logs::collect();
    run(async {
        let backend = Backend::plan(Convention::Status).query("key").start();
        let pair = backend.sign_in("ada");
        let session = Session::new(tokens(&pair));
        let client = |url: String| {
            let builder = QueryApiClient::builder().base_url(url);
            let built = builder.session(session.clone()).build();
            built.expect("the client can be built")
        };
        let api = client(backend.url());
        let there = |path: &str| format!("{}{path}?key={}", backend.url(), pair.access);
        backend.on("/items/1").lose();
        backend.on("/items/2").tear();
        backend
            .on("/items/3")
            .answer(Canned::redirect(307, "ftp://a/b"));
        backend
            .on("/items/4")
            .answer(Canned::redirect(307, &there("/items/4")));
        backend.on("/items/5").answer(Canned::html(502));
        backend.on("/items/6").hang();
        let mut errors = Vec::new();
        for id in 1..=5 {
            errors.push(api.item(id).await.expect_err("it fails"));
        }
        let late = api.item(6).timeout(std::time::Duration::ZERO).await;
        errors.push(late.expect_err("too late"));
        let nobody = client("http://127.0.0.1:1".to_owned()).item(1).await;
        errors.push(nobody.expect_err("nobody is there"));
        // The refresh token goes over the query, too.
        backend.expire(&pair.access);
        backend.on("/token/refresh").lose();
        errors.push(api.item(7).await.expect_err("the refresh is lost"));

        let mut printed = format!("{api:?} {:?}", api.item(1));
        for error in &errors {
            let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
            while let Some(error) = next {
                printed += &format!("{error}\n{error:?}\n");
                next = error.source();
            }
        }
        assert_eq!(backend.ledger().read().presented(&pair.refresh), 1);
        let logged = perennial_tests::logs::text();
        assert!(logged.contains("TRACE"));
        for secret in [&pair.access, &pair.refresh] {
            assert!(!printed.contains(secret), "`{secret}` in:\n{printed}");
            let line = logged.lines().find(|line| line.contains(secret));
            assert!(line.is_none(), "{line:?}");
        }
    });
}
