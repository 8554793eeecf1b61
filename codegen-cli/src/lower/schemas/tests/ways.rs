use super::{Case, both, check, received};
use expect_test::expect;

#[test]
fn one_type_where_that_is_enough() {
    check(
        &both(
            &["Booking"],
            "Booking:
  type: object
  properties:
    id: {type: string, readOnly: true}
    name: {type: string}
    password: {type: string, writeOnly: true}
    at: {$ref: '#/components/schemas/Place'}
Place: {type: object, required: [x], properties: {x: {type: string}}}",
        ),
        &expect![[r#"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            pub struct Booking {
                #[model(read_only)]
                pub id: Option<String>,
                pub name: Option<String>,
                pub password: Option<String>,
                pub at: Option<Place>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(new)]
            pub struct Place {
                pub x: String,
            }
        "#]],
    );
}

#[test]
fn two_types_as_far_as_they_differ() {
    check(
        &both(
            &["Account"],
            "Account:
  type: object
  required: [owner]
  properties:
    owner: {$ref: '#/components/schemas/Owner'}
    kind: {type: string, enum: [a, b]}
    inner: {type: object, properties: {by: {$ref: '#/components/schemas/Owner'}}}
    parent: {$ref: '#/components/schemas/Account'}
Owner: {type: object, description: Who has it. Always one., required: [id, name], properties: {id: {type: string, readOnly: true}, name: {type: string}}}",
        ),
        &expect![[r##"
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct Account {
                /// Who has it. Always one.
                pub owner: Owner,
                pub kind: Option<AccountKind>,
                pub inner: Option<AccountInner>,
                pub parent: Option<Box<Account>>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(receive)]
            pub struct AccountInner {
                /// Who has it. Always one.
                pub by: Option<Owner>,
            }

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(send)]
            pub struct AccountInnerInput {
                /// Who has it. Always one.
                pub by: Option<OwnerInput>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(send, new)]
            pub struct AccountInput {
                /// Who has it. Always one.
                pub owner: OwnerInput,
                pub kind: Option<AccountKind>,
                pub inner: Option<AccountInnerInput>,
                pub parent: Option<Box<AccountInput>>,
            }

            #[derive(Clone, Debug, PartialEq, Eq, Hash, Model)]
            #[serde(rename_all = "lowercase")]
            #[non_exhaustive]
            pub enum AccountKind {
                A,
                B,
                /// A value that the document does not list.
                #[model(unknown)]
                Unknown(String),
            }

            /// Who has it, as it is received. Always one.
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct Owner {
                pub id: String,
                pub name: String,
            }

            /// Who has it, as it is sent. Always one.
            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(send, new)]
            pub struct OwnerInput {
                pub name: String,
            }
            // lock
            // Account#received = Account
            // Account#sent = AccountInput
            // Account/properties/inner#received = AccountInner
            // Account/properties/inner#sent = AccountInnerInput
            // Account/properties/kind = AccountKind
            // Owner#received = Owner
            // Owner#sent = OwnerInput
        "##]],
    );
}

#[test]
fn one_way_only() {
    check(
        &Case {
            sent: &["In"],
            ..received(
                &["Out"],
                "In: {type: object, required: [id], properties: {id: {type: string, readOnly: true}, name: {type: string}, d: {$ref: '#/components/schemas/D'}}}
Out: {type: object, required: [pw, name], properties: {pw: {type: string, writeOnly: true}, name: {type: string}}}
D: {type: object, properties: {id: {type: string, readOnly: true}}}",
            )
        },
        &expect![[r#"
            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(send)]
            pub struct D {}

            #[derive(Clone, Debug, Default, PartialEq, Model)]
            #[model(send)]
            pub struct InInput {
                pub name: Option<String>,
                pub d: Option<D>,
            }

            #[derive(Clone, Debug, PartialEq, Model)]
            #[model(receive)]
            pub struct Out {
                pub name: String,
            }
            // lock
            // In#sent = InInput
            // Out#received = Out
        "#]],
    );
}
