//! Paths, and what fills them.

use crate::api::{Api, Argument, At, Endpoint, Kind, Template};
use crate::mistake::{Mistakes, Place};
use crate::{shape, suggest};
use syn::ext::IdentExt;

/// The path, its placeholders, and the arguments that fill them.
pub(super) fn path(api: &Api, endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let url = endpoint
        .arguments
        .iter()
        .find(|argument| argument.kind.value == Kind::Url);
    match (&endpoint.path, url) {
        (Some(path), None) => template(path, mistakes),
        (None, Some(_)) => {}
        (Some(path), Some(url)) => {
            mistakes
                .add(
                    path.span,
                    format!(
                        "the path stands beside `#[url] {}`, which is a whole URL",
                        url.ident
                    ),
                )
                .help("remove one of them");
        }
        (None, None) => {
            let verb = endpoint.verb.value.as_str();
            mistakes
                .add(
                    endpoint.verb.span,
                    format!("`{}` has no path", endpoint.ident),
                )
                .help(format!(
                    "write it after the verb, `#[{}(\"/…\")]`, or mark an argument with `#[url]`",
                    verb.to_lowercase()
                ));
        }
    }
    fillers(api, endpoint, mistakes);
}

fn template(path: &At<Template>, mistakes: &mut Mistakes) {
    let text = path.value.to_string();
    if text.starts_with("http://") || text.starts_with("https://") {
        mistakes
            .add(path.span, format!("\"{text}\" is an absolute URL, where a path is expected"))
            .help("give scheme and host as `base_url`, or the whole URL as an argument: `#[url] url: &Url`");
    } else if !text.starts_with('/') {
        mistakes
            .add(path.span, "a path starts with `/`")
            .help(format!("write \"/{text}\""));
    }
    let names: Vec<_> = path.value.names().collect();
    for (at, name) in names.iter().enumerate() {
        if names[..at].contains(name) {
            mistakes
                .add(path.span, format!("`{{{name}}}` stands in the path twice"))
                .help("give each placeholder a name and an argument of its own");
        }
    }
}

fn fillers(api: &Api, endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let names: Vec<&str> = endpoint
        .path
        .iter()
        .flat_map(|path| path.value.names())
        .collect();
    let arguments = endpoint
        .arguments
        .iter()
        .filter(|argument| argument.kind.value == Kind::Path);
    let (fitting, astray): (Vec<_>, Vec<_>) =
        arguments.partition(|argument| names.contains(&own_name(argument).as_str()));
    let filled: Vec<String> = fitting.iter().map(|argument| own_name(argument)).collect();
    let mut open: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| !filled.iter().any(|filled| filled == name))
        .collect();
    open.dedup();
    for argument in astray {
        astray_argument(api, endpoint, argument, &mut open, mistakes);
    }
    for name in open {
        let span = endpoint
            .path
            .as_ref()
            .map_or(endpoint.verb.span, |path| path.span);
        unfilled(name, span, endpoint, mistakes);
    }
    for argument in fitting {
        fitting_argument(argument, mistakes);
    }
}

fn own_name(argument: &Argument) -> String {
    argument.ident.unraw().to_string()
}

/// An argument that goes nowhere. One that nearly fits an open placeholder accounts for it.
fn astray_argument(
    api: &Api,
    endpoint: &Endpoint,
    argument: &Argument,
    open: &mut Vec<&str>,
    mistakes: &mut Mistakes,
) {
    let name = own_name(argument);
    let span = argument.kind.span;
    if let Some(near) = suggest::nearest(&name, open.iter().copied()) {
        open.retain(|name| *name != near);
        mistakes
            .add(span, format!("the path has no placeholder `{{{name}}}`"))
            .help(format!("it has `{{{near}}}`: give both the same name"));
        return;
    }
    if api
        .head
        .path
        .iter()
        .flat_map(|path| path.value.names())
        .any(|placeholder| placeholder == name)
    {
        mistakes
            .add(
                span,
                format!("`{{{name}}}` stands in the trait's path, which the builder fills"),
            )
            .help("remove the argument, or put the placeholder into the path of the method");
        return;
    }
    let marks = if endpoint.verb.value.is_bodiless() {
        "`#[query]`"
    } else {
        "`#[query]` or `#[json]`"
    };
    let message = format!("`{name}` goes nowhere: the path has no `{{{name}}}`");
    mistakes
        .add(span, message)
        .help(format!("mark it, {marks}, or add `{{{name}}}` to the path"));
}

/// A placeholder without an argument; one of that name may go elsewhere.
fn unfilled(name: &str, span: proc_macro2::Span, endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let elsewhere = endpoint
        .arguments
        .iter()
        .find(|argument| own_name(argument) == name);
    let help = match elsewhere {
        Some(_) => format!("the argument `{name}` goes elsewhere: remove its attribute"),
        None => {
            let others = endpoint.arguments.iter().map(own_name).collect::<Vec<_>>();
            match suggest::nearest(name, others.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{{{near}}}`?"),
                None => format!("add it: `{name}: &str`"),
            }
        }
    };
    mistakes
        .add(span, format!("no argument fills `{{{name}}}`"))
        .help(help);
}

fn fitting_argument(argument: &Argument, mistakes: &mut Mistakes) {
    if shape::is_bytes(&argument.ty) {
        mistakes
            .add(Place::of(&argument.ty), "bytes cannot be a part of a path")
            .help("pass text, or a list of numbers as `&[u16]`, which is joined by commas");
    } else if shape::inside(&argument.ty, "Option").is_some() {
        mistakes
            .add(
                Place::of(&argument.ty),
                "a part of a path cannot be left out",
            )
            .help("take the value without `Option`, or write a second method for the shorter path");
    }
    if let Some(cfg) = argument
        .attrs
        .iter()
        .find(|attr| attr.path().is_ident("cfg"))
    {
        mistakes
            .add(
                Place::of(cfg),
                format!(
                    "without this argument nothing would fill `{{{}}}`",
                    own_name(argument)
                ),
            )
            .help("put the `cfg` on the method");
    }
}
