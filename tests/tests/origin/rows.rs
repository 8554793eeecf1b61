//! The twelve rows: what the original did, and this project must do.

use crate::face::{Cancelled, Origin, PROFILE, WAIT, World};
use perennial::{Error, Event, ExpiredReason};
use perennial_tests::{Canned, Gate, REFRESH};

pub(crate) async fn row_01_each_request_carries_the_token_in_a_header_of_any_name<O: Origin>() {
    let world = World::<O>::new();
    world.api.profile().await.expect("signed in");
    let record = world.backend.ledger().read();
    let headers = &record.requests[0].headers;
    assert_eq!(headers["token"], world.pair.access.as_str());
    assert!(!headers.contains_key("authorization"));
}

pub(crate) async fn row_02_an_opted_out_request_goes_without_it<O: Origin>() {
    let world = World::<O>::new();
    world.api.notice().await.expect("needs no token");
    world.api.log_in("grace").await.expect("needs no token");
    world.backend.on("/open/notice").deny();
    let refused = world.api.notice().await.expect_err("refused");
    assert!(refused.is_api(), "{refused:?}");

    let record = world.backend.ledger().read();
    assert_eq!(record.tokens("/open/notice"), ["-", "-"]);
    assert_eq!(record.tokens("/login"), ["-"]);
    assert_eq!(record.refreshes(), 0, "its failures start no refresh");
    assert_eq!(world.access(), Some(world.pair.access));
}

pub(crate) async fn row_03_code_401_in_http_400_means_expired<O: Origin>() {
    let world = World::<O>::expired();
    world.api.profile().await.expect("renewed");
    let record = world.backend.ledger().read();
    assert_eq!(record.answered(PROFILE, 400), 1);
    assert_eq!(record.rotations.len(), 1);
}

pub(crate) async fn row_04_the_first_failure_posts_the_refresh_token_as_a_parameter<O: Origin>() {
    let world = World::<O>::expired();
    world.api.profile().await.expect("renewed");
    let record = world.backend.ledger().read();
    let refreshes: Vec<_> = record.to(REFRESH).collect();
    let [refresh] = refreshes[..] else {
        panic!("one refresh: {record:#?}")
    };
    assert_eq!(refresh.method, "POST");
    assert_eq!(
        refresh.query,
        Some(format!("refreshToken={}", world.pair.refresh))
    );
    assert_eq!(refresh.token, None);
}

pub(crate) async fn row_05_later_failures_queue<O: Origin>() {
    let world = World::<O>::expired();
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    let calls = world.spawn_profiles(10);
    world.clock.sleepers(WAIT, 10).await;
    assert_eq!(
        world.backend.ledger().read().sends(PROFILE),
        10,
        "all wait, none is sent again"
    );
    answer.open();
    for call in calls {
        call.await.unwrap().expect("renewed");
    }
    assert_eq!(world.backend.ledger().read().refreshes(), 1);
}

