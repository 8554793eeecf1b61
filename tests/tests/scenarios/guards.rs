//! What is a guard's own: where the token goes, and what its three faces ask of what they stand on.

use crate::shop::tokens;
use http_body_util::{BodyExt, Full};
use perennial::{
    Bytes, Classify, Error, Guard, GuardLayer, Once, Scheme, Session, Tokens, classify::Verdict,
};
use perennial_tests::{Backend, Canned, Convention, Pair, run};
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use tower::{Layer, Service, ServiceExt};

/// A back end, a session of "ada"'s, and a client that follows redirects as `reqwest` does.
struct Desk {
    backend: Arc<Backend>,
    pair: Pair,
    session: Session,
    http: reqwest::Client,
}

impl Desk {
    fn new(backend: Backend) -> Self {
        let backend = Arc::new(backend);
        let pair = backend.sign_in("ada");
        let server = backend.clone();
        let session = Session::builder()
            .tokens(tokens(&pair))
            .refresh_by(move |ask| {
                let spent = ask.expose().to_owned();
                let pair = server.rotate(&spent).expect("it is not spent");
                ready(Ok(Tokens::new(pair.access).refresh_token(pair.refresh)))
            })
            .build()
            .expect("the options fit together");
        Self {
            backend,
            pair,
            session,
            http: reqwest::Client::builder()
                .build()
                .expect("a client can be built"),
        }
    }

    fn guard(&self) -> Guard {
        Guard::new(self.session.clone(), &self.backend.url()).expect("a loopback URL")
    }

    fn get(&self, url: &str) -> reqwest::Request {
        self.http.get(url).build().expect("a URL")
    }

    /// The status that each of the two faces over `reqwest` gets.
    async fn by_both(&self, guard: &Guard, url: &str) -> [u16; 2] {
        let plain = guard.send(&self.http, self.get(url)).await;
        let stack = reqwest_middleware::ClientBuilder::new(self.http.clone())
            .with(guard.middleware())
            .build();
        let middle = stack.execute(self.get(url)).await;
        let middle = middle.expect("an answer").status();
        [plain.expect("an answer").status().as_u16(), middle.as_u16()]
    }
}

#[test]
fn no_token_goes_elsewhere() {
    run(async {
        let (desk, elsewhere) = (Desk::new(Backend::start()), Backend::start());
        let url = elsewhere.url() + "/items/1";
        assert_eq!(desk.by_both(&desk.guard(), &url).await, [401, 401]);
        let inner = Scripted::new([]);
        let mut service = desk.guard().layer().layer(inner.clone());
        let request = http::Request::get(&url).body(Full::default());
        let request = request.expect("a request");
        let service = service.ready().await.expect("ready");
        service.call(request).await.expect("an answer");

        assert_eq!(elsewhere.ledger().read().tokens("/items/1"), ["-", "-"]);
        assert_eq!(inner.carried(), [None]);
        assert_eq!(
            desk.session
                .tokens()
                .map(|t| t.access().expose().to_owned()),
            Some(desk.pair.access.clone()),
            "their 401 is none of the session's"
        );

        let guard = desk
            .guard()
            .allow_origin(&elsewhere.url())
            .expect("a loopback URL");
        elsewhere.on("/items/1").answer(Canned::status(204));
        assert_eq!(desk.by_both(&guard, &url).await, [204, 204]);
        let record = elsewhere.ledger().read();
        assert_eq!(record.tokens("/items/1")[2..], [&desk.pair.access; 2]);
    });
}

#[test]
fn a_request_that_authenticates_itself_is_left_alone() {
    run(async {
        let desk = Desk::new(Backend::start());
        let mut request = desk.get(&(desk.backend.url() + "/items/1"));
        let own = "Bearer mine".parse().expect("a header's value");
        request.headers_mut().insert("authorization", own);
        let answer = desk.guard().send(&desk.http, request).await;
        assert_eq!(answer.expect("the API's own").status(), 401);
        let record = desk.backend.ledger().read();
        assert_eq!(record.tokens("/items/1"), ["mine"]);
        assert_eq!(record.rotations.len(), 0);
    });
}

