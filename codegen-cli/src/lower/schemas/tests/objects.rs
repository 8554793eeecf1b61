use super::{both, check, received};
use expect_test::expect;

#[test]
fn presence_and_null() {
    check(
        &both(
            &["Visit"],
            "Visit:
  type: object
  required: [id, pilot]
  properties:
    id: {type: string, format: uuid, description: Of the visit}
    pilot:
      allOf: [{$ref: '#/components/schemas/Pilot'}, {nullable: true}]
    mate:
      nullable: true
      allOf: [{$ref: '#/components/schemas/Pilot'}]
      description: who helps
    steward: {oneOf: [{$ref: '#/components/schemas/Pilot'}, {type: 'null'}]}
    room: {type: [integer, 'null'], minimum: 1, default: 7}
Pilot: {type: object, required: [name], properties: {name: {type: string}}}",
        ),
        &expect![[r#"
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(new)]
            pub struct Pilot {
                pub name: String,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(new)]
            pub struct Visit {
                /// Of the visit.
                pub id: Uuid,
                #[model(nullable)]
                pub pilot: Option<Pilot>,
                /// Who helps.
                pub mate: Option<Option<Pilot>>,
                pub steward: Option<Option<Pilot>>,
                /// At least 1; the server assumes 7.
                pub room: Option<Option<i64>>,
            }
        "#]],
    );
}

#[test]
fn references_with_siblings() {
    check(
        &both(
            &["Order"],
            "Order:
  type: object
  required: [bill_to]
  properties:
    bill_to:
      $ref: '#/components/schemas/Address'
      title: Billing address
      description: where the invoice goes
      deprecated: true
    ship_to:
      $ref: '#/components/schemas/Address'
      required: [phone]
      properties: {phone: {type: string}}
Address:
  description: any place
  type: object
  required: [city]
  properties: {city: {type: string}}",
        ),
        &expect![[r#"
            /// Any place.
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(new)]
            pub struct Address {
                pub city: String,
            }

            /// Any place.
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(new)]
            pub struct AddressWithPhone {
                pub city: String,
                pub phone: String,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(new)]
            pub struct Order {
                /// Where the invoice goes.
                #[deprecated]
                pub bill_to: Address,
                pub ship_to: Option<AddressWithPhone>,
            }
            // lock
            // Order/properties/ship_to = AddressWithPhone
        "#]],
    );
}

#[test]
fn other_members() {
    check(
        &received(
            &["Text", "Loose", "Closed", "Free", "Pattern"],
            "Text:
  type: object
  required: [locale]
  properties:
    locale: {type: string}
    other: {type: boolean}
    revision: {type: integer}
  additionalProperties: {type: string}
Loose: {type: object, properties: {a: {type: string}}, additionalProperties: true}
Closed: {type: object, additionalProperties: false}
Free: {type: object}
Pattern: {type: object, patternProperties: {'^x-': {type: array, items: {type: integer}}}}",
        ),
        &expect![[r#"
            // Free: Map(Raw)
            // Pattern: Map(List(I64))
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Closed {}

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Loose {
                pub a: Option<String>,
                /// All other members.
                #[serde(flatten)]
                pub other: BTreeMap<String, RawJson>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct Text {
                pub locale: String,
                pub other: Option<bool>,
                pub revision: Option<i64>,
                /// All other members.
                #[serde(flatten)]
                pub others: BTreeMap<String, String>,
            }
        "#]],
    );
}

#[test]
fn all_of_is_merged() {
    check(
        &received(
            &["List", "One", "Many"],
            "Base: {type: object, description: What all have, required: [id], properties: {id: {type: string}, data: {type: array, items: {type: object}}}}
Thing: {type: object, properties: {a: {type: string}}}
List:
  type: object
  properties:
    page:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - {properties: {data: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}
    extended:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - {properties: {links: {type: string}}}
    two:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - {properties: {links: {type: string}, next_page: {type: string}}}
One: {allOf: [{type: string}, {type: object}]}
Many: {allOf: [{$ref: '#/components/schemas/Many'}, {properties: {x: {type: integer}}}]}",
        ),
        &expect![[r#"
            // One: Raw
            /// What all have.
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct BaseWithLinks {
                pub id: String,
                pub data: Option<Vec<BTreeMap<String, RawJson>>>,
                pub links: Option<String>,
            }

            /// What all have.
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct BaseWithLinksAndNextPage {
                pub id: String,
                pub data: Option<Vec<BTreeMap<String, RawJson>>>,
                pub links: Option<String>,
                pub next_page: Option<String>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct List {
                pub page: Option<ListPage>,
                pub extended: Option<BaseWithLinks>,
                pub two: Option<BaseWithLinksAndNextPage>,
            }

            /// What all have.
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct ListPage {
                pub id: String,
                pub data: Option<Vec<Thing>>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Many {
                pub x: Option<i64>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Thing {
                pub a: Option<String>,
            }
            // lock
            // List/properties/extended = BaseWithLinks
            // List/properties/page = ListPage
            // List/properties/two = BaseWithLinksAndNextPage
            // found
            // warning 18:32 `object` contradicts `string`; this is a raw value
            // warning 19:7 `allof` leads back to the schema it belongs to
        "#]],
    );
}

#[test]
fn recursion() {
    check(
        &received(
            &["Atlas", "Tree", "Nest", "Pair"],
            "Atlas:
  type: object
  properties: {items: {type: array, items: {$ref: '#/components/schemas/Atlas/$defs/Sheet'}}}
  $defs:
    Sheet: {type: object, properties: {scale: {type: string}, part: {$ref: '#/components/schemas/Atlas'}}}
Tree: {type: object, additionalProperties: {$ref: '#/components/schemas/Tree'}}
Nest: {type: array, items: {$ref: '#/components/schemas/Nest'}}
Pair: {type: object, required: [left], properties: {left: {$ref: '#/components/schemas/Pair'}, right: {$ref: '#/components/schemas/Pair'}}}
Loop: {$ref: '#/components/schemas/Loop'}",
        ),
        &expect![[r#"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Atlas {
                pub items: Option<Vec<Sheet>>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            #[non_exhaustive]
            pub enum Nest {
                List(Vec<Nest>),
                /// A variant that the document does not list, as it came.
                #[model(unknown)]
                Unknown(RawJson),
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct Pair {
                pub left: Box<Pair>,
                pub right: Option<Box<Pair>>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Sheet {
                pub scale: Option<String>,
                pub part: Option<Atlas>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Tree {
                /// All other members.
                #[serde(flatten)]
                pub other: BTreeMap<String, Tree>,
            }
            // lock
            // Atlas/$defs/Sheet = Sheet
        "#]],
    );
}

#[test]
fn what_is_required_and_not_described() {
    check(
        &received(
            &["A", "B"],
            "A: {type: object, required: [a, b], properties: {a: {type: string, required: true}, never: false, any: true}}
B:
  type: object
  properties: {x: {type: string}, y: {type: string}}
  anyOf: [{required: [x]}, {required: [y]}]",
        ),
        &expect![[r#"
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct A {
                pub a: String,
                pub any: Option<RawJson>,
                pub b: Option<RawJson>,
            }

            /// At least one of these is there: `x`; `y`.
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct B {
                pub x: Option<String>,
                pub y: Option<String>,
            }
            // found
            // warning 1:4 `b` is required, but not described; it is an optional raw value
            // warning 1:68 `required` is a list of members' names
        "#]],
    );
}
