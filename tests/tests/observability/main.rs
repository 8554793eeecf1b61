//! What can be seen of a session: transitions, spans, metrics and the trace for a bug report.

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};
use perennial::{Error, StateName};
use perennial_tests::world::World;
use perennial_tests::{Canned, REFRESH, leaks, logs, run_here};
use std::sync::{Arc, Mutex};

/// A world in which a call was renewed, and the next refresh failed.
async fn renewed_then_failed() -> World {
    let world = World::new().expired();
    world.api.item(1).await.expect("renewed");
    let renewed = world.access().expect("signed in");
    world.backend.expire(&renewed);
    world.backend.on(REFRESH).answer(Canned::html(503));
    let failed = world.api.item(1).await;
    assert!(matches!(failed, Err(Error::Refresh(_))), "{failed:?}");
    world
}

#[test]
fn each_transition_is_one_event() {
    run_here(async {
        let log = logs::here();
        let world = renewed_then_failed().await;
        world.session.sign_out();
        let lines = log.lines("DEBUG perennial::session");
        let moves: Vec<&str> = lines
            .iter()
            .filter_map(|line| line.split_once("transition ").map(|(_, fields)| fields))
            .collect();
        let expected = [
            ("signed_out", "active", "signed in"),
            ("active", "refreshing", "401"),
            ("refreshing", "active", "refresh over"),
            ("active", "refreshing", "401"),
            ("refreshing", "backoff", "server"),
            ("backoff", "signed_out", "signed out"),
        ];
        assert_eq!(moves.len(), expected.len(), "{lines:#?}");
        for (line, (from, to, why)) in moves.iter().zip(expected) {
            for field in [("from", from), ("to", to), ("why", why)] {
                let field = format!("{}=\"{}\"", field.0, field.1);
                assert!(line.contains(&field), "{field} in {line}");
            }
        }
    });
}

#[test]
fn the_trace_is_fit_for_a_bug_report() {
    run_here(async {
        let world = renewed_then_failed().await;
        let trace = world.session.trace();
        let states: Vec<_> = trace.transitions().iter().map(|moved| moved.to).collect();
        let expected = [
            StateName::Active,
            StateName::Refreshing,
            StateName::Active,
            StateName::Refreshing,
            StateName::Backoff,
        ];
        assert_eq!(states, expected);
        assert_eq!(
            trace.to_string(),
            "session trace, from 1800000001.000 s (Unix time)\n\
             +0.000 s  signed_out → active: signed in, sign-in 1, tokens 1\n\
             +0.000 s  active → refreshing: 401, flight 1, sign-in 1, tokens 1\n\
             +0.000 s  refreshing → active: refresh over, flight 1, sign-in 1, tokens 2\n\
             +0.000 s  active → refreshing: 401, flight 2, sign-in 1, tokens 2\n\
             +0.000 s  refreshing → backoff: server, flight 2, sign-in 1, tokens 2"
        );
        leaks::look_at(&trace);
    });
}

#[test]
fn a_call_is_a_span_with_the_names_of_opentelemetry() {
    run_here(async {
        let log = logs::here();
        let world = World::new().expired();
        world.api.item(7).await.expect("renewed");
        let text = log.text();
        let url = format!("url.full={}/items/7", world.backend.url());
        for field in [
            "otel.name=GET /items/{id}",
            "otel.kind=\"client\"",
            "http.request.method=\"GET\"",
            "url.template=\"/items/{id}\"",
            url.as_str(),
            "server.address=\"127.0.0.1\"",
            &format!("server.port={}", world.backend.port()),
            "http.response.status_code=401",
            "http.response.status_code=200",
            "http.request.resend_count=1",
        ] {
            assert!(text.contains(field), "{field} in {text}");
        }
        world.backend.on("/items/8").answer(Canned::html(418));
        world.api.item(8).await.expect_err("refused");
        assert!(log.text().contains("error.type=\"418\""));
    });
}

#[test]
fn refreshes_waiters_and_replays_are_counted() {
    let seen = Seen::default();
    metrics::with_local_recorder(&seen, || {
        run_here(async {
            renewed_then_failed().await;
        });
    });
    let seen = seen.0.lock().expect("nothing panics while it counts");
    let of = |wanted: &str| -> Vec<f64> {
        let of = seen.iter().filter(|(name, _)| name == wanted);
        of.map(|(_, value)| *value).collect()
    };
    assert_eq!(of("perennial.session.refreshes{outcome=active}"), [1.0]);
    assert_eq!(of("perennial.session.refreshes{outcome=backoff}"), [1.0]);
    assert_eq!(of("perennial.session.replays"), [1.0]);
    assert_eq!(of("perennial.session.waiters"), [1.0, -1.0, 1.0, -1.0]);
    let durations = of("perennial.session.refresh.duration{outcome=active}");
    assert_eq!(durations, [0.0], "the test's clock stands still");
}

/// Every increment and record, by name and labels.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<(String, f64)>>>);

struct One {
    seen: Seen,
    name: String,
}

impl Seen {
    fn one(&self, key: &Key) -> Arc<One> {
        leaks::look_at(key);
        let labels: Vec<_> = key
            .labels()
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        let name = match labels.is_empty() {
            true => key.name().to_owned(),
            false => format!("{}{{{}}}", key.name(), labels.join(",")),
        };
        Arc::new(One {
            seen: self.clone(),
            name,
        })
    }
}

impl One {
    fn note(&self, value: f64) {
        let mut seen = self.seen.0.lock().expect("nothing panics while it counts");
        seen.push((self.name.clone(), value));
    }
}

impl CounterFn for One {
    fn increment(&self, value: u64) {
        self.note(f64::from(u32::try_from(value).expect("few")));
    }

    fn absolute(&self, _: u64) {
        panic!("counters only grow by steps");
    }
}

impl GaugeFn for One {
    fn increment(&self, value: f64) {
        self.note(value);
    }

    fn decrement(&self, value: f64) {
        self.note(-value);
    }

    fn set(&self, _: f64) {
        panic!("the gauge is shared by sessions");
    }
}

impl HistogramFn for One {
    fn record(&self, value: f64) {
        self.note(value);
    }
}

impl Recorder for Seen {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.one(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.one(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.one(key))
    }
}