#[test]
fn each_scheme_is_renewed_and_replayed() {
    run(async {
        let plan = || Backend::plan(Convention::Status);
        let header = Scheme::header("X-Api-Key").expect("a header's name");
        for (plan, scheme) in [
            (
                plan().header("x-api-key", "Token "),
                header.prefix("Token "),
            ),
            (plan().query("key"), Scheme::query("key")),
            (plan().cookie("sid"), Scheme::cookie("sid")),
        ] {
            let desk = Desk::new(plan.start());
            let guard = desk.guard().scheme(scheme);
            desk.backend.expire(&desk.pair.access);
            let url = desk.backend.url() + "/items/1?full=1";
            assert_eq!(desk.by_both(&guard, &url).await, [200, 200]);
            let record = desk.backend.ledger().read();
            let renewed = &record.rotations[0].access;
            assert_eq!(
                record.tokens("/items/1"),
                [&desk.pair.access, renewed, renewed]
            );
            for request in record.to("/items/1") {
                let query = request.query.as_deref().unwrap_or_default();
                assert!(query.starts_with("full=1"), "{query}");
                assert!(query.matches("key=").count() <= 1, "{query}");
            }
        }
    });
}

#[test]
fn a_redirect_that_took_the_token_along_is_refused() {
    run(async {
        for scheme in [
            Scheme::header("token").expect("a name"),
            Scheme::query("key"),
        ] {
            let desk = Desk::new(Backend::start());
            let elsewhere = Backend::start();
            let to = elsewhere.url() + "/open/blob";
            desk.backend
                .on("/items/1")
                .answer(Canned::redirect(307, &to));
            let guard = desk.guard().scheme(scheme);
            let request = desk.get(&(desk.backend.url() + "/items/1"));
            let refused = guard.send(&desk.http, request).await;
            let Err(Error::Request(error)) = refused else {
                panic!("the token went to another origin: {refused:?}")
            };
            let text = error.to_string();
            assert!(text.contains("redirect::Policy::none()"), "{text}");
            assert!(text.contains(&elsewhere.url()), "{text}");
            assert!(!text.contains(&desk.pair.access), "{text}");
        }

        // Of a bearer token the client's own policy takes care.
        let (desk, elsewhere) = (Desk::new(Backend::start()), Backend::start());
        let to = elsewhere.url() + "/open/blob";
        desk.backend
            .on("/items/1")
            .answer(Canned::redirect(307, &to));
        let request = desk.get(&(desk.backend.url() + "/items/1"));
        let answer = desk.guard().send(&desk.http, request).await;
        assert_eq!(answer.expect("it has no token").status(), 200);
        assert_eq!(elsewhere.ledger().read().tokens("/open/blob"), ["-"]);
    });
}

#[test]
fn errors_do_not_show_a_token_in_the_query() {
    run(async {
        let desk = Desk::new(Backend::plan(Convention::Status).query("key").start());
        desk.backend.on("/items/1").lose();
        let guard = desk.guard().scheme(Scheme::query("key"));
        let url = desk.backend.url() + "/items/1";
        let plain = guard.send(&desk.http, desk.get(&url)).await;
        let stack = reqwest_middleware::ClientBuilder::new(desk.http.clone())
            .with(guard.middleware())
            .build();
        let middle = stack.execute(desk.get(&url)).await;
        let plain = format!("{:?}", plain.expect_err("no answer"));
        let middle = middle.expect_err("no answer");
        let middle = format!("{middle} {middle:?}");
        for text in [plain, middle] {
            assert!(!text.contains(&desk.pair.access), "{text}");
        }
        let record = desk.backend.ledger().read();
        assert!(
            record
                .tokens("/items/1")
                .contains(&desk.pair.access.as_str())
        );
    });
}

#[test]
fn a_rule_of_ones_own_says_what_is_refused() {
    run(async {
        let desk = Desk::new(Backend::start());
        let rule = Classify::with(|status, _, _| match status.as_u16() {
            418 => Verdict::Refresh,
            _ => Verdict::Other,
        });
        let guard = desk.guard().classify(rule);
        let url = desk.backend.url() + "/items/1";
        desk.backend
            .on("/items/1")
            .nth(1)
            .answer(Canned::status(418));
        assert_eq!(desk.by_both(&guard, &url).await, [200, 200]);
        assert_eq!(desk.backend.ledger().read().rotations.len(), 1);
        desk.backend.expire_all();
        assert_eq!(
            desk.by_both(&guard, &url).await,
            [401, 401],
            "not by that rule"
        );
        assert_eq!(desk.backend.ledger().read().rotations.len(), 1);
    });
}

