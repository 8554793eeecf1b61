//! What kind of type a schema is.

use super::choices::{Outcome, skipping};
use super::direction::Direction;
use super::draft::Plan;
use super::flat::{Atom, Flat};
use super::keywords::{Role, role};
use super::parts::{Kinds, Parts};
use super::site::{Owner, Site};
use super::{MAX_DEPTH, Memo, Schemas};
use crate::diagnostic::Kind;
use crate::ir::TypeRef;
use crate::read::{self, NodeId};

impl<'a> Schemas<'a> {
    /// The type of schemas that all hold at once.
    pub(super) fn lower_parts(
        &mut self,
        parts: Parts,
        direction: Direction,
        site: Site,
    ) -> TypeRef {
        let direction = self.directional.of(&parts, direction);
        let site = self.own_site(&parts, site);
        let key = (parts, direction);
        match self.memo.get(&key) {
            Some(Memo::Done(ty)) => return ty.clone(),
            Some(Memo::Busy) => return self.name_recursive(key, site),
            None => {}
        }
        if self.depth >= MAX_DEPTH {
            let at = key.0.nodes.first().copied().unwrap_or(self.tree.root());
            self.warn(
                Kind::Limit,
                at,
                "too many lists within each other; this is a raw value",
            );
            return TypeRef::Raw;
        }
        self.memo.insert(key.clone(), Memo::Busy);
        self.depth += 1;
        let ty = self.classify(&key.0, direction, site);
        self.depth -= 1;
        // Somebody within may have found that it needs a name.
        if let Some(Memo::Done(named)) = self.memo.get(&key) {
            return named.clone();
        }
        self.memo.insert(key, Memo::Done(ty.clone()));
        ty
    }

    /// A named schema is called by its name, wherever it is used.
    fn own_site(&self, parts: &Parts, site: Site) -> Site {
        let [node] = parts.nodes.as_slice() else {
            return site;
        };
        if parts.only != Kinds::ANY || self.component(*node).is_none() {
            return site;
        }
        match &site {
            // What is left of a union beside its alternatives.
            Site::Member {
                owner: Owner::Draft(id),
                ..
            } if self.of(*id).parts.nodes == [*node] => site,
            _ => Site::Target(*node),
        }
    }

    fn classify(&mut self, parts: &Parts, direction: Direction, site: Site) -> TypeRef {
        if let Some((target, nullable)) = self.other_name(parts) {
            let ty = self.lower_parts(Parts::one(target), direction, Site::Target(target));
            return optional(ty, nullable);
        }
        let flat = self.flatten(parts);
        let nullable = flat.is_nullable();
        match self.choose(parts, &flat) {
            Outcome::None => {
                let ty = self.shape(parts, direction, site, flat);
                optional(ty, nullable)
            }
            Outcome::Rule { list, text } => {
                let parts = skipping(parts, list);
                let ty = self.lower_parts(parts, direction, site);
                if let TypeRef::Named(id) = &ty {
                    let draft = &mut self.drafts[id.0 as usize];
                    if !draft.rules.contains(&text) {
                        draft.rules.push(text);
                    }
                }
                optional(ty, nullable)
            }
            Outcome::Merge { parts, null } => {
                let ty = self.lower_parts(parts, direction, site);
                optional(ty, nullable || null)
            }
            Outcome::Enum { values, null } => {
                let docs = flat.doc_nodes();
                let ty = self.draft(parts, direction, site, docs, Plan::Enum(values));
                optional(ty, nullable || null)
            }
            Outcome::Scalar { ty, null } => optional(ty, nullable || null),
            Outcome::Union { union, null } => {
                let docs = flat.doc_nodes();
                let ty = self.draft(parts, direction, site, docs, Plan::Union(union));
                optional(ty, nullable || null)
            }
        }
    }

    /// The type of a schema without alternatives, null aside.
    fn shape(
        &mut self,
        parts: &Parts,
        direction: Direction,
        site: Site,
        flat: Flat<'a>,
    ) -> TypeRef {
        if let Some(ty) = self.values_type(parts, direction, &site, &flat) {
            return ty;
        }
        let allowed = flat.allowed().without(Kinds::NULL);
        let mut kinds = allowed.each();
        match (kinds.next(), kinds.next()) {
            (Some(kind), None) => self.of_kind(kind, parts, direction, site, flat),
            (Some(_), Some(_)) if allowed != Kinds::ANY.without(Kinds::NULL) => {
                let docs = flat.doc_nodes();
                let union = self.union_of_kinds(parts, allowed);
                self.draft(parts, direction, site, docs, Plan::Union(union))
            }
            _ => TypeRef::Raw,
        }
    }

