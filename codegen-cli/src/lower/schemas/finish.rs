//! From drafts to types with names.

use super::Schemas;
use super::direction::Direction;
use super::draft::{Draft, Enum, ListedValue, Shape, Struct, Variants};
use super::naming::{Entity, Naming};
use super::reach::rename;
use super::recursion::box_circles;
use super::site::{Owner, Site};
use super::unions::text;
use crate::ir::{self, TypeId, TypeRef, Types};
use crate::lower::case;
use crate::lower::docs;
use crate::lower::names::Names;
use crate::lower::words::{Style, identifier, join, words};
use crate::read::{NodeId, escape};
use std::collections::{BTreeSet, HashMap};

impl<'a> Schemas<'a> {
    /// Every type that operations use, with its name.
    pub(crate) fn finish(mut self, names: &mut Names) -> Types {
        self.lower_twins();
        self.break_unions();
        let reached = self.reach();
        self.strip_tags(&reached);
        let pairs = self.pairs();
        let reached = self.reach();

        let mut into: Vec<TypeId> = (0..self.drafts.len() as u32).map(TypeId).collect();
        for (sent, received) in &pairs.same {
            let both = reached.any(sent.0 as usize) && reached.any(received.0 as usize);
            if both && sent != received {
                self.merge(*sent, *received);
                into[sent.0 as usize] = *received;
            }
        }
        let differs: BTreeSet<TypeId> = pairs
            .twins
            .iter()
            .filter(|(sent, _)| !pairs.same.contains_key(sent))
            .flat_map(|(sent, received)| [*sent, *received])
            .collect();
        let suffixes: Vec<&'static str> = self
            .drafts
            .iter()
            .enumerate()
            .map(|(at, draft)| {
                let sent = draft.direction == Direction::Sent;
                if sent && differs.contains(&TypeId(at as u32)) {
                    "Input"
                } else {
                    ""
                }
            })
            .collect();
        let keys: Vec<String> = self
            .drafts
            .iter()
            .enumerate()
            .map(|(at, draft)| self.key(draft, differs.contains(&TypeId(at as u32))))
            .collect();
        let locked: Vec<Option<String>> = keys
            .iter()
            .map(|key| names.locked_type(key).map(str::to_owned))
            .collect();
        self.dedup(&mut into, &reached, &suffixes, &locked);

        let entities = self.entities(&into, &reached, &suffixes, &keys);
        let decided = Naming::new(&self, &entities).decide(&entities, names);
        self.build(&entities, &decided, &into, names)
    }