/// A service that must be polled ready before each call, as tower demands; it notes the token.
#[derive(Default)]
struct Scripted {
    shared: Arc<Mutex<Script>>,
    is_ready: bool,
}

#[derive(Default)]
struct Script {
    statuses: Vec<u16>,
    carried: Vec<Option<String>>,
    uris: Vec<String>,
}

impl Clone for Scripted {
    fn clone(&self) -> Self {
        Self {
            shared: self.shared.clone(),
            is_ready: false,
        }
    }
}

impl Scripted {
    fn new<const N: usize>(statuses: [u16; N]) -> Self {
        let script = Script {
            statuses: statuses.into(),
            ..Script::default()
        };
        Self {
            shared: Arc::new(Mutex::new(script)),
            is_ready: false,
        }
    }

    fn carried(&self) -> Vec<Option<String>> {
        self.shared.lock().expect("no panic").carried.clone()
    }

    fn uris(&self) -> Vec<String> {
        self.shared.lock().expect("no panic").uris.clone()
    }
}

impl Service<http::Request<Full<Bytes>>> for Scripted {
    type Response = http::Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.is_ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Full<Bytes>>) -> Self::Future {
        assert!(std::mem::take(&mut self.is_ready), "not polled ready");
        let mut script = self.shared.lock().expect("no panic");
        let token = request.headers().get("authorization");
        let token = token.map(|value| value.to_str().expect("text").to_owned());
        script.carried.push(token);
        script.uris.push(request.uri().to_string());
        let status = script.statuses.pop().unwrap_or(200);
        let body = Full::from(format!("answer {status}"));
        let answer = http::Response::builder().status(status).body(body);
        ready(Ok(answer.expect("an answer")))
    }
}

/// One call of a layer over a service that refuses the first token.
async fn one_refusal<P>(
    desk: &Desk,
    layer: &GuardLayer<P>,
    uri: &str,
) -> (Scripted, Result<String, perennial::Error>)
where
    P: perennial::Resend<Full<Bytes>>,
{
    let inner = Scripted::new([401]);
    let mut service = layer.layer(inner.clone());
    let request = http::Request::post(uri).body(Full::from("the body"));
    let ready = service.ready().await.expect("ready");
    let answer = ready.call(request.expect("a request")).await;
    let text = match answer {
        Ok(answer) => {
            let body = answer.into_body().collect().await.expect("a body");
            Ok(String::from_utf8_lossy(&body.to_bytes()).into_owned())
        }
        Err(error) => Err(*error.downcast().expect("it is the guard's own error")),
    };
    assert!(desk.session.tokens().is_some(), "signed in");
    (inner, text)
}

#[test]
fn the_layer_asks_for_readiness_again_before_it_replays() {
    run(async {
        let desk = Desk::new(Backend::start());
        let layer = desk.guard().layer();
        // Over one connection a request may name its path alone.
        let (inner, answer) = one_refusal(&desk, &layer, "/orders?open=1").await;
        assert_eq!(answer.expect("replayed"), "answer 200");
        let renewed = desk.backend.ledger().read().rotations[0].access.clone();
        let bearer = |token: &str| Some(format!("Bearer {token}"));
        assert_eq!(
            inner.carried(),
            [bearer(&desk.pair.access), bearer(&renewed)]
        );
        assert_eq!(inner.uris(), ["/orders?open=1"; 2]);
    });
}

#[test]
fn a_body_that_is_had_once_is_sent_once() {
    run(async {
        let desk = Desk::new(Backend::start());
        let uri = desk.backend.url() + "/orders";
        let (inner, answer) = one_refusal(&desk, &desk.guard().layer_with(Once), &uri).await;
        let Err(Error::Unauthorized(refused)) = answer else {
            panic!("it cannot be sent again: {answer:?}")
        };
        assert!(!refused.replayable());
        assert_eq!(refused.answer().body, "answer 401");
        assert_eq!(inner.carried().len(), 1);
        assert_eq!(
            desk.backend.ledger().read().rotations.len(),
            1,
            "renewed for the next one"
        );

        // A function may give the body again.
        let again = |body: &Full<Bytes>| Some(body.clone());
        let (inner, answer) = one_refusal(&desk, &desk.guard().layer_with(again), &uri).await;
        assert_eq!(answer.expect("replayed"), "answer 200");
        assert_eq!(inner.carried().len(), 2);
    });
}
