//! `rename_all`, by serde's rules.

use super::attr::Entry;
use super::mistakes::Mistakes;
use crate::api::Case;
use crate::suggest::nearest;

/// The case that an entry names.
pub(super) fn read(entry: &Entry, mistakes: &mut Mistakes) -> Option<Case> {
    let text = entry.text(mistakes)?;
    let word = text.value();
    let known = Case::ALL.iter().find(|(name, _)| *name == word);
    if known.is_none() {
        let words = Case::ALL.map(|(name, _)| name);
        let hint = match nearest(&word, words) {
            Some(near) => format!("did you mean {near:?}?"),
            None => format!(
                "expected one of {}",
                words.map(|w| format!("{w:?}")).join(", ")
            ),
        };
        mistakes.at(text.span(), format!("unknown case {word:?}; {hint}"));
    }
    known.map(|(_, case)| *case)
}

/// Applies a case to the name of a variant, which is in `PascalCase`.
pub(super) fn variant(case: Case, name: &str) -> String {
    match case {
        Case::Pascal => name.to_owned(),
        Case::Lower => name.to_ascii_lowercase(),
        Case::Upper => name.to_ascii_uppercase(),
        Case::Camel => {
            let mut letters = name.chars();
            let first = letters.next().map(|letter| letter.to_ascii_lowercase());
            first.into_iter().chain(letters).collect()
        }
        Case::Snake | Case::ScreamingSnake | Case::Kebab | Case::ScreamingKebab => {
            case.apply(&snake(name))
        }
    }
}

fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for (index, letter) in name.char_indices() {
        if index > 0 && letter.is_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_serde_does() {
        let cases = |name: &str| Case::ALL.map(|(_, case)| variant(case, name));
        assert_eq!(
            cases("VeryTasty2X"),
            [
                "verytasty2x",
                "VERYTASTY2X",
                "VeryTasty2X",
                "veryTasty2X",
                "very_tasty2_x",
                "VERY_TASTY2_X",
                "very-tasty2-x",
                "VERY-TASTY2-X",
            ]
        );
        assert_eq!(cases("A"), ["a", "A", "A", "a", "a", "A", "a", "A"]);
    }
}
