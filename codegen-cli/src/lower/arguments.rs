//! What a method takes: the parameters that stand alone, and the struct for the others.

use super::bodies::{Body, Content, Field};
use super::draft::Draft;
use super::names::Names;
use super::parameters::{In, Parameter};
use super::surface::Surface;
use super::words::{Style as Case, identifier};
use crate::diagnostic::Kind;
use crate::ir::{Argument, Doc, ParamField, Params, Place, Shape, Style, TypeRef, Types};
use std::collections::HashMap;

/// How many arguments a function may have, `&self` among them (clippy's limit).
const MOST: usize = 7;

/// The arguments of a method.
pub(super) struct Arguments {
    pub(super) list: Vec<Argument>,
    pub(super) params: Option<Params>,
    /// The path with the arguments' names.
    pub(super) path: String,
    /// A line of documentation for each argument that has one.
    pub(super) docs: Vec<(String, String)>,
    pub(super) allow_body: bool,
}

impl<'a> Surface<'a> {
    /// Decides what stands alone and what goes into a struct.
    pub(super) fn arguments(
        &self,
        draft: &Draft<'a>,
        types: &Types,
        names: &mut Names,
    ) -> Arguments {
        let named = self.named(draft, names);
        let mut taken = named.clone();
        let body = match &draft.body {
            Some(body) => self.body_arguments(body, types, &mut taken),
            None => Vec::new(),
        };
        let alone = draft.parameters.iter().filter(|it| it.required).count();
        let some = draft.parameters.iter().any(|it| !it.required);
        let count = 1 + alone + body.len() + usize::from(some);
        let inside = |it: &Parameter| !it.required || (count > MOST && it.place != In::Path);

        let mut list = Vec::new();
        let mut docs = Vec::new();
        for (parameter, name) in draft
            .parameters
            .iter()
            .zip(&named)
            .filter(|(it, _)| !inside(it))
        {
            docs.extend(said(name, parameter.text.as_deref(), &parameter.notes));
            list.push(argument(parameter, name, types));
        }
        for (argument, text) in body {
            docs.extend(said(&argument.name, text.as_deref(), &[]));
            list.push(argument);
        }
        let fields: Vec<ParamField> = draft
            .parameters
            .iter()
            .zip(&named)
            .filter(|(it, _)| inside(it))
            .map(|(parameter, name)| field(parameter, name, types))
            .collect();
        let params = (!fields.is_empty()).then(|| {
            let all_optional = fields.iter().all(|field| !field.argument.required);
            let (suffix, word) = if all_optional {
                ("Options", "options")
            } else {
                ("Params", "params")
            };
            let wishes = [
                format!("{}{suffix}", draft.owner),
                format!("{}{suffix}Struct", draft.owner),
            ];
            let name = names.claim("types", &wishes, Case::Pascal);
            let argument = free(&[word, "params", "parameters"], &taken);
            list.push(Argument {
                name: argument,
                wire: String::new(),
                place: Place::Params(name.clone()),
                ty: TypeRef::Raw,
                required: true,
            });
            Params {
                name,
                method: draft.method.clone(),
                all_optional,
                fields,
            }
        });
        let body = draft.body.is_some();
        let allow_body = body && matches!(draft.source.verb, "get" | "head");
        Arguments {
            list,
            params,
            path: path(draft, &named),
            docs,
            allow_body,
        }
    }

    /// A name for each parameter. Of two with one name, the one outside the path gets its place's.
    fn named(&self, draft: &Draft<'a>, names: &mut Names) -> Vec<String> {
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for parameter in &draft.parameters {
            *seen.entry(&parameter.wire).or_default() += 1;
        }
        let in_path = |wire: &str| {
            draft
                .parameters
                .iter()
                .any(|it| it.place == In::Path && it.wire == wire)
        };
        let text = |it: &Parameter| {
            let first = it.place == In::Path
                || (!in_path(&it.wire)
                    && draft
                        .parameters
                        .iter()
                        .find(|other| other.wire == it.wire)
                        .is_some_and(|other| other.place == it.place));
            if seen[it.wire.as_str()] < 2 || first {
                it.wire.clone()
            } else {
                format!("{} {}", it.wire, it.place.word())
            }
        };
        let texts: Vec<String> = draft.parameters.iter().map(text).collect();
        let pointer = |it: &Parameter| {
            format!(
                "{}:{}:{}",
                self.tree.pointer(draft.source.at),
                it.place.word(),
                it.wire
            )
        };
        let wires: Vec<(&str, String)> = texts
            .iter()
            .zip(&draft.parameters)
            .map(|(text, it)| (text.as_str(), pointer(it)))
            .collect();
        names.members(&wires, Case::Snake, &[])
    }

