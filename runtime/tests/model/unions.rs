//! Enums whose variants hold types.

use crate::{check, reads, refuses, writes};
use perennial::{Model, RawJson};
use std::collections::BTreeMap;

fn raw(json: &str) -> RawJson {
    RawJson::parse(json.to_owned()).expect("it is JSON")
}

#[derive(Debug, Default, PartialEq, Model)]
struct Card {
    number: String,
    name: Option<String>,
}

#[derive(Debug, Default, PartialEq, Model)]
struct Account {
    number: String,
    bank: String,
}

#[derive(Debug, PartialEq, Model)]
#[model(tag = "object")]
#[serde(rename_all = "snake_case")]
enum Tagged {
    Card(Card),
    #[serde(rename = "bank", alias = "account")]
    BankAccount(Box<Account>),
    Nothing,
    #[model(unknown)]
    Unknown(RawJson),
}

fn card() -> Card {
    Card {
        number: "1".into(),
        name: None,
    }
}

fn account() -> Account {
    Account {
        number: "1".into(),
        bank: "b".into(),
    }
}

#[test]
fn by_tag() {
    check(Tagged::Card(card()), r#"{"object":"card","number":"1"}"#);
    let bank = || Tagged::BankAccount(Box::new(account()));
    check(bank(), r#"{"object":"bank","number":"1","bank":"b"}"#);
    reads(r#"{"number":"1","bank":"b","object":"account"}"#, bank());
    check(Tagged::Nothing, r#"{"object":"nothing"}"#);
    let other = r#"{"object":"cash","number":"1"}"#;
    check(Tagged::Unknown(raw(other)), other);
    let untagged = r#"{"number":"1"}"#;
    reads(untagged, Tagged::Unknown(raw(untagged)));
    reads("[1]", Tagged::Unknown(raw("[1]")));
    // The tag says what it is: a defect in it is reported, not hidden in `Unknown`.
    refuses::<Tagged>(
        r#"{"object":"bank","number":"1"}"#,
        "in the 30 bytes before, at `$`: missing field `bank`",
    );
    refuses::<Tagged>(
        r#"{"object":"card","number":1}"#,
        "in the 28 bytes before, at `$.number`: invalid type: integer, expected a string",
    );
}

#[derive(Debug, PartialEq, Model)]
struct Event {
    event_type: String,
    at: i64,
}

#[derive(Debug, PartialEq, Model)]
#[model(tag = "event_type")]
enum Events {
    #[serde(rename = "stop")]
    Stop(Event),
    #[serde(rename = "halt")]
    Halt(Event),
}

#[test]
fn the_tag_is_written_once() {
    let event = |event_type: &str| Event {
        event_type: event_type.into(),
        at: 1,
    };
    check(
        Events::Halt(event("halt")),
        r#"{"event_type":"halt","at":1}"#,
    );
    check(
        Events::Stop(event("stop")),
        r#"{"event_type":"stop","at":1}"#,
    );
    writes(
        &Events::Stop(event("StopEvent")),
        r#"{"event_type":"stop","at":1}"#,
    );
    refuses::<Events>(
        r#"{"event_type":"go","at":1}"#,
        "in the 26 bytes before, at `$`: no variant of `Events` fits: `event_type` names none",
    );
    refuses::<Events>(
        r#"{"at":1}"#,
        "in the 8 bytes before, at `$`: no variant of `Events` fits: `event_type` is missing",
    );
}

#[derive(Debug, PartialEq, Model)]
#[model(tag = "version", or = required)]
enum Versions {
    #[model(constant = 1)]
    One(Card),
    #[model(constant = 2)]
    Two(Account),
    #[model(unknown)]
    Unknown(RawJson),
}

#[test]
fn without_the_tag_required_members_decide() {
    check(Versions::One(card()), r#"{"version":1,"number":"1"}"#);
    check(
        Versions::Two(account()),
        r#"{"version":2,"number":"1","bank":"b"}"#,
    );
    reads(r#"{"number":"1","bank":"b"}"#, Versions::Two(account()));
    reads(r#"{"number":"1"}"#, Versions::One(card()));
    let neither = r#"{"bank":"b"}"#;
    reads(neither, Versions::Unknown(raw(neither)));
    let newer = r#"{"version":3,"number":"1"}"#;
    reads(newer, Versions::Unknown(raw(newer)));
}

#[derive(Debug, PartialEq, Model)]
#[model(constant("type" = "disc"))]
struct Disc {
    r: f64,
}

#[derive(Debug, PartialEq, Model)]
#[model(constant("type" = "box"))]
struct Crate {
    inner: Option<Box<Shape>>,
}

#[derive(Debug, PartialEq, Model)]
enum Shape {
    Crate(Crate),
    Disc(Disc),
    #[model(constant("type" = "card"))]
    Card(Card),
    #[model(unknown)]
    Unknown(RawJson),
}

#[test]
fn by_constants() {
    check(Shape::Disc(Disc { r: 1.5 }), r#"{"type":"disc","r":1.5}"#);
    let inner = Some(Box::new(Shape::Disc(Disc { r: 2.0 })));
    check(
        Shape::Crate(Crate { inner }),
        r#"{"type":"box","inner":{"type":"disc","r":2.0}}"#,
    );
    check(Shape::Card(card()), r#"{"type":"card","number":"1"}"#);
    reads(r#"{"r":1.5}"#, Shape::Disc(Disc { r: 1.5 }));
    let other = r#"{"type":"cone","r":1.5}"#;
    reads(other, Shape::Unknown(raw(other)));
}

#[derive(Debug, PartialEq, Model)]
struct Loose {
    a: Option<i64>,
}

#[derive(Debug, PartialEq, Model)]
struct Looser {
    b: Option<i64>,
}

#[derive(Debug, PartialEq, Model)]
enum ByMembers {
    Loose(Loose),
    Looser(Looser),
    Card(Card),
    Account(Account),
}

#[test]
fn by_required_members_then_known_ones_then_in_order() {
    check(ByMembers::Card(card()), r#"{"number":"1"}"#);
    check(
        ByMembers::Account(account()),
        r#"{"number":"1","bank":"b"}"#,
    );
    check(ByMembers::Looser(Looser { b: Some(1) }), r#"{"b":1}"#);
    check(ByMembers::Loose(Loose { a: None }), "{}");
    refuses::<ByMembers>(
        "1",
        "in the 1 bytes before, at `$`: no variant of `ByMembers` fits",
    );
    refuses::<ByMembers>(
        r#"{"a":"x"}"#,
        "in the 9 bytes before, at `$.a`: invalid type: string, expected i64",
    );
}

#[derive(Debug, PartialEq, Model)]
enum Size {
    Small,
    Large,
}

#[derive(Debug, PartialEq, Model)]
struct Tags(Vec<String>);

#[derive(Debug, PartialEq, Model)]
enum ByType {
    Size(Size),
    #[model(constant = "auto")]
    Auto,
    #[model(constant = 0)]
    Zero,
    Text(String),
    Integer(i64),
    Number(f64),
    Flag(bool),
    Tags(Tags),
    Pair((i64, i64)),
    Card(Card),
    Map(BTreeMap<String, i64>),
    #[model(unknown)]
    Unknown(RawJson),
}

#[test]
fn by_json_type() {
    check(ByType::Size(Size::Small), "\"Small\"");
    check(ByType::Auto, "\"auto\"");
    check(ByType::Zero, "0");
    check(ByType::Text("x".into()), "\"x\"");
    check(ByType::Integer(-3), "-3");
    check(ByType::Number(1.5), "1.5");
    check(ByType::Flag(true), "true");
    check(ByType::Tags(Tags(vec!["a".into()])), r#"["a"]"#);
    check(ByType::Pair((1, 2)), "[1,2]");
    check(ByType::Card(card()), r#"{"number":"1"}"#);
    check(ByType::Map(BTreeMap::from([("a".into(), 1)])), r#"{"a":1}"#);
    check(ByType::Unknown(raw("null")), "null");
    let other = r#"{"a":"b"}"#;
    reads(other, ByType::Unknown(raw(other)));
}

// A type of another crate has no shape: it is tried in its turn.
#[derive(Debug, PartialEq, Model)]
enum Foreign {
    Address(std::net::IpAddr),
    Text(String),
}

#[test]
fn types_without_a_shape() {
    reads(
        "\"::1\"",
        Foreign::Address("::1".parse().expect("it is one")),
    );
    reads("\"one\"", Foreign::Text("one".into()));
}

#[test]
fn in_lists_and_from_values() {
    let json = r#"[{"object":"card","number":"1"},{"object":"nothing"}]"#;
    check(vec![Tagged::Card(card()), Tagged::Nothing], json);
    let value: serde_json::Value = serde_json::from_str(json).expect("it is JSON");
    let read: Vec<Tagged> = serde_json::from_value(value.clone()).expect("it fits");
    assert_eq!(read, [Tagged::Card(card()), Tagged::Nothing]);
    assert_eq!(serde_json::to_value(read).ok(), Some(value));
}

#[derive(Debug, PartialEq, Model)]
struct Flattened {
    id: i64,
    #[serde(flatten)]
    source: Tagged,
}

#[test]
fn a_flattened_union() {
    check(
        Flattened {
            id: 1,
            source: Tagged::Card(card()),
        },
        r#"{"id":1,"object":"card","number":"1"}"#,
    );
    check(
        Flattened {
            id: 1,
            source: Tagged::Unknown(raw(r#"{"object":"cash","x":2}"#)),
        },
        r#"{"id":1,"object":"cash","x":2}"#,
    );
}

#[derive(Debug, PartialEq, Model)]
#[model(tag = "outer")]
enum Outer {
    A(Tagged),
}

#[test]
fn a_union_in_a_union() {
    check(
        Outer::A(Tagged::Card(card())),
        r#"{"outer":"A","object":"card","number":"1"}"#,
    );
}

#[derive(Debug, PartialEq, Model)]
enum Generic<T> {
    One(Vec<T>),
    Other(T),
}

#[test]
fn a_generic_union() {
    check(Generic::One(vec![1]), "[1]");
    check(Generic::Other(1), "1");
}
