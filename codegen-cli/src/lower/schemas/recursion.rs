//! Boxes, where a type would hold itself.

use crate::ir::{Shape, Type, TypeId, TypeRef};
use std::collections::BTreeMap;

/// A type's place in its list: a field, or a variant.
type Edge = (usize, TypeId);

/// Boxes what closes a circle. Unions are entered first, so that members are boxed, not variants.
pub(super) fn box_circles(types: &mut [Type]) {
    let places: BTreeMap<TypeId, usize> = types
        .iter()
        .enumerate()
        .map(|(at, ty)| (ty.id, at))
        .collect();
    let edges: Vec<Vec<Edge>> = types.iter().map(edges).collect();
    let is_union = |at: &usize| matches!(types[*at].shape, Shape::Union(_));
    let (mut order, rest): (Vec<usize>, Vec<usize>) = (0..types.len()).partition(is_union);
    order.extend(rest);
    let mut state = vec![State::New; types.len()];
    let mut boxes = Vec::new();
    for start in order {
        walk(start, &edges, &places, &mut state, &mut boxes);
    }
    for (at, place, id) in boxes {
        if let Some(ty) = at_place(&mut types[at].shape, place) {
            wrap(ty, id);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

fn walk(
    start: usize,
    edges: &[Vec<Edge>],
    places: &BTreeMap<TypeId, usize>,
    state: &mut [State],
    boxes: &mut Vec<(usize, usize, TypeId)>,
) {
    if state[start] != State::New {
        return;
    }
    state[start] = State::Open;
    let mut path = vec![(start, 0)];
    while let Some((at, next)) = path.last_mut() {
        let Some((place, id)) = edges[*at].get(*next).copied() else {
            state[*at] = State::Done;
            path.pop();
            continue;
        };
        *next += 1;
        let Some(&target) = places.get(&id) else {
            continue;
        };
        match state[target] {
            State::New => {
                state[target] = State::Open;
                path.push((target, 0));
            }
            State::Open => boxes.push((*at, place, id)),
            State::Done => {}
        }
    }
}

/// The types that are held without a heap allocation between.
fn edges(ty: &Type) -> Vec<Edge> {
    let mut edges = Vec::new();
    let mut add = |place: usize, ty: &TypeRef| {
        ty.named(&mut |id, behind| {
            if !behind {
                edges.push((place, id));
            }
        });
    };
    match &ty.shape {
        Shape::Struct(made) => {
            made.fields
                .iter()
                .enumerate()
                .for_each(|(place, field)| add(place, &field.ty));
        }
        Shape::Union(union) => {
            union
                .variants
                .iter()
                .enumerate()
                .for_each(|(place, variant)| add(place, &variant.ty));
        }
        Shape::Tuple(tuple) => tuple
            .items
            .iter()
            .enumerate()
            .for_each(|(place, ty)| add(place, ty)),
        Shape::Enum(_) => {}
    }
    edges
}

fn at_place(shape: &mut Shape, place: usize) -> Option<&mut TypeRef> {
    match shape {
        Shape::Struct(made) => made.fields.get_mut(place).map(|field| &mut field.ty),
        Shape::Union(union) => union.variants.get_mut(place).map(|variant| &mut variant.ty),
        Shape::Tuple(tuple) => tuple.items.get_mut(place),
        Shape::Enum(_) => None,
    }
}

fn wrap(ty: &mut TypeRef, id: TypeId) {
    match ty {
        TypeRef::Named(named) if *named == id => {
            *ty = TypeRef::Boxed(Box::new(TypeRef::Named(id)));
        }
        TypeRef::Optional(inner) => wrap(inner, id),
        TypeRef::Tuple(items) => items.iter_mut().for_each(|item| wrap(item, id)),
        _ => {}
    }
}
