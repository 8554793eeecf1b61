//! Which of serde's cases gives the names on the wire.

use crate::ir::Case;

const FIELDS: [Case; 7] = [
    Case::Camel,
    Case::Pascal,
    Case::Kebab,
    Case::ScreamingSnake,
    Case::ScreamingKebab,
    Case::Upper,
    Case::Lower,
];

const VARIANTS: [Case; 7] = [
    Case::Lower,
    Case::Snake,
    Case::Camel,
    Case::Kebab,
    Case::Upper,
    Case::ScreamingSnake,
    Case::ScreamingKebab,
];

/// A case for a struct: worth it if it saves more than one attribute.
pub(crate) fn of_fields(names: &[(&str, &str)]) -> Option<Case> {
    let renames = |case: Option<Case>| {
        names
            .iter()
            .filter(|(name, wire)| field(name, case) != *wire)
            .count()
    };
    let without = renames(None);
    let best = FIELDS.into_iter().min_by_key(|case| renames(Some(*case)))?;
    (renames(Some(best)) + 1 < without).then_some(best)
}

/// A case for an enum: one that fits all.
pub(crate) fn of_variants(names: &[(&str, &str)]) -> Option<Case> {
    let fits = |case: Option<Case>| {
        names
            .iter()
            .all(|(name, wire)| variant(name, case) == *wire)
    };
    if names.is_empty() || fits(None) {
        return None;
    }
    VARIANTS.into_iter().find(|case| fits(Some(*case)))
}

/// The wire name of a field called `name`, as serde makes it.
pub(crate) fn field(name: &str, case: Option<Case>) -> String {
    let Some(case) = case else {
        return name.to_owned();
    };
    match case {
        Case::Lower | Case::Snake => name.to_owned(),
        Case::Upper | Case::ScreamingSnake => name.to_ascii_uppercase(),
        Case::Pascal => pascal(name),
        Case::Camel => first_lower(&pascal(name)),
        Case::Kebab => name.replace('_', "-"),
        Case::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
    }
}

/// The wire name of a variant called `name`, as serde makes it.
pub(crate) fn variant(name: &str, case: Option<Case>) -> String {
    let Some(case) = case else {
        return name.to_owned();
    };
    match case {
        Case::Pascal => name.to_owned(),
        Case::Lower => name.to_ascii_lowercase(),
        Case::Upper => name.to_ascii_uppercase(),
        Case::Camel => first_lower(name),
        Case::Snake => snake(name),
        Case::ScreamingSnake => snake(name).to_ascii_uppercase(),
        Case::Kebab => snake(name).replace('_', "-"),
        Case::ScreamingKebab => snake(name).to_ascii_uppercase().replace('_', "-"),
    }
}

fn pascal(name: &str) -> String {
    let mut pascal = String::new();
    let mut capital = true;
    for char in name.chars() {
        if char == '_' {
            capital = true;
        } else if capital {
            pascal.push(char.to_ascii_uppercase());
            capital = false;
        } else {
            pascal.push(char);
        }
    }
    pascal
}

fn snake(name: &str) -> String {
    let mut snake = String::new();
    for (at, char) in name.char_indices() {
        if at > 0 && char.is_uppercase() {
            snake.push('_');
        }
        snake.push(char.to_ascii_lowercase());
    }
    snake
}

fn first_lower(name: &str) -> String {
    let mut chars = name.chars();
    let first = chars.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_serdes() {
        assert_eq!(field("foo_bar", Some(Case::Camel)), "fooBar");
        assert_eq!(field("foo_bar", Some(Case::Kebab)), "foo-bar");
        assert_eq!(variant("FooBar", Some(Case::Snake)), "foo_bar");
        assert_eq!(variant("FooBar", Some(Case::ScreamingKebab)), "FOO-BAR");
    }

    #[test]
    fn a_case_must_be_worth_it() {
        assert_eq!(of_fields(&[("a", "a"), ("foo_bar", "fooBar")]), None);
        assert_eq!(
            of_fields(&[("b_a", "bA"), ("foo_bar", "fooBar")]),
            Some(Case::Camel)
        );
        assert_eq!(of_variants(&[("A", "a"), ("B", "b")]), Some(Case::Lower));
        assert_eq!(of_variants(&[("A", "a"), ("B", "B")]), None);
        assert_eq!(of_variants(&[("A", "A")]), None);
    }
}
