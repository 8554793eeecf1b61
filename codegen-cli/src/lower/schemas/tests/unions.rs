use super::{Case, both, check, received};
use expect_test::expect;

#[test]
fn a_base_with_children() {
    check(
        &received(
            &["Shape"],
            "Shape:
  type: object
  required: [kind, label]
  properties: {kind: {type: string}, label: {type: string}}
  discriminator:
    propertyName: kind
    mapping: {disc: '#/components/schemas/Disc', box: '#/components/schemas/Box'}
  oneOf: [{$ref: '#/components/schemas/Disc'}, {$ref: '#/components/schemas/Box'}]
Disc:
  allOf:
    - {$ref: '#/components/schemas/Shape'}
    - {type: object, required: [r], properties: {r: {type: number}}}
Box:
  allOf:
    - {$ref: '#/components/schemas/Shape'}
    - {type: object, required: [w], properties: {w: {type: number}, inner: {$ref: '#/components/schemas/Shape'}}}",
        ),
        &expect![[r##"
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct Box {
                pub label: String,
                pub w: f64,
                pub inner: Option<std::boxed::Box<Shape>>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct Disc {
                pub label: String,
                pub r: f64,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive, tag = "kind")]
            #[non_exhaustive]
            pub enum Shape {
                #[serde(rename = "disc")]
                Disc(Disc),
                #[serde(rename = "box")]
                Box(Box),
                /// A variant that the document does not list, as it came.
                #[model(unknown)]
                Unknown(RawJson),
            }
        "##]],
    );
}

#[test]
fn children_without_a_list() {
    check(
        &received(
            &["Pet", "Owner"],
            "Pet:
  type: object
  required: [petType]
  properties: {petType: {type: string}, name: {type: string}}
  discriminator: {propertyName: petType}
Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {lives: {type: integer}}}]}
Dog: {allOf: [{$ref: '#/components/schemas/Pet'}]}
Owner: {type: object, properties: {cat: {$ref: '#/components/schemas/Cat'}}}",
        ),
        &expect![[r##"
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct Cat {
                #[serde(rename = "petType")]
                pub pet_type: String,
                pub name: Option<String>,
                pub lives: Option<i64>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Dog {
                pub name: Option<String>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Owner {
                pub cat: Option<Cat>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive, tag = "petType")]
            #[non_exhaustive]
            pub enum Pet {
                #[serde(rename = "Cat")]
                Cat(Cat),
                #[serde(rename = "Dog")]
                Dog(Dog),
                /// A variant that the document does not list, as it came.
                #[model(unknown)]
                Unknown(RawJson),
            }
        "##]],
    );
}

#[test]
fn two_keys_for_one_schema() {
    check(
        &Case {
            sent: &["Event"],
            ..received(
                &[],
                "Event:
  oneOf: [{$ref: '#/components/schemas/StartEvent'}, {$ref: '#/components/schemas/StopEvent'}]
  discriminator:
    propertyName: event_type
    mapping: {start: '#/components/schemas/StartEvent', stop: StopEvent, halt: '#/components/schemas/StopEvent'}
StartEvent: {type: object, required: [event_type], properties: {event_type: {type: string}, at: {type: integer}}}
StopEvent: {type: object, required: [event_type], properties: {event_type: {type: string}, code: {type: integer}}}",
            )
        },
        &expect![[r##"
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(send, tag = "event_type")]
            #[non_exhaustive]
            pub enum Event {
                #[serde(rename = "start")]
                Start(StartEvent),
                #[serde(rename = "stop")]
                Stop(StopEvent),
                #[serde(rename = "halt")]
                Halt(StopEvent),
                /// A variant that the document does not list.
                #[model(unknown)]
                Unknown(RawJson),
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(send)]
            pub struct StartEvent {
                pub at: Option<i64>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(send)]
            pub struct StopEvent {
                pub code: Option<i64>,
            }
        "##]],
    );
}

#[test]
fn told_by_constants() {
    check(
        &both(
            &["Payment", "Alone"],
            "Payment:
  type: object
  properties:
    source:
      description: What to take it from. Or not.
      oneOf:
        - title: Card
          description: A card
          type: object
          required: [number, cvc]
          properties:
            object: {type: string, const: card}
            number: {type: string}
            cvc: {type: string, writeOnly: true}
        - title: Bank Account
          type: object
          required: [number, account_type]
          properties:
            object: {type: string, const: bank_account}
            number: {type: string}
            account_type: {type: string, enum: [individual, company]}
    other:
      anyOf:
        - {$ref: '#/components/schemas/Left'}
        - {$ref: '#/components/schemas/Right'}
Left: {type: object, required: [side], properties: {side: {const: left}}}
Right: {type: object, required: [side], properties: {side: {const: right}}}
Alone: {type: object, properties: {left: {$ref: '#/components/schemas/Left'}}}",
        ),
        &expect![[r##"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            pub struct Alone {
                pub left: Option<Left>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(new)]
            pub struct BankAccount {
                pub number: String,
                pub account_type: BankAccountType,
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[serde(rename_all = "lowercase")]
            #[non_exhaustive]
            pub enum BankAccountType {
                Individual,
                Company,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            /// A card, as it is received.
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct Card {
                pub number: String,
            }

            /// A card, as it is sent.
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(send, new)]
            pub struct CardInput {
                pub number: String,
                pub cvc: String,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(constant("side" = "left"))]
            pub struct Left {}

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Payment {
                /// What to take it from. Or not.
                pub source: Option<PaymentSource>,
                pub other: Option<PaymentOther>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(send)]
            pub struct PaymentInput {
                /// What to take it from. Or not.
                pub source: Option<PaymentSourceInput>,
                pub other: Option<PaymentOther>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(tag = "side")]
            #[non_exhaustive]
            pub enum PaymentOther {
                #[serde(rename = "left")]
                Left(Left),
                #[serde(rename = "right")]
                Right(Right),
                /// A variant that the document does not list, as it came.
                #[model(unknown)]
                Unknown(RawJson),
            }

            /// What to take it from, as it is received. Or not.
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive, tag = "object", or = required)]
            #[non_exhaustive]
            pub enum PaymentSource {
                /// A card.
                #[serde(rename = "card")]
                Card(Card),
                #[serde(rename = "bank_account")]
                BankAccount(BankAccount),
                /// A variant that the document does not list, as it came.
                #[model(unknown)]
                Unknown(RawJson),
            }

            /// What to take it from, as it is sent. Or not.
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(send, tag = "object", or = required)]
            #[non_exhaustive]
            pub enum PaymentSourceInput {
                /// A card.
                #[serde(rename = "card")]
                Card(CardInput),
                #[serde(rename = "bank_account")]
                BankAccount(BankAccount),
                /// A variant that the document does not list.
                #[model(unknown)]
                Unknown(RawJson),
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            pub struct Right {}
            // lock
            // Payment#received = Payment
            // Payment#sent = PaymentInput
            // Payment/properties/other = PaymentOther
            // Payment/properties/source#received = PaymentSource
            // Payment/properties/source#sent = PaymentSourceInput
            // Payment/properties/source/oneOf/0#received = Card
            // Payment/properties/source/oneOf/0#sent = CardInput
            // Payment/properties/source/oneOf/1 = BankAccount
            // Payment/properties/source/oneOf/1/properties/account_type = BankAccountType
            // found
            // note 12:21 `object` is constant but not required: without it, required members decide
        "##]],
    );
}

#[test]
fn told_by_what_they_hold() {
    check(
        &received(
            &["U", "Self"],
            "U:
  type: object
  properties:
    scalar: {type: [string, integer, 'null']}
    list: {oneOf: [{type: string}, {type: array, items: {type: string}}, {type: object, properties: {a: {type: string}}}]}
    order: {anyOf: [{$ref: '#/components/schemas/Few'}, {$ref: '#/components/schemas/Many'}, {}]}
    common:
      type: object
      required: [id]
      properties: {id: {type: string}}
      oneOf: [{properties: {a: {type: string}}, required: [a]}, {properties: {b: {type: string}}, required: [b]}]
Few: {type: object, properties: {a: {type: string}}}
Many: {type: object, required: [a, b], properties: {a: {type: string}, b: {type: string}}}
Self: {oneOf: [{$ref: '#/components/schemas/Self'}, {$ref: '#/components/schemas/Other'}, {type: string}]}
Other: {oneOf: [{$ref: '#/components/schemas/Self'}, {type: integer}, {type: boolean}]}",
        ),
        &expect![[r#"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct Few {
                pub a: Option<String>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct Many {
                pub a: String,
                pub b: String,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            #[non_exhaustive]
            pub enum Other {
                Integer(i64),
                Flag(bool),
                /// A variant that the document does not list, as it came.
                #[model(unknown)]
                Unknown(RawJson),
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            #[non_exhaustive]
            pub enum Self_ {
                Other(Other),
                Text(String),
                /// A variant that the document does not list, as it came.
                #[model(unknown)]
                Unknown(RawJson),
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct U {
                pub scalar: Option<Option<UScalar>>,
                pub list: Option<UList>,
                pub order: Option<UOrder>,
                pub common: Option<UCommon>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            #[non_exhaustive]
            pub enum UCommon {
                A(UCommonA),
                B(UCommonB),
                /// A variant that the document does not list, as it came.
                #[model(unknown)]
                Unknown(RawJson),
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct UCommonA {
                pub id: String,
                pub a: String,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct UCommonB {
                pub id: String,
                pub b: String,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            #[non_exhaustive]
            pub enum UList {
                Text(String),
                List(Vec<String>),
                A(UListA),
                /// A variant that the document does not list, as it came.
                #[model(unknown)]
                Unknown(RawJson),
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct UListA {
                pub a: Option<String>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            #[non_exhaustive]
            pub enum UOrder {
                Many(Many),
                Few(Few),
                /// A variant that the document does not list, as it came.
                #[model(unknown)]
                Unknown(RawJson),
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            #[non_exhaustive]
            pub enum UScalar {
                Integer(i64),
                Text(String),
                /// A variant that the document does not list, as it came.
                #[model(unknown)]
                Unknown(RawJson),
            }
            // lock
            // Self = Self_
            // U/properties/common = UCommon
            // U/properties/common/oneOf/0 = UCommonA
            // U/properties/common/oneOf/1 = UCommonB
            // U/properties/list = UList
            // U/properties/list/oneOf/2 = UListA
            // U/properties/order = UOrder
            // U/properties/scalar = UScalar
            // found
            // note 14:16 an alternative that is the union itself is left out
        "#]],
    );
}
