//! Queries and forms: `name=value` pairs in the styles of OpenAPI.

use crate::value::{Unfit, Value};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but RFC 3986's unreserved characters. A space becomes `%20`, which both readings of
/// a query (RFC 3986 and `application/x-www-form-urlencoded`) understand.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// How lists and objects are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Style {
    /// `id=1&id=2`; the members of an object become parameters.
    Form,
    /// `id=1,2`; an object is `name,value,name,value`.
    Csv,
    /// `id=1%202`.
    Space,
    /// `id=1%7C2`.
    Pipe,
    /// `filter[size]=3`, to any depth; a list is `ids[]=1&ids[]=2`.
    DeepObject,
}

/// Pairs joined by `&`, percent-encoded.
#[derive(Clone, Default)]
pub(crate) struct Pairs(String);

impl Pairs {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Text that is encoded already.
    pub(crate) fn literal(&mut self, text: &str) {
        self.separate();
        self.0.push_str(text);
    }

    pub(crate) fn add(&mut self, name: &str, value: Value, style: Style) -> Result<(), Unfit> {
        match (value, style) {
            (Value::Absent, _) => Ok(()),
            (Value::Scalar(text), _) => {
                self.pair(name, &text);
                Ok(())
            }
            (value, Style::DeepObject) => self.nest(name, value, 0),
            (Value::List(items), Style::Form) => {
                items.into_iter().try_for_each(|item| self.flat(name, item))
            }
            (Value::Map(members), Style::Form) => members
                .into_iter()
                .try_for_each(|(name, value)| self.flat(&name, value)),
            (value, Style::Csv) => self.joined(name, value, ","),
            (value, Style::Space) => self.joined(name, value, "%20"),
            (value, Style::Pipe) => self.joined(name, value, "%7C"),
        }
    }

    /// The members of an object, each in the given style; nesting uses brackets.
    pub(crate) fn all(&mut self, value: Value, style: Style) -> Result<(), Unfit> {
        match value {
            Value::Absent => Ok(()),
            Value::Map(members) => members
                .into_iter()
                .try_for_each(|(name, value)| self.member(&name, value, style)),
            // A list of pairs, as `&[("a", 1)]` is.
            Value::List(items) => items.into_iter().try_for_each(|item| match item {
                Value::List(pair) if pair.len() == 2 => {
                    let mut pair = pair.into_iter();
                    match (pair.next(), pair.next()) {
                        (Some(Value::Scalar(name)), Some(value)) => {
                            self.member(&name, value, style)
                        }
                        _ => Err(Unfit::new("found a pair whose name is not text")),
                    }
                }
                _ => Err(Unfit::new(
                    "found a list, expected an object or a list of pairs",
                )),
            }),
            Value::Scalar(_) => Err(Unfit::new("found a single value, expected an object")),
        }
    }

    fn member(&mut self, name: &str, value: Value, style: Style) -> Result<(), Unfit> {
        let deep = match &value {
            Value::Map(_) => true,
            Value::List(items) => items.iter().any(|item| !is_flat(item)),
            _ => false,
        };
        self.add(name, value, if deep { Style::DeepObject } else { style })
    }

    fn flat(&mut self, name: &str, value: Value) -> Result<(), Unfit> {
        match value {
            Value::Absent => {}
            Value::Scalar(text) => self.pair(name, &text),
            _ => {
                return Err(Unfit::new(
                    "found nested values, which need `style = deepObject`",
                ));
            }
        }
        Ok(())
    }

    fn joined(&mut self, name: &str, value: Value, by: &str) -> Result<(), Unfit> {
        let parts = flatten(value)?;
        if parts.is_empty() {
            return Ok(());
        }
        self.name(name);
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.0.push_str(by);
            }
            self.0.extend(encode(part));
        }
        Ok(())
    }

    fn nest(&mut self, name: &str, value: Value, depth: usize) -> Result<(), Unfit> {
        if depth > DEEPEST {
            return Err(Unfit::new("found values nested more than 64 deep"));
        }
        match value {
            Value::Absent => Ok(()),
            Value::Scalar(text) => {
                self.pair(name, &text);
                Ok(())
            }
            Value::List(items) if items.iter().all(is_flat) => {
                let name = format!("{name}[]");
                items
                    .into_iter()
                    .try_for_each(|item| self.flat(&name, item))
            }
            // Objects in a list need a number to keep their members together.
            Value::List(items) => items.into_iter().enumerate().try_for_each(|(index, item)| {
                self.nest(&format!("{name}[{index}]"), item, depth + 1)
            }),
            Value::Map(members) => members.into_iter().try_for_each(|(key, value)| {
                self.nest(&format!("{name}[{key}]"), value, depth + 1)
            }),
        }
    }

    fn pair(&mut self, name: &str, value: &str) {
        self.name(name);
        self.0.extend(encode(value));
    }

    fn name(&mut self, name: &str) {
        self.separate();
        self.0.extend(encode(name));
        self.0.push('=');
    }

    fn separate(&mut self) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
    }
}

