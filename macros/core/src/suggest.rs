//! "Did you mean": the known word that is nearest to an unknown one.

/// The known word that differs least from `word`, if it differs by at most a third of its letters.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = word.chars().count().div_ceil(3);
    let scored = known
        .into_iter()
        .map(|candidate| (distance(word, candidate), candidate));
    scored
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

/// `did you mean `x`?`, else the words there are.
pub(crate) fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("expected {}", list(known)),
    }
}

/// `` `a`, `b` or `c` ``.
pub(crate) fn list<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let words: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => "nothing".to_owned(),
    }
}

/// Optimal string alignment: letters added, dropped, changed, or two neighbours swapped.
fn distance(from: &str, to: &str) -> usize {
    let from: Vec<char> = from.to_lowercase().replace('-', "_").chars().collect();
    let to: Vec<char> = to.to_lowercase().chars().collect();
    let mut before = Vec::new();
    let mut last: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let mut cost = (last[j] + usize::from(a != b))
                .min(last[j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                let swapped: &Vec<usize> = &before;
                cost = cost.min(swapped[j - 1] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typo_finds_its_word() {
        for (typo, word) in [
            ("timout", "timeout"),
            ("qurey", "query"),
            ("gett", "get"),
            ("id", "ids"),
        ] {
            assert_eq!(nearest(typo, [word, "unrelated"]), Some(word), "{typo}");
        }
        assert_eq!(nearest("zebra", ["timeout", "query"]), None);
        assert_eq!(nearest("", ["a"]), None);
        assert_eq!(
            nearest("renameall", ["rename", "rename_all"]),
            Some("rename_all")
        );
    }
}
