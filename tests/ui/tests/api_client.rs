//! What `#[api_client]` says about a mistake, and what it accepts.
//!
//! `TRYBUILD=overwrite cargo test -p perennial-ui-tests` writes the expected output again; read it
//! as somebody who has never seen the attribute.

#[test]
fn mistakes() {
    let cases = trybuild::TestCases::new();
    for area in [
        "trait",
        "scheme",
        "method",
        "path",
        "arguments",
        "values",
        "types",
        "derive",
    ] {
        cases.compile_fail(format!("cases/{area}/*.rs"));
    }
    cases.pass("cases/pass/*.rs");
}
