//! Where in a document decoding failed.

use perennial::{Answer, Model, StatusCode};
use std::collections::BTreeMap;

#[derive(Debug, Model)]
struct Page {
    data: Vec<Item>,
}

#[derive(Debug, Model)]
struct Item {
    id: i64,
    source: Option<Source>,
    #[serde(flatten)]
    rest: BTreeMap<String, String>,
}

#[derive(Debug, Model)]
#[model(tag = "object")]
#[serde(rename_all = "snake_case")]
enum Source {
    Card(Card),
    Nested(Box<Wrapper>),
}

#[derive(Debug, Model)]
struct Wrapper {
    inner: Vec<Source>,
}

#[derive(Debug, Model)]
struct Card {
    exp_month: i64,
}

#[track_caller]
fn check(json: &str, path: &str, message: &str) {
    let answer = Answer::new(StatusCode::OK, json.to_owned());
    let error = answer.json::<Page>().expect_err("it does not fit");
    assert_eq!(error.path(), path, "{json}");
    let shown = error.to_string();
    assert!(shown.contains(message), "{shown}");
}

#[test]
fn members_and_items() {
    check(
        r#"{"data":[{"id":1},{"id":"x"}]}"#,
        "$.data[1].id",
        "expected i64",
    );
    check(
        r#"{"data":[{"id":1},{}]}"#,
        "$.data[1]",
        "missing field `id`",
    );
    check(r#"{"data":{}}"#, "$.data", "expected a sequence");
    check("{}", "$", "missing field `data`");
}

#[test]
fn inside_a_union() {
    check(
        "{\"data\":[\n{\"id\":1,\"source\":{\"object\":\"card\",\n\"exp_month\":\"x\"}}]}",
        "$.data[0].source.exp_month",
        "expected i64",
    );
    check(
        r#"{"data":[{"id":1,"source":{"object":"nested","inner":[{"object":"card"}]}}]}"#,
        "$.data[0].source.inner[0]",
        "missing field `exp_month`",
    );
    check(
        r#"{"data":[{"id":1,"source":{"object":"cash"}}]}"#,
        "$.data[0].source",
        "no variant of `Source` fits",
    );
}

#[test]
fn inside_flattened_members() {
    check(
        r#"{"data":[{"id":1,"x":2}]}"#,
        "$.data[0].x",
        "expected a string",
    );
}
