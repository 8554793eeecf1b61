//! Kinds of documents that once gave code which did not compile, or not without a warning.

use gen_client::Generator;

fn check(document: &str, file: &str, expected: &str) {
    let output = Generator::from_bytes("kinds.yaml", document).render();
    let output = output.expect("the document can be used");
    let texts: Vec<_> = output
        .files
        .iter()
        .filter(|it| it.path.ends_with(file))
        .collect();
    let [one] = texts[..] else {
        panic!("{} files are called {file}", texts.len())
    };
    assert!(
        one.text.contains(expected),
        "no `{expected}` in:\n{}",
        one.text
    );
}

#[test]
fn a_module_that_is_not_ascii_says_where_its_file_is() {
    let document = r"
openapi: 3.0.3
info: {title: Fjord, version: '1'}
paths:
  /a: {get: {operationId: a, tags: [æøå], responses: {'204': {description: done}}}}
  /b: {get: {operationId: b, tags: [boats], responses: {'204': {description: done}}}}
";
    check(document, "src/lib.rs", "#[path = \"æøå.rs\"]");
}

#[test]
fn a_form_that_is_binary_is_taken_as_bytes() {
    let document = r"
openapi: 3.0.3
info: {title: Press, version: '1'}
paths:
  /print:
    post:
      operationId: print
      requestBody:
        required: true
        content: {application/x-www-form-urlencoded: {schema: {type: string, format: binary}}}
      responses: {'204': {description: done}}
";
    let expected = "#[body(mime = \"application/x-www-form-urlencoded\")] body: Bytes";
    check(document, "src/print.rs", expected);
}

#[test]
fn a_path_of_seven_parameters_is_no_warning() {
    let path: String = (1..=7).map(|n| format!("/{{p{n}}}")).collect();
    let parameters: Vec<String> = (1..=7)
        .map(|n| format!("{{name: p{n}, in: path, required: true, schema: {{type: string}}}}"))
        .collect();
    let document = format!(
        "openapi: 3.0.3\ninfo: {{title: Maze, version: '1'}}\npaths:\n  {path}:\n    get:\n      operationId: walk\n      tags: [maze]\n      \
         parameters: [{}]\n      responses: {{'204': {{description: done}}}}\n",
        parameters.join(", ")
    );
    check(&document, "src/lib.rs", "clippy::too_many_arguments");
}

#[test]
fn an_operation_called_new_leaves_another_way_to_the_client() {
    let document = r"
openapi: 3.0.3
info: {title: Ledger, version: '1'}
paths:
  /new: {post: {operationId: new, tags: [books], responses: {'204': {description: done}}}}
";
    check(
        document,
        "src/lib.rs",
        "ApiClient::from(self.client.clone())",
    );
}

#[test]
fn an_exploded_object_is_one_parameter_a_member() {
    let document = r"
openapi: 3.0.3
info: {title: Shelf, version: '1'}
paths:
  /books:
    get:
      operationId: find
      tags: [books]
      parameters:
        - {name: filter, in: query, required: true, schema: {type: object, properties: {title: {type: string}}}}
        - {name: sort, in: query, schema: {type: object, properties: {by: {type: string}}}}
      responses: {'204': {description: done}}
";
    check(
        document,
        "src/books.rs",
        "#[query(flatten)] filter: &FindFilter,",
    );
    check(
        document,
        "src/books.rs",
        "#[query(flatten)]\n    pub sort: Option<FindSort>,",
    );
}

/// A refresh operation that the session could not call is refused, and says what is in the way.
fn no_refresh(path: &str, operation: &str, expected: &str) {
    let document = format!(
        "openapi: 3.0.3\ninfo: {{title: Lock, version: '1'}}\nx-perennial-session: {{refresh: renew, send: refresh_token}}\npaths:\n  {path}:\n    \
         post: {{operationId: renew, {operation}}}\n"
    );
    let error = Generator::from_bytes("lock.yaml", document).render();
    let error = error.expect_err("nobody could call it").to_string();
    assert!(error.contains(expected), "{error}");
}

const BODY: &str = "requestBody: {required: true, content: {application/json: {schema: {type: object, properties: {refresh_token: {type: string}}}}}}";
const PAIR: &str = "content: {application/json: {schema: {type: object, properties: {access_token: {type: string}}}}}";

#[test]
fn a_refresh_without_tokens_is_refused() {
    let operation = format!("{BODY}, responses: {{'404': {{description: none}}}}");
    no_refresh(
        "/token",
        &operation,
        "the refresh answers with nothing that holds a token",
    );
}

#[test]
fn a_refresh_that_asks_for_more_is_refused() {
    let answers = format!("responses: {{'200': {{description: pair, {PAIR}}}}}");
    let id = "parameters: [{name: id, in: path, required: true, schema: {type: string}}]";
    let operation = format!("{id}, {BODY}, {answers}");
    no_refresh("/token/{id}", &operation, "a refresh cannot know `id`");
    let other = "requestBody: {required: true, content: {application/json: {schema: {type: array, items: {type: string}}}}}";
    let token =
        "parameters: [{name: refresh_token, in: query, required: true, schema: {type: string}}]";
    let operation = format!("{token}, {other}, {answers}");
    no_refresh("/token", &operation, "a refresh cannot know the body");
}

fn findings(document: &str) -> Vec<String> {
    let output = Generator::from_bytes("kinds.yaml", document).render();
    let report = output.expect("the document can be used").report;
    report
        .findings
        .into_iter()
        .map(|finding| finding.message)
        .collect()
}

