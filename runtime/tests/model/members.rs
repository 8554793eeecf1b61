//! Attributes of members.

use crate::{check, reads, refuses, writes};
use perennial::Model;

#[derive(Debug, PartialEq, Model)]
struct Plain {
    id: i64,
    r#type: String,
    note: Option<String>,
}

#[test]
fn required_and_optional() {
    let value = |note: Option<&str>| Plain {
        id: 7,
        r#type: "a".into(),
        note: note.map(Into::into),
    };
    check(value(None), r#"{"id":7,"type":"a"}"#);
    check(value(Some("n")), r#"{"id":7,"type":"a","note":"n"}"#);
    reads(r#"{"note":null,"type":"a","id":7,"new":[{}]}"#, value(None));
    reads(r#"{"id":1,"id":7,"type":"a"}"#, value(None));
    refuses::<Plain>(r#"{"id":7}"#, "missing field `type`");
    refuses::<Plain>(r#"{"type":"a"}"#, "missing field `id`");
    refuses::<Plain>("{}", "missing field `id`");
    refuses::<Plain>("[]", "invalid type: sequence, expected an object (Plain)");
    refuses::<Plain>("null", "invalid type: null, expected an object (Plain)");
    refuses::<Plain>(
        r#"{"id":"7","type":"a"}"#,
        "invalid type: string \"7\", expected i64",
    );
    refuses::<Plain>(
        r#"{"id":null,"type":"a"}"#,
        "invalid type: null, expected i64",
    );
}

#[derive(Debug, PartialEq, Model)]
#[serde(rename_all = "camelCase")]
struct Renamed {
    first_name: String,
    #[serde(rename = "@type", alias = "kind", alias = "type")]
    kind_of: Option<String>,
    #[model(rename = "x-y")]
    x: i64,
}

#[test]
fn names_on_the_wire() {
    let value = |kind: Option<&str>| Renamed {
        first_name: "a".into(),
        kind_of: kind.map(Into::into),
        x: 1,
    };
    check(value(None), r#"{"firstName":"a","x-y":1}"#);
    check(value(Some("k")), r#"{"firstName":"a","@type":"k","x-y":1}"#);
    reads(r#"{"firstName":"a","kind":"k","x-y":1}"#, value(Some("k")));
    reads(r#"{"type":"k","x-y":1,"firstName":"a"}"#, value(Some("k")));
    refuses::<Renamed>(r#"{"x":1,"first_name":"a"}"#, "missing field `firstName`");
}

#[derive(Debug, PartialEq, Model)]
struct Aliased {
    #[serde(alias = "identifier")]
    id: i64,
    name: String,
}

#[test]
fn an_alias_satisfies_what_is_required() {
    let value = Aliased {
        id: 1,
        name: "n".into(),
    };
    reads(r#"{"identifier":1,"name":"n"}"#, value);
    refuses::<Aliased>(r#"{"identifier":1}"#, "missing field `name`");
}

#[derive(Debug, Default, PartialEq, Model)]
struct Nulls {
    #[model(nullable)]
    required: Option<i64>,
    both: Option<Option<i64>>,
    optional: Option<i64>,
}

#[test]
fn null_and_absent() {
    check(Nulls::default(), r#"{"required":null}"#);
    let value = |both| Nulls {
        required: Some(1),
        both,
        optional: Some(3),
    };
    check(
        value(Some(Some(2))),
        r#"{"required":1,"both":2,"optional":3}"#,
    );
    check(
        value(Some(None)),
        r#"{"required":1,"both":null,"optional":3}"#,
    );
    check(value(None), r#"{"required":1,"optional":3}"#);
    // A server that leaves a nullable member out, or writes a stray null, is understood.
    reads(
        r#"{"optional":null}"#,
        Nulls {
            required: None,
            both: None,
            optional: None,
        },
    );
}

fn seven() -> i64 {
    7
}

fn is_seven(value: &i64) -> bool {
    *value == 7
}

#[derive(Debug, PartialEq, Model)]
struct Defaults {
    #[serde(default)]
    list: Vec<i64>,
    #[serde(default = "seven", skip_serializing_if = "is_seven")]
    seven: i64,
    #[serde(default = "some")]
    some: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    skipped: Vec<i64>,
}

fn some() -> Option<i64> {
    Some(1)
}

#[test]
fn defaults() {
    let value = |seven, some| Defaults {
        list: vec![],
        seven,
        some,
        skipped: vec![],
    };
    reads("{}", value(7, Some(1)));
    reads(r#"{"seven":8,"some":null}"#, value(8, None));
    writes(&value(7, Some(1)), r#"{"list":[],"some":1}"#);
    writes(&value(8, None), r#"{"list":[],"seven":8}"#);
}

#[derive(Debug, PartialEq, Model)]
#[serde(default)]
struct AllDefaults {
    name: String,
    count: i64,
    #[serde(default)]
    own: i64,
}

impl Default for AllDefaults {
    fn default() -> Self {
        Self {
            name: "fallback".into(),
            count: 3,
            own: 9,
        }
    }
}

#[test]
fn defaults_of_the_whole_struct() {
    // A member's own default goes before the struct's.
    let value = AllDefaults {
        own: 0,
        ..Default::default()
    };
    reads("{}", value);
    reads(
        r#"{"count":4,"own":1}"#,
        AllDefaults {
            count: 4,
            own: 1,
            ..Default::default()
        },
    );
}

#[derive(Debug, PartialEq, Model)]
struct ReadOnly {
    #[model(read_only)]
    id: Option<i64>,
    name: String,
}

#[test]
fn read_only_is_never_sent() {
    let value = ReadOnly {
        id: Some(1),
        name: "a".into(),
    };
    writes(&value, r#"{"name":"a"}"#);
    reads(r#"{"id":1,"name":"a"}"#, value);
}

#[derive(Debug, PartialEq, Model)]
struct Deprecated {
    #[deprecated]
    old: Option<i64>,
    #[deprecated(note = "use `new`")]
    older: i64,
}

#[test]
#[expect(deprecated, reason = "only the expansion is silent about it")]
fn the_expansion_is_silent_about_deprecated_members() {
    check(
        Deprecated {
            old: None,
            older: 1,
        },
        r#"{"older":1}"#,
    );
}
