//! What is sent more than once: calls may be, a refresh is not.

use crate::shop::{Echo, EnvelopeApiClient, ShopApiClient, World, join, tokens};
use perennial::{Body, ByteStream, Bytes, Call, Error, OAuth2Tokens, Session, api_client};
use perennial_tests::backend::Record;
use perennial_tests::world::stored;
use perennial_tests::{Backend, Canned, Convention, REFRESH, run, scenario};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A user's own policy below: whatever answers 503 or breaks off is tried again.
fn retrying(http: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    let policy = reqwest::retry::for_host("127.0.0.1")
        .no_budget()
        .max_retries_per_request(2)
        .classify_fn(|seen| {
            let unavailable = seen.status().is_some_and(|status| status == 503);
            if unavailable || seen.error().is_some() {
                seen.retryable()
            } else {
                seen.success()
            }
        });
    http.retry(policy)
}

/// A call whose refresh is answered 503, then one whose refresh is lost; the number of POSTs.
async fn posts<T>(backend: &Backend, call: impl AsyncFn() -> perennial::Result<T>) -> usize {
    backend.expire_all();
    assert!(call().await.is_err_and(|error| error.is_refresh()));
    let record: Record = backend.ledger().read();
    record.refreshes()
}

scenario!(user_retry_policy_one_refresh_post, generated only: "it is about the builder's HTTP options; the refresh is the same client's whatever the face");
fn user_retry_policy_one_refresh_post() {
    run(async {
        // The policy works: a call that it may send again is sent three times.
        let world = World::with(
            Backend::start(),
            |session| session,
            |client| client.http(retrying),
        );
        world.backend.on("/items/1").answer(Canned::html(503));
        assert!(world.api.item(1).await.is_err());
        assert_eq!(world.backend.ledger().read().sends("/items/1"), 3);

        // And it does not reach the refresh, whether it has a body or an empty one.
        for lost in [false, true] {
            let world = World::with(
                Backend::start(),
                |session| session,
                |client| client.http(retrying),
            );
            refuse(&world.backend, lost);
            let api: &ShopApiClient = world.api.generated();
            let sent = posts(&world.backend, async || api.item(1).await).await;
            assert_eq!(sent, 1, "lost: {lost}");

            let backend = Backend::plan(Convention::Envelope { refusals: 400 }).start();
            let session = Session::new(tokens(&backend.sign_in("ada")));
            let client = EnvelopeApiClient::builder()
                .base_url(backend.url())
                .http(retrying)
                .session(session);
            let api = client.build().expect("the client can be built");
            refuse(&backend, lost);
            let sent = posts(&backend, async || api.item(1).await).await;
            assert_eq!(sent, 1, "without a body, lost: {lost}");
        }
    });
}

fn refuse(backend: &Backend, lost: bool) {
    match lost {
        true => backend.on(REFRESH).lose(),
        false => backend.on(REFRESH).answer(Canned::html(503)),
    }
}

#[api_client(auth = bearer, retry(max = 2, on = [connect, 503]))]
pub(crate) trait RetryingApi: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    #[get("/items/{id}")]
    fn item(&self, id: u32) -> Call<Echo>;
}

scenario!(trait_retry_ignores_refresh, generated only: "only a trait says what is tried again");
fn trait_retry_ignores_refresh() {
    run(async {
        for lost in [false, true] {
            let backend = Backend::start();
            let session = stored(Session::builder()).tokens(tokens(&backend.sign_in("ada")));
            let session = session.build().expect("the options fit together");
            let client = RetryingApiClient::builder()
                .base_url(backend.url())
                .session(session.clone());
            let api = client.build().expect("the client can be built");
            if !lost {
                // The trait's calls are tried again.
                backend.on("/items/1").nth(1).answer(Canned::html(503));
                api.item(1).await.expect("the second try");
                assert_eq!(backend.ledger().read().sends("/items/1"), 2);
            }

            // The refresh is not, and neither is the call that it failed for.
            refuse(&backend, lost);
            let sent = posts(&backend, async || api.item(2).await).await;
            let record = backend.ledger().read();
            assert_eq!((sent, record.sends("/items/2")), (1, 1), "lost: {lost}");
            session.close().await;
            assert_eq!(backend.ledger().read().refreshes(), 1, "nor later");
        }
    });
}

#[api_client(auth = bearer)]
pub(crate) trait UploadApi: Send + Sync {
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    #[post("/upload")]
    fn upload(&self, #[body(mime = "text/csv")] rows: Body) -> Call<Echo>;
}

scenario!(body_factory_replay, generated only: "a factory is a body of the runtime's own; the other faces are told how a body is had again");
fn body_factory_replay() {
    run(async {
        let backend = Backend::start();
        let session = Session::new(tokens(&backend.sign_in("ada")));
        let client = UploadApiClient::builder()
            .base_url(backend.url())
            .session(session);
        let api = client.build().expect("the client can be built");
        let made = Arc::new(AtomicUsize::new(0));
        let counts = made.clone();
        let rows = move || {
            counts.fetch_add(1, Ordering::SeqCst);
            ByteStream::from_iter((0..100).map(|row| Bytes::from(format!("{row}\n"))))
        };
        let whole: String = (0..100).map(|row| format!("{row}\n")).collect();

        // Refused, renewed, and sent again from the start.
        backend.expire_all();
        let echo = api.upload(Body::factory(rows.clone())).await;
        assert_eq!(echo.expect("renewed").body, whole);
        let record = backend.ledger().read();
        let bodies: Vec<_> = record.to("/upload").map(|sent| &sent.body).collect();
        assert_eq!(bodies, [&whole, &whole]);
        assert_eq!((record.refreshes(), made.load(Ordering::SeqCst)), (1, 2));

        // A redirect that keeps the method needs it once more, too.
        let redirect = Canned::redirect(308, "/upload/there");
        backend.on("/upload").nth(1).answer(redirect);
        let echo = api.upload(Body::factory(rows)).await;
        let echo = echo.expect("followed");
        assert_eq!((echo.path.as_str(), echo.body), ("/upload/there", whole));
        assert_eq!(made.load(Ordering::SeqCst), 4);

        // Nothing of it is made for a call that is never sent.
        let call = api.upload(Body::factory(|| panic!("nobody asked for this body")));
        drop(call);
    });
}

scenario!(body_factory_of_parked_calls_is_not_kept_in_memory);
fn body_factory_of_parked_calls_is_not_kept_in_memory() {
    run(async {
        let backend = Backend::start();
        let session = Session::builder()
            .tokens(tokens(&backend.sign_in("ada")))
            .max_parked_bytes(200)
            .build()
            .expect("the options fit together");
        let client = UploadApiClient::builder()
            .base_url(backend.url())
            .session(session);
        let api = client.build().expect("the client can be built");
        backend.expire_all();
        let large = || ByteStream::from_iter([Bytes::from(vec![b'x'; 100_000])]);
        let call = tokio::spawn(api.upload(Body::factory(large)));
        let echo = join(call).await.expect("it parks with room to spare");
        assert_eq!(echo.body.len(), 100_000);
        backend.expire_all();
        let whole = api.upload(Body::from(vec![b'x'; 100_000])).await;
        assert!(matches!(whole, Err(Error::Refresh(_))), "{whole:?}");
    });
}
