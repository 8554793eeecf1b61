//! "did you mean …": the nearest of the words that would have been right.

/// The word that `found` most likely stands for, if one is near enough.
pub(crate) fn nearest<'w>(found: &str, known: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let near = known.map(|word| (distance(found, word), word));
    let (far, word) = near.min_by_key(|(far, _)| *far)?;
    (far <= (found.chars().count().max(word.chars().count()) / 3).max(1)).then_some(word)
}

/// How many letters to insert, remove, replace or swap (optimal string alignment).
fn distance(left: &str, right: &str) -> usize {
    // Words of the configuration are short; a longer text is none of them.
    let left: Vec<char> = left.to_lowercase().chars().take(64).collect();
    let right: Vec<char> = right.to_lowercase().chars().take(64).collect();
    let mut rows = vec![vec![0; right.len() + 1]; left.len() + 1];
    for i in 0..=left.len() {
        for j in 0..=right.len() {
            rows[i][j] = if i == 0 || j == 0 {
                i + j
            } else {
                let changed = usize::from(left[i - 1] != right[j - 1]);
                let mut least = (rows[i - 1][j - 1] + changed)
                    .min(rows[i - 1][j] + 1)
                    .min(rows[i][j - 1] + 1);
                let swapped =
                    i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
                if swapped {
                    least = least.min(rows[i - 2][j - 2] + 1);
                }
                least
            };
        }
    }
    rows[left.len()][right.len()]
}
