//! Which schemes a refusal speaks of (RFC 9110, section 11.6.1).

use http::{HeaderMap, header::WWW_AUTHENTICATE};

/// Whether a challenge of this scheme is among the headers.
pub(super) fn names(headers: &HeaderMap, scheme: &str) -> bool {
    headers
        .get_all(WWW_AUTHENTICATE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(schemes)
        .any(|name| name.eq_ignore_ascii_case(scheme))
}

/// The scheme of each challenge: a word that is no parameter's name.
fn schemes(value: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    let mut escaped = false;
    let items = value.split(move |letter| {
        let ends = letter == ',' && !quoted;
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ => {}
        }
        ends
    });
    items.filter_map(|item| {
        let (word, rest) = match item.trim().split_once([' ', '\t']) {
            Some((word, rest)) => (word, rest.trim_start()),
            None => (item.trim(), ""),
        };
        let parameter = word.contains('=') || rest.starts_with('=');
        (!word.is_empty() && !parameter).then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Vec<&str> {
        schemes(value).collect()
    }

    #[test]
    fn schemes_are_told_from_parameters() {
        assert_eq!(read("Bearer"), ["Bearer"]);
        assert_eq!(
            read(r#"Bearer realm="a, Basic b", error=x, Basic realm="c\", Digest d""#),
            ["Bearer", "Basic"]
        );
        assert_eq!(read("Negotiate abc==, Token"), ["Negotiate", "Token"]);
        assert_eq!(read(r#"Custom a = "b", c = d"#), ["Custom"]);
        assert_eq!(read(" , ,"), Vec::<&str>::new());
        assert_eq!(read("\""), ["\""]);
    }

    #[test]
    fn case_does_not_matter() {
        let mut headers = HeaderMap::new();
        headers.append(WWW_AUTHENTICATE, "Basic realm=\"x\"".parse().unwrap());
        headers.append(WWW_AUTHENTICATE, "BEARER".parse().unwrap());
        assert!(names(&headers, "bearer") && names(&headers, "Basic"));
        assert!(!names(&headers, "realm"));
    }
}
