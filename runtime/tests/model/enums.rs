//! Enums whose variants are values.

use crate::{check, reads, refuses};
use perennial::{Model, RawJson};

#[derive(Debug, PartialEq, Model)]
#[serde(rename_all = "snake_case")]
enum Kind {
    BankAccount,
    #[serde(rename = "credit-card", alias = "card")]
    Card,
    #[model(unknown)]
    Unknown(String),
}

#[test]
fn words() {
    check(Kind::BankAccount, "\"bank_account\"");
    check(Kind::Card, "\"credit-card\"");
    reads("\"card\"", Kind::Card);
    check(Kind::Unknown("cash".into()), "\"cash\"");
    check(Kind::Unknown(String::new()), "\"\"");
    refuses::<Kind>(
        "1",
        "invalid type: integer `1`, expected \"bank_account\", \"credit-card\", \"card\"",
    );
}

#[derive(Debug, PartialEq, Model)]
enum Closed {
    A,
    #[serde(rename = "")]
    Empty,
}

#[test]
fn a_closed_enum_refuses() {
    check(Closed::A, "\"A\"");
    check(Closed::Empty, "\"\"");
    refuses::<Closed>("\"B\"", "invalid value: string \"B\", expected \"A\", \"\"");
}

#[derive(Debug, PartialEq, Model)]
enum Level {
    #[model(constant = -1)]
    MinusOne,
    #[model(constant = 0)]
    Zero,
    #[model(constant = 9007199254740993)]
    Large,
    #[model(unknown)]
    Unknown(i64),
}

#[test]
fn integers() {
    check(Level::MinusOne, "-1");
    check(Level::Zero, "0");
    check(Level::Large, "9007199254740993");
    check(Level::Unknown(5), "5");
    check(Level::Unknown(9007199254740992), "9007199254740992");
    refuses::<Level>(
        "\"0\"",
        "invalid value: string \"0\", expected -1, 0, 9007199254740993",
    );
}

#[derive(Debug, PartialEq, Model)]
enum Yes {
    #[model(constant = true)]
    True,
}

#[test]
fn booleans() {
    check(Yes::True, "true");
    refuses::<Yes>("false", "invalid value: boolean `false`, expected true");
}

#[derive(Debug, PartialEq, Model)]
enum Ratio {
    #[model(constant = 0.5)]
    Half,
    #[model(constant = 1)]
    One,
    #[model(unknown)]
    Unknown(f64),
}

#[test]
fn numbers() {
    check(Ratio::Half, "0.5");
    check(Ratio::One, "1");
    reads("1.0", Ratio::One);
    check(Ratio::Unknown(0.25), "0.25");
}

#[derive(Debug, PartialEq, Model)]
#[serde(rename_all = "lowercase")]
enum Mixed {
    Auto,
    #[model(constant = 1)]
    One,
    #[model(constant = null)]
    Nothing,
    #[model(unknown)]
    Unknown(RawJson),
}

#[test]
fn values_of_several_kinds() {
    check(Mixed::Auto, "\"auto\"");
    check(Mixed::One, "1");
    check(Mixed::Nothing, "null");
    let raw = r#"{"a":[1]}"#.to_owned();
    check(
        Mixed::Unknown(RawJson::parse(raw).expect("it is JSON")),
        r#"{"a":[1]}"#,
    );
}

#[test]
fn in_other_formats() {
    let value = serde_json::json!("credit-card");
    assert_eq!(serde_json::from_value::<Kind>(value).ok(), Some(Kind::Card));
    assert_eq!(
        serde_json::to_value(Level::Zero).ok(),
        Some(serde_json::json!(0))
    );
}
