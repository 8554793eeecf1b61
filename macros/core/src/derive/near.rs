//! "Did you mean …".

/// The word that is nearest to `word`, if one is near enough to be meant.
pub(super) fn nearest<'w>(word: &str, words: &[&'w str]) -> Option<&'w str> {
    let limit = word.chars().count() / 3 + 1;
    let distances = words.iter().map(|known| (distance(word, known), *known));
    let (distance, known) = distances.min()?;
    (distance <= limit).then_some(known)
}

/// How many letters to change, insert or remove.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let change = diagonal + usize::from(letter != *other);
            diagonal = row[j + 1];
            row[j + 1] = change.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_and_far() {
        let words = ["rename", "rename_all", "default", "tag"];
        assert_eq!(nearest("renam", &words), Some("rename"));
        assert_eq!(nearest("renameall", &words), Some("rename_all"));
        assert_eq!(nearest("dfault", &words), Some("default"));
        assert_eq!(nearest("content", &words), None);
        assert_eq!(nearest("x", &[]), None);
    }
}
