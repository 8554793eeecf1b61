//! Formats and ranges: what a single value is in Rust.

use super::Schemas;
use super::flat::Flat;
use super::parts::Kinds;
use crate::config::{Decimal, Library};
use crate::diagnostic::Kind;
use crate::ir::TypeRef;
use crate::read::NodeId;

/// What JavaScript makes of the largest i64 and u64: tools write these for the real ones.
const ROUNDED_I64: i128 = 9_223_372_036_854_776_000;
const ROUNDED_U64: i128 = 18_446_744_073_709_552_000;

/// How large a maximum is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    Signed,
    Unsigned,
    Larger,
}

impl Schemas<'_> {
    /// The type of a single value.
    pub(super) fn scalar(&self, kind: Kinds, flat: &Flat<'_>) -> TypeRef {
        match kind {
            Kinds::BOOLEAN => TypeRef::Bool,
            Kinds::INTEGER => self.integer(flat),
            Kinds::NUMBER => match flat.format {
                Some("int32" | "int64" | "uint64") => self.integer(flat),
                Some("decimal") => self.decimal(TypeRef::F64),
                _ => TypeRef::F64,
            },
            Kinds::STRING => self.string(flat),
            _ => TypeRef::Raw,
        }
    }

    fn string(&self, flat: &Flat<'_>) -> TypeRef {
        let typed = |library: Library, ty: TypeRef| match library {
            Library::Typed => ty,
            Library::Text => TypeRef::String,
        };
        match flat.format {
            Some("uuid") => typed(self.formats.uuid, TypeRef::Uuid),
            Some("date-time") => typed(self.formats.date_time, TypeRef::Timestamp),
            Some("date") => typed(self.formats.date, TypeRef::Date),
            Some("time") => typed(self.formats.time, TypeRef::Time),
            Some("byte" | "binary") => TypeRef::Bytes,
            Some("decimal") => self.decimal(TypeRef::String),
            _ if flat.base64 => TypeRef::Bytes,
            _ => TypeRef::String,
        }
    }

    fn decimal(&self, plain: TypeRef) -> TypeRef {
        match self.formats.decimal {
            Decimal::Plain => plain,
            Decimal::RustDecimal => TypeRef::Decimal,
        }
    }

    fn integer(&self, flat: &Flat<'_>) -> TypeRef {
        let size = flat
            .maximum
            .map_or(Size::Signed, |maximum| self.size(maximum));
        match (flat.format, size) {
            (_, Size::Larger) => {
                let at = flat.maximum.unwrap_or(self.tree.root());
                self.warn(
                    Kind::Schema,
                    at,
                    "the maximum is above every integer type's; this is a raw value",
                );
                TypeRef::Raw
            }
            (Some("uint64"), _) | (_, Size::Unsigned) => TypeRef::U64,
            (Some("int32"), _) if self.fits_i32(flat.maximum) => TypeRef::I32,
            _ => TypeRef::I64,
        }
    }

    fn fits_i32(&self, maximum: Option<NodeId>) -> bool {
        let value = maximum.and_then(|maximum| self.tree.as_f64(maximum));
        value.is_none_or(|value| value <= f64::from(i32::MAX))
    }

    fn size(&self, maximum: NodeId) -> Size {
        if let Some(value) = self.tree.as_i128(maximum) {
            return match value {
                ROUNDED_I64 => Size::Signed,
                ROUNDED_U64 => Size::Unsigned,
                value if value <= i128::from(i64::MAX) => Size::Signed,
                value if value <= i128::from(u64::MAX) => Size::Unsigned,
                _ => Size::Larger,
            };
        }
        // Written with a fraction or an exponent: as exact as a float is.
        match self.tree.as_f64(maximum) {
            Some(value) if value <= i64::MAX as f64 => Size::Signed,
            Some(value) if value <= u64::MAX as f64 => Size::Unsigned,
            Some(_) => Size::Larger,
            None => Size::Signed,
        }
    }
}
