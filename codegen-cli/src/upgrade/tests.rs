use super::*;
use crate::read::read;
use expect_test::{Expect, expect};

fn check(schema: &str, expected: Expect) {
    let text = format!("openapi: 3.0.3\npaths: {{}}\ncomponents: {{schemas: {{A: {schema}}}}}\n");
    let found = Diagnostics::new();
    let mut tree = read("t", text.into_bytes(), &found).expect("a document");
    upgrade(&mut tree, &found).expect("3.0");
    let schema = tree
        .at_pointer("#/components/schemas/A")
        .expect("the schema");
    expected.assert_eq(&tree.json(schema).to_string());
}

#[test]
fn nullable_is_a_type() {
    check(
        "{type: string, nullable: true}",
        expect![[r#"{"type":["string","null"]}"#]],
    );
    check(
        "{type: string, nullable: false}",
        expect![[r#"{"type":"string"}"#]],
    );
    check(
        "{type: [string, 'null'], nullable: true}",
        expect![[r#"{"type":["string","null"]}"#]],
    );
    check(
        "{nullable: true, oneOf: [{type: string}]}",
        expect![[r#"{"oneOf":[{"type":"string"},{"type":"null"}]}"#]],
    );
    check(
        "{nullable: true, allOf: [{$ref: '#/x'}]}",
        expect![[r##"{"allOf":[{"$ref":"#/x"}],"nullable":true}"##]],
    );
}

#[test]
fn bounds_are_numbers() {
    check(
        "{minimum: 1, exclusiveMinimum: true}",
        expect![[r#"{"exclusiveMinimum":1}"#]],
    );
    check(
        "{maximum: 1, exclusiveMaximum: false}",
        expect![[r#"{"maximum":1}"#]],
    );
    check(
        "{exclusiveMinimum: 5}",
        expect![[r#"{"exclusiveMinimum":5}"#]],
    );
}

#[test]
fn old_tuples_have_prefix_items() {
    check(
        "{items: [{type: string, nullable: true}], additionalItems: false}",
        expect![[r#"{"items":false,"prefixItems":[{"type":["string","null"]}]}"#]],
    );
}

#[test]
fn data_is_left_alone() {
    check(
        "{properties: {example: {example: 1}}, default: {nullable: true, type: a}, x-y: {example: 1}}",
        expect![[
            r#"{"default":{"nullable":true,"type":"a"},"properties":{"example":{"examples":[1]}},"x-y":{"example":1}}"#
        ]],
    );
}