    fn entities(
        &self,
        into: &[TypeId],
        reached: &super::reach::Reached,
        suffixes: &[&'static str],
        keys: &[String],
    ) -> Vec<Entity> {
        let mut entities: Vec<Entity> = Vec::new();
        let mut places: HashMap<TypeId, usize> = HashMap::new();
        let mut taken: HashMap<&str, usize> = HashMap::new();
        // The one that the others became comes first.
        let mut order: Vec<usize> = (0..into.len()).filter(|at| reached.any(*at)).collect();
        order.sort_by_key(|at| (into[*at], into[*at].0 as usize != *at, *at));
        for at in order {
            let id = into[at];
            let place = *places.entry(id).or_insert_with(|| {
                entities.push(Entity {
                    id,
                    drafts: Vec::new(),
                    suffix: suffixes[id.0 as usize],
                    keys: Vec::new(),
                });
                entities.len() - 1
            });
            let entity = &mut entities[place];
            entity.drafts.push(TypeId(at as u32));
            // Merges of the same schemas in several ways have one place, but are several types.
            if *taken.entry(&keys[at]).or_insert(place) == place && !entity.keys.contains(&keys[at])
            {
                entity.keys.push(keys[at].clone());
            }
        }
        entities
    }

    /// The key of a draft in the lock.
    fn key(&self, draft: &Draft, differs: bool) -> String {
        let node = draft
            .parts
            .nodes
            .last()
            .copied()
            .unwrap_or(self.tree.root());
        let mut key = self.tree.pointer(node);
        if draft.parts.only != super::parts::Kinds::ANY {
            key.push_str(&format!("#{}", draft.parts.only.words()));
        }
        if differs {
            key.push_str(if draft.direction == Direction::Sent {
                "#sent"
            } else {
                "#received"
            });
        }
        key
    }

    fn build(
        &self,
        entities: &[Entity],
        decided: &[String],
        into: &[TypeId],
        names: &mut Names,
    ) -> Types {
        let reached = self.reach();
        let to = |id: TypeId| into[id.0 as usize];
        let named: HashMap<TypeId, &str> = entities
            .iter()
            .zip(decided)
            .map(|(entity, name)| (entity.id, name.as_str()))
            .collect();
        let mut list: Vec<ir::Type> = Vec::new();
        for (entity, name) in entities.iter().zip(decided) {
            let draft = self.of(entity.id);
            let way = |way: &[bool]| entity.drafts.iter().any(|id| way[id.0 as usize]);
            let (sent, received) = (way(&reached.sent), way(&reached.received));
            let twin = self
                .twin(draft)
                .map(to)
                .filter(|twin| named.contains_key(twin));
            let differs = draft.direction != Direction::Either && twin != Some(entity.id);
            let said = match (draft.direction, entity.suffix) {
                (Direction::Sent, "Input") => Some("as it is sent"),
                (Direction::Received, _) if differs && twin.is_some() => Some("as it is received"),
                _ => None,
            };
            let docs: Vec<NodeId> = entity
                .drafts
                .iter()
                .flat_map(|id| self.of(*id).docs.clone())
                .collect();
            let own = &draft.parts.nodes;
            list.push(ir::Type {
                id: entity.id,
                pointer: entity.keys.first().cloned().unwrap_or_default(),
                name: name.clone(),
                doc: self.type_doc(&docs, &draft.rules, said),
                deprecated: own.len() == 1 && self.flag(own[0], "deprecated"),
                sent: sent || self.formats.both_ways,
                received: received || self.formats.both_ways,
                groups: BTreeSet::new(),
                shape: self.ir_shape(entity.id, sent, &to, &named, names),
            });
        }
        self.report();
        list.sort_by(|a, b| a.name.cmp(&b.name));
        box_circles(&mut list);
        let places: HashMap<TypeId, usize> = list
            .iter()
            .enumerate()
            .map(|(at, ty)| (ty.id, at))
            .collect();
        let index = (0..into.len() as u32).map(TypeId);
        let index = index
            .filter_map(|id| Some((id, *places.get(&to(id))?)))
            .collect();
        Types { list, index }
    }

    fn ir_shape(
        &self,
        id: TypeId,
        sent: bool,
        to: &impl Fn(TypeId) -> TypeId,
        named: &HashMap<TypeId, &str>,
        names: &mut Names,
    ) -> ir::Shape {
        let draft = self.of(id);
        match &draft.shape {
            Shape::Struct(made) => ir::Shape::Struct(self.ir_struct(made, sent, to, names)),
            Shape::Enum(values) => ir::Shape::Enum(self.ir_enum(draft, values, names)),
            Shape::Union(union) => ir::Shape::Union(self.ir_union(id, union, to, named)),
            Shape::Tuple(tuple) => {
                let mut tuple = tuple.clone();
                tuple
                    .items
                    .iter_mut()
                    .chain(&mut tuple.rest)
                    .for_each(|ty| rename(ty, to));
                ir::Shape::Tuple(tuple)
            }
            Shape::Pending => ir::Shape::Struct(ir::Struct::default()),
        }
    }

    fn ir_struct(
        &self,
        made: &Struct,
        sent: bool,
        to: &impl Fn(TypeId) -> TypeId,
        names: &mut Names,
    ) -> ir::Struct {
        let wires: Vec<(&str, String)> = made
            .fields
            .iter()
            .map(|field| (field.wire.as_str(), self.tree.pointer(field.schema)))
            .collect();
        let given = names.members(&wires, Style::Snake, &[]);
        let mut fields = Vec::new();
        for (field, name) in made.fields.iter().zip(&given) {
            let mut ty = field.ty.clone();
            rename(&mut ty, to);
            fields.push(ir::Field {
                wire: field.wire.clone(),
                name: name.clone(),
                ty,
                required: field.required,
                nullable: field.nullable,
                read_only: field.read_only,
                doc: self.member_doc(&field.docs, false),
                deprecated: field.deprecated,
            });
        }
        let other = made.other.clone().map(|mut ty| {
            rename(&mut ty, to);
            let free = |name: &&str| !given.iter().any(|given| given == name);
            let name = ["other", "others", "other_members", "all_other_members"]
                .into_iter()
                .find(free);
            (name.unwrap_or("other_").to_owned(), ty)
        });
        let wires: Vec<(&str, &str)> = fields
            .iter()
            .map(|field| (field.name.as_str(), field.wire.as_str()))
            .collect();
        let rename_all = case::of_fields(&wires);
        let default = !fields.iter().any(|field| field.required);
        let new = sent && !default;
        ir::Struct {
            fields,
            constants: made.constants.clone(),
            other,
            new,
            default,
            rename_all,
        }
    }

    fn ir_enum(&self, draft: &Draft, values: &Enum, names: &mut Names) -> ir::Enum {
        let pointer = draft
            .parts
            .single()
            .map(|node| self.tree.pointer(node))
            .unwrap_or_default();
        let texts: Vec<String> = values.values.iter().map(spoken).collect();
        let wires: Vec<(&str, String)> = texts
            .iter()
            .zip(&values.values)
            .map(|(spoken, value)| {
                (
                    spoken.as_str(),
                    format!("{pointer}/enum/{}", escape(&text(&value.value))),
                )
            })
            .collect();
        let given = names.members(&wires, Style::Pascal, &[]);
        let taken = |name: &&str| !given.iter().any(|given| given == name);
        let unknown = ["Unknown", "Unlisted", "UnlistedValue"]
            .into_iter()
            .find(taken);
        let variants: Vec<ir::Variant> = values
            .values
            .iter()
            .zip(&given)
            .map(|(value, name)| ir::Variant {
                name: name.clone(),
                value: value.value.clone(),
                doc: ir::Doc {
                    text: value.doc.as_deref().map(docs::text),
                    ..ir::Doc::default()
                },
                deprecated: value.deprecated,
            })
            .collect();
        let wires: Vec<(&str, String)> = variants
            .iter()
            .map(|variant| (variant.name.as_str(), text(&variant.value)))
            .collect();
        let wires: Vec<(&str, &str)> = wires
            .iter()
            .map(|(name, wire)| (*name, wire.as_str()))
            .collect();
        let rename_all = if values.repr == ir::Repr::String {
            case::of_variants(&wires)
        } else {
            None
        };
        ir::Enum {
            repr: values.repr,
            variants,
            unknown: unknown.map(str::to_owned),
            rename_all,
        }
    }

    fn ir_union(
        &self,
        id: TypeId,
        union: &Variants,
        to: &impl Fn(TypeId) -> TypeId,
        named: &HashMap<TypeId, &str>,
    ) -> ir::Union {
        let mut taken: BTreeSet<String> = BTreeSet::new();
        let mut variants = Vec::new();
        for variant in &union.list {
            let mut ty = variant.ty.clone();
            rename(&mut ty, to);
            if ty == TypeRef::Raw {
                // What is raw already is what the unknown variant holds.
                continue;
            }
            let wish = match &variant.name {
                Some(name) => identifier(name, Style::Pascal),
                None => match self.words_in(id, &ty, to) {
                    Some(words) => join(words, Style::Pascal),
                    None => variant_name(&ty, named),
                },
            };
            let mut name = wish.clone();
            let mut number = 2;
            while !taken.insert(name.clone()) {
                name = join(&[wish.as_str(), &number.to_string()], Style::Pascal);
                if wish.ends_with(char::is_numeric) || taken.contains(&name) {
                    name = format!("{wish}{number}");
                }
                number += 1;
            }
            variants.push(ir::UnionVariant {
                name,
                tag: variant.tag.clone(),
                ty,
                doc: self.type_doc(&variant.docs, &[], None),
                deprecated: variant.deprecated,
            });
        }
        let free = |name: &&str| !taken.contains(*name);
        let unknown = ["Unknown", "Unlisted", "UnlistedVariant"]
            .into_iter()
            .find(free);
        let tagging = match &union.tag {
            Some((member, or_required)) => ir::Tagging::Tag {
                member: member.clone(),
                or_required: *or_required,
            },
            None => ir::Tagging::Content,
        };
        ir::Union {
            tagging,
            variants,
            unknown: unknown.map(str::to_owned),
        }
    }

    /// What a type without a name of its own is called within the union `id`.
    fn words_in(
        &self,
        id: TypeId,
        ty: &TypeRef,
        to: &impl Fn(TypeId) -> TypeId,
    ) -> Option<&[String]> {
        let TypeRef::Named(variant) = ty else {
            return None;
        };
        match &self.of(*variant).site {
            Site::Member {
                owner: Owner::Draft(owner),
                words,
                ..
            } if to(*owner) == id => Some(words),
            _ => None,
        }
    }

    /// The draft of the same schemas in the other direction.
    pub(super) fn twin(&self, draft: &Draft) -> Option<TypeId> {
        let other = match draft.direction {
            Direction::Sent => Direction::Received,
            Direction::Received => Direction::Sent,
            Direction::Either => return None,
        };
        self.drafted(&(draft.parts.clone(), other))
    }

    /// The draft that a schema became, whatever its direction.
    pub(super) fn draft_of(&self, node: NodeId) -> Option<TypeId> {
        let parts = super::parts::Parts::one(node);
        let ways = [Direction::Either, Direction::Received, Direction::Sent];
        ways.into_iter()
            .find_map(|way| self.drafted(&(parts.clone(), way)))
    }

    fn drafted(&self, key: &(super::parts::Parts, Direction)) -> Option<TypeId> {
        match self.memo.get(key) {
            Some(super::Memo::Done(ty)) => match ty.clone().split_null() {
                (TypeRef::Named(id), _) => Some(id),
                _ => None,
            },
            _ => None,
        }
    }
}

/// What a value is called after.
fn spoken(value: &ListedValue) -> String {
    let name = value.name.as_deref().filter(|name| !words(name).is_empty());
    name.map_or_else(|| text(&value.value), str::to_owned)
}

/// The name of a variant that the document does not name.
fn variant_name(ty: &TypeRef, named: &HashMap<TypeId, &str>) -> String {
    let name = match ty {
        TypeRef::Named(id) => return named.get(id).map_or("Variant", |name| *name).to_owned(),
        TypeRef::Bool => "Flag",
        TypeRef::I32 | TypeRef::I64 | TypeRef::U64 => "Integer",
        TypeRef::F32 | TypeRef::F64 | TypeRef::Decimal => "Number",
        TypeRef::String => "Text",
        TypeRef::Bytes => "Bytes",
        TypeRef::Uuid => "Uuid",
        TypeRef::Timestamp => "Timestamp",
        TypeRef::Date => "Date",
        TypeRef::Time => "Time",
        TypeRef::List(_) => "List",
        TypeRef::Map(_) => "Map",
        TypeRef::Tuple(_) => "Tuple",
        TypeRef::Optional(inner) | TypeRef::Boxed(inner) => return variant_name(inner, named),
        TypeRef::Raw | TypeRef::Path(_) => "Variant",
    };
    name.to_owned()
}
