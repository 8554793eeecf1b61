//! Path templates: `/users/{id}/files/{*rest}`.

use crate::{
    pairs::flatten,
    value::{Unfit, Value},
};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What RFC 3986 does not allow in a path segment, and `%` and `/`, so that a value stays a value.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Writes `template` (without a query) to `path`, taking values in the order of placeholders.
///
/// `value` gives the value of a placeholder by its name.
pub(crate) fn render(
    path: &mut String,
    template: &str,
    mut value: impl FnMut(&str) -> Result<Value, Unfit>,
) -> Result<(), Unfit> {
    for segment in template.split_inclusive('/') {
        let start = path.len();
        let Some((text, slash)) = placeholders(segment) else {
            path.push_str(segment);
            continue;
        };
        let mut rest = false;
        for piece in pieces(text) {
            match piece {
                Piece::Literal(text) => path.push_str(text),
                Piece::Placeholder(name) => {
                    let name = name.strip_prefix('*').map_or(name, |name| {
                        rest = true;
                        name
                    });
                    let value = value(name)?;
                    push(path, value, rest).map_err(|why| {
                        Unfit::new(&format!("the path argument `{name}` does not fit: {why}"))
                    })?;
                }
            }
        }
        refuse_climbing(&path[start..], rest)
            .map_err(|why| Unfit::new(&format!("the path segment `{text}` {why}")))?;
        path.push_str(slash);
    }
    Ok(())
}

/// The segment without its slash, if it holds a placeholder.
fn placeholders(segment: &str) -> Option<(&str, &str)> {
    let text = segment.strip_suffix('/').unwrap_or(segment);
    text.contains('{').then_some((text, &segment[text.len()..]))
}

enum Piece<'a> {
    Literal(&'a str),
    Placeholder(&'a str),
}

fn pieces(mut text: &str) -> impl Iterator<Item = Piece<'_>> {
    std::iter::from_fn(move || {
        if text.is_empty() {
            return None;
        }
        let piece = match (text.find('{'), text.find('}')) {
            (Some(0), Some(end)) => {
                let name = &text[1..end];
                text = &text[end + 1..];
                return Some(Piece::Placeholder(name));
            }
            (Some(start), _) if start > 0 => &text[..start],
            _ => text,
        };
        text = &text[piece.len()..];
        Some(Piece::Literal(piece))
    })
}

fn push(path: &mut String, value: Value, rest: bool) -> Result<(), Unfit> {
    let parts = flatten(value)?;
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            path.push(',');
        }
        for (index, part) in if rest {
            part.split('/')
        } else {
            part.split('\0')
        }
        .enumerate()
        {
            if index > 0 {
                path.push_str(if rest { "/" } else { "%00" });
            }
            path.extend(utf8_percent_encode(part, SEGMENT));
        }
    }
    Ok(())
}

/// A segment that a value emptied, or made `.` or `..`, would name another resource.
fn refuse_climbing(text: &str, rest: bool) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("became empty");
    }
    if text.split('/').any(|part| matches!(part, "." | "..")) {
        return Err(if rest {
            "would climb with `.` or `..`"
        } else {
            "became `.` or `..`"
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    fn check<T: Serialize>(template: &str, values: &[T], expected: Result<&str, &str>) {
        let mut values = values.iter();
        let mut path = String::new();
        let rendered = render(&mut path, template, |name| match values.next() {
            Some(value) => Value::of(value),
            None => Err(Unfit::new(&format!("`{{{name}}}` has no value"))),
        });
        let found = rendered.map(|()| path).map_err(|why| why.to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn literals_stay_and_values_are_encoded() {
        check("/users", &[""; 0], Ok("/users"));
        check(
            "/users/{id}",
            &["a/b?c#d%2e e"],
            Ok("/users/a%2Fb%3Fc%23d%252e%20e"),
        );
        check("/users/{id}/", &["ä:@"], Ok("/users/%C3%A4:@/"));
        check("/{a}.{b}/x-{c}-y", &["k", "png", "z"], Ok("/k.png/x-z-y"));
        check("/{a}{b}", &["1", "2"], Ok("/12"));
    }

    #[test]
    fn lists_are_joined_by_commas() {
        check("/u/{ids}", &[["a", "b,c"]], Ok("/u/a,b,c"));
        check("/u/{ids}", &[[1, 2]], Ok("/u/1,2"));
    }

    #[test]
    fn the_rest_keeps_its_slashes() {
        check("/f/{*rest}", &["a/b c/d"], Ok("/f/a/b%20c/d"));
        check("/f/{*rest}/raw", &["a/b"], Ok("/f/a/b/raw"));
    }

    #[test]
    fn nothing_climbs_or_vanishes() {
        for value in [".", ".."] {
            check(
                "/u/{id}/x",
                &[value],
                Err("the path segment `{id}` became `.` or `..`"),
            );
        }
        check(
            "/u/{a}{b}",
            &[".", "."],
            Err("the path segment `{a}{b}` became `.` or `..`"),
        );
        check(
            "/u/{a}.",
            &["."],
            Err("the path segment `{a}.` became `.` or `..`"),
        );
        check(
            "/u/{id}",
            &[""],
            Err("the path segment `{id}` became empty"),
        );
        check(
            "/u/{id}",
            &[None::<u8>],
            Err("the path segment `{id}` became empty"),
        );
        for rest in ["..", "a/../b", "./a", "a/."] {
            let expected = "the path segment `{*rest}` would climb with `.` or `..`";
            check("/f/{*rest}", &[rest], Err(expected));
        }
        check("/u/{id}.json", &[""], Ok("/u/.json"));
    }

    #[test]
    fn what_does_not_fit_says_so() {
        check("/u/{id}", &[""; 0], Err("`{id}` has no value"));
        let expected = "the path argument `id` does not fit: found nested values, expected a list of single ones";
        check("/u/{id}", &[[[1]]], Err(expected));
    }
}