    fn of_kind(
        &mut self,
        kind: Kinds,
        parts: &Parts,
        direction: Direction,
        site: Site,
        flat: Flat<'a>,
    ) -> TypeRef {
        match kind {
            Kinds::ARRAY => self.array(parts, direction, site, flat),
            Kinds::OBJECT => self.object(parts, direction, site, flat),
            _ => self.scalar(kind, &flat),
        }
    }

    /// Whether `parts` only say another way what one schema says already.
    pub(super) fn other_name(&self, parts: &Parts) -> Option<(NodeId, bool)> {
        if !parts.skip.is_empty() || parts.only != Kinds::ANY {
            return None;
        }
        let mut refs = Vec::new();
        let mut own = Vec::new();
        let mut nullable = false;
        let mut open: Vec<NodeId> = parts.nodes.iter().rev().copied().collect();
        let mut steps = 0;
        while let Some(node) = open.pop() {
            steps += 1;
            // A cycle of `allOf`; merging reports it.
            if steps > 1_000 {
                return None;
            }
            nullable |= self
                .tree
                .get(node, "nullable")
                .and_then(|node| self.tree.as_bool(node))
                == Some(true);
            match self.resolver.target(node) {
                Some(Ok(target)) if !refs.contains(&target) => refs.push(target),
                Some(Err(_)) => return None,
                _ => {}
            }
            if let Some(list) = self.tree.get(node, "allOf") {
                open.extend(self.tree.items(list).collect::<Vec<_>>().into_iter().rev());
            }
            if self.shapes(node) {
                own.push(node);
            }
        }
        let [target] = refs.as_slice() else {
            return None;
        };
        let mut kinds = None;
        for node in own {
            let only_type = self.tree.entries(node).all(|(key, ..)| {
                matches!(key, "type" | "$ref" | "allOf") || role(key) != Role::Shape
            });
            if !only_type {
                return None;
            }
            let (null, object) = self.type_words(node);
            nullable |= null;
            if !object {
                return None;
            }
            kinds = Some(Kinds::OBJECT);
        }
        // `type: object` beside a reference to an object adds nothing.
        if kinds.is_some() {
            let target = self.flatten(&Parts::one(*target));
            if target.allowed().without(Kinds::NULL) != Kinds::OBJECT {
                return None;
            }
        }
        Some((*target, nullable))
    }

    /// Whether `type` names null, and whether all else it names is object.
    fn type_words(&self, node: NodeId) -> (bool, bool) {
        let Some(word) = self.tree.get(node, "type") else {
            return (false, true);
        };
        let words: Vec<NodeId> = if self.tree.is_sequence(word) {
            self.tree.items(word).collect()
        } else {
            vec![word]
        };
        let text = |node: &NodeId| self.tree.text(*node);
        let is_null =
            |node: &NodeId| text(node) == Some("null") || self.tree.kind(*node) == read::Kind::Null;
        let null = words.iter().any(is_null);
        let object = words
            .iter()
            .all(|word| is_null(word) || text(word) == Some("object"));
        (null, object)
    }

    /// Whether `node` has a keyword of its own that shapes a type.
    pub(super) fn shapes(&self, node: NodeId) -> bool {
        if !self.tree.is_mapping(node) {
            return self.tree.as_bool(node) == Some(false);
        }
        self.tree.entries(node).any(|(key, _, value)| match key {
            "$ref" | "allOf" => false,
            // Lists that say nothing.
            "required" => self.tree.len(value) > 0,
            "properties" => self.tree.len(value) > 0,
            _ => role(key) == Role::Shape,
        })
    }
}

/// `ty`, and null.
pub(super) fn optional(ty: TypeRef, nullable: bool) -> TypeRef {
    if nullable && !matches!(ty, TypeRef::Optional(_)) {
        return TypeRef::Optional(Box::new(ty));
    }
    ty
}

impl Flat<'_> {
    /// Whether null is allowed.
    pub(super) fn is_nullable(&self) -> bool {
        self.nullable || self.kinds.is_some_and(|kinds| kinds.has(Kinds::NULL))
    }

    /// Where descriptions are looked for: in the type itself, then where references lead.
    pub(super) fn doc_nodes(&self) -> Vec<NodeId> {
        let own = |atom: &&Atom| atom.origin.is_none();
        let own_first = self.atoms.iter().filter(own);
        let others = self.atoms.iter().filter(|atom| atom.origin.is_some());
        own_first.chain(others).map(|atom| atom.node).collect()
    }
}
