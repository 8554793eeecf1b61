use super::check;
use crate::derive::{api_error, api_reply, model, params};
use expect_test::expect;

#[test]
fn a_newtype_a_constant_and_a_tuple() {
    check(
        model,
        "#[model(send)] struct Id(String);",
        expect![[r#"
        impl model::Serialize for Id {
            fn serialize<__S: model::Serializer>(
                &self,
                to: __S,
            ) -> Result<__S::Ok, __S::Error> {
                model::Serialize::serialize(&self.0, to)
            }
        }
    "#]],
    );
    check(
        model,
        "#[model(receive, constant = \"auto\")] struct Auto;",
        expect![[r#"
            impl<'de> model::Deserialize<'de> for Auto {
                fn deserialize<__D: model::Deserializer<'de>>(
                    from: __D,
                ) -> Result<Self, __D::Error> {
                    model::constant(from)
                }
            }
            impl model::Received for Auto {
                const SHAPE: &'static model::Shape = &model::Shape::Constants(
                    &[model::Constant::Text("auto")],
                );
                fn pick(
                    index: usize,
                    _: model::Found,
                ) -> Option<Self> {
                    match index {
                        0 => Some(Self),
                        _ => None,
                    }
                }
            }
        "#]],
    );
    check(
        model,
        "struct Open(String, Option<i64>, #[model(rest)] Vec<i64>);",
        expect![[r#"
            impl<'de> model::Deserialize<'de> for Open {
                fn deserialize<__D: model::Deserializer<'de>>(
                    from: __D,
                ) -> Result<Self, __D::Error> {
                    model::tuple(from)
                }
            }
            impl model::Tuple for Open {
                const NAME: &'static str = "Open";
                fn read<'de, __A: model::SeqAccess<'de>>(
                    from: &mut model::Items<'de, __A>,
                ) -> Option<Self> {
                    let _0: Option<String> = from.item();
                    let _1: Option<i64> = from.optional();
                    let _2: Vec<i64> = from.rest();
                    match (_0,) {
                        (Some(_0),) => {
                            Some(Self { 0: _0, 1: _1, 2: _2 })
                        }
                        #[allow(unreachable_patterns)]
                        _ => None,
                    }
                }
            }
            impl model::Received for Open {
                const SHAPE: &'static model::Shape = &model::Shape::Array;
            }
            impl model::Serialize for Open {
                fn serialize<__S: model::Serializer>(
                    &self,
                    to: __S,
                ) -> Result<__S::Ok, __S::Error> {
                    let mut to = model::TupleWriter::new(to);
                    to.put(&self.0);
                    to.put_optional(&self.1);
                    to.put_rest(&self.2);
                    to.end()
                }
            }
        "#]],
    );
}

#[test]
fn statuses() {
    check(
        api_error,
        r#"
        enum Refusal {
            #[status("4XX")]
            Client(Problem),
            #[status(404)]
            NotFound,
            #[status(default)]
            Other(Bytes),
        }
        "#,
        expect![[r#"
            impl FromStatus for Refusal {
                const CLAIMS: &'static [u16] = &[404u16];
                fn from_status(
                    answer: &Answer,
                ) -> Result<Self, Mismatch> {
                    match answer.code() {
                        404i64 => Result::Ok(Self::NotFound),
                        400i64..=499i64 => {
                            model::status::json(answer, Self::Client)
                        }
                        _ => model::status::bytes(answer, Self::Other),
                    }
                }
            }
            impl ::core::fmt::Display for Refusal {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.write_str(
                        match self {
                            Self::Client { .. } => "client",
                            Self::NotFound { .. } => "not found",
                            Self::Other { .. } => "other",
                        },
                    )
                }
            }
            #[automatically_derived]
            impl ::core::error::Error for Refusal {}
            #[automatically_derived]
            impl TypedError for Refusal {}
        "#]],
    );
    check(
        api_reply,
        "enum Reply { #[status(200)] Done(T), #[status(202, decode = json)] Later(String) }",
        expect![[r#"
            impl FromStatus for Reply {
                const CLAIMS: &'static [u16] = &[200u16, 202u16];
                fn from_status(
                    answer: &Answer,
                ) -> Result<Self, Mismatch> {
                    match answer.code() {
                        200i64 => model::status::json(answer, Self::Done),
                        202i64 => model::status::json(answer, Self::Later),
                        _ => Result::Err(Mismatch::Undescribed),
                    }
                }
            }
        "#]],
    );
}

#[test]
fn parameters() {
    check(
        params,
        r#"
        #[params(rename_all = "camelCase")]
        struct Options<'a> {
            page_size: Option<i64>,
            #[query("id", style = csv, default = [1])]
            ids: Option<&'a [i64]>,
            #[query(flatten)]
            filter: Filter,
            #[header]
            if_none_match: Option<String>,
            #[cookie("sid")]
            session: Option<String>,
        }
        "#,
        expect![[r#"
            impl<'a> Params for Options<'a> {
                fn apply(&self, request: &mut Request) {
                    request.query("pageSize", &self.page_size);
                    match &self.ids {
                        Some(value) => {
                            request.query_style("id", value, Style::Csv);
                        }
                        None => {
                            request.query_style("id", &([1]), Style::Csv);
                        }
                    }
                    request.query_all(&self.filter);
                    request.header("if-none-match", &self.if_none_match);
                    request.cookie("sid", &self.session);
                }
            }
        "#]],
    );
}

#[test]
fn a_mistake_leaves_a_stub() {
    check(
        model,
        "struct Card { #[model(nulable)] name: Option<String> }",
        expect![[r#"
            impl model::Serialize for Card {
                fn serialize<__S: model::Serializer>(
                    &self,
                    to: __S,
                ) -> Result<__S::Ok, __S::Error> {
                    ::core::panic!("a mistake in this type was reported")
                }
            }
            impl<'de> model::Deserialize<'de> for Card {
                fn deserialize<__D: model::Deserializer<'de>>(
                    from: __D,
                ) -> Result<Self, __D::Error> {
                    ::core::panic!("a mistake in this type was reported")
                }
            }
            ::core::compile_error! {
                "unknown key `nulable` on a member; did you mean `nullable`?"
            }
        "#]],
    );
}
