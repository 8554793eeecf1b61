//! Which groups reach which types.

use crate::ir::{Shape, Type, TypeId, TypeRef, Types};

/// Marks every type that `roots` reach as the module's.
pub(super) fn mark(types: &mut Types, module: &str, roots: &[TypeRef]) {
    let mut open: Vec<TypeId> = Vec::new();
    for root in roots {
        root.named(&mut |id, _| open.push(id));
    }
    while let Some(id) = open.pop() {
        let Some(at) = types.index.get(&id).copied() else {
            continue;
        };
        let Some(ty) = types.list.get_mut(at) else {
            continue;
        };
        if ty.groups.insert(module.to_owned()) {
            each(ty, &mut |ty| ty.named(&mut |id, _| open.push(id)));
        }
    }
}

fn each(ty: &Type, visit: &mut impl FnMut(&TypeRef)) {
    match &ty.shape {
        Shape::Struct(shape) => {
            shape.fields.iter().for_each(|field| visit(&field.ty));
            shape.other.iter().for_each(|(_, ty)| visit(ty));
        }
        Shape::Union(union) => union.variants.iter().for_each(|variant| visit(&variant.ty)),
        Shape::Tuple(tuple) => tuple.items.iter().chain(&tuple.rest).for_each(visit),
        Shape::Enum(_) => {}
    }
}

/// Several ids may be one type: the reference with the ids that the types themselves have.
pub(super) fn canonical(ty: &TypeRef, types: &Types) -> TypeRef {
    let inner = |ty: &TypeRef| Box::new(canonical(ty, types));
    match ty {
        TypeRef::Named(id) => TypeRef::Named(types.get(*id).map_or(*id, |ty| ty.id)),
        TypeRef::List(item) => TypeRef::List(inner(item)),
        TypeRef::Map(value) => TypeRef::Map(inner(value)),
        TypeRef::Optional(value) => TypeRef::Optional(inner(value)),
        TypeRef::Boxed(value) => TypeRef::Boxed(inner(value)),
        TypeRef::Tuple(items) => {
            TypeRef::Tuple(items.iter().map(|item| canonical(item, types)).collect())
        }
        other => other.clone(),
    }
}
