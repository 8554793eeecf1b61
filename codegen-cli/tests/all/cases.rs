//! One way to try a document that is wrong.

use expect_test::Expect;

use crate::project::Project;

/// The document cannot be used: says what the user sees, and writes nothing.
pub(crate) fn refused(name: &str, document: impl AsRef<[u8]>, expected: Expect) {
    let project = Project::new(name);
    project.write("api", document);
    let said = project.run(&["api", "-o", "out"]);
    expected.assert_eq(&said);
    assert_eq!(project.files(), ["api"], "nothing was written");
}

/// The document has faults and is used all the same: says what the user sees. Whatever was written
/// is Rust, lies in the output folder and is what a second run writes.
pub(crate) fn tolerated(name: &str, document: impl AsRef<[u8]>, expected: Expect) -> Project {
    let project = Project::new(name);
    project.write("api.yaml", document);
    let said = project.run(&["api.yaml", "-o", "out"]);
    expected.assert_eq(&said);
    for file in project.files() {
        if file == "api.yaml" {
            continue;
        }
        assert!(file.starts_with("out/"), "{file} lies outside");
        if file.ends_with(".rs") {
            parse(&project.read(&file));
        }
    }
    let again = project.run(&["api.yaml", "-o", "out", "--check"]);
    assert!(again.starts_with("exit 0"), "{again}");
    project
}

/// Generated text is Rust.
pub(crate) fn parse(text: &str) -> syn::File {
    syn::parse_file(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}
