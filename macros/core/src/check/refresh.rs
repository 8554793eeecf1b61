//! The method through which a session renews itself.

use crate::api::{Api, Argument, Endpoint, Kind};
use crate::mistake::{Mistakes, Place};
use crate::shape;

/// The argument of a `refresh` method that takes the refresh token: the only one that is required.
pub(crate) fn token_argument(endpoint: &Endpoint) -> Option<&Argument> {
    match required(endpoint).as_slice() {
        [token] => Some(token),
        _ => None,
    }
}

/// `Option`s, and structs of optional parameters, have a value by themselves.
fn required(endpoint: &Endpoint) -> Vec<&Argument> {
    let arguments = endpoint.arguments.iter();
    arguments
        .filter(|argument| {
            shape::inside(&argument.ty, "Option").is_none() && argument.kind.value != Kind::Params
        })
        .collect()
}

pub(super) fn refresh(endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let Some(span) = endpoint.options.refresh.span() else {
        return;
    };
    let required = required(endpoint);
    match required.as_slice() {
        [] => {
            mistakes
                .add(
                    span,
                    format!(
                        "`{}` takes no argument for the refresh token",
                        endpoint.ident
                    ),
                )
                .help("add one, such as `#[field] refresh_token: &str`");
        }
        [_] => {}
        [_, others @ ..] => {
            for other in others {
                mistakes
                    .add(
                        other.ident.span(),
                        format!(
                            "the session knows no value for `{}`, only the refresh token",
                            other.ident
                        ),
                    )
                    .help("make it an `Option`, which is `None` when the session refreshes");
            }
        }
    }
    let generics = &endpoint.generics;
    if generics.type_params().next().is_some() || generics.const_params().next().is_some() {
        mistakes.add(
            Place::of(&generics.params),
            "a method that refreshes the session takes no type parameters",
        );
    }
    if shape::is_unit(&endpoint.reply.value) {
        mistakes
            .add(
                Place::of(&endpoint.reply.value),
                "a method that refreshes the session returns the new tokens",
            )
            .help("return a type that converts into `perennial::Tokens`, such as `OAuth2Tokens`");
    }
}

pub(super) fn at_most_one(api: &Api, mistakes: &mut Mistakes) {
    let all = api
        .endpoints()
        .filter(|endpoint| endpoint.options.refresh.is_set());
    let unconditional: Vec<_> = all
        .filter(|endpoint| {
            !endpoint
                .attrs
                .iter()
                .any(|attr| attr.path().is_ident("cfg"))
        })
        .collect();
    let Some((first, others)) = unconditional.split_first() else {
        return;
    };
    for other in others {
        let Some(span) = other.options.refresh.span() else {
            continue;
        };
        mistakes
            .add(
                span,
                format!("the session refreshes through `{}` already", first.ident),
            )
            .help("one method of a trait says `refresh`");
    }
}