pub(crate) async fn row_06_queued_requests_are_sent_again_with_the_new_token_only<O: Origin>() {
    let world = World::<O>::expired();
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    let calls: Vec<_> = (1..=3)
        .map(|id| tokio::spawn(world.api.change_order(id, true, "\"v1\"", "tea")))
        .collect();
    world.clock.sleepers(WAIT, 3).await;
    answer.open();
    for call in calls {
        call.await.unwrap().expect("renewed");
    }
    let record = world.backend.ledger().read();
    let renewed = &record.rotations[0].access;
    for id in 1..=3 {
        let path = format!("/orders/{id}");
        let sent: Vec<_> = record.to(&path).collect();
        let [first, again] = sent[..] else {
            panic!("sent twice: {record:#?}")
        };
        assert_eq!(first.token.as_ref(), Some(&world.pair.access));
        assert_eq!(again.token.as_ref(), Some(renewed));
        let rest = |request: &perennial_tests::backend::Request| {
            let mut headers = request.headers.clone();
            headers.remove("token");
            (
                request.method.clone(),
                request.query.clone(),
                headers,
                request.body.clone(),
            )
        };
        assert_eq!(rest(first), rest(again));
        assert_eq!(again.query.as_deref(), Some("notify=true"));
        assert_eq!(again.headers["if-match"], "\"v1\"");
        assert_eq!(again.body, r#"{"items":["tea"]}"#);
    }
}

pub(crate) async fn row_07_the_caller_just_sees_the_answer<O: Origin>() {
    let world = World::<O>::expired();
    let seen = world.api.profile().await.expect("renewed");
    assert_eq!((seen.method.as_str(), seen.path.as_str()), ("GET", PROFILE));
    assert_eq!(seen.user.as_deref(), Some("ada"));
}

pub(crate) async fn row_08_code_402_ends_the_session<O: Origin>() {
    let world = World::<O>::new();
    world.backend.end_session(&world.pair.access);
    let mut events = world.session.events();
    match world.api.profile().await {
        Err(Error::SessionExpired(over)) => assert_eq!(over.reason(), ExpiredReason::Rejected),
        other => panic!("the session is over: {other:?}"),
    }
    assert_eq!(world.access(), None, "the session is cleared");
    let event = events.next().await;
    assert!(
        matches!(
            event,
            Some(Event::Expired {
                reason: ExpiredReason::Rejected
            })
        ),
        "{event:?}"
    );

    let sends = world.backend.ledger().read().requests.len();
    let late = world.api.profile().await;
    assert!(late.is_err_and(|error| error.is_session_expired()));
    assert_eq!(
        world.backend.ledger().read().requests.len(),
        sends,
        "nothing more is sent"
    );
}

pub(crate) async fn row_09_code_400_is_a_typed_error_with_the_message<O: Origin>() {
    let world = World::<O>::new();
    let refusal = world.backend.convention().refusal(400, "no such order");
    world
        .backend
        .on("/orders/7")
        .answer(refusal.header("x-request-id", "r-17"));
    let error = world
        .api
        .change_order(7, false, "*", "tea")
        .await
        .expect_err("refused");
    let api = error.api().expect("the API's own refusal");
    assert_eq!(
        (api.code(), api.message()),
        (Some(400), Some("no such order"))
    );
    assert_eq!(api.status(), 400);
    assert_eq!(api.headers()["x-request-id"], "r-17");
    assert_eq!(
        api.body(),
        r#"{"code":400,"data":null,"msg":"no such order"}"#
    );
    assert_eq!(world.backend.ledger().read().requests.len(), 1);
    assert!(error.to_string().contains("no such order"), "{error}");
}

pub(crate) async fn row_10_any_other_failure_is_the_same_typed_error<O: Origin>() {
    let world = World::<O>::new();
    world.backend.on(PROFILE).nth(1).answer(Canned::html(502));
    let error = world.api.profile().await.expect_err("not a success");
    let api = error.api().expect("the same typed error");
    assert_eq!((api.status().as_u16(), api.code()), (502, None));
    assert_eq!(api.body(), "<html><body><h1>502</h1></body></html>");

    let teapot = world.backend.convention().refusal(418, "short and stout");
    world.backend.on(PROFILE).nth(1).answer(teapot);
    let error = world.api.profile().await.expect_err("not a success");
    let api = error.api().expect("the same typed error");
    assert_eq!(
        (api.code(), api.message()),
        (Some(418), Some("short and stout"))
    );
    assert_eq!(world.backend.ledger().read().requests.len(), 2);
}

pub(crate) async fn row_11_a_call_handles_statuses_itself<O: Origin>() {
    let world = World::<O>::new();
    world.api.order(1).await.expect("found").expect("found");
    world.backend.on("/orders/2").answer(Canned::status(404));
    assert_eq!(world.api.order(2).await.expect("404 is an answer"), None);

    let done = world.api.cancel_order(1).await;
    assert!(matches!(done, Cancelled::Done), "{done:?}");
    world
        .backend
        .on("/orders/2/cancel")
        .answer(Canned::status(409));
    let late = world.api.cancel_order(2).await;
    assert!(matches!(late, Cancelled::TooLate), "{late:?}");
    world
        .backend
        .on("/orders/3/cancel")
        .answer(Canned::status(404));
    match world.api.cancel_order(3).await {
        Cancelled::Failed(error) => assert_eq!(error.status().map(|s| s.as_u16()), Some(404)),
        other => panic!("no meaning of its own: {other:?}"),
    }
}

pub(crate) async fn row_12_transport_errors_are_told_apart<O: Origin>() {
    let world = World::<O>::new();
    world.backend.on(PROFILE).ignore();
    let closed = world
        .api
        .profile()
        .await
        .expect_err("the connection was closed");
    assert!(closed.is_transport() && !closed.is_api(), "{closed:?}");
    assert_eq!(closed.status(), None);

    // Nothing listens there.
    let nowhere = O::connect(
        &format!("http://127.0.0.2:{}", world.backend.port()),
        &world.session,
    );
    let refused = nowhere.profile().await.expect_err("nobody is there");
    assert!(refused.is_connect(), "{refused:?}");
    assert_eq!(
        world.access(),
        Some(world.pair.access),
        "the session is untouched"
    );
}
