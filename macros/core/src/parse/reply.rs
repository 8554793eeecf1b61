//! What a method returns: `Call<T, E>`, or `async` and `Result<T, E>`.

use crate::api::{Reply, Spelling};
use crate::mistake::{Mistakes, Place};
use crate::shape;
use syn::{Path, PathArguments, ReturnType, Signature, Type};

pub(super) fn reply(sig: &Signature, mistakes: &mut Mistakes) -> Reply {
    let spelling = if sig.asyncness.is_some() {
        Spelling::Async
    } else {
        Spelling::Call
    };
    let wrapper = match spelling {
        Spelling::Call => "Call",
        Spelling::Async => "Result",
    };
    let read = match &sig.output {
        ReturnType::Type(_, ty) => read(ty, spelling, wrapper),
        ReturnType::Default => Err((
            Place::from(sig.ident.span()),
            format!("`{}` returns nothing", sig.ident),
            help(wrapper, "()"),
        )),
    };
    read.unwrap_or_else(|(place, message, help)| {
        mistakes.add(place, message).help(help);
        Reply {
            spelling,
            ..Reply::new(syn::parse_quote!(()), None)
        }
    })
}

fn help(wrapper: &str, value: &str) -> String {
    match wrapper {
        "Call" => format!("a method that sends a request returns `Call<{value}>`"),
        _ => format!("an `async` method that sends a request returns `Result<{value}>`"),
    }
}

type Complaint = (Place, String, String);

fn read(ty: &Type, spelling: Spelling, wrapper: &str) -> Result<Reply, Complaint> {
    let complain = |message: String, help: String| Err((Place::of(ty), message, help));
    let found = shape::show(ty);
    let Type::Path(typed) = shape::plain(ty) else {
        return complain(
            format!("found `{found}`, expected `{wrapper}<…>`"),
            help(wrapper, "T"),
        );
    };
    let last = typed.path.segments.last().filter(|_| typed.qself.is_none());
    let name = last
        .map(|segment| segment.ident.to_string())
        .unwrap_or_default();
    let arguments = last
        .map(|segment| shape::types(&segment.arguments))
        .unwrap_or_default();
    match (name.as_str(), spelling) {
        ("Call", Spelling::Async) => complain(
            "an `async` method does not return a `Call`".into(),
            "remove `async`: a `Call` is a future already".into(),
        ),
        ("Result", Spelling::Call) => complain(
            "a method that is not `async` does not return a `Result`".into(),
            "write `Call` for `Result`, or make the method `async`".into(),
        ),
        _ if name != wrapper => {
            let value = if name.is_empty() { "T" } else { &found };
            complain(
                format!("found `{found}`, expected `{wrapper}<…>`"),
                help(wrapper, value),
            )
        }
        _ => match arguments.as_slice() {
            [value] => Ok(Reply {
                spelling,
                path: bare(&typed.path),
                value: (*value).clone(),
                error: None,
            }),
            [value, error] => Ok(Reply {
                spelling,
                path: bare(&typed.path),
                value: (*value).clone(),
                error: Some((*error).clone()),
            }),
            _ => complain(
                format!(
                    "`{wrapper}` takes the type of the value, and that of its errors if it is not `ApiError`"
                ),
                help(wrapper, "()"),
            ),
        },
    }
}

/// The path without the arguments of its last segment.
fn bare(path: &Path) -> Path {
    let mut path = path.clone();
    if let Some(last) = path.segments.last_mut() {
        last.arguments = PathArguments::None;
    }
    path
}
