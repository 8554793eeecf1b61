//! Base URLs with variables, as OpenAPI's servers have them.

use crate::value::Unfit;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// RFC 3986's unreserved characters, and the slash.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// Fills the variables of `template`; a value can name a host or a path, never move either.
pub(crate) fn expand(template: &str, values: &[(&str, &str)]) -> Result<String, Unfit> {
    let mut url = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((literal, (name, after))) = rest
        .split_once('{')
        .and_then(|(literal, tail)| Some((literal, tail.split_once('}')?)))
    {
        url.push_str(literal);
        let value = values.iter().find(|(other, _)| *other == name);
        let (_, value) =
            value.ok_or_else(|| Unfit::new(&format!("the variable `{name}` has no value")))?;
        let fit = if is_in_path(&url) {
            push_path(&mut url, value)
        } else {
            push_origin(&mut url, value)
        };
        fit.map_err(|why| Unfit::new(&format!("the variable `{name}` {why}")))?;
        rest = after;
    }
    url.push_str(rest);
    Ok(url)
}

fn is_in_path(url: &str) -> bool {
    url.split_once("://")
        .map_or(url, |(_, after)| after)
        .contains('/')
}

fn push_origin(url: &mut String, value: &str) -> Result<(), &'static str> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
    if value.is_empty() || !value.chars().all(fits) {
        return Err("expects letters, digits, `-`, `.`, `_` and `~`, at least one");
    }
    url.push_str(value);
    Ok(())
}

fn push_path(url: &mut String, value: &str) -> Result<(), &'static str> {
    if value
        .split('/')
        .any(|segment| matches!(segment, "." | ".."))
    {
        return Err("would climb with `.` or `..`");
    }
    url.extend(utf8_percent_encode(value, PATH));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[(&str, &str)], expected: Result<&str, &str>) {
        let template = "https://{tenant}.example.com:{port}/{base}/v1";
        let found = expand(template, values).map_err(|why| why.to_string());
        assert_eq!(found.as_deref().map_err(String::as_str), expected);
    }

    #[test]
    fn variables_are_filled() {
        let values = [("tenant", "acme"), ("port", "8443"), ("base", "a b/c")];
        check(&values, Ok("https://acme.example.com:8443/a%20b/c/v1"));
    }

    #[test]
    fn a_value_cannot_move_the_origin() {
        let expects = "expects letters, digits, `-`, `.`, `_` and `~`, at least one";
        for tenant in ["evil.com/", "evil.com#", "user@evil.com:1", "", "a\\b", "ä"] {
            let values = [("tenant", tenant), ("port", "1"), ("base", "v")];
            check(&values, Err(&format!("the variable `tenant` {expects}")));
        }
        let values = [("tenant", "a"), ("port", "1"), ("base", "x/../..")];
        check(
            &values,
            Err("the variable `base` would climb with `.` or `..`"),
        );
        check(&[], Err("the variable `tenant` has no value"));
    }
}
