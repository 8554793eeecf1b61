use super::{Case, both, check, received};
use expect_test::expect;

#[test]
fn names_that_collide_or_are_no_identifiers() {
    check(
        &received(
            &["24h-stats", "ring._outer.ShelfRow"],
            "24h-stats:
  type: object
  properties:
    7up?: {type: string}
    24h_max: {type: integer}
    '+1': {type: integer}
    '-1': {type: integer}
    $: {type: string}
    '@type': {type: string}
    größe: {type: number}
    名前: {type: string}
    url: {type: string}
    _url: {type: string}
    URL: {type: string}
    fooBar: {type: integer}
    foo_bar: {type: integer}
    foo-bar: {type: integer}
    self: {type: string}
    type: {type: string}
    'a\"]b': {type: string}
ring._outer.ShelfRow:
  type: object
  properties:
    load: {$ref: '#/components/schemas/_outer.Weight'}
    twin: {$ref: '#/components/schemas/ring-_outer.ShelfRow'}
_outer.Weight: {type: string}
ring-_outer.ShelfRow: {type: object, properties: {id: {type: string}}}",
        ),
        &expect![[r##"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct OuterShelfRow {
                pub load: Option<String>,
                pub twin: Option<RingOuterShelfRow>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct RingOuterShelfRow {
                pub id: Option<String>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct _24hStats {
                #[serde(rename = "7up?")]
                pub _7up: Option<String>,
                #[serde(rename = "24h_max")]
                pub _24h_max: Option<i64>,
                #[serde(rename = "+1")]
                pub plus_1: Option<i64>,
                #[serde(rename = "-1")]
                pub minus_1: Option<i64>,
                #[serde(rename = "$")]
                pub dollar: Option<String>,
                #[serde(rename = "@type")]
                pub at_type: Option<String>,
                pub größe: Option<f64>,
                pub 名前: Option<String>,
                pub url: Option<String>,
                pub _url: Option<String>,
                #[serde(rename = "URL")]
                pub url_upper: Option<String>,
                #[serde(rename = "fooBar")]
                pub foo_bar_camel: Option<i64>,
                pub foo_bar: Option<i64>,
                #[serde(rename = "foo-bar")]
                pub foo_dash_bar: Option<i64>,
                #[serde(rename = "self")]
                pub self_: Option<String>,
                pub r#type: Option<String>,
                #[serde(rename = "a\"]b")]
                pub a_b: Option<String>,
            }
            // lock
            // 24h-stats = _24hStats
            // ring-_outer.ShelfRow = RingOuterShelfRow
            // ring._outer.ShelfRow = OuterShelfRow
            // 24h-stats/properties/@type = at_type
            // 24h-stats/properties/URL = url_upper
            // 24h-stats/properties/_url = _url
            // 24h-stats/properties/foo-bar = foo_dash_bar
            // 24h-stats/properties/fooBar = foo_bar_camel
        "##]],
    );
}

#[test]
fn equal_shapes_are_one_type() {
    check(
        &received(
            &["GetA", "GetB", "GetC"],
            "GetA: {type: object, properties: {links: {type: object, properties: {self: {type: string}}}}}
GetB: {type: object, properties: {links: {type: object, properties: {self: {type: string}}}}}
GetC:
  type: object
  properties:
    links: {type: object, properties: {self: {type: integer}}}
    tags: {type: array, items: {type: object, properties: {name: {type: string}}}}
    labels: {type: object, additionalProperties: {type: object, properties: {text: {type: string}}}}",
        ),
        &expect![[r##"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct GetA {
                pub links: Option<Links>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct GetB {
                pub links: Option<Links>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct GetC {
                pub links: Option<GetCLinks>,
                pub tags: Option<Vec<GetCTag>>,
                pub labels: Option<BTreeMap<String, GetCLabel>>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct GetCLabel {
                pub text: Option<String>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct GetCLinks {
                #[serde(rename = "self")]
                pub self_: Option<i64>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct GetCTag {
                pub name: Option<String>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Links {
                #[serde(rename = "self")]
                pub self_: Option<String>,
            }
            // lock
            // GetA/properties/links = Links
            // GetB/properties/links = Links
            // GetC/properties/labels/additionalProperties = GetCLabel
            // GetC/properties/links = GetCLinks
            // GetC/properties/tags/items = GetCTag
        "##]],
    );
}

#[test]
fn a_name_once_given_stays() {
    check(
        &Case {
            lock: "[types]\n'#/components/schemas/GetA/properties/links' = 'GetALinks'\n'#/components/schemas/x-y' = 'Why'\n",
            ..received(
                &["GetA", "GetB", "x-y"],
                "GetA: {type: object, properties: {links: {type: object, properties: {self: {type: string}}}}}
GetB: {type: object, properties: {links: {type: object, properties: {self: {type: string}}}}}
x-y: {type: object, properties: {a: {type: object, properties: {b: {type: string}}}}}
Why: {type: object, properties: {a: {type: string}}}",
            )
        },
        &expect![[r##"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct GetA {
                pub links: Option<GetALinks>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct GetALinks {
                #[serde(rename = "self")]
                pub self_: Option<String>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct GetB {
                pub links: Option<GetALinks>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Why {
                pub a: Option<WhyA>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct WhyA {
                pub b: Option<String>,
            }
            // lock
            // GetA/properties/links = GetALinks
            // GetB/properties/links = GetALinks
            // x-y = Why
            // x-y/properties/a = WhyA
        "##]],
    );
}

#[test]
fn a_name_survives_directions_that_come_apart() {
    check(
        &Case {
            lock: "[types]\n'#/components/schemas/a-b' = 'Old'\n'#/components/schemas/c-d#received' = 'Kept'\n",
            ..both(
                &["a-b", "c-d"],
                "a-b: {type: object, required: [id], properties: {id: {type: string, readOnly: true}}}
c-d: {type: object, properties: {id: {type: string, readOnly: true}}}",
            )
        },
        &expect![[r#"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            pub struct Kept {
                #[model(read_only)]
                pub id: Option<String>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct Old {
                pub id: String,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(send)]
            pub struct OldInput {}
            // lock
            // a-b#received = Old
            // a-b#sent = OldInput
            // c-d = Kept
        "#]],
    );
}