const DEEPEST: usize = 64;

pub(crate) fn encode(text: &str) -> impl Iterator<Item = &str> {
    utf8_percent_encode(text, PLAIN)
}

fn is_flat(value: &Value) -> bool {
    matches!(value, Value::Absent | Value::Scalar(_))
}

/// The scalars of a list, or of an object as `name, value, name, value`.
pub(crate) fn flatten(value: Value) -> Result<Vec<String>, Unfit> {
    let mut parts = Vec::new();
    let mut take = |value| match value {
        Value::Absent => Ok(()),
        Value::Scalar(text) => {
            parts.push(text);
            Ok(())
        }
        _ => Err(Unfit::new(
            "found nested values, expected a list of single ones",
        )),
    };
    match value {
        Value::List(items) => items.into_iter().try_for_each(take)?,
        Value::Map(members) => members.into_iter().try_for_each(|(name, value)| {
            if value == Value::Absent {
                return Ok(());
            }
            take(Value::Scalar(name))?;
            take(value)
        })?,
        single => take(single)?,
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;
    use serde_json::json;

    fn check(value: impl Serialize, style: Style, expected: &str) {
        let mut pairs = Pairs::default();
        let added = Value::of(&value).and_then(|value| pairs.add("p", value, style));
        let found = added.map_or_else(|why| why.to_string(), |()| pairs.into_string());
        assert_eq!(found, expected);
    }

    fn check_all(value: impl Serialize, expected: &str) {
        let mut pairs = Pairs::default();
        let added = Value::of(&value).and_then(|value| pairs.all(value, Style::Form));
        let found = added.map_or_else(|why| why.to_string(), |()| pairs.into_string());
        assert_eq!(found, expected);
    }

    #[test]
    fn single_values() {
        check(
            "a b&c=d+e%/ä",
            Style::Form,
            "p=a%20b%26c%3Dd%2Be%25%2F%C3%A4",
        );
        check(true, Style::Form, "p=true");
        check(-7, Style::Csv, "p=-7");
        check(1.5, Style::Form, "p=1.5");
        check('x', Style::DeepObject, "p=x");
        check("", Style::Form, "p=");
        check(None::<u8>, Style::Form, "");
        check(Some(Some(1)), Style::Form, "p=1");
        check((), Style::Form, "");
    }

    #[test]
    fn lists_in_each_style() {
        let list = ["a", "b,c"];
        check(list, Style::Form, "p=a&p=b%2Cc");
        check(list, Style::Csv, "p=a,b%2Cc");
        check(list, Style::Space, "p=a%20b%2Cc");
        check(list, Style::Pipe, "p=a%7Cb%2Cc");
        check(
            list,
            Style::DeepObject,
            "p[]=a&p[]=b%2Cc"
                .replace('[', "%5B")
                .replace(']', "%5D")
                .as_str(),
        );
        check([Some(1), None, Some(3)], Style::Form, "p=1&p=3");
        check([0u8; 0], Style::Form, "");
        check((1, "x"), Style::Csv, "p=1,x");
    }

    #[test]
    fn objects_in_each_style() {
        let object = json!({"R": 100, "none": null, "G": "a b"});
        check(&object, Style::Form, "G=a%20b&R=100");
        check(&object, Style::Csv, "p=G,a%20b,R,100");
        check(&object, Style::DeepObject, "p%5BG%5D=a%20b&p%5BR%5D=100");
        let deep = json!({"a": {"b": [{"c": 1}, {"c": 2}], "d": [1, 2]}});
        let expected = "p[a][b][0][c]=1&p[a][b][1][c]=2&p[a][d][]=1&p[a][d][]=2";
        check(
            &deep,
            Style::DeepObject,
            &expected.replace('[', "%5B").replace(']', "%5D"),
        );
    }

    #[test]
    fn what_does_not_fit_says_so() {
        check(
            json!([[1]]),
            Style::Form,
            "found nested values, which need `style = deepObject`",
        );
        check(
            json!({"a": [1]}),
            Style::Csv,
            "found nested values, expected a list of single ones",
        );
        check(f64::NAN, Style::Form, "found a number that is not finite");
        let bytes = serde_json::value::RawValue::from_string("[1]".to_owned()).unwrap();
        check(bytes, Style::Form, "p=%5B1%5D");
        let deep = (0..100).fold(json!(1), |inner, _| json!({"a": inner}));
        check(
            deep,
            Style::DeepObject,
            "found values nested more than 64 deep",
        );
    }

    #[test]
    fn whole_objects() {
        check_all(
            json!({"a": 1, "b": [1, 2], "c": {"d": true}}),
            "a=1&b=1&b=2&c%5Bd%5D=true",
        );
        check_all([("a", 1), ("b", 2)], "a=1&b=2");
        check_all(None::<u8>, "");
        check_all(7, "found a single value, expected an object");
        check_all([1], "found a list, expected an object or a list of pairs");
    }
}
