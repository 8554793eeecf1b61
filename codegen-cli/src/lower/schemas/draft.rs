//! A type before it has a name.

use super::choices::Union;
use super::direction::Direction;
use super::flat::Flat;
use super::parts::Parts;
use super::site::Site;
use super::{Memo, Schemas};
use crate::ir::{Repr, Tuple, TypeId, TypeRef, Value};
use crate::read::NodeId;

/// A type before it has a name.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) parts: Parts,
    pub(super) direction: Direction,
    pub(super) site: Site,
    /// The reference that is extended, and the members from elsewhere.
    pub(super) with: Option<(NodeId, Vec<String>)>,
    /// Where descriptions are looked for, in this order.
    pub(super) docs: Vec<NodeId>,
    /// A rule that no type can express, for people.
    pub(super) rules: Vec<String>,
    pub(super) shape: Shape,
}

/// What a draft is.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    Pending,
    Struct(Struct),
    Enum(Enum),
    Union(Variants),
    Tuple(Tuple),
}

/// Members.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Struct {
    pub(super) fields: Vec<Field>,
    pub(super) constants: Vec<(String, Value)>,
    pub(super) other: Option<TypeRef>,
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Field {
    pub(super) wire: String,
    pub(super) ty: TypeRef,
    pub(super) required: bool,
    pub(super) nullable: bool,
    pub(super) read_only: bool,
    pub(super) deprecated: bool,
    /// Where descriptions are looked for, in this order.
    pub(super) docs: Vec<NodeId>,
    /// The schema, for the lock.
    pub(super) schema: NodeId,
}

/// Values.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Enum {
    pub(super) repr: Repr,
    pub(super) values: Vec<ListedValue>,
}

/// A value that the document lists.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct ListedValue {
    pub(super) value: Value,
    /// A name that the document gives it.
    pub(super) name: Option<String>,
    pub(super) doc: Option<String>,
    pub(super) deprecated: bool,
}

/// Variants of a union.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Variants {
    /// The member that tells, and whether required members tell where it is missing.
    pub(super) tag: Option<(String, bool)>,
    pub(super) list: Vec<Variant>,
}

/// A variant of a union.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Variant {
    pub(super) tag: Option<Value>,
    /// What the document calls it.
    pub(super) name: Option<String>,
    pub(super) ty: TypeRef,
    pub(super) docs: Vec<NodeId>,
    pub(super) deprecated: bool,
}

/// How a draft is to be filled.
pub(super) enum Plan<'a> {
    Struct(Flat<'a>),
    Enum(Enum),
    Union(Union),
    Tuple(Flat<'a>),
    /// A list that contains itself.
    List(Flat<'a>),
}

impl<'a> Schemas<'a> {
    /// A named type for `parts`; it is filled later.
    pub(super) fn draft(
        &mut self,
        parts: &Parts,
        direction: Direction,
        site: Site,
        docs: Vec<NodeId>,
        plan: Plan<'a>,
    ) -> TypeRef {
        let id = TypeId(self.drafts.len() as u32);
        self.drafts.push(Draft {
            parts: parts.clone(),
            direction,
            site,
            with: None,
            docs,
            rules: Vec::new(),
            shape: Shape::Pending,
        });
        self.queue.push_back((id, plan));
        TypeRef::Named(id)
    }

    pub(super) fn fill(&mut self, id: TypeId, plan: Plan<'a>) {
        let shape = match plan {
            Plan::Struct(flat) => Shape::Struct(self.fill_struct(id, &flat)),
            Plan::Enum(values) => Shape::Enum(values),
            Plan::Union(union) => Shape::Union(self.fill_union(id, union)),
            Plan::Tuple(flat) => Shape::Tuple(self.fill_tuple(id, &flat)),
            Plan::List(flat) => Shape::Union(self.fill_list(id, &flat)),
        };
        self.drafts[id.0 as usize].shape = shape;
    }

    /// The draft of `id`.
    pub(super) fn of(&self, id: TypeId) -> &Draft {
        &self.drafts[id.0 as usize]
    }

    /// A type that contains itself without a name gets one.
    pub(super) fn name_recursive(&mut self, key: (Parts, Direction), site: Site) -> TypeRef {
        let flat = self.flatten(&key.0);
        let docs = flat.doc_nodes();
        let nullable = flat.is_nullable();
        let plan = if flat.allowed().has(super::parts::Kinds::OBJECT) {
            Plan::Struct(flat)
        } else {
            Plan::List(flat)
        };
        let site = match key.0.single() {
            Some(node) if !matches!(site, Site::Target(_)) => Site::Target(node),
            _ => site,
        };
        let mut ty = self.draft(&key.0, key.1, site, docs, plan);
        if nullable {
            ty = TypeRef::Optional(Box::new(ty));
        }
        self.memo.insert(key, Memo::Done(ty.clone()));
        ty
    }
}
