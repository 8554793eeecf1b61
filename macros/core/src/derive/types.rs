//! What a type says by the way it is written.

use syn::{GenericArgument, Ident, PathArguments, Type};

/// The `T` of `Option<T>`, by the last segment of the path, as serde and clap do.
pub(super) fn option(ty: &Type) -> Option<&Type> {
    let (ident, arguments) = last(ty)?;
    match arguments[..] {
        [GenericArgument::Type(inner)] if ident == "Option" => Some(inner),
        _ => None,
    }
}

/// Whether it is a map by its name.
pub(super) fn is_map(ty: &Type) -> bool {
    last(ty).is_some_and(|(ident, _)| {
        let name = ident.to_string();
        matches!(name.as_str(), "BTreeMap" | "HashMap" | "IndexMap" | "Map")
    })
}

/// Whether it is a type of that name without arguments.
pub(super) fn is(ty: &Type, name: &str) -> bool {
    last(ty).is_some_and(|(ident, arguments)| ident == name && arguments.is_empty())
}

/// Whether `Bytes` is in it: itself, or as the last argument of a container.
pub(super) fn is_binary(ty: &Type) -> bool {
    let Some((ident, arguments)) = last(ty) else {
        return false;
    };
    match arguments[..] {
        [] => ident == "Bytes",
        [.., GenericArgument::Type(inner)] => {
            let name = ident.to_string();
            matches!(name.as_str(), "Option" | "Vec" | "Box" | "BTreeMap") && is_binary(inner)
        }
        _ => false,
    }
}

/// The last segment of a path and its arguments.
fn last(ty: &Type) -> Option<(&Ident, Vec<&GenericArgument>)> {
    match ty {
        Type::Path(path) if path.qself.is_none() => {
            let segment = path.path.segments.last()?;
            let arguments = match &segment.arguments {
                PathArguments::AngleBracketed(arguments) => arguments.args.iter().collect(),
                _ => Vec::new(),
            };
            Some((&segment.ident, arguments))
        }
        Type::Group(group) => last(&group.elem),
        Type::Paren(paren) => last(&paren.elem),
        _ => None,
    }
}
