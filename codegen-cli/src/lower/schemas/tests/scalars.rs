use super::{Case, both, check, received};
use crate::config::{Decimal, Library, Types as Formats};
use expect_test::expect;

#[test]
fn formats() {
    check(
        &received(
            &["F"],
            "F:
  type: object
  required: [uuid, at, day, time, byte, blob, uri, odd, secret]
  properties:
    uuid: {type: string, format: uuid}
    at: {type: string, format: date-time}
    day: {type: string, format: date}
    time: {type: string, format: time}
    byte: {type: string, format: byte}
    blob: {type: string, contentEncoding: base64}
    uri: {type: string, format: uri}
    odd: {type: string, format: local-date-time, pattern: '^a`b$', minLength: 3, maxLength: 3}
    secret: {type: string, format: password}
    implied: {format: date-time}
    word: {type: text}
    span: {type: string, format: duration}",
        ),
        &expect![[r#"
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct F {
                pub uuid: Uuid,
                pub at: Timestamp,
                pub day: Date,
                pub time: Time,
                pub byte: Bytes,
                pub blob: Bytes,
                pub uri: String,
                /// Exactly 3 characters; matches ``^a`b$``. Format: `local-date-time`.
                pub odd: String,
                pub secret: String,
                pub implied: Option<Timestamp>,
                pub word: Option<String>,
                /// Format: `duration`.
                pub span: Option<String>,
            }
            // found
            // warning 15:18 `text` is no type; it is read as `string`
        "#]],
    );
}

#[test]
fn integers_are_as_wide_as_they_must_be() {
    check(
        &both(
            &["Counter"],
            "Counter:
  type: object
  properties:
    hits: {type: integer, minimum: 0, maximum: 18446744073709551615}
    size: {type: integer, format: uint64, maximum: 1.8446744073709552e+19}
    seen: {type: integer, default: 9007199254740993}
    delta: {type: integer, format: int64, minimum: -9223372036854775808, maximum: 9223372036854776000}
    small: {type: integer, format: int32}
    huge: {type: integer, maximum: 340282366920938463463374607431768211455}
    price: {type: number, format: decimal, multipleOf: 0.01, exclusiveMinimum: 0}
    count: {type: number, format: int64}
    ratio: {type: number, enum: [1, 0.5]}
    many: {type: array, maxItems: 3, items: {type: string, maxLength: 8}, enum: [[a]]}",
        ),
        &expect![[r#"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            pub struct Counter {
                /// From 0 to 18446744073709551615.
                pub hits: Option<u64>,
                /// At most 1.8446744073709552e+19.
                pub size: Option<u64>,
                /// The server assumes 9007199254740993.
                pub seen: Option<i64>,
                /// From -9223372036854775808 to 9223372036854776000.
                pub delta: Option<i64>,
                pub small: Option<i32>,
                /// At most 340282366920938463463374607431768211455.
                pub huge: Option<RawJson>,
                /// More than 0; a multiple of 0.01. Format: `decimal`.
                pub price: Option<f64>,
                pub count: Option<i64>,
                /// One of 1, 0.5.
                pub ratio: Option<f64>,
                /// At most 3 items. Each item: at most 8 characters.
                pub many: Option<Vec<String>>,
            }
            // found
            // warning 9:36 the maximum is above every integer type's; this is a raw value
            // note 13:82 a list of whole lists or objects is not enforced
            // note 13:82 a value of another type than the schema's is left out
        "#]],
    );
}

#[test]
fn tuples() {
    check(
        &received(
            &["Chart"],
            "Chart:
  type: object
  properties:
    point: {type: array, prefixItems: [{type: number}, {type: string}], minItems: 2, maxItems: 2}
    open: {type: array, prefixItems: [{type: string}], items: {type: integer}}
    closed: {type: array, prefixItems: [{type: boolean}, {}], items: false}
    nested: {type: array, items: {type: array, prefixItems: [{type: string}, {type: string}], minItems: 2, items: false}}
    rows: {type: array, minItems: 1, uniqueItems: true, items: {type: object, properties: {a: {type: integer}}}}",
        ),
        &expect![[r#"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Chart {
                /// Exactly 2 items.
                pub point: Option<(f64, String)>,
                pub open: Option<ChartOpen>,
                pub closed: Option<ChartClosed>,
                /// Each item: at least 2 items.
                pub nested: Option<Vec<(String, String)>>,
                /// At least 1 item; no item twice.
                pub rows: Option<Vec<ChartRow>>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive, tuple)]
            pub struct ChartClosed(pub Option<bool>, pub Option<RawJson>);

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive, tuple)]
            pub struct ChartOpen(pub Option<String>, #[model(rest)] pub Vec<i64>);

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct ChartRow {
                pub a: Option<i64>,
            }
            // lock
            // Chart/properties/closed = ChartClosed
            // Chart/properties/open = ChartOpen
            // Chart/properties/rows/items = ChartRow
        "#]],
    );
}

#[test]
fn defaults_that_do_not_fit() {
    check(
        &Case {
            sent: &["Tape"],
            ..received(
                &[],
                "Tape:
  type: object
  properties:
    pace: {type: string, enum: [swift, steady], default: [swift]}
    shape: {type: string, enum: [oval, ring], default: cube}
    turns: {type: integer, default: ''}
    glossy: {type: boolean, default: 'yes'}
    good: {type: string, enum: [oval, ring], default: ring}",
            )
        },
        &expect![[r##"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(send)]
            pub struct Tape {
                pub pace: Option<TapePace>,
                pub shape: Option<TapeShape>,
                pub turns: Option<i64>,
                pub glossy: Option<bool>,
                /// The server assumes `ring`.
                pub good: Option<TapeShape>,
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[model(send)]
            #[serde(rename_all = "lowercase")]
            #[non_exhaustive]
            pub enum TapePace {
                Swift,
                Steady,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[model(send)]
            #[serde(rename_all = "lowercase")]
            #[non_exhaustive]
            pub enum TapeShape {
                Oval,
                Ring,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }
            // lock
            // Tape/properties/good = TapeShape
            // Tape/properties/pace = TapePace
            // Tape/properties/shape = TapeShape
            // found
            // warning 4:58 the default is of another type; it is ignored
            // warning 5:56 the default is none of the listed values; it is ignored
            // warning 6:37 the default is of another type; it is ignored
            // warning 7:38 the default is of another type; it is ignored
        "##]],
    );
}

#[test]
fn what_a_person_may_choose() {
    check(
        &Case {
            formats: Formats {
                date_time: Library::Text,
                decimal: Decimal::RustDecimal,
                both_ways: true,
                ..Formats::default()
            },
            ..received(
                &["F"],
                "F: {type: object, properties: {at: {type: string, format: date-time}, price: {type: string, format: decimal}}}",
            )
        },
        &expect![[r#"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            pub struct F {
                pub at: Option<String>,
                /// Format: `decimal`.
                pub price: Option<Decimal>,
            }
        "#]],
    );
}
