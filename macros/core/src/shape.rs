//! What a type says about itself as it is written; no macro knows what a name stands for.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, Path, PathArguments, PathSegment, Type};

/// The type without invisible groups and parentheses.
pub(crate) fn plain(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => plain(&group.elem),
        Type::Paren(paren) => plain(&paren.elem),
        ty => ty,
    }
}

/// The path that names it.
fn path(ty: &Type) -> Option<&Path> {
    match plain(ty) {
        Type::Path(path) if path.qself.is_none() => Some(&path.path),
        _ => None,
    }
}

/// The last segment of the path that names it.
pub(crate) fn last(ty: &Type) -> Option<&PathSegment> {
    path(ty)?.segments.last()
}

/// Whether the last segment of its name is `name`.
pub(crate) fn is(ty: &Type, name: &str) -> bool {
    last(ty).is_some_and(|segment| segment.ident == name)
}

/// `T` of `Option<T>`, `Vec<T>`, `Response<T>`.
pub(crate) fn inside<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let segment = last(ty).filter(|segment| segment.ident == wrapper)?;
    match types(&segment.arguments).as_slice() {
        [inner] => Some(inner),
        _ => None,
    }
}

/// The types between angle brackets.
pub(crate) fn types(arguments: &PathArguments) -> Vec<&Type> {
    let PathArguments::AngleBracketed(list) = arguments else {
        return Vec::new();
    };
    let types = list.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    types.collect()
}

/// The type behind a reference, else itself.
pub(crate) fn referent(ty: &Type) -> &Type {
    match plain(ty) {
        Type::Reference(reference) => plain(&reference.elem),
        ty => ty,
    }
}

/// Whether it is a shared or exclusive reference.
pub(crate) fn is_reference(ty: &Type) -> bool {
    matches!(plain(ty), Type::Reference(_))
}

/// Whether it is `()`.
pub(crate) fn is_unit(ty: &Type) -> bool {
    matches!(plain(ty), Type::Tuple(tuple) if tuple.elems.is_empty())
}

/// `Vec<u8>`, `&[u8]`: bytes, not a list of numbers.
pub(crate) fn is_bytes(ty: &Type) -> bool {
    let ty = referent(ty);
    let item = match ty {
        Type::Slice(slice) => Some(&*slice.elem),
        Type::Array(array) => Some(&*array.elem),
        ty => inside(ty, "Vec"),
    };
    is(ty, "Bytes") || item.is_some_and(|item| is(item, "u8"))
}

/// `String`, `&str`.
pub(crate) fn is_text(ty: &Type) -> bool {
    is(referent(ty), "String") || is(referent(ty), "str")
}

/// Whether a name stands anywhere in it.
pub(crate) fn mentions(ty: &Type, name: &Ident) -> bool {
    fn inside(tokens: TokenStream, name: &Ident) -> bool {
        tokens.into_iter().any(|tree| match tree {
            TokenTree::Group(group) => inside(group.stream(), name),
            TokenTree::Ident(ident) => ident == *name,
            _ => false,
        })
    }
    inside(ty.to_token_stream(), name)
}

/// What the value of a call is, below `Response<…>` and `Option<…>` in either order.
pub(crate) struct Layers<'a> {
    pub(crate) value: &'a Type,
    /// The wrappers from the inside out.
    pub(crate) wrappers: Vec<Wrapper>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrapper {
    Option,
    Response,
}

/// Takes `Response` and `Option` off, each once.
pub(crate) fn layers(ty: &Type) -> Layers<'_> {
    let (mut value, mut wrappers) = (ty, Vec::new());
    loop {
        let next = [(Wrapper::Option, "Option"), (Wrapper::Response, "Response")]
            .into_iter()
            .filter(|(wrapper, _)| !wrappers.contains(wrapper))
            .find_map(|(wrapper, name)| Some((wrapper, inside(value, name)?)));
        let Some((wrapper, inner)) = next else { break };
        wrappers.insert(0, wrapper);
        value = inner;
    }
    Layers { value, wrappers }
}

/// Tokens as a person would write them, for messages.
pub(crate) fn show(tokens: &impl ToTokens) -> String {
    let tight = [
        (" < ", "<"),
        (" >", ">"),
        (" :: ", "::"),
        ("& ", "&"),
        (" ,", ","),
        ("< ", "<"),
        (" (", "("),
        (" !", "!"),
    ];
    tight.iter().fold(
        tokens.to_token_stream().to_string(),
        |text, (wide, tight)| text.replace(wide, tight),
    )
}
