//! Which paths may be written.

use std::path::{Component, Path, PathBuf};

/// `path` below `out`, if it can lie nowhere else: plain names joined by `/`.
///
/// Names come from the document, so this is the last line of defence and does not repair.
pub(super) fn below(out: &Path, path: &str) -> Option<PathBuf> {
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part
                .chars()
                .all(|sign| sign.is_alphanumeric() || matches!(sign, '_' | '-' | '.'))
    };
    if !path.split('/').all(plain) {
        return None;
    }
    let relative = PathBuf::from(path);
    let normal = relative
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    normal.then(|| out.join(relative))
}

/// Whether the folder of `file` still lies in `out` once symbolic links are followed. Folders that
/// do not exist yet cannot lead away.
pub(super) fn stays_in(out: &Path, file: &Path) -> bool {
    let Ok(out) = out.canonicalize() else {
        return true;
    };
    let mut folder = file.parent();
    while let Some(here) = folder {
        if let Ok(real) = here.canonicalize() {
            return real.starts_with(&out);
        }
        folder = here.parent();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_names_are_written() {
        let out = Path::new("out");
        assert_eq!(
            below(out, "src/types/a.rs"),
            Some(PathBuf::from("out/src/types/a.rs"))
        );
        assert_eq!(
            below(out, "src/été.rs"),
            Some(PathBuf::from("out/src/été.rs"))
        );
        for path in [
            "", "/etc/x", "../x", "a/../x", "a//b", "a/./b", "a\\b", "C:x", "a/.git", "a\0b",
        ] {
            assert_eq!(below(out, path), None, "{path}");
        }
    }
}
