//! Documents that would make a careless generator hang, overflow or run out of memory.

use super::{both, text};
use std::fmt::Write as _;

/// Lowers `schemas`, from the one called `A0`; what comes of it does not matter.
fn survives(schemas: &str) -> String {
    text(&both(&["A0"], schemas))
}

fn chain(length: usize, schema: impl Fn(usize) -> String) -> String {
    let mut schemas = String::new();
    for at in 0..length {
        let _ = writeln!(schemas, "A{at}: {}", schema(at));
    }
    let _ = writeln!(
        schemas,
        "A{length}: {{type: object, properties: {{end: {{type: string}}}}}}"
    );
    schemas
}

#[test]
fn a_chain_of_references() {
    survives(&chain(5_000, |at| {
        format!("{{$ref: '#/components/schemas/A{}'}}", at + 1)
    }));
}

#[test]
fn a_chain_of_extensions() {
    let found = survives(&chain(5_000, |at| {
        format!(
            "{{allOf: [{{$ref: '#/components/schemas/A{}'}}, {{properties: {{p{at}: {{type: string}}}}}}]}}",
            at + 1
        )
    }));
    assert!(found.contains("too many schemas extend each other"));
}

#[test]
fn a_chain_of_members() {
    let text = survives(&chain(5_000, |at| {
        format!(
            "{{type: object, properties: {{next: {{$ref: '#/components/schemas/A{}'}}}}}}",
            at + 1
        )
    }));
    assert!(text.contains("pub struct A4999"));
}

#[test]
fn a_chain_of_lists() {
    let found = survives(&chain(5_000, |at| {
        format!(
            "{{type: array, items: {{$ref: '#/components/schemas/A{}'}}}}",
            at + 1
        )
    }));
    assert!(found.contains("too many lists within each other"));
}

#[test]
fn a_chain_of_unions() {
    survives(&chain(2_000, |at| {
        format!(
            "{{oneOf: [{{$ref: '#/components/schemas/A{}'}}, {{type: integer}}]}}",
            at + 1
        )
    }));
    survives(&chain(2_000, |at| {
        format!("{{oneOf: [{{$ref: '#/components/schemas/A{}'}}]}}", at + 1)
    }));
}

#[test]
fn a_ring() {
    for ring in [
        "A0: {$ref: '#/components/schemas/A0'}",
        "A0: {allOf: [{$ref: '#/components/schemas/A1'}]}\nA1: {allOf: [{$ref: '#/components/schemas/A0'}]}",
        "A0: {oneOf: [{$ref: '#/components/schemas/A1'}]}\nA1: {anyOf: [{$ref: '#/components/schemas/A0'}]}",
        "A0: {type: array, items: {$ref: '#/components/schemas/A1'}}\nA1: {additionalProperties: {$ref: '#/components/schemas/A0'}, type: object}",
        "A0: {type: array, prefixItems: [{$ref: '#/components/schemas/A0'}], minItems: 1, items: false}",
        "A0: {oneOf: [{$ref: '#/components/schemas/A1'}, {type: string}]}\nA1: {oneOf: [{$ref: '#/components/schemas/A0'}, {type: integer}]}",
        "A0: {allOf: [{$ref: '#/components/schemas/A0/properties/a'}], properties: {a: {$ref: '#/components/schemas/A0'}}}",
        "A0: {discriminator: {propertyName: t, mapping: {a: '#/components/schemas/A0'}}, oneOf: [{$ref: '#/components/schemas/A0'}]}",
    ] {
        survives(ring);
    }
}

#[test]
fn alternatives_times_alternatives() {
    let one = |at: usize| {
        let many: Vec<String> = (0..10)
            .map(|n| format!("{{properties: {{p{at}_{n}: {{type: string}}}}}}"))
            .collect();
        format!("{{oneOf: [{}]}}", many.join(", "))
    };
    let lists: Vec<String> = (0..20).map(one).collect();
    let found = survives(&format!("A0: {{allOf: [{}]}}", lists.join(", ")));
    assert!(found.contains("alternatives times alternatives"));
}

#[test]
fn what_is_no_schema() {
    for schema in [
        "7",
        "[]",
        "text",
        "{type: 7}",
        "{type: {}}",
        "{properties: []}",
        "{properties: {a: 1}}",
        "{enum: 1}",
        "{enum: []}",
        "{enum: [{}, []]}",
        "{const: {}}",
        "{oneOf: {}}",
        "{oneOf: []}",
        "{oneOf: [1, 2]}",
        "{allOf: 1}",
        "{allOf: [[]]}",
        "{items: 1}",
        "{required: yes}",
        "{discriminator: 1, oneOf: [{type: string}, {type: object}]}",
        "{prefixItems: 1}",
        "{discriminator: {}, properties: {a: {}}}",
        "{additionalProperties: 1}",
        "{format: []}",
        "{type: integer, maximum: x}",
        "{type: string, minLength: -1, default: {}}",
        "false",
        "true",
        "{type: []}",
        "{type: [string, string]}",
        "{minItems: -1, type: array}",
        "{$ref: 1}",
        "{type: object, properties: {'': {type: string}, ' ': {}, '-': {}, _: {}}}",
        "{type: string, enum: ['', ' ', '-', _, '\\0', self, Self]}",
    ] {
        survives(&format!("A0: {schema}"));
        survives(&format!(
            "A0: {{type: object, required: [x], properties: {{x: {schema}}}}}"
        ));
    }
}
