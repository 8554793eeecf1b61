use super::check;
use crate::derive::model;
use expect_test::expect;

#[test]
fn a_table_a_match_and_a_constructor() {
    check(
        model,
        "struct Card { number: String, name: Option<String>, exp_month: i64 }",
        expect![[r#"
            impl<'de> model::Deserialize<'de> for Card {
                fn deserialize<__D: model::Deserializer<'de>>(
                    from: __D,
                ) -> Result<Self, __D::Error> {
                    model::object(from)
                }
            }
            impl model::Received for Card {
                const SHAPE: &'static model::Shape = &model::Shape::Object(
                    model::Object::new(
                        "Card",
                        &["number", "exp_month", "name"],
                        2usize,
                    ),
                );
                fn read<'de, __A: model::MapAccess<'de>>(
                    from: &mut model::Members<'de, __A>,
                ) -> Option<Self> {
                    let mut _number: Option<String> = None;
                    let mut _exp_month: Option<i64> = None;
                    let mut _name: Option<String> = None;
                    while let Some(index) = from.member() {
                        match index {
                            0usize => from.fill(&mut _number),
                            1usize => from.fill(&mut _exp_month),
                            2usize => from.fill_optional(&mut _name),
                            _ => {}
                        }
                    }
                    match (_number, _exp_month) {
                        (
                            Some(_number),
                            Some(_exp_month),
                        ) => {
                            Some(Self {
                                number: _number,
                                exp_month: _exp_month,
                                name: _name,
                            })
                        }
                        _ => None,
                    }
                }
            }
            impl model::Serialize for Card {
                fn serialize<__S: model::Serializer>(
                    &self,
                    to: __S,
                ) -> Result<__S::Ok, __S::Error> {
                    let mut to = model::Writer::new(to);
                    to.put("number", &self.number);
                    to.put_optional("name", &self.name);
                    to.put("exp_month", &self.exp_month);
                    to.end()
                }
            }
        "#]],
    );
}

#[test]
fn keys_of_members() {
    check(
        model,
        r#"
        #[model(new, constant("object" = "card"))]
        #[serde(rename_all = "camelCase")]
        struct Card<T> {
            #[model(nullable)]
            last_name: Option<String>,
            #[model(read_only)]
            id: Option<Option<T>>,
            #[serde(default = "first", alias = "n", skip_serializing_if = "skip")]
            number: i64,
            #[serde(rename = "@data")]
            data: Option<Bytes>,
            #[serde(flatten)]
            other: BTreeMap<String, T>,
        }
        "#,
        expect![[r#"
            impl<
                'de,
                T: model::DeserializeOwned,
            > model::Deserialize<'de> for Card<T> {
                fn deserialize<__D: model::Deserializer<'de>>(
                    from: __D,
                ) -> Result<Self, __D::Error> {
                    model::object(from)
                }
            }
            impl<T: model::DeserializeOwned> model::Received
            for Card<T> {
                const SHAPE: &'static model::Shape = &model::Shape::Object(model::Object {
                    aliases: &[("n", 2usize)],
                    constants: &[("object", model::Constant::Text("card"))],
                    open: true,
                    ..model::Object::new(
                        "Card",
                        &["lastName", "id", "number", "@data"],
                        0usize,
                    )
                });
                fn read<'de, __A: model::MapAccess<'de>>(
                    from: &mut model::Members<'de, __A>,
                ) -> Option<Self> {
                    let mut _last_name: Option<String> = None;
                    let mut _id: Option<Option<T>> = None;
                    let mut _number: Option<i64> = None;
                    let mut _data: Option<Option<Bytes>> = None;
                    while let Some(index) = from.member() {
                        match index {
                            0usize => from.fill_optional(&mut _last_name),
                            1usize => from.fill(&mut _id),
                            2usize => from.fill(&mut _number),
                            3usize => from.fill_binary(&mut _data),
                            _ => {}
                        }
                    }
                    let _other: Option<BTreeMap<String, T>> = from.flatten();
                    match (_other,) {
                        (Some(_other),) => {
                            Some(Self {
                                other: _other,
                                last_name: _last_name,
                                id: _id,
                                number: _number.unwrap_or_else(first),
                                data: _data.unwrap_or_default(),
                            })
                        }
                        _ => None,
                    }
                }
            }
            impl<T: model::Serialize> model::Serialize
            for Card<T> {
                fn serialize<__S: model::Serializer>(
                    &self,
                    to: __S,
                ) -> Result<__S::Ok, __S::Error> {
                    let mut to = model::Writer::new(to);
                    to.put("object", &model::Constant::Text("card"));
                    to.put("lastName", &self.last_name);
                    if !skip(&self.number) {
                        to.put("number", &self.number);
                    }
                    if let Some(value) = &self.data {
                        to.put("@data", &model::Encoded(value));
                    }
                    to.flatten(&self.other);
                    to.end()
                }
            }
            impl<T> Card<T> {
                /// Makes one of what is required; the rest is absent.
                #[must_use]
                #[allow(clippy::too_many_arguments)]
                fn new() -> Self {
                    Self {
                        last_name: ::core::default::Default::default(),
                        id: ::core::default::Default::default(),
                        number: first(),
                        data: ::core::default::Default::default(),
                        other: ::core::default::Default::default(),
                    }
                }
            }
        "#]],
    );
}

#[test]
fn one_direction() {
    check(
        model,
        "#[model(send, crate = my::runtime)] struct Borrowed<'a> { name: &'a str }",
        expect![[r#"
            impl<'a> my::runtime::__v1::model::Serialize for Borrowed<'a> {
                fn serialize<__S: my::runtime::__v1::model::Serializer>(
                    &self,
                    to: __S,
                ) -> Result<__S::Ok, __S::Error> {
                    let mut to = my::runtime::__v1::model::Writer::new(to);
                    to.put("name", &self.name);
                    to.end()
                }
            }
        "#]],
    );
    check(
        model,
        "#[model(receive)] #[serde(default)] struct Received { at: i64 }",
        expect![[r#"
            impl<'de> model::Deserialize<'de> for Received {
                fn deserialize<__D: model::Deserializer<'de>>(
                    from: __D,
                ) -> Result<Self, __D::Error> {
                    model::object(from)
                }
            }
            impl model::Received for Received {
                const SHAPE: &'static model::Shape = &model::Shape::Object(
                    model::Object::new("Received", &["at"], 0usize),
                );
                fn read<'de, __A: model::MapAccess<'de>>(
                    from: &mut model::Members<'de, __A>,
                ) -> Option<Self> {
                    let mut _at: Option<i64> = None;
                    while let Some(index) = from.member() {
                        match index {
                            0usize => from.fill(&mut _at),
                            _ => {}
                        }
                    }
                    let fallback: Self = ::core::default::Default::default();
                    Some(Self {
                        at: match _at {
                            Some(value) => value,
                            None => fallback.at,
                        },
                    })
                }
            }
        "#]],
    );
}
