//! Objects: structs and maps.

use super::Schemas;
use super::arrays::as_text;
use super::direction::Direction;
use super::draft::{Field, Plan, Struct};
use super::flat::{Flat, Member};
use super::parts::Parts;
use super::site::{Owner, Site};
use crate::diagnostic::Kind;
use crate::ir::{TypeId, TypeRef};
use crate::lower::words::words;
use crate::read::NodeId;

impl<'a> Schemas<'a> {
    pub(super) fn object(
        &mut self,
        parts: &Parts,
        direction: Direction,
        site: Site,
        flat: Flat<'a>,
    ) -> TypeRef {
        let sealed = flat.sealed && flat.additional.is_empty();
        if flat.members.is_empty() && !sealed {
            let value = self
                .additional(direction, site.one(), &flat)
                .unwrap_or(TypeRef::Raw);
            return TypeRef::Map(Box::new(value));
        }
        let docs = flat.doc_nodes();
        let with = self.with(&flat);
        let ty = self.draft(parts, direction, site, docs, Plan::Struct(flat));
        if let TypeRef::Named(id) = ty {
            self.drafts[id.0 as usize].with = with;
        }
        ty
    }

    /// The type of members that are not named.
    fn additional(&mut self, direction: Direction, site: Site, flat: &Flat<'a>) -> Option<TypeRef> {
        match flat.additional.as_slice() {
            [] => None,
            [one] => Some(self.lower_parts(Parts::one(*one), direction, site)),
            [first, rest @ ..] if rest.iter().all(|other| self.same(*first, *other)) => {
                Some(self.lower_parts(Parts::one(*first), direction, site))
            }
            [first, ..] => {
                let text = "several rules for other members: their values are raw";
                self.note(Kind::Schema, *first, text);
                Some(TypeRef::Raw)
            }
        }
    }

    /// The reference that is extended, and at most two members that come from elsewhere.
    fn with(&self, flat: &Flat<'a>) -> Option<(NodeId, Vec<String>)> {
        let base = flat.atoms.iter().find_map(|atom| atom.origin)?;
        let known = self.flatten(&Parts::one(base));
        let elsewhere = flat
            .members
            .iter()
            .filter(|member| known.member(member.wire).is_none());
        let elsewhere: Vec<String> = elsewhere.map(|member| member.wire.to_owned()).collect();
        (1..=2)
            .contains(&elsewhere.len())
            .then_some((base, elsewhere))
    }

    pub(super) fn fill_struct(&mut self, id: TypeId, flat: &Flat<'a>) -> Struct {
        let direction = self.of(id).direction;
        let mut made = Struct::default();
        for member in &flat.members {
            let required = flat.required.contains(member.wire);
            if self.is_left_out(member, direction) {
                continue;
            }
            let constant = required.then(|| self.constant(&member.schemas)).flatten();
            if let Some(value) = constant {
                made.constants.push((member.wire.to_owned(), value));
                continue;
            }
            made.fields.push(self.field(id, member, required));
        }
        if !flat.members.is_empty() {
            self.undescribed(flat, &mut made);
        }
        let site = Site::member(Owner::Draft(id), vec!["other".to_owned()]);
        made.other = self.additional(direction, site, flat).map(as_text);
        if flat.members.is_empty() && made.other.is_none() && !flat.sealed {
            made.other = Some(TypeRef::Raw);
        }
        made
    }

    fn is_left_out(&self, member: &Member<'a>, direction: Direction) -> bool {
        let marked = |keyword| {
            member
                .schemas
                .iter()
                .any(|schema| self.marked(*schema, keyword))
        };
        let never = |schema: &NodeId| self.tree.as_bool(*schema) == Some(false);
        match direction {
            Direction::Sent if marked("readOnly") => true,
            Direction::Received if marked("writeOnly") => true,
            _ => member.schemas.iter().any(never),
        }
    }

    fn field(&mut self, id: TypeId, member: &Member<'a>, required: bool) -> Field {
        let direction = self.of(id).direction;
        // What is inherited unchanged is named after where it stands.
        let owner = match (member.first, member.origin) {
            (Some(first), Some(last)) if first == last => Owner::Schema(first),
            _ => Owner::Draft(id),
        };
        let site = Site::member(owner, words(member.wire));
        let ty = self.lower_parts(Parts::all(member.schemas.clone()), direction, site);
        let (ty, nullable) = ty.split_null();
        let schema = member.schemas[0];
        Field {
            wire: member.wire.to_owned(),
            ty,
            required,
            nullable,
            read_only: false,
            deprecated: member
                .schemas
                .iter()
                .any(|schema| self.flag(*schema, "deprecated")),
            docs: self.doc_chain(&member.schemas),
            schema,
        }
    }

    /// Members that are required and nowhere described.
    fn undescribed(&self, flat: &Flat<'a>, made: &mut Struct) {
        let unknown = |name: &&&str| flat.member(name).is_none();
        let mut names: Vec<&str> = flat.required.iter().filter(unknown).copied().collect();
        names.sort_unstable();
        let Some(at) = flat.atoms.last().map(|atom| atom.node) else {
            return;
        };
        for name in names {
            if !flat.additional.is_empty() {
                continue;
            }
            let text =
                format!("`{name}` is required, but not described; it is an optional raw value");
            self.warn(Kind::Schema, at, &text);
            made.fields.push(Field {
                wire: name.to_owned(),
                ty: TypeRef::Raw,
                required: false,
                nullable: false,
                read_only: false,
                deprecated: false,
                docs: Vec::new(),
                schema: at,
            });
        }
    }

    /// Schemas, then what they are nothing but references to.
    pub(super) fn doc_chain(&self, schemas: &[NodeId]) -> Vec<NodeId> {
        let mut docs = schemas.to_vec();
        for schema in schemas {
            let mut here = *schema;
            while let Some(target) = self
                .pure_target(here)
                .filter(|target| !docs.contains(target))
            {
                docs.push(target);
                here = target;
            }
        }
        docs
    }

    /// Whether a schema, or one it is made of, says `keyword: true`.
    fn marked(&self, schema: NodeId, keyword: &str) -> bool {
        let mut open = vec![schema];
        let mut steps = 0;
        while let Some(node) = open.pop() {
            steps += 1;
            if self.flag(node, keyword) {
                return true;
            }
            open.extend(self.resolver.target(node).and_then(Result::ok));
            if let Some(list) = self.tree.get(node, "allOf") {
                open.extend(self.tree.items(list));
            }
            if steps > 64 {
                return false;
            }
        }
        false
    }
}
