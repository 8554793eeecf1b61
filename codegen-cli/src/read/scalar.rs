//! What a scalar is, once somebody asks for a type.

use super::tree::{Kind, NodeId, Tree};

/// The spellings of null in the YAML 1.2 core schema.
pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

impl Tree {
    /// The boolean that a plain scalar means. `yes` and `no` are text in YAML 1.2.
    pub(crate) fn as_bool(&self, id: NodeId) -> Option<bool> {
        match self.plain(id)? {
            "true" | "True" | "TRUE" => Some(true),
            "false" | "False" | "FALSE" => Some(false),
            _ => None,
        }
    }

    /// The whole number that a plain scalar means, exactly; `2.0` and `1e3` are whole numbers.
    pub(crate) fn as_i128(&self, id: NodeId) -> Option<i128> {
        integer(self.plain(id)?)
    }

    /// The number that a plain scalar means.
    pub(crate) fn as_f64(&self, id: NodeId) -> Option<f64> {
        number(self.plain(id)?)
    }

    /// The text of a number as it was written, for what neither i128 nor f64 holds exactly.
    pub(crate) fn as_number(&self, id: NodeId) -> Option<&str> {
        let text = self.plain(id)?;
        number(text).map(|_| text)
    }

    /// A scalar that was written without quotes.
    pub(crate) fn plain(&self, id: NodeId) -> Option<&str> {
        match self.kind(id) {
            Kind::Scalar { plain: true } => self.text(id),
            _ => None,
        }
    }

    /// The value of `id` as compact JSON. Plain text that is no JSON literal is quoted.
    pub(crate) fn json(&self, id: NodeId) -> serde_json::Value {
        use serde_json::Value;
        match self.kind(id) {
            Kind::Null => Value::Null,
            Kind::Sequence => self.items(id).map(|item| self.json(item)).collect(),
            Kind::Mapping => Value::Object(
                self.entries(id)
                    .map(|(key, _, value)| (key.to_owned(), self.json(value)))
                    .collect(),
            ),
            Kind::Scalar { plain } => {
                let text = self.text(id).unwrap_or_default();
                if let Some(value) = self.as_bool(id) {
                    return Value::Bool(value);
                }
                let number = || serde_json::from_str::<serde_json::Number>(text).ok();
                match plain.then(number).flatten() {
                    Some(number) => Value::Number(number),
                    None => Value::String(text.to_owned()),
                }
            }
        }
    }
}

fn integer(text: &str) -> Option<i128> {
    let radix = |prefix: &str, radix| {
        text.strip_prefix(prefix)
            .and_then(|digits| i128::from_str_radix(digits, radix).ok())
    };
    if let Some(value) = text
        .parse()
        .ok()
        .or_else(|| radix("0x", 16))
        .or_else(|| radix("0o", 8))
    {
        return Some(value);
    }
    let value = number(text)?;
    // Beyond 2^53 a float no longer tells neighbours apart.
    (value.fract() == 0.0 && value.abs() <= 9_007_199_254_740_992.0).then_some(value as i128)
}

fn number(text: &str) -> Option<f64> {
    let first = text.trim_start_matches(['-', '+']).bytes().next()?;
    if !(first.is_ascii_digit() || first == b'.') {
        // `inf`, `nan` and `infinity` are words here.
        return None;
    }
    text.parse().ok().or_else(|| {
        let digits = text.strip_prefix("0x")?;
        i128::from_str_radix(digits, 16)
            .ok()
            .map(|value| value as f64)
    })
}
