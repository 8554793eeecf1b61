//! A group's trait, in the macro's own model.

use super::docs;
use super::scope::{Scope, ident};
use crate::ir;
use perennial_macros_core::api::{
    Api, Argument, Auth, Decode, Endpoint, Envelope, Expired, Kind, Method, Part, Reply, Session,
    Status, Style, Template, Verb,
};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Type};

/// The trait of `group`, seen from `scope`.
pub(crate) fn api<'a>(group: &'a ir::Group, scope: &mut Scope<'a>) -> Api {
    let mut api = Api::new(ident(&group.trait_name));
    api.attrs = attributes(docs::markdown(&docs::first_paragraph(&group.doc), 0));
    api.head.auth = Some(auth(&group.auth).into());
    api.head.session = group.session.map(|codes| session(codes).into());
    api.head.envelope = group.envelope.clone().map(|fields| envelope(fields).into());
    let endpoints = group
        .operations
        .iter()
        .map(|operation| endpoint(operation, scope));
    api.methods = endpoints
        .map(|endpoint| Method::Endpoint(Box::new(endpoint)))
        .collect();
    api
}

fn session(codes: ir::Session) -> Session {
    let expired = codes.expired.map(|code| match code {
        Some(code) => Expired::Code(code.into()).into(),
        None => Expired::Never.into(),
    });
    Session {
        refresh: codes.refresh.map(|code| i64::from(code).into()),
        expired,
        from: None,
    }
}

fn envelope(fields: ir::Envelope) -> Envelope {
    let ir::Envelope {
        code,
        message,
        data,
        ok,
    } = fields;
    Envelope::Fields {
        code,
        message,
        data,
        ok,
    }
}

fn endpoint<'a>(operation: &'a ir::Operation, scope: &mut Scope<'a>) -> Endpoint {
    let mut endpoint = Endpoint::new(
        Verb::named(&operation.verb),
        template(operation),
        ident(&operation.name),
        reply(operation, scope),
    );
    let docs = docs::attributes(&operation.doc, 4);
    let deprecated = operation.deprecated.then(|| quote!(#[deprecated]));
    endpoint.attrs = attributes(quote!(#docs #deprecated));
    endpoint.arguments = operation
        .arguments
        .iter()
        .map(|a| argument(a, scope))
        .collect();
    let options = &mut endpoint.options;
    options.refresh = operation.refresh.into();
    options.allow_body = operation.allow_body.into();
    options.auth = operation.auth.as_ref().map(|scheme| auth(scheme).into());
    options.ok = operation.ok.iter().map(|ok| status(ok).into()).collect();
    options.none = operation.none.iter().map(|none| (*none).into()).collect();
    options.decode = operation.reply.decode.map(|decode| decoder(decode).into());
    endpoint
}

fn template(operation: &ir::Operation) -> Template {
    let (path, query) = match operation.path.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (operation.path.as_str(), None),
    };
    let mut parts = Vec::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        if !before.is_empty() {
            parts.push(Part::Literal(before.to_owned()));
        }
        parts.push(match name.strip_prefix('*') {
            Some(name) => Part::Rest(name.to_owned()),
            None => Part::One(name.to_owned()),
        });
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest.to_owned()));
    }
    Template { parts, query }
}

fn auth(auth: &ir::Auth) -> Auth {
    match auth {
        ir::Auth::None => Auth::None,
        ir::Auth::Bearer => Auth::Bearer,
        ir::Auth::Basic => Auth::Basic,
        ir::Auth::Header { name, prefix } => Auth::Header {
            name: name.clone().into(),
            prefix: prefix.clone(),
        },
        ir::Auth::Query(name) => Auth::Query(name.clone().into()),
        ir::Auth::Cookie(name) => Auth::Cookie(name.clone().into()),
        ir::Auth::All(inner) => Auth::All(inner.iter().map(|it| self::auth(it).into()).collect()),
        ir::Auth::Any(inner) => Auth::Any(inner.iter().map(|it| self::auth(it).into()).collect()),
        ir::Auth::Optional(inner) => Auth::Optional(Box::new(self::auth(inner))),
    }
}

fn status(status: &ir::Status) -> Status {
    match status {
        ir::Status::Code(code) => Status::Code(*code),
        ir::Status::Range(class) => Status::Class(*class),
        ir::Status::Default => Status::Class(2),
    }
}

