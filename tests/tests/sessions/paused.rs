//! A session under paused time: everything happens in memory, and tokio jumps over every wait.

use http::{Request, Response, StatusCode, header::AUTHORIZATION};
use http_body_util::Full;
use perennial::testing::{Mint, PausedClock};
use perennial::{Bytes, Error, Guard, RefreshErrorKind, Session};
use std::convert::Infallible;
use std::time::Duration;
use tower::{Layer, Service, ServiceExt, service_fn};

const LIFETIME: Duration = Duration::from_secs(3600);

/// What a call through the session's layer came to.
type Answer = Result<StatusCode, Error>;

/// A session of the mint's, and calls through it to a service that asks the mint for its opinion.
fn shop(mint: &Mint) -> (Session, impl AsyncFn() -> Answer) {
    let session = Session::builder()
        .tokens(mint.sign_in("ada"))
        .refresh_with(mint.clone())
        .clock(PausedClock::new())
        .build()
        .expect("the options fit together");
    let guard = Guard::new(session.clone(), "http://127.0.0.1").expect("a loopback URL");
    let judge = mint.clone();
    let service = service_fn(move |request: Request<Full<Bytes>>| {
        let token = request.headers().get(AUTHORIZATION);
        let token = token.and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let serves = token.is_some_and(|token| judge.serves(token));
        let status = if serves {
            StatusCode::OK
        } else {
            StatusCode::UNAUTHORIZED
        };
        async move { Ok::<_, Infallible>(answer(status)) }
    });
    let guarded = guard.layer().layer(service);
    let call = async move || {
        let request = Request::new(Full::new(Bytes::new()));
        let mut guarded = guarded.clone();
        match guarded
            .ready()
            .await
            .expect("always ready")
            .call(request)
            .await
        {
            Ok(response) => Ok(response.status()),
            Err(error) => Err(*error.downcast::<Error>().expect("the session's own error")),
        }
    };
    (session, call)
}

fn answer(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() = status;
    response
}

#[tokio::test(start_paused = true)]
async fn tokens_expire_as_time_goes_by() {
    let mint = Mint::new().lifetime(LIFETIME);
    let (session, call) = shop(&mint);
    for _ in 0..24 {
        assert_eq!(call().await.expect("renewed in time"), 200);
        tokio::time::advance(LIFETIME).await;
        mint.expire_all();
    }
    // The first hour is the sign-in's own.
    let record = mint.ledger().read();
    assert_eq!((record.rotations.len(), record.revocations.len()), (23, 0));
    assert!(session.tokens().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_slow_refresh_times_out_without_waiting_for_it() {
    let mint = Mint::new();
    let (session, call) = shop(&mint);
    mint.takes(Duration::from_secs(3600));
    mint.expire_all();
    let Err(Error::Refresh(error)) = call().await else {
        panic!("an hour is longer than any refresh may take")
    };
    assert_eq!(error.kind(), RefreshErrorKind::Deadline);
    assert!(session.tokens().is_some(), "the session is kept");
}

#[tokio::test(start_paused = true)]
async fn pauses_pass_at_once() {
    let mint = Mint::new();
    let (_session, call) = shop(&mint);
    mint.expire_all();
    mint.refuse_connection();
    mint.answer(StatusCode::SERVICE_UNAVAILABLE);
    let mut failures = Vec::new();
    let status = loop {
        match call().await {
            Ok(status) => break status,
            Err(Error::Refresh(error)) => failures.push(error.kind()),
            Err(other) => panic!("the session outlives both: {other:?}"),
        }
        tokio::time::sleep(Duration::from_secs(60)).await;
    };
    assert_eq!(status, 200);
    let kinds = [RefreshErrorKind::Transport, RefreshErrorKind::Server];
    assert_eq!(failures, kinds);
    assert_eq!(mint.ledger().read().presentations.len(), 1);

    // A lost answer, on a server that punishes what comes again.
    mint.expire_all();
    mint.lose();
    assert!(call().await.is_err_and(|error| error.is_refresh()));
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(call().await.is_err_and(|error| error.is_session_expired()));
    assert_eq!(mint.ledger().read().revocations, ["ada"]);
}
