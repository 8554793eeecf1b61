//! `perennial::testing` does what its documentation says, asked by a plain HTTP client.

use perennial_tests::backend::{OnReuse, Verdict};
use perennial_tests::{Backend, Convention, Gate, Pair, REFRESH, run};
use reqwest::{Client, RequestBuilder, Response, Result};
use serde_json::Value;

fn client() -> Client {
    Client::builder().build().expect("a client without TLS")
}

fn get(backend: &Backend, path: &str, pair: &Pair) -> RequestBuilder {
    client()
        .get(backend.url() + path)
        .header("authorization", format!("Bearer {}", pair.access))
}

async fn refresh(backend: &Backend, token: &str) -> Result<Response> {
    let post = client().post(backend.url() + REFRESH);
    post.body(format!("refresh_token={token}")).send().await
}

async fn json(response: Response) -> Value {
    let body = response.bytes().await.expect("a whole answer");
    serde_json::from_slice(&body).expect("JSON")
}

#[tokio::test]
async fn a_torn_answer_breaks_off_in_its_body() {
    let backend = Backend::start();
    let pair = backend.sign_in("ada");
    backend.on(REFRESH).nth(1).tear();
    let torn = refresh(&backend, &pair.refresh).await;
    let torn = torn.expect("the head arrives");
    assert_eq!(torn.status(), 200);
    assert!(torn.bytes().await.is_err(), "half of the body");
    let record = backend.ledger().read();
    assert_eq!(record.rotations.len(), 1, "the token is spent");
    assert_eq!(record.requests[0].answer, None);
}

#[tokio::test]
async fn a_hanging_request_is_cut_off_with_its_connection() {
    let backend = Backend::start();
    let pair = backend.sign_in("ada");
    backend.on(REFRESH).hang();
    let hangs = refresh(&backend, &pair.refresh);
    let cuts = async {
        let there = |record: &perennial_tests::backend::Record| record.refreshes() == 1;
        backend.ledger().wait_for("the refresh", there).await;
        backend.cut_connections();
    };
    let (hung, ()) = tokio::join!(hangs, cuts);
    assert!(hung.is_err());
    assert_eq!(backend.ledger().read().presentations.len(), 0, "unspent");
}

#[tokio::test]
async fn a_late_401_was_decided_early() {
    let backend = Backend::start();
    let pair = backend.sign_in("ada");
    let gate = Gate::closed();
    backend.on("/a").nth(1).deny_late(&gate);
    let late = tokio::spawn(get(&backend, "/a", &pair).send());
    let sent = |record: &perennial_tests::backend::Record| record.sends("/a") == 1;
    backend.ledger().wait_for("the request", sent).await;
    let other = get(&backend, "/a", &pair).send().await.expect("an answer");
    assert_eq!(other.status(), 200);
    gate.open();
    let late = late.await.expect("no panic").expect("an answer");
    assert_eq!(late.status(), 401);
}

#[tokio::test]
async fn refusals_by_name() {
    let backend = Backend::start();
    let pair = backend.sign_in("ada");
    backend.on("/a").nth(1).over();
    backend.on("/a").nth(2).throttle(5);
    backend.on("/a").nth(3).unavailable();
    backend.on("/a").nth(4).html(502);
    let mut seen = Vec::new();
    for _ in 0..5 {
        let answer = get(&backend, "/a", &pair).send().await.expect("an answer");
        let after = answer.headers().get("retry-after").cloned();
        seen.push((answer.status().as_u16(), after.is_some()));
    }
    let told = [
        (402, false),
        (429, true),
        (503, false),
        (502, false),
        (200, false),
    ];
    assert_eq!(seen, told);
}

#[tokio::test]
async fn expires_and_revokes() {
    let backend = Backend::start();
    let (ada, again) = (backend.sign_in("ada"), backend.sign_in("ada"));
    let grace = backend.sign_in("grace");
    backend.expire_all();
    assert!(!backend.serves(&ada.access) && !backend.serves(&grace.access));
    let renewed = backend.rotate(&ada.refresh).expect("expired, not dead");
    assert!(backend.serves(&renewed.access));
    backend.revoke("ada");
    assert!(!backend.serves(&renewed.access));
    assert_eq!(backend.rotate(&again.refresh), None);
    assert!(backend.rotate(&grace.refresh).is_some());
    let record = backend.ledger().read();
    assert_eq!(record.revocations, ["ada", "ada"]);
    let verdicts = [Verdict::Rotated, Verdict::Dead, Verdict::Rotated];
    assert_eq!(
        (record.verdicts().as_slice(), record.refreshes()),
        (&verdicts[..], 0)
    );
}

#[test]
fn a_spent_token_is_worth_what_the_plan_says() {
    let check = |on_reuse, again: &[bool], verdicts: &[Verdict], lives: bool| {
        let backend = Backend::plan(Convention::Status).on_reuse(on_reuse).start();
        let first = backend.sign_in("ada");
        let second = backend.rotate(&first.refresh).expect("the live token");
        for taken in again {
            let pair = backend.rotate(&first.refresh);
            assert_eq!(pair.is_some(), *taken, "{on_reuse:?}");
        }
        let record = backend.ledger().read();
        assert_eq!(&record.verdicts()[1..], verdicts, "{on_reuse:?}");
        assert_eq!(backend.serves(&second.access), lives, "{on_reuse:?}");
    };
    use Verdict::{Dead, Forgiven, Reused, Stale};
    check(OnReuse::Revoke, &[false, false], &[Reused, Dead], false);
    check(OnReuse::Reject, &[false, false], &[Stale, Stale], true);
    check(
        OnReuse::TakeParent,
        &[true, true],
        &[Forgiven, Forgiven],
        true,
    );
    check(OnReuse::Take(1), &[true, false], &[Forgiven, Reused], false);
}

#[test]
fn only_the_parent_of_the_live_token_is_taken() {
    let plan = Backend::plan(Convention::Status).on_reuse(OnReuse::TakeParent);
    let backend = plan.start();
    let first = backend.sign_in("ada");
    let second = backend.rotate(&first.refresh).expect("the live token");
    let same = backend.rotate(&first.refresh).expect("the parent");
    assert_eq!(same.refresh, second.refresh, "the live token again");
    let third = backend.rotate(&second.refresh).expect("the live token");
    assert!(backend.rotate(&first.refresh).is_none());
    assert!(!backend.serves(&third.access), "the family is dead");
}

#[test]
fn speaks_oauth2_and_takes_tokens_from_query_and_cookie() {
    run(async {
        let backend = Backend::plan(Convention::OAuth2).lifetime(60).start();
        let pair = backend.sign_in("ada");
        let renewed = refresh(&backend, &pair.refresh).await.expect("an answer");
        assert_eq!(json(renewed).await["expires_in"], 60);
        let dead = refresh(&backend, &pair.refresh).await.expect("an answer");
        assert_eq!(dead.status(), 400);
        assert_eq!(json(dead).await["error"], "invalid_grant");

        let by_query = Backend::plan(Convention::Status).query("key").start();
        let pair = by_query.sign_in("ada");
        let url = format!("{}/a?key={}", by_query.url(), pair.access);
        let answer = client().get(url).send().await.expect("an answer");
        assert_eq!(answer.status(), 200);

        let by_cookie = Backend::plan(Convention::Status).cookie("sid").start();
        let pair = by_cookie.sign_in("ada");
        let get = client().get(by_cookie.url() + "/a");
        let get = get.header("cookie", format!("theme=dark; sid={}", pair.access));
        assert_eq!(get.send().await.expect("an answer").status(), 200);
    });
}
