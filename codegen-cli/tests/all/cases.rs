//! One way to try a document that is wrong.

use expect_test::Expect;

use crate::project::Project;
use crate::rust::faults;

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
            let faults = faults(&project.read(&file));
            assert!(faults.is_empty(), "{file}: {faults:#?}");
        }
    }
    let again = project.run(&["api.yaml", "-o", "out", "--check"]);
    assert!(again.starts_with("exit 0"), "{again}");
    project
}
