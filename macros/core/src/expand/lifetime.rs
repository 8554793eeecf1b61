//! Names for the lifetimes that are elided inside an argument's type: `Option<&str>` becomes
//! `Option<&'arg0 str>`, which mocks need. A reference that is the whole type keeps its form.

use proc_macro2::Span;
use syn::{
    AngleBracketedGenericArguments, GenericArgument, Lifetime, Path, PathArguments, Type,
    TypeParamBound,
};

/// Names lifetimes, and remembers the names.
#[derive(Default)]
pub(super) struct Names {
    pub(super) given: Vec<Lifetime>,
}

impl Names {
    fn next(&mut self) -> Lifetime {
        let name = Lifetime::new(&format!("'arg{}", self.given.len()), Span::call_site());
        self.given.push(name.clone());
        name
    }

    /// An argument's type with all but its outermost reference named.
    pub(super) fn argument(&mut self, ty: &mut Type) {
        match ty {
            Type::Group(group) => self.argument(&mut group.elem),
            Type::Paren(paren) => self.argument(&mut paren.elem),
            Type::Reference(reference) => self.ty(&mut reference.elem),
            ty => self.ty(ty),
        }
    }

    fn ty(&mut self, ty: &mut Type) {
        match ty {
            Type::Reference(reference) => {
                self.lifetime_slot(&mut reference.lifetime);
                self.ty(&mut reference.elem);
            }
            Type::Array(array) => self.ty(&mut array.elem),
            Type::Group(group) => self.ty(&mut group.elem),
            Type::Paren(paren) => self.ty(&mut paren.elem),
            Type::Slice(slice) => self.ty(&mut slice.elem),
            Type::Tuple(tuple) => tuple.elems.iter_mut().for_each(|ty| self.ty(ty)),
            Type::Path(path) => self.path(&mut path.path),
            Type::ImplTrait(ty) => ty.bounds.iter_mut().for_each(|bound| self.bound(bound)),
            Type::TraitObject(ty) => ty.bounds.iter_mut().for_each(|bound| self.bound(bound)),
            _ => {}
        }
    }

    fn path(&mut self, path: &mut Path) {
        for segment in &mut path.segments {
            // `Fn(&str)` has lifetimes of its own.
            if let PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                self.arguments(arguments);
            }
        }
    }

    fn arguments(&mut self, arguments: &mut AngleBracketedGenericArguments) {
        for argument in &mut arguments.args {
            match argument {
                GenericArgument::Lifetime(lifetime) => self.lifetime(lifetime),
                GenericArgument::Type(ty) => self.ty(ty),
                GenericArgument::AssocType(assoc) => self.ty(&mut assoc.ty),
                _ => {}
            }
        }
    }

    fn bound(&mut self, bound: &mut TypeParamBound) {
        match bound {
            TypeParamBound::Trait(bound) => self.path(&mut bound.path),
            TypeParamBound::Lifetime(lifetime) => self.lifetime(lifetime),
            _ => {}
        }
    }

    fn lifetime(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            *lifetime = self.next();
        }
    }

    fn lifetime_slot(&mut self, slot: &mut Option<Lifetime>) {
        match slot {
            Some(lifetime) => self.lifetime(lifetime),
            None => *slot = Some(self.next()),
        }
    }
}

/// Whether `impl Trait` stands in it.
pub(super) fn has_impl(ty: &Type) -> bool {
    match ty {
        Type::ImplTrait(_) => true,
        Type::Array(array) => has_impl(&array.elem),
        Type::Group(group) => has_impl(&group.elem),
        Type::Paren(paren) => has_impl(&paren.elem),
        Type::Reference(reference) => has_impl(&reference.elem),
        Type::Slice(slice) => has_impl(&slice.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(has_impl),
        Type::Path(path) => path
            .path
            .segments
            .iter()
            .any(|segment| match &segment.arguments {
                PathArguments::AngleBracketed(list) => {
                    list.args.iter().any(|argument| match argument {
                        GenericArgument::Type(ty) => has_impl(ty),
                        GenericArgument::AssocType(assoc) => has_impl(&assoc.ty),
                        _ => false,
                    })
                }
                _ => false,
            }),
        _ => false,
    }
}