    /// The body as one argument, or as one per member of a form.
    fn body_arguments(
        &self,
        body: &Body,
        types: &Types,
        taken: &mut Vec<String>,
    ) -> Vec<(Argument, Option<String>)> {
        let (place, ty) = match &body.content {
            Content::Json(ty) => (Place::Json, ty.clone()),
            Content::Form(ty, style) => (Place::Form(*style), ty.clone()),
            Content::Plain { mime, text } => {
                let ty = if *text {
                    TypeRef::String
                } else {
                    TypeRef::Bytes
                };
                (Place::Body(mime.clone()), ty)
            }
            Content::Fields(fields) => {
                return fields
                    .iter()
                    .map(|field| form_field(field, taken))
                    .collect();
            }
        };
        let mut required = body.required;
        if !required && has_required(&ty, types) {
            let message = "the body is not marked required, but has required members: it is";
            self.note(body.at, Kind::Parameter, message);
            required = true;
        }
        let name = free(&["body", "request_body"], taken);
        taken.push(name.clone());
        let argument = Argument {
            name,
            wire: String::new(),
            place,
            ty,
            required,
        };
        vec![(argument, body.text.clone())]
    }
}

fn form_field(field: &Field, taken: &mut Vec<String>) -> (Argument, Option<String>) {
    let own = identifier(&field.wire, Case::Snake);
    let name = free(&[&own, &format!("{own}_field")], taken);
    taken.push(name.clone());
    let argument = Argument {
        name,
        wire: field.wire.clone(),
        place: Place::Field(field.style),
        ty: field.ty.clone(),
        required: field.required,
    };
    (argument, field.text.clone())
}

/// The first of `wishes` that nobody has.
fn free(wishes: &[&str], taken: &[String]) -> String {
    let found = wishes
        .iter()
        .find(|word| !taken.iter().any(|name| name == **word));
    found.map_or_else(|| format!("{}_", wishes[0]), |word| (*word).to_owned())
}

fn has_required(ty: &TypeRef, types: &Types) -> bool {
    let TypeRef::Named(id) = ty else { return false };
    match types.get(*id).map(|ty| &ty.shape) {
        Some(Shape::Struct(shape)) => shape.fields.iter().any(|field| field.required),
        _ => false,
    }
}

fn has_members(ty: &TypeRef, types: &Types) -> bool {
    match ty {
        TypeRef::Map(_) => true,
        TypeRef::Named(id) => matches!(types.get(*id).map(|ty| &ty.shape), Some(Shape::Struct(_))),
        _ => false,
    }
}

fn argument(parameter: &Parameter, name: &str, types: &Types) -> Argument {
    let place = match parameter.place {
        In::Path => Place::Path,
        // `form`, exploded: each member of an object is a parameter of its own.
        In::Query if parameter.style == Style::Form && has_members(&parameter.ty, types) => {
            Place::Queries
        }
        In::Query => Place::Query(parameter.style),
        In::Header => Place::Header,
        In::Cookie => Place::Cookie,
    };
    Argument {
        name: name.to_owned(),
        wire: parameter.wire.clone(),
        place,
        ty: parameter.ty.clone(),
        required: parameter.required,
    }
}

fn field(parameter: &Parameter, name: &str, types: &Types) -> ParamField {
    let notes = parameter
        .notes
        .iter()
        .chain(&parameter.examples)
        .cloned()
        .collect();
    ParamField {
        argument: argument(parameter, name, types),
        doc: Doc {
            summary: None,
            text: parameter.text.clone(),
            notes,
        },
        example: parameter.example.clone(),
        deprecated: parameter.deprecated,
    }
}

fn said(name: &str, text: Option<&str>, notes: &[String]) -> Option<(String, String)> {
    let notes = notes.join(" ");
    let text = match (text, notes.is_empty()) {
        (Some(text), true) => text.to_owned(),
        (Some(text), false) if text.contains('\n') => format!("{text}\n\n{notes}"),
        (Some(text), false) => format!("{text} {notes}"),
        (None, true) => return None,
        (None, false) => notes,
    };
    Some((name.to_owned(), text))
}

/// The path with each placeholder under its argument's name.
fn path(draft: &Draft<'_>, named: &[String]) -> String {
    let whole = draft.source.path.split('#').next().unwrap_or_default();
    let mut out = String::new();
    let mut rest = whole;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((wire, after)) = after.split_once('}') else {
            break;
        };
        out.push_str(before);
        let of = draft
            .parameters
            .iter()
            .zip(named)
            .find(|(it, _)| it.place == In::Path && it.wire == wire);
        if let Some((parameter, name)) = of {
            out.push_str(&parameter.lead);
            out.push_str(&format!("{{{name}}}"));
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Fixed values of query parameters, as the literal end of the path.
pub(super) fn with_query(path: &mut String, name: &str, value: &str) {
    path.push(if path.contains('?') { '&' } else { '?' });
    path.push_str(&encoded(name));
    path.push('=');
    path.push_str(&encoded(value));
}

fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let one = |b: u8| {
        if plain(b) {
            char::from(b).to_string()
        } else {
            format!("%{b:02X}")
        }
    };
    text.bytes().map(one).collect()
}
