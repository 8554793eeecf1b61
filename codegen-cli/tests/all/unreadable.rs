//! What is no OpenAPI document, or one that no program should read: exit code 1, nothing written.

use expect_test::expect;

use crate::cases::refused;

#[test]
fn empty_file() {
    refused(
        "empty_file",
        " \n",
        expect![[r#"
            exit 1
            error: `api` is empty
              |
              = help: an OpenAPI document begins with `openapi: 3.1.0`

            nothing was written
        "#]],
    );
}

#[test]
fn picture() {
    refused(
        "picture",
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01",
        expect![[r#"
            exit 1
            error: `api` is a PNG picture, not an OpenAPI document
              |
              = help: an OpenAPI document is UTF-8 text, JSON or YAML

            nothing was written
        "#]],
    );
}

#[test]
fn bytes_that_are_no_text() {
    refused(
        "bytes_that_are_no_text",
        b"openapi: 3.1.0\ninfo: {title: caf\xE9}\n",
        expect![[r#"
            exit 1
            error: `api` is not UTF-8: the byte 0xe9 at offset 32
              |
              = help: save the document as UTF-8; JSON and YAML of OpenAPI know no other encoding

            nothing was written
        "#]],
    );
}

#[test]
fn web_page() {
    refused(
        "web_page",
        "<!DOCTYPE html>\n<html><body>Sign in</body></html>\n",
        expect![[r#"
            exit 1
            error: `api` is an HTML page, not an OpenAPI document

            nothing was written
        "#]],
    );
}

#[test]
fn postman_collection() {
    let document = r#"{
  "info": {
    "_postman_id": "0",
    "name": "Pets",
    "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
  },
  "item": []
}"#;
    refused(
        "postman_collection",
        document,
        expect![[r#"
            exit 1
            error: this is a Postman collection, not an OpenAPI document
             --> api:1:1
              |
            1 | {
              | ^
              |
              = help: export the API's definition as OpenAPI instead

            nothing was written
        "#]],
    );
}

#[test]
fn json_that_is_cut_off() {
    let document = "{\n  \"openapi\": \"3.1.0\",\n  \"info\": {\"title\": \"Pets\", \"ver";
    refused(
        "json_that_is_cut_off",
        document,
        expect![[r#"
        exit 1
        error: the string that begins here never ends
         --> api:3:29
          |
        3 |   "info": {"title": "Pets", "ver
          |                             ^
          |
          = help: the document seems to be cut off; fetch it again

        nothing was written
    "#]],
    );
}

#[test]
fn json_with_a_comma_too_many() {
    let document = "{\n  \"openapi\": \"3.1.0\",\n  \"paths\": {},\n}";
    refused(
        "json_with_a_comma_too_many",
        document,
        expect![[r#"
        exit 1
        error: a comma stands before the closing bracket
         --> api:4:1
          |
        4 | }
          | ^
          |
          = help: remove the comma

        nothing was written
    "#]],
    );
}

#[test]
fn fault_in_a_line_of_megabytes() {
    let text = "x".repeat(1 << 20);
    let document = format!(r#"{{"openapi": "3.1.0", "a": "{text}", 'b': 1, "c": "{text}"}}"#);
    refused(
        "fault_in_a_line_of_megabytes",
        document,
        expect![[r#"
            exit 1
            error: found `'`, expected a key in double quotes
             --> api:1:1048607
              |
             ::: 
            1 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 'b': 1, "c": "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…
              |                                                               ^
              |
              = help: JSON quotes with `"`

            nothing was written
        "#]],
    );
}

#[test]
fn tab_in_yaml() {
    let document = "openapi: 3.1.0\ninfo:\n\ttitle: Pets\n";
    refused(
        "tab_in_yaml",
        document,
        expect![[r#"
        exit 1
        error: a tab stands here, and YAML indents with spaces
         --> api:3:1
          |
        3 |  title: Pets
          | ^
          |
          = help: use spaces

        nothing was written
    "#]],
    );
}

#[test]
fn colon_in_plain_yaml() {
    let document = "openapi: 3.1.0\ninfo:\n  title: Pets: the API\n";
    refused(
        "colon_in_plain_yaml",
        document,
        expect![[r#"
        exit 1
        error: mapping values are not allowed in this context
         --> api:3:14
          |
        3 |   title: Pets: the API
          |              ^
          |
          = help: text with `: ` in it goes into quotes

        nothing was written
    "#]],
    );
}

#[test]
fn deep_json() {
    let document = format!(r#"{{"openapi": "3.1.0", "x-a": {}"#, "[".repeat(200_000));
    refused(
        "deep_json",
        document,
        expect![[r#"
        exit 1
        error: lists and objects lie more than 256 levels deep here
         --> api:1:284
          |
         ::: 
        1 | …[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…
          |                                                               ^
          |
          = help: give the inner parts a name under `components` and refer to them with `$ref`

        nothing was written
    "#]],
    );
}

#[test]
fn deep_yaml() {
    let document = format!("openapi: 3.1.0\nx-a: {}", "{a: ".repeat(200_000));
    refused(
        "deep_yaml",
        document,
        expect![[r#"
        exit 1
        error: lists and objects lie more than 256 levels deep here
         --> api:2:1026
          |
         ::: 
        2 | … {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a:…
          |                                                               ^
          |
          = help: give the inner parts a name under `components` and refer to them with `$ref`

        nothing was written
    "#]],
    );
}

#[test]
fn alias_bomb() {
    let level = |n: usize| format!("  a{n}: &a{n} [{}]\n", format!("*a{}, ", n - 1).repeat(9));
    let levels: String = (1..=9).map(level).collect();
    let document = format!("openapi: 3.1.0\nx-a:\n  a0: &a0 [lol]\n{levels}");
    refused(
        "alias_bomb",
        document,
        expect![[r#"
        exit 1
        error: the aliases of this document stand for more than 4000000 nodes
          --> api:10:17
           |
        10 |   a7: &a7 [*a6, *a6, *a6, *a6, *a6, *a6, *a6, *a6, *a6, ]
           |                 ^
           |
           = help: write the repeated part once and refer to it with `$ref`

        nothing was written
    "#]],
    );
}

#[test]
fn alias_within_itself() {
    let document = "openapi: 3.1.0\ncomponents:\n  schemas:\n    Node: &node\n      properties:\n        next: *node\n";
    refused(
        "alias_within_itself",
        document,
        expect![[r#"
        exit 1
        error: this alias stands within what it names
         --> api:6:15
          |
        6 |         next: *node
          |               ^
          |
          = help: use `$ref` for a schema that contains itself

        nothing was written
    "#]],
    );
}

#[test]
fn swagger_2() {
    refused(
        "swagger_2",
        "swagger: '2.0'\ninfo: {title: Pets}\n",
        expect![[r#"
        exit 1
        error: Swagger 2.0 is not read yet; 3.0 and 3.1 are
         --> api:1:10
          |
        1 | swagger: '2.0'
          |          ^^^^
          |
          = help: convert it with a tool such as https://converter.swagger.io, or wait for a later version

        nothing was written
    "#]],
    );
}

#[test]
fn openapi_3_2() {
    refused(
        "openapi_3_2",
        "openapi: 3.2.0\ninfo: {title: Pets}\n",
        expect![[r#"
        exit 1
        error: OpenAPI 3.2 is not read yet; 3.0 and 3.1 are
         --> api:1:10
          |
        1 | openapi: 3.2.0
          |          ^^^^^

        nothing was written
    "#]],
    );
}

#[test]
fn kubernetes_manifest() {
    refused(
        "kubernetes_manifest",
        "apiVersion: v1\nkind: Service\n",
        expect![[r#"
            exit 1
            error: this is a Kubernetes manifest, not an OpenAPI document
             --> api:1:1
              |
            1 | apiVersion: v1
              | ^
              |
              = help: its API's document is at `/openapi/v3`

            nothing was written
        "#]],
    );
}

#[test]
fn some_other_yaml() {
    refused(
        "some_other_yaml",
        "- a\n- b\n",
        expect![[r#"
        exit 1
        error: this is no object, and so no OpenAPI document
         --> api:1:1
          |
        1 | - a
          | ^
          |
          = help: an OpenAPI document begins with `openapi: 3.1.0`

        nothing was written
    "#]],
    );
}
