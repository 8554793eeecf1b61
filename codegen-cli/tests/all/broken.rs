//! Documents with faults, and documents that mean harm: generation goes on, and says what it found.

use expect_test::expect;

use crate::cases::tolerated;

#[test]
fn unresolved_reference() {
    let document = "openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: list
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/Gone'}}}}
        '404': {$ref: '#/components/responses/Gone'}
";
    tolerated(
        "unresolved_reference",
        document,
        expect![[r#"
            exit 0
            Pets 1 (OpenAPI 3.1.0): 1 of 1 operations, 0 types, 1 group

            warnings
              api.yaml:8:78  nothing is at `#/components/schemas/Gone`; what refers to it is a raw value
              api.yaml:9:23  nothing is at `#/components/responses/Gone`; what refers to it is a raw value

            out: 4 files, 4 written. It holds `Pets`, the client. Next:
              cargo add --path out
              let api = pets::Pets::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
}

#[test]
fn reference_to_another_file() {
    let document = "openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: list
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: 'pet.yaml#/Pet'}}}}
";
    tolerated(
        "reference_to_another_file",
        document,
        expect![[r#"
            exit 0
            Pets 1 (OpenAPI 3.1.0): 1 of 1 operations, 0 types, 1 group

            warnings
              api.yaml:8:78  `pet.yaml#/Pet` lies in another document, which is not read yet; bundle the document into one file; until then this is a raw value

            out: 4 files, 4 written. It holds `Pets`, the client. Next:
              cargo add --path out
              let api = pets::Pets::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
}

#[test]
fn cycle_of_references() {
    let document = "openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets:
    get:
      operationId: list
      responses:
        '200': {description: ok, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
components:
  schemas:
    A: {$ref: '#/components/schemas/B'}
    B: {$ref: '#/components/schemas/A'}
";
    tolerated(
        "cycle_of_references",
        document,
        expect![[r#"
            exit 0
            Pets 1 (OpenAPI 3.1.0): 1 of 1 operations, 0 types, 1 group

            warnings
              api.yaml:8:78  `#/components/schemas/A` leads back to itself and never to a definition; what refers to it is a raw value

            out: 4 files, 4 written. It holds `Pets`, the client. Next:
              cargo add --path out
              let api = pets::Pets::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
}

#[test]
fn duplicate_operation_id() {
    let document = "openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /cats: {get: {operationId: list, responses: {'204': {description: ok}}}}
  /dogs: {get: {operationId: list, responses: {'204': {description: ok}}}}
";
    tolerated(
        "duplicate_operation_id",
        document,
        expect![[r#"
            exit 0
            Pets 1 (OpenAPI 3.1.0): 2 of 2 operations, 0 types, 2 groups

            groups
              cats  1 method,  0 types
              dogs  1 method,  0 types

            warnings
              api.yaml:5:30  the operationId `list` is there twice (first here: api.yaml:4:30); where both would have one name, the path tells them apart

            out: 5 files, 5 written. It holds `Pets`, the client. Next:
              cargo add --path out
              let api = pets::Pets::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
}

#[test]
fn wrong_types() {
    let document = "openapi: 3.1.0
info: Pets
paths:
  /pets:
    get:
      operationId: [list]
      tags: pets
      deprecated: 'true'
      parameters: {name: limit, in: query, schema: {type: integer}}
      responses:
        200: ok
        '404': {description: [x], content: {application/json: {schema: string}}}
  /cats: []
";
    tolerated(
        "wrong_types",
        document,
        expect![[r#"
            exit 0
            API (OpenAPI 3.1.0): 1 of 1 operations, 0 types, 1 group

            warnings
              api.yaml:2:7    found `Pets`, expected an object
              api.yaml:6:20   found a list, expected text (2 places, also 12:30)
              api.yaml:7:13   found `pets`, expected a list
              api.yaml:8:19   found the text `true`, expected `true` without quotes
              api.yaml:9:19   found an object, expected a list
              api.yaml:11:14  found `ok`, expected an object
              api.yaml:12:72  a schema is an object, or true or false
              api.yaml:13:10  found a list, expected an object

            out: 4 files, 4 written. It holds `Api`, the client. Next:
              cargo add --path out
              let api = api::Api::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
}

#[test]
fn misspelt_statuses_and_keys() {
    let document = "openapi: 3.0.3
info: {title: Pets, version: 1.0}
paths:
  /pets:
    post:
      operationid: add
      requestbody: {}
      responses:
        204 NO_CONTENT: {description: ok}
        4xx: {description: no}
        OK: {description: ok}
";
    tolerated(
        "misspelt_statuses_and_keys",
        document,
        expect![[r#"
            exit 0
            Pets 1.0 (OpenAPI 3.0.3): 1 of 1 operations, 0 types, 1 group

            warnings
              api.yaml:9:9   found `204 NO_CONTENT`, read as `204`
              api.yaml:10:9  found `4xx`, read as `4XX`
              api.yaml:11:9  found `OK`, expected a status such as `200`; the response is left out

            notes
              api.yaml:6:7  an operation knows no `operationid`; did you mean `operationId`?
              api.yaml:7:7  an operation knows no `requestbody`; did you mean `requestBody`?

            out: 4 files, 4 written. It holds `Pets`, the client. Next:
              cargo add --path out
              let api = pets::Pets::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
}

#[test]
fn duplicate_key() {
    let document = "openapi: 3.1.0
info: {title: Pets, version: '1', title: Cats}
paths:
  /pets: {get: {operationId: a, responses: {'204': {description: ok}}}}
  /pets: {get: {operationId: b, responses: {'204': {description: ok}}}}
";
    tolerated(
        "duplicate_key",
        document,
        expect![[r#"
            exit 0
            Cats 1 (OpenAPI 3.1.0): 1 of 1 operations, 0 types, 1 group

            warnings
              api.yaml:2:35  the key `title` is there twice (first here: api.yaml:2:8); the last one is used; remove the others
              api.yaml:5:3   the key `/pets` is there twice (first here: api.yaml:4:3); the last one is used; remove the others

            out: 4 files, 4 written. It holds `Cats`, the client. Next:
              cargo add --path out
              let api = cats::Cats::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
}

#[test]
fn merge_key() {
    let document = "openapi: 3.1.0
info: {title: Pets, version: '1'}
x-common: &common {description: ok}
paths:
  /pets: {get: {operationId: list, responses: {'204': {<<: *common}}}}
";
    tolerated(
        "merge_key",
        document,
        expect![[r#"
            exit 0
            Pets 1 (OpenAPI 3.1.0): 1 of 1 operations, 0 types, 1 group

            warnings
              api.yaml:5:56  the merge key `<<` is not read; YAML 1.2, which OpenAPI uses, has none; write the members out or use `$ref`

            out: 4 files, 4 written. It holds `Pets`, the client. Next:
              cargo add --path out
              let api = pets::Pets::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
}

#[test]
fn no_info_and_no_responses() {
    let document = "openapi: 3.1.0\npaths: {/pets: {get: {}}}\n";
    tolerated(
        "no_info_and_no_responses",
        document,
        expect![[r#"
            exit 0
            API (OpenAPI 3.1.0): 1 of 1 operations, 0 types, 1 group

            warnings
              api.yaml:1:1   the document has no `info`; it is called `API`
              api.yaml:2:22  the operation has no `responses`; every 2xx answer is taken, without a body

            out: 4 files, 4 written. It holds `Api`, the client. Next:
              cargo add --path out
              let api = api::Api::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
}

#[test]
fn path_parameter_undeclared() {
    let document = "openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets/{id}/{part}: {get: {operationId: pet, responses: {'204': {description: ok}}}}
";
    tolerated(
        "path_parameter_undeclared",
        document,
        expect![[r#"
            exit 0
            Pets 1 (OpenAPI 3.1.0): 1 of 1 operations, 0 types, 1 group

            warnings
              api.yaml:4:28  no parameter is declared for `{id}` of the path; it is text
              api.yaml:4:28  no parameter is declared for `{part}` of the path; it is text

            out: 4 files, 4 written. It holds `Pets`, the client. Next:
              cargo add --path out
              let api = pets::Pets::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
}

#[test]
fn paths_that_differ_in_parameter_names() {
    let document = "openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /pets/{id}:
    get:
      operationId: by_id
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: ok}}
  /pets/{name}:
    get:
      operationId: by_name
      parameters: [{name: name, in: path, required: true, schema: {type: string}}]
      responses: {'204': {description: ok}}
";
    tolerated(
        "paths_that_differ_in_parameter_names",
        document,
        expect![[r#"
            exit 0
            Pets 1 (OpenAPI 3.1.0): 2 of 2 operations, 0 types, 1 group

            warnings
              api.yaml:11:7  `/pets/{id}` and `/pets/{name}` differ only in the names of their parameters (the other one: api.yaml:6:7); both are generated; a server cannot tell them apart

            out: 4 files, 4 written. It holds `Pets`, the client. Next:
              cargo add --path out
              let api = pets::Pets::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
}

#[test]
fn code_in_names_and_descriptions() {
    let document = r##"openapi: 3.1.0
info:
  title: "Pets\nfn pwned() {}"
  version: "1\nfn pwned() {}"
  description: "*/ fn pwned() {} /* \n```\nfn pwned() {}\n```\n\"# ] fn pwned() {}"
servers: [{url: "https://a.example\"; fn pwned() {} //", description: "x\nfn pwned() {}"}]
tags: [{name: "a*/ fn pwned() {}", description: "fn pwned() {}"}]
paths:
  "/pets\"; fn pwned() {} //":
    get:
      operationId: "list() {} fn pwned() {} fn x"
      tags: ["a*/ fn pwned() {}"]
      summary: "x\n#[doc = \"\"] fn pwned() {}"
      parameters:
        - {name: "q: u8) {} fn pwned(", in: query, description: "\u2028fn pwned() {}", schema: {type: string, default: "\"; fn pwned() {} //"}}
      responses:
        "200":
          description: "*/ fn pwned() {}"
          content: {application/json: {schema: {$ref: "#/components/schemas/A%20%7B%7D%20fn%20pwned()%20%7B%7D"}}}
components:
  schemas:
    "A {} fn pwned() {}":
      type: object
      description: "\r fn pwned() {}"
      required: ["x: u8 } fn pwned() {} struct B {"]
      properties:
        "x: u8 } fn pwned() {} struct B {": {type: string, enum: ["a\"] fn pwned() {}", "\n"]}
        "\0": {type: integer}
"##;
    let project = tolerated(
        "code_in_names_and_descriptions",
        document,
        expect![[r#"
            exit 0
            Pets fn pwned() {} 1 fn pwned() {} (OpenAPI 3.1.0): 1 of 1 operations, 2 types, 1 group

            warnings
              api.yaml:6:11  the server's `{}` is not declared; it is text
              api.yaml:11:7  no parameter is declared for `{}` of the path; it is text

            out: 6 files, 6 written. It holds `PetsFnPwned`, the client. Next:
              cargo add --path out
              let api = pets_fn_pwned::PetsFnPwned::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
    for file in project.files() {
        let rust = file
            .strip_prefix("out/")
            .filter(|name| name.ends_with(".rs"));
        let Some(name) = rust else { continue };
        // Items and methods may be called after it; a function `pwned` must not be there.
        let text = project.read(&file);
        let items = syn::parse_file(&text).expect("Rust").items;
        let pwned = items.iter().any(|item| matches!(item, syn::Item::Fn(_)));
        assert!(!pwned, "{name}:\n{text}");
    }
}

#[test]
fn tag_that_climbs() {
    let document = "openapi: 3.1.0
info: {title: ../../etc, version: '1'}
paths:
  /a: {get: {tags: [../../../evil], operationId: ../a, responses: {'204': {description: ok}}}}
  /b: {get: {tags: [/etc/passwd], operationId: b, responses: {'204': {description: ok}}}}
  /c: {get: {tags: [CON], operationId: c, responses: {'204': {description: ok}}}}
  /d: {get: {tags: [types], operationId: d, responses: {'204': {description: ok}}}}
  /e: {get: {tags: [lib], operationId: e, responses: {'204': {description: ok}}}}
";
    tolerated(
        "tag_that_climbs",
        document,
        expect![[r#"
            exit 0
            ../../etc 1 (OpenAPI 3.1.0): 5 of 5 operations, 0 types, 5 groups

            groups
              con_api     1 method,  0 types
              etc_passwd  1 method,  0 types
              evil        1 method,  0 types
              lib_api     1 method,  0 types
              types_api   1 method,  0 types

            out: 8 files, 8 written. It holds `Etc`, the client. Next:
              cargo add --path out
              let api = etc::Etc::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
}

#[test]
fn only_webhooks() {
    let document = "openapi: 3.1.1
info: {title: Hooks, version: '1'}
webhooks:
  moved:
    post:
      requestBody: {content: {application/json: {schema: {type: object, properties: {to: {type: string}}}}}}
      responses: {'204': {description: ok}}
";
    tolerated(
        "only_webhooks",
        document,
        expect![[r#"
            exit 0
            Hooks 1 (OpenAPI 3.1.1): no operations, so there is nothing to call, 1 webhook, 1 type, 0 groups

            out: 5 files, 5 written. It holds `Hooks`, the client. Next:
              cargo add --path out
              let api = hooks::Hooks::builder().session(Session::fixed("token")).build()?;
        "#]],
    );
}
