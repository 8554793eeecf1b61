//! What goes in comes out: names, numbers, unions and tuples survive a round trip.

use perennial_tests::cases::types::{Event, Level, Shape, Sign, Values};
use serde_json::{Value, json};

/// Decodes `member` of [`Values`], encodes it again, and holds it against what it was.
fn check(member: &str, value: Value) -> Values {
    let whole = json!({ member: value });
    let decoded: Values =
        serde_json::from_value(whole.clone()).unwrap_or_else(|error| panic!("{whole}: {error}"));
    let again = serde_json::to_value(&decoded).expect("it can be written");
    assert_eq!(again, whole);
    decoded
}

fn refused(member: &str, value: Value) -> String {
    let whole = json!({ member: value });
    serde_json::from_value::<Values>(whole)
        .expect_err("it does not fit")
        .to_string()
}

#[test]
fn members_that_differ_by_a_sign_stay_apart() {
    let marks = json!({"like": 1, "+like": 2, "-like": 3, "like?": 4, "li-ke": 5, "li_ke": 6});
    check("marks", marks);
}

#[test]
fn names_that_are_no_identifiers_keep_their_spelling() {
    check("odd", json!({"1st": "a", "%": "b", "$": "c", "2-nd": "d"}));
}

#[test]
fn numbers_stay_numbers_and_signs_count() {
    let numbers = [-1, 0, 1].map(|number| check("sign", json!(number)).sign);
    assert_eq!(
        numbers,
        [Some(Sign::Minus1), Some(Sign::_0), Some(Sign::_1)]
    );
    assert_eq!(
        check("sign", json!(7)).sign,
        Some(Sign::Unknown(7)),
        "kept, not refused"
    );
    let texts: Vec<_> = ["+2", "-2", "2", "", "up", "UP"]
        .map(|text| check("level", json!(text)).level)
        .into();
    assert!(
        (0..texts.len()).all(|at| !texts[at + 1..].contains(&texts[at])),
        "{texts:?}"
    );
    assert_eq!(
        check("level", json!("down")).level,
        Some(Level::Unknown("down".into()))
    );
}

#[test]
fn a_word_nothing_null_and_absence_are_four_things() {
    let all = [
        json!({"tone": "formal"}),
        json!({"tone": ""}),
        json!({"tone": null}),
        json!({}),
    ];
    let seen: Vec<_> = all.map(|letter| check("register", letter).register).into();
    assert!(
        (0..seen.len()).all(|at| !seen[at + 1..].contains(&seen[at])),
        "{seen:?}"
    );
}

#[test]
fn a_base_that_lists_its_children_is_told_apart_by_the_tag() {
    let values = check("shape", json!({"kind": "disc", "label": "a", "r": 1.0}));
    assert!(matches!(values.shape, Some(Shape::Disc(disc)) if disc.label == "a" && disc.r == 1.0));
    check("shape", json!({"kind": "ring", "label": "a", "inner": 2}));
    check(
        "box",
        json!({"inner": {"inner": {}}, "shape": {"kind": "bar", "label": "b", "w": 2.5}}),
    );
}

#[test]
fn the_tag_is_written_once_and_keeps_which_key_it_was() {
    for what in ["end", "abort"] {
        check("event", json!({"what": what, "after": 3}));
    }
    let event = check("event", json!({"what": "begin", "at": 1})).event;
    let text = serde_json::to_string(&event).expect("it can be written");
    assert!(matches!(event, Some(Event::Begin(_))));
    assert_eq!(text.matches("\"what\"").count(), 1, "{text}");
}

#[test]
fn tuples_have_the_length_they_may_have() {
    check(
        "tuples",
        json!({"pair": [1.5, "m"], "open": ["a", 1, 2, 3], "closed": ["a", 1]}),
    );
    check("tuples", json!({"open": ["a"], "closed": []}));
    refused("tuples", json!({"pair": [1.5]}));
    refused("tuples", json!({"closed": ["a", 1, 2]}));
}

#[test]
fn other_members_survive_beside_declared_ones() {
    let labels = check("labels", json!({"locale": "de", "other": 3, "hi": "hallo"})).labels;
    let labels = labels.expect("it is there");
    assert_eq!(labels.other, Some(3));
    assert_eq!(labels.others.keys().collect::<Vec<_>>(), ["hi"]);
}

#[test]
fn a_schema_outside_of_components_may_hold_itself() {
    let branch = json!({"leaf": "a", "twigs": [{"leaf": "b", "twigs": [{"leaf": "c"}]}]});
    assert_eq!(
        check("branch", branch).branch.expect("it is there").leaf,
        "a"
    );
}

#[test]
fn integers_are_as_wide_as_their_limits() {
    let counters = json!({"hits": u64::MAX, "delta": i64::MIN, "plain": 3_000_000_000_i64});
    let counters = check("counters", counters).counters.expect("it is there");
    assert_eq!((counters.hits, counters.delta), (u64::MAX, i64::MIN));
    refused("counters", json!({"hits": -1, "delta": 0, "plain": 0}));
}
