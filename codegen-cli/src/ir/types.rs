//! What is sent and received.

use super::Doc;
use std::collections::{BTreeMap, BTreeSet};

/// Identifies a type before and after names are decided; look it up in [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub u32);

/// A type where it is used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TypeRef {
    /// `bool`.
    Bool,
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// `u64`.
    U64,
    /// `f32`.
    F32,
    /// `f64`.
    F64,
    /// `String` (`&str` as an argument).
    String,
    /// `Bytes`, base64 in JSON.
    Bytes,
    /// `uuid::Uuid`.
    Uuid,
    /// `jiff::Timestamp`.
    Timestamp,
    /// `jiff::civil::Date`.
    Date,
    /// `jiff::civil::Time`.
    Time,
    /// `rust_decimal::Decimal`.
    Decimal,
    /// `RawJson`.
    Raw,
    /// A type of the user's own, as a path.
    Path(String),
    /// `Vec<T>`.
    List(Box<TypeRef>),
    /// `BTreeMap<String, T>`.
    Map(Box<TypeRef>),
    /// A tuple: as many items as types.
    Tuple(Vec<TypeRef>),
    /// `Option<T>`: `null` is allowed.
    Optional(Box<TypeRef>),
    /// `Box<T>`, where recursion needs it.
    Boxed(Box<TypeRef>),
    /// A type of the library; resolve it with [`Types::get`].
    Named(TypeId),
}

impl TypeRef {
    /// The type without `null`, and whether `null` was allowed.
    pub fn split_null(self) -> (TypeRef, bool) {
        match self {
            TypeRef::Optional(inner) => (*inner, true),
            other => (other, false),
        }
    }

    /// How many types stand inside one another.
    pub fn depth(&self) -> usize {
        match self {
            TypeRef::List(inner)
            | TypeRef::Map(inner)
            | TypeRef::Boxed(inner)
            | TypeRef::Optional(inner) => 1 + inner.depth(),
            TypeRef::Tuple(items) => 1 + items.iter().map(TypeRef::depth).max().unwrap_or_default(),
            _ => 1,
        }
    }

    /// Every named type in it, with whether a heap allocation lies between.
    pub fn named(&self, visit: &mut impl FnMut(TypeId, bool)) {
        self.walk(false, visit);
    }

    fn walk(&self, behind: bool, visit: &mut impl FnMut(TypeId, bool)) {
        match self {
            TypeRef::Named(id) => visit(*id, behind),
            TypeRef::List(inner) | TypeRef::Map(inner) | TypeRef::Boxed(inner) => {
                inner.walk(true, visit);
            }
            TypeRef::Optional(inner) => inner.walk(behind, visit),
            TypeRef::Tuple(items) => items.iter().for_each(|item| item.walk(behind, visit)),
            _ => {}
        }
    }
}

/// A list like `(A, B, Option<C>, Vec<D>)`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tuple {
    /// The leading items; those that may be missing are [`TypeRef::Optional`].
    pub items: Vec<TypeRef>,
    /// What may follow, as a trailing `Vec`.
    pub rest: Option<TypeRef>,
}

/// Every emitted type, in order of its name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Types {
    /// The types.
    pub list: Vec<Type>,
    /// Where each id handed out by lowering ended up in `list`.
    pub index: BTreeMap<TypeId, usize>,
}

impl Types {
    /// The type that an id stands for: several ids may be one type.
    pub fn get(&self, id: TypeId) -> Option<&Type> {
        self.index.get(&id).and_then(|at| self.list.get(*at))
    }
}

/// A type that is emitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// Its id.
    pub id: TypeId,
    /// JSON pointer of the schema it comes from, with `#sent`/`#received` where they differ.
    pub pointer: String,
    /// `BankAccount`.
    pub name: String,
    /// Its documentation.
    pub doc: Doc,
    /// Deprecated by the document.
    pub deprecated: bool,
    /// Whether requests carry it.
    pub sent: bool,
    /// Whether responses or webhooks carry it.
    pub received: bool,
    /// The features that reach it.
    pub groups: BTreeSet<String>,
    /// What it is.
    pub shape: Shape,
}

/// What a type is.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Members.
    Struct(Struct),
    /// A value from a list.
    Enum(Enum),
    /// One of several types.
    Union(Union),
    /// A list whose items have types of their own, some of which may be missing.
    Tuple(Tuple),
}

/// A type with members.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Struct {
    /// In document order.
    pub fields: Vec<Field>,
    /// Members with a single value: written, and checked on decode.
    pub constants: Vec<(String, Value)>,
    /// Name and value type of the map for all other members.
    pub other: Option<(String, TypeRef)>,
    /// Whether `new(required…)` is derived.
    pub new: bool,
    /// Whether nothing is required.
    pub default: bool,
    /// One case that gives every wire name.
    pub rename_all: Option<Case>,
}

/// A member.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name on the wire.
    pub wire: String,
    /// Its Rust name.
    pub name: String,
    /// Its type, without the `Option`s of presence and null.
    pub ty: TypeRef,
    /// Whether it is always there.
    pub required: bool,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// Never sent.
    pub read_only: bool,
    /// Its documentation.
    pub doc: Doc,
    /// Deprecated by the document.
    pub deprecated: bool,
}

/// A value from a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Enum {
    /// What goes over the wire.
    pub repr: Repr,
    /// In document order.
    pub variants: Vec<Variant>,
    /// Name of the variant that takes values which are not listed; `None` is a closed enum.
    pub unknown: Option<String>,
    /// One case that gives every wire name.
    pub rename_all: Option<Case>,
}

/// What an [`Enum`] is on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repr {
    /// Text.
    String,
    /// `i64`.
    Integer,
    /// `true` or `false`.
    Boolean,
}

/// A listed value.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// `BankAccount`.
    pub name: String,
    /// The value.
    pub value: Value,
    /// Its documentation.
    pub doc: Doc,
    /// Deprecated by the document.
    pub deprecated: bool,
}

/// A scalar as JSON writes it; numbers keep the document's digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Text.
    String(String),
    /// A whole number.
    Integer(i128),
    /// Another number, in its own digits.
    Number(String),
    /// `true` or `false`.
    Boolean(bool),
}

/// serde's words for `rename_all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Case {
    /// `lowercase`.
    Lower,
    /// `UPPERCASE`.
    Upper,
    /// `PascalCase`.
    Pascal,
    /// `camelCase`.
    Camel,
    /// `snake_case`.
    Snake,
    /// `SCREAMING_SNAKE_CASE`.
    ScreamingSnake,
    /// `kebab-case`.
    Kebab,
    /// `SCREAMING-KEBAB-CASE`.
    ScreamingKebab,
}

/// One of several types.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// How a variant is chosen.
    pub tagging: Tagging,
    /// In document order.
    pub variants: Vec<UnionVariant>,
    /// Name of the variant that takes everything else, as raw JSON; `None` is a closed union.
    pub unknown: Option<String>,
}

/// How a union's variant is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tagging {
    /// By a member's value, which the union writes.
    Tag {
        /// The member.
        member: String,
        /// Whether required members decide where the tag is missing.
        or_required: bool,
    },
    /// By constants, required members and JSON type, then in order.
    Content,
}

/// A variant of a [`Union`].
#[derive(Clone, Debug, PartialEq)]
pub struct UnionVariant {
    /// `Card`.
    pub name: String,
    /// The tag's value.
    pub tag: Option<Value>,
    /// What it holds.
    pub ty: TypeRef,
    /// Its documentation.
    pub doc: Doc,
    /// Deprecated by the document.
    pub deprecated: bool,
}
