//! The back end itself does what the scenarios rely on.

use perennial_tests::backend::{Backend, Canned, Convention, Gate, LOGIN, Verdict};
use perennial_tests::{REFRESH, run};
use reqwest::{Client, Response};
use serde_json::Value;

async fn refresh(backend: &Backend, token: &str) -> Response {
    let body = format!("refresh_token={token}");
    let post = client().post(backend.url() + REFRESH);
    post.header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await
        .unwrap()
}

async fn get(backend: &Backend, path: &str, token: &str) -> Response {
    client()
        .get(backend.url() + path)
        .header("authorization", format!("Bearer {token}"))
        .send()
        .await
        .unwrap()
}

fn client() -> Client {
    Client::builder().build().unwrap()
}

#[test]
fn rotates_and_kills_the_family_of_a_spent_token() {
    run(async {
        let backend = Backend::start();
        let first = backend.sign_in("ada");
        assert_eq!(get(&backend, "/a", &first.access).await.status(), 200);

        let answer = refresh(&backend, &first.refresh).await;
        assert_eq!(answer.status(), 200);
        let pair: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
        let second = pair["access_token"].as_str().unwrap();
        assert_eq!(get(&backend, "/a", second).await.status(), 200);

        assert_eq!(refresh(&backend, &first.refresh).await.status(), 402);
        assert_eq!(get(&backend, "/a", second).await.status(), 401);
        let successor = pair["refresh_token"].as_str().unwrap();
        assert_eq!(refresh(&backend, successor).await.status(), 402);

        let record = backend.ledger().read();
        let verdicts: Vec<_> = record.presentations.iter().map(|p| p.verdict).collect();
        assert_eq!(verdicts, [Verdict::Rotated, Verdict::Reused, Verdict::Dead]);
        assert_eq!(record.revocations, ["ada"]);
        assert_eq!(record.sends("/a"), 3);
    });
}

#[test]
fn speaks_the_envelope() {
    run(async {
        let backend = Backend::plan(Convention::Envelope { refusals: 400 }).start();
        let pair = backend.sign_in("ada");
        let send = |token: &str| {
            client()
                .get(backend.url() + "/a?b=c")
                .header("token", token)
                .send()
        };
        let good: Value =
            serde_json::from_slice(&send(&pair.access).await.unwrap().bytes().await.unwrap())
                .unwrap();
        assert_eq!(
            (good["code"].as_u64(), good["data"]["query"].as_str()),
            (Some(200), Some("b=c"))
        );
        backend.expire(&pair.access);
        let refused = send(&pair.access).await.unwrap();
        assert_eq!(refused.status(), 400);
        let refused: Value = serde_json::from_slice(&refused.bytes().await.unwrap()).unwrap();
        assert_eq!(refused["code"], 401);
        backend.end_session(&pair.access);
        let over: Value =
            serde_json::from_slice(&send(&pair.access).await.unwrap().bytes().await.unwrap())
                .unwrap();
        assert_eq!(over["code"], 402);
    });
}

#[test]
fn obeys_rules_and_gates() {
    run(async {
        let backend = Backend::start();
        let pair = backend.sign_in("ada");
        let gate = Gate::closed();
        backend.on("/a").nth(2).hold(&gate);
        backend.on("/a").nth(3).answer(Canned::html(502));
        backend.on("/a").nth(4).lose();
        backend.on(LOGIN).ignore();

        assert_eq!(get(&backend, "/a", &pair.access).await.status(), 200);
        let held = async { get(&backend, "/a", &pair.access).await.status() };
        let opens = async {
            backend
                .ledger()
                .wait_for("the held request", |l| l.sends("/a") == 2)
                .await;
            backend.expire(&pair.access);
            gate.open();
        };
        // Decided when it came, so the expiry afterwards does not change the held answer.
        assert_eq!(tokio::join!(held, opens).0, 200);
        assert_eq!(get(&backend, "/a", &pair.access).await.status(), 502);
        let lost = client().get(backend.url() + "/a").send().await;
        assert!(lost.is_err());
        assert!(
            client()
                .post(backend.url() + LOGIN)
                .body("user=ada")
                .send()
                .await
                .is_err()
        );
        assert_eq!(
            backend
                .ledger()
                .read()
                .to("/a")
                .filter(|r| r.answer.is_none())
                .count(),
            1
        );
    });
}
