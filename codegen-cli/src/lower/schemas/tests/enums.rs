use super::{both, check, received};
use expect_test::expect;

#[test]
fn numbers_signs_and_duplicates() {
    check(
        &both(
            &["Ballot"],
            "Ballot:
  type: object
  required: [value, kind, version]
  properties:
    value: {$ref: '#/components/schemas/Vote'}
    reaction: {type: string, enum: ['+1', '-1', '1', '<', '<=', '~=']}
    place: {type: string, enum: [Local, Local, '', unknown]}
    order: {type: string, enum: [ASC, asc]}
    kind: {const: ballot}
    version: {type: integer, enum: [2]}
    maybe: {type: string, enum: [only]}
    flag: {type: boolean, enum: [true]}
    both: {type: boolean, enum: [true, false]}
    mixed: {enum: [1, a]}
    ratio: {type: number, enum: [0.5, 1.5]}
    yaml: {type: string, enum: [yes, 1.0, 0123]}
Vote: {type: integer, enum: [-1, 0, 1], x-enum-varnames: [Down, Neutral, Up]}",
        ),
        &expect![[r##"
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(new, constant("kind" = "ballot", "version" = 2))]
            pub struct Ballot {
                pub value: Vote,
                pub reaction: Option<BallotReaction>,
                pub place: Option<BallotPlace>,
                pub order: Option<BallotOrder>,
                pub maybe: Option<BallotMaybe>,
                pub flag: Option<BallotFlag>,
                pub both: Option<bool>,
                pub mixed: Option<RawJson>,
                /// One of 0.5, 1.5.
                pub ratio: Option<f64>,
                pub yaml: Option<BallotYaml>,
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[non_exhaustive]
            pub enum BallotFlag {
                #[model(constant = true)]
                True,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(bool),
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[serde(rename_all = "lowercase")]
            #[non_exhaustive]
            pub enum BallotMaybe {
                Only,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[non_exhaustive]
            pub enum BallotOrder {
                #[serde(rename = "ASC")]
                AscUpper,
                #[serde(rename = "asc")]
                Asc,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[non_exhaustive]
            pub enum BallotPlace {
                Local,
                #[serde(rename = "")]
                Empty,
                #[serde(rename = "unknown")]
                Unknown,
                /// A value that the document does not list.
                #[model(unknown)]
                Unlisted(String),
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[non_exhaustive]
            pub enum BallotReaction {
                #[serde(rename = "+1")]
                Plus1,
                #[serde(rename = "-1")]
                Minus1,
                #[serde(rename = "1")]
                _1,
                #[serde(rename = "<")]
                Less,
                #[serde(rename = "<=")]
                LessEqual,
                #[serde(rename = "~=")]
                TildeEqual,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[non_exhaustive]
            pub enum BallotYaml {
                #[serde(rename = "yes")]
                Yes,
                #[serde(rename = "1.0")]
                _1_0,
                #[serde(rename = "0123")]
                _0123,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[non_exhaustive]
            pub enum Vote {
                #[model(constant = -1)]
                Down,
                #[model(constant = 0)]
                Neutral,
                #[model(constant = 1)]
                Up,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(i64),
            }
            // lock
            // Ballot/properties/flag = BallotFlag
            // Ballot/properties/maybe = BallotMaybe
            // Ballot/properties/order = BallotOrder
            // Ballot/properties/place = BallotPlace
            // Ballot/properties/reaction = BallotReaction
            // Ballot/properties/yaml = BallotYaml
            // Ballot/properties/order/enum/ASC = AscUpper
            // found
            // note 7:41 a value that is listed twice stands once
            // note 14:20 values of several kinds are a raw value
        "##]],
    );
}

#[test]
fn one_case_for_all() {
    check(
        &received(
            &["E"],
            "E:
  type: object
  properties:
    a: {type: string, enum: [one_two, three]}
    b: {type: string, enum: [ONE_TWO, THREE]}
    c: {type: string, enum: [oneTwo, three]}
    d: {type: string, enum: [one-two, three]}
    e: {type: string, enum: [OneTwo, Three]}
    f: {type: string, enum: [OneTwo, three]}",
        ),
        &expect![[r##"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct E {
                pub a: Option<EA>,
                pub b: Option<EB>,
                pub c: Option<EC>,
                pub d: Option<ED>,
                pub e: Option<EE>,
                pub f: Option<EF>,
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[model(receive)]
            #[serde(rename_all = "snake_case")]
            #[non_exhaustive]
            pub enum EA {
                OneTwo,
                Three,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[model(receive)]
            #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
            #[non_exhaustive]
            pub enum EB {
                OneTwo,
                Three,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[model(receive)]
            #[serde(rename_all = "camelCase")]
            #[non_exhaustive]
            pub enum EC {
                OneTwo,
                Three,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[model(receive)]
            #[serde(rename_all = "kebab-case")]
            #[non_exhaustive]
            pub enum ED {
                OneTwo,
                Three,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[model(receive)]
            #[non_exhaustive]
            pub enum EE {
                OneTwo,
                Three,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[model(receive)]
            #[non_exhaustive]
            pub enum EF {
                OneTwo,
                #[serde(rename = "three")]
                Three,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }
            // lock
            // E/properties/a = EA
            // E/properties/b = EB
            // E/properties/c = EC
            // E/properties/d = ED
            // E/properties/e = EE
            // E/properties/f = EF
        "##]],
    );
}

#[test]
fn enums_of_enums() {
    check(
        &received(
            &["Guest", "Host", "Model"],
            "Tone: {type: string, enum: [formal, casual]}
Blank: {type: string, enum: ['']}
Nothing: {enum: [null]}
Guest:
  type: object
  properties:
    tone:
      nullable: true
      oneOf:
        - {$ref: '#/components/schemas/Tone'}
        - {$ref: '#/components/schemas/Blank'}
        - {$ref: '#/components/schemas/Nothing'}
Host:
  type: object
  properties:
    tone:
      oneOf:
        - {$ref: '#/components/schemas/Tone'}
        - {$ref: '#/components/schemas/Blank'}
        - {type: 'null'}
Model:
  type: object
  properties:
    id: {anyOf: [{type: string}, {type: string, enum: [small, large]}]}
    level: {oneOf: [{const: 1, title: Low, description: not much}, {const: 2, title: High}]}
    url: {anyOf: [{type: string, format: uri}, {type: string, format: email}]}",
        ),
        &expect![[r##"
            #[derive(Clone, Debug, Default, PartialEq, perennial::Model)]
            #[model(receive)]
            pub struct Guest {
                pub tone: Option<Option<GuestTone>>,
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, perennial::Model)]
            #[model(receive)]
            #[non_exhaustive]
            pub enum GuestTone {
                #[serde(rename = "formal")]
                Formal,
                #[serde(rename = "casual")]
                Casual,
                #[serde(rename = "")]
                Empty,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            #[derive(Clone, Debug, Default, PartialEq, perennial::Model)]
            #[model(receive)]
            pub struct Host {
                pub tone: Option<Option<GuestTone>>,
            }

            #[derive(Clone, Debug, Default, PartialEq, perennial::Model)]
            #[model(receive)]
            pub struct Model {
                pub id: Option<ModelId>,
                pub level: Option<ModelLevel>,
                pub url: Option<String>,
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, perennial::Model)]
            #[model(receive)]
            #[serde(rename_all = "lowercase")]
            #[non_exhaustive]
            pub enum ModelId {
                Small,
                Large,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, perennial::Model)]
            #[model(receive)]
            #[non_exhaustive]
            pub enum ModelLevel {
                /// Not much.
                #[model(constant = 1)]
                Low,
                #[model(constant = 2)]
                High,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(i64),
            }
            // lock
            // Guest/properties/tone = GuestTone
            // Host/properties/tone = GuestTone
            // Model/properties/id/anyOf/1 = ModelId
            // Model/properties/level = ModelLevel
        "##]],
    );
}