fn decoder(decode: ir::Decode) -> Decode {
    match decode {
        ir::Decode::Json => Decode::Json,
        ir::Decode::Text => Decode::Text,
        ir::Decode::Bytes => Decode::Bytes,
        ir::Decode::JsonOrText => Decode::JsonOrText,
    }
}

fn argument<'a>(argument: &'a ir::Argument, scope: &mut Scope<'a>) -> Argument {
    let kind = kind(argument);
    let option = scope.std("Option");
    let ty = match &argument.place {
        ir::Place::Params(name) => {
            let name = ident(name);
            quote!(&#name)
        }
        // A body that may be `null` is not one that may be missing: the macro leaves out `None`.
        ir::Place::Json if argument.required && matches!(argument.ty, ir::TypeRef::Optional(_)) => {
            let ty = scope.ty(&argument.ty);
            quote!(&#ty)
        }
        _ => {
            let ty = match (&argument.place, &argument.ty) {
                (ir::Place::Body(_), ir::TypeRef::Bytes) => scope.ty(&argument.ty),
                _ => scope.borrowed(&argument.ty),
            };
            if argument.required {
                ty
            } else {
                quote!(#option<#ty>)
            }
        }
    };
    Argument::new(kind, ident(&argument.name), parsed(ty))
}

/// The attribute of an argument; its name is written where it is not the one on the wire.
fn kind(argument: &ir::Argument) -> Kind {
    let name = named(argument, |name| name.to_owned());
    match &argument.place {
        ir::Place::Path => Kind::Path,
        ir::Place::Query(style) => Kind::Query {
            name,
            style: self::style(*style),
            default: None,
        },
        ir::Place::Queries => Kind::Queries,
        ir::Place::Header => Kind::Header {
            name: named(argument, |name| name.replace('_', "-")),
        },
        ir::Place::Cookie => Kind::Cookie { name },
        ir::Place::Json => Kind::Json,
        ir::Place::Form(style) => Kind::Form {
            style: self::style(*style),
        },
        ir::Place::Field(style) => Kind::Field {
            name,
            style: self::style(*style),
        },
        ir::Place::Body(mime) => Kind::Body {
            mime: Some(mime.clone().into()),
        },
        ir::Place::Params(_) => Kind::Params,
    }
}

fn named<T: From<String>>(argument: &ir::Argument, own: impl Fn(&str) -> String) -> Option<T> {
    let same = match argument.place {
        // Header names do not tell large letters from small ones (RFC 9110, section 5.1).
        ir::Place::Header => own(&argument.name).eq_ignore_ascii_case(&argument.wire),
        _ => own(&argument.name) == argument.wire,
    };
    (!same).then(|| argument.wire.clone().into())
}

pub(super) fn style(style: ir::Style) -> Style {
    match style {
        ir::Style::Form => Style::Form,
        ir::Style::Csv => Style::Csv,
        ir::Style::Space => Style::Space,
        ir::Style::Pipe => Style::Pipe,
        ir::Style::DeepObject => Style::DeepObject,
    }
}

fn reply<'a>(operation: &'a ir::Operation, scope: &mut Scope<'a>) -> Reply {
    scope.import("perennial", "Call");
    let reply = &operation.reply;
    let mut value = match &reply.ty {
        None => quote!(()),
        Some(ir::ReplyType::Value(ty)) => scope.ty(ty),
        Some(ir::ReplyType::ByStatus(name)) => {
            let name = ident(name);
            quote!(#name)
        }
    };
    if reply.optional {
        let option = scope.std("Option");
        value = quote!(#option<#value>);
    }
    if reply.whole {
        let response = scope.import("perennial", "Response");
        value = quote!(#response<#value>);
    }
    let error = operation.error.as_ref().map(|name| {
        let name = ident(name);
        parsed(quote!(#name))
    });
    Reply::new(parsed(value), error)
}

/// A type that this module wrote.
pub(super) fn parsed(ty: TokenStream) -> Type {
    syn::parse2(ty.clone()).unwrap_or_else(|_| Type::Verbatim(ty))
}

fn attributes(tokens: TokenStream) -> Vec<Attribute> {
    use syn::parse::Parser;
    Attribute::parse_outer.parse2(tokens).unwrap_or_default()
}
