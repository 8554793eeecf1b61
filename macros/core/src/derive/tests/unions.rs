use super::check;
use crate::derive::model;
use expect_test::expect;

#[test]
fn words() {
    check(
        model,
        r#"
        #[serde(rename_all = "lowercase")]
        enum Kind { Company, #[serde(alias = "person")] Individual, #[model(unknown)] Unknown(String) }
        "#,
        expect![[r#"
            impl<'de> model::Deserialize<'de> for Kind {
                fn deserialize<__D: model::Deserializer<'de>>(
                    from: __D,
                ) -> Result<Self, __D::Error> {
                    model::word(from)
                }
            }
            impl model::Received for Kind {
                const SHAPE: &'static model::Shape = &model::Shape::Words(
                    &["company", "individual", "person"],
                );
                fn pick(
                    index: usize,
                    found: model::Found,
                ) -> Option<Self> {
                    match index {
                        0usize => Some(Self::Company),
                        1usize | 2usize => Some(Self::Individual),
                        _ => found.take().map(Self::Unknown),
                    }
                }
            }
            impl model::Serialize for Kind {
                fn serialize<__S: model::Serializer>(
                    &self,
                    to: __S,
                ) -> Result<__S::Ok, __S::Error> {
                    to.serialize_str(
                        match self {
                            Self::Company => "company",
                            Self::Individual => "individual",
                            Self::Unknown(text) => text,
                        },
                    )
                }
            }
        "#]],
    );
}

#[test]
fn values() {
    check(
        model,
        "enum Level { #[model(constant = -1)] Low, #[model(constant = 1.5)] High }",
        expect![[r#"
            impl<'de> model::Deserialize<'de> for Level {
                fn deserialize<__D: model::Deserializer<'de>>(
                    from: __D,
                ) -> Result<Self, __D::Error> {
                    model::constant(from)
                }
            }
            impl model::Received for Level {
                const SHAPE: &'static model::Shape = &model::Shape::Constants(
                    &[
                        model::Constant::Integer(-1),
                        model::Constant::Number(1.5),
                    ],
                );
                fn pick(
                    index: usize,
                    _: model::Found,
                ) -> Option<Self> {
                    match index {
                        0usize => Some(Self::Low),
                        1usize => Some(Self::High),
                        _ => None,
                    }
                }
            }
            impl model::Serialize for Level {
                fn serialize<__S: model::Serializer>(
                    &self,
                    to: __S,
                ) -> Result<__S::Ok, __S::Error> {
                    match self {
                        Self::Low => {
                            model::Serialize::serialize(
                                &model::Constant::Integer(-1),
                                to,
                            )
                        }
                        Self::High => {
                            model::Serialize::serialize(
                                &model::Constant::Number(1.5),
                                to,
                            )
                        }
                    }
                }
            }
        "#]],
    );
}

#[test]
fn by_tag() {
    check(
        model,
        r#"
        #[model(tag = "object", or = required)]
        enum Source {
            #[serde(rename = "card")]
            Card(Card),
            #[model(unknown)]
            Unknown(RawJson),
        }
        "#,
        expect![[r#"
            impl<'de> model::Deserialize<'de> for Source {
                fn deserialize<__D: model::Deserializer<'de>>(
                    from: __D,
                ) -> Result<Self, __D::Error> {
                    model::union(from)
                }
            }
            impl model::Union for Source {
                const RULE: &'static model::Rule = {
                    #[allow(unused_imports)]
                    use model::Otherwise as _;
                    &model::Rule {
                        name: "Source",
                        tag: Some(model::Tag {
                            name: "object",
                            or_required: true,
                        }),
                        variants: &[
                            model::Variant {
                                values: &[model::Constant::Text("card")],
                                constants: &[],
                                shape: model::Probe::<Card>::SHAPE,
                            },
                        ],
                    }
                };
                fn decode(
                    index: usize,
                    from: model::Payload<'_>,
                ) -> Result<Self, model::Problem> {
                    match index {
                        0usize => from.of(Self::Card),
                        _ => from.unknown(Self::Unknown),
                    }
                }
            }
            impl model::Serialize for Source {
                fn serialize<__S: model::Serializer>(
                    &self,
                    to: __S,
                ) -> Result<__S::Ok, __S::Error> {
                    match self {
                        Self::Card(value) => {
                            model::tagged(
                                to,
                                &[("object", model::Constant::Text("card"))],
                                value,
                            )
                        }
                        Self::Unknown(value) => {
                            model::Serialize::serialize(value, to)
                        }
                    }
                }
            }
        "#]],
    );
}

#[test]
fn by_content() {
    check(
        model,
        r#"
        enum Source {
            #[model(constant("type" = "card"))]
            Card(Card),
            #[model(constant = "auto")]
            Auto,
            Text(String),
        }
        "#,
        expect![[r#"
            impl<'de> model::Deserialize<'de> for Source {
                fn deserialize<__D: model::Deserializer<'de>>(
                    from: __D,
                ) -> Result<Self, __D::Error> {
                    model::union(from)
                }
            }
            impl model::Union for Source {
                const RULE: &'static model::Rule = {
                    #[allow(unused_imports)]
                    use model::Otherwise as _;
                    &model::Rule {
                        name: "Source",
                        tag: None,
                        variants: &[
                            model::Variant {
                                values: &[],
                                constants: &[
                                    ("type", model::Constant::Text("card")),
                                ],
                                shape: model::Probe::<Card>::SHAPE,
                            },
                            model::Variant {
                                values: &[model::Constant::Text("auto")],
                                constants: &[],
                                shape: &model::Shape::Any,
                            },
                            model::Variant {
                                values: &[],
                                constants: &[],
                                shape: model::Probe::<String>::SHAPE,
                            },
                        ],
                    }
                };
                fn decode(
                    index: usize,
                    from: model::Payload<'_>,
                ) -> Result<Self, model::Problem> {
                    match index {
                        0usize => from.of(Self::Card),
                        1usize => Result::Ok(Self::Auto),
                        2usize => from.of(Self::Text),
                        _ => from.none(),
                    }
                }
            }
            impl model::Serialize for Source {
                fn serialize<__S: model::Serializer>(
                    &self,
                    to: __S,
                ) -> Result<__S::Ok, __S::Error> {
                    match self {
                        Self::Card(value) => {
                            model::tagged(
                                to,
                                &[("type", model::Constant::Text("card"))],
                                value,
                            )
                        }
                        Self::Auto => {
                            model::Serialize::serialize(
                                &model::Constant::Text("auto"),
                                to,
                            )
                        }
                        Self::Text(value) => {
                            model::Serialize::serialize(value, to)
                        }
                    }
                }
            }
        "#]],
    );
}
