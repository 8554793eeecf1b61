use super::*;
use crate::read::read;
use expect_test::{Expect, expect};

/// The surface in a few words, then what was found.
fn check(text: &str, expected: Expect) {
    let found = Diagnostics::new();
    let mut tree = read("t", text.as_bytes().to_vec(), &found).expect("a document");
    crate::upgrade::upgrade(&mut tree, &found).expect("a version");
    let document = document(tree, &found);
    let mut said = String::new();
    for operation in &document.operations {
        let names = operation
            .value
            .parameters
            .iter()
            .zip(&operation.parameters)
            .map(|(one, at)| {
                let data = one
                    .as_item()
                    .map(|one| one.parameter_data_ref().name.clone());
                format!(
                    "{}@{}",
                    data.unwrap_or_default(),
                    document.tree.pointer(*at)
                )
            });
        let names: Vec<_> = names.collect();
        let statuses = operation.responses.iter().map(|(status, _)| match status {
            Some(status) => status.to_string(),
            None => "default".to_owned(),
        });
        let statuses: Vec<_> = statuses.collect();
        said.push_str(&format!(
            "{} {} ({}) {}\n",
            operation.verb,
            operation.path,
            names.join(", "),
            statuses.join(" ")
        ));
    }
    for one in found.into_vec() {
        let place = one.place.map(|place| document.tree.position(place.start));
        let place = place
            .map(|place| format!("{}:{}", place.line, place.column))
            .unwrap_or_default();
        let help = one
            .help
            .map(|help| format!(" ({help})"))
            .unwrap_or_default();
        said.push_str(&format!("{place} {}{help}\n", one.message));
    }
    expected.assert_eq(&said);
}

#[test]
fn parameters_are_told_apart_by_name_and_place() {
    check(
        "openapi: 3.0.3
info: {title: Proxy, version: '1'}
paths:
  /pods/{spot}:
    parameters:
      - {name: spot, in: path, required: true, schema: {type: string}}
      - {name: trace, in: query, schema: {type: string}}
    post:
      parameters:
        - {name: spot, in: query, schema: {type: string}}
        - {name: trace, in: query, required: true, schema: {type: integer}}
      responses: {'204': {description: ok}}
",
        expect![[r##"
            post /pods/{spot} (spot@#/paths/~1pods~1{spot}/parameters/0, trace@#/paths/~1pods~1{spot}/post/parameters/1, spot@#/paths/~1pods~1{spot}/post/parameters/0) 204
        "##]],
    );
}

#[test]
fn defects_are_tolerated_and_named() {
    check(
        "openapi: 3.0
paths:
  pets:
    get:
      operationid: a
      deprecated: 'true'
      tags: one
      parameters:
        - {name: q, in: query, type: integer}
        - {name: q, in: query, schema: {}}
        - {in: query}
        - {name: b, in: body, schema: {}}
        - {$ref: '#/components/parameters/Gone'}
        - 5
      responses:
        4xx: {description: x}
        204 NO_CONTENT: {description: x}
        OK: {description: x}
        '200': {schema: {type: string}}
    put: []
    post: {}
  /a/{b}: {get: {operationId: x, responses: {default: {$ref: '#/components/responses/R'}}}}
  /a/{c}: {get: {operationId: x, responses: {}}}
components:
  responses:
    R: {$ref: '#/components/responses/R'}
",
        expect![[r#"
            get /pets (q@#/paths/pets/get/parameters/0) 4XX 204 200
            post /pets () 
            get /a/{b} () 
            get /a/{c} () 
            3:3 the path `pets` does not begin with `/` (it is read as if it did)
            5:7 an operation knows no `operationid` (did you mean `operationId`?)
            9:11 there is neither `schema` nor `content` (its type is read from the object itself, as in Swagger 2.0)
            10:11 the parameter `q` is there twice (the first one is used)
            11:11 a parameter has no `name` (it is left out)
            12:11 `in: body` is Swagger 2.0's; OpenAPI 3 has `requestBody` (the parameter is left out)
            13:18 nothing is at `#/components/parameters/Gone` (what refers to it is a raw value)
            14:11 found `5`, expected an object
            16:9 found `4xx`, read as `4XX`
            17:9 found `204 NO_CONTENT`, read as `204`
            18:9 found `OK`, expected a status such as `200` (the response is left out)
            19:16 `schema` beside no `content` is Swagger 2.0's (it is read as application/json)
            7:13 found `one`, expected a list
            6:19 found the text `true`, expected `true` without quotes
            20:10 found a list, expected an operation
            21:11 the operation has no `responses` (every 2xx answer is taken, without a body)
            22:62 `#/components/responses/R` leads back to itself and never to a definition (what refers to it is a raw value)
            23:17 `/a/{b}` and `/a/{c}` differ only in the names of their parameters (both are generated; a server cannot tell them apart)
            23:31 the operationId `x` is there twice (where both would have one name, the path tells them apart)
            1:1 the document has no `info` (it is called `API`)
        "#]],
    );
}
