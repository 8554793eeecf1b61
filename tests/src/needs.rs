//! A test that needs more than Rust says so, and is no failure where that is missing.

use std::{env, io::Write, path::Path};

/// Whether `program` is there: a name to be found in `PATH` (or where administrators' programs
/// are), or a path with a slash in it.
///
/// Where it is missing, `skipped TEST: needs PROGRAM (HOW TO GET IT)` is printed past the test
/// runner's capture, and the test returns.
///
/// ```
/// use perennial_tests::needs;
///
/// if !needs("lists_a_folder", "ls", "any Unix has it") {
///     return;
/// }
/// ```
///
/// # Panics
/// When it is missing and `PERENNIAL_REQUIRE_ALL` is `1`.
#[must_use]
pub fn needs(test: &str, program: &str, how_to_get_it: &str) -> bool {
    found(program) || missing(test, program, how_to_get_it)
}

/// The same for something that is no program: `found` says whether it is there.
///
/// # Panics
/// When it is missing and `PERENNIAL_REQUIRE_ALL` is `1`.
#[must_use]
pub fn needs_that(test: &str, what: &str, how_to_get_it: &str, found: bool) -> bool {
    found || missing(test, what, how_to_get_it)
}

fn missing(test: &str, what: &str, how_to_get_it: &str) -> bool {
    let line = format!("skipped {test}: needs {what} ({how_to_get_it})");
    assert!(!all_required(), "{line}");
    // Not `eprintln!`: the test runner shows what that prints only for tests that fail.
    let _ = writeln!(std::io::stderr(), "{line}");
    false
}

fn all_required() -> bool {
    env::var_os("PERENNIAL_REQUIRE_ALL").is_some_and(|value| value == "1")
}

fn found(program: &str) -> bool {
    if program.contains('/') {
        return Path::new(program).exists();
    }
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path)
        .chain(["/usr/sbin".into(), "/sbin".into()])
        .any(|folder| folder.join(program).is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_by_name_and_by_path() {
        assert!(found("sh"));
        assert!(found("/bin/sh"));
        assert!(!found("perennial-no-such-program"));
        assert!(!found("/perennial/no/such/program"));
    }
}