/// A document whose one operation asks for `security`, among these schemes.
fn guarded(security: &str) -> String {
    format!(
        r"
openapi: 3.0.3
info: {{title: Vault, version: '1'}}
security: {security}
paths:
  /doors:
    parameters: [{{name: key, in: query, required: true, schema: {{type: string}}}}]
    get: {{operationId: doors, responses: {{'204': {{description: done}}}}}}
components:
  securitySchemes:
    pass: {{type: http, scheme: bearer}}
    other: {{type: oauth2, flows: {{}}}}
    basic: {{type: http, scheme: basic}}
    digest: {{type: http, scheme: digest}}
    room: {{type: apiKey, in: header, name: X-Room}}
    key: {{type: apiKey, in: query, name: key}}
    sid: {{type: apiKey, in: cookie, name: sid}}
    bad: {{type: apiKey, in: cookie, name: 'a b'}}
"
    )
}

#[test]
fn several_schemes_and_alternatives() {
    let rows = [
        ("[{pass: []}]", "auth = bearer"),
        ("[{pass: []}, {}]", "auth = optional(bearer)"),
        ("[{pass: []}, {other: []}]", "auth = bearer"),
        (
            "[{room: [], sid: []}]",
            "auth = all(header(\"X-Room\"), cookie(\"sid\"))",
        ),
        ("[{basic: []}, {pass: []}]", "auth = any(basic, bearer)"),
        (
            "[{}, {pass: []}, {room: [], sid: []}]",
            "auth = optional(any(bearer, all(header(\"X-Room\"), cookie(\"sid\"))))",
        ),
    ];
    for (security, expected) in rows {
        let document = guarded(security);
        assert_eq!(findings(&document), [""; 0], "{security}");
        check(&document, "src/doors.rs", expected);
        check(&document, "src/doors.rs", "key: &str");
    }
}

#[test]
fn a_parameter_that_the_scheme_sends_is_no_argument() {
    let document = guarded("[{key: []}]");
    let expected = "`key` is what the security scheme sends, so it is no argument";
    assert_eq!(findings(&document), [expected]);
    check(&document, "src/doors.rs", "fn doors(&self) -> Call<()>");
    check(&document, "src/doors.rs", "auth = query(\"key\")");
}

#[test]
fn what_cannot_be_injected_is_named() {
    let passed = "another way to sign in is passed over: `digest`";
    assert_eq!(findings(&guarded("[{pass: []}, {digest: []}]")), [passed]);
    let digest = "the HTTP scheme `digest` is not injected yet";
    assert_eq!(findings(&guarded("[{digest: []}]")), [digest]);
    assert_eq!(findings(&guarded("[{pass: [], digest: []}]")), [digest]);
    let room = "HTTP basic has no room beside another token in the same place";
    let both = guarded("[{basic: [], pass: []}]");
    assert_eq!(findings(&both), [room]);
    check(&both, "src/doors.rs", "auth = bearer");
    let name = "`a b` cannot be the name of a key";
    assert_eq!(findings(&guarded("[{bad: []}]")), [name]);
    let none = "there is no security scheme `gone` to inject";
    assert_eq!(findings(&guarded("[{gone: []}]")), [none]);
}

#[test]
fn the_builder_says_which_sessions_it_takes() {
    let text = "'200': {description: all, content: {text/plain: {schema: {type: string}}}}";
    let document = guarded("[{pass: [], room: []}, {basic: []}]")
        .replace("'204': {description: done}", text)
        .replace("required: true", "required: false");
    for expected in [
        "/// - `.session_for(\"bearer\", …)`: `Authorization: Bearer`",
        "/// - `.session_for(\"X-Room\", …)`: the header `X-Room`",
        "/// HTTP basic sends what [`Builder::client_credentials`] is given.",
        "//!     .session_for(\"X-Room\", Session::fixed(\"key\"))",
    ] {
        check(&document, "src/lib.rs", expected);
    }
}

#[test]
fn a_reference_into_an_extension_is_read() {
    let document = r"
openapi: 3.0.3
info: {title: Attic, version: '1'}
paths:
  /chests: {get: {operationId: chests, responses: {'200': {description: all, content: {application/json: {schema: {$ref: '#/x-shapes/chest'}}}}}}}
x-shapes:
  chest: {type: object, properties: {inside: {type: array, items: {$ref: '#/x-shapes/chest'}}}}
x-notes: {more: {$ref: ./elsewhere.md}}
";
    let expected = "a `$ref` inside an extension (x-notes) is left alone";
    assert_eq!(findings(document), [expected]);
    check(
        document,
        "src/types/chests.rs",
        "pub inside: Option<Vec<Chest>>",
    );
}

#[test]
fn every_bad_default_has_its_place() {
    let document = r"
openapi: 3.0.3
info: {title: Dial, version: '1'}
paths:
  /dial: {put: {operationId: turn, requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Dial'}}}}, responses: {'204': {description: done}}}}
components:
  schemas:
    Dial:
      type: object
      properties:
        step: {type: integer, default: ''}
        loud: {type: boolean, default: 'yes'}
";
    let output = Generator::from_bytes("kinds.yaml", document).render();
    let report = output.expect("the document can be used").report;
    let [finding] = &report.findings[..] else {
        panic!("{:?}", report.findings)
    };
    let places = finding.at.iter().chain(&finding.further);
    let lines: Vec<_> = places.map(|place| (place.line, place.column)).collect();
    assert_eq!(lines, [(11, 40), (12, 40)]);
}
