//! What an operation takes outside its body.

use super::docs;
use super::draft::flat;
use super::schemas::{Direction, Hint, Schemas};
use super::surface::Surface;
use crate::diagnostic::Kind;
use crate::document::{self, Operation};
use crate::ir::{Style, TypeRef};
use crate::read::NodeId;
use openapiv3::{ParameterSchemaOrContent, PathStyle, QueryStyle, ReferenceOr};

/// A parameter.
#[derive(Clone, Debug)]
pub(super) struct Parameter {
    pub(super) at: NodeId,
    /// Its name on the wire.
    pub(super) wire: String,
    pub(super) place: In,
    pub(super) style: Style,
    pub(super) required: bool,
    pub(super) ty: TypeRef,
    pub(super) text: Option<String>,
    /// Limits, what the server assumes and format, as sentences.
    pub(super) notes: Vec<String>,
    /// Examples, as a sentence.
    pub(super) examples: Option<String>,
    /// The shortest example.
    pub(super) example: Option<String>,
    pub(super) deprecated: bool,
    /// What stands before the value in the path: `.` or `;name=`.
    pub(super) lead: String,
}

/// Where a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum In {
    Path,
    Query,
    Header,
    Cookie,
}

impl In {
    /// What tells its argument from another of the same name.
    pub(super) fn word(self) -> &'static str {
        match self {
            In::Path => "path",
            In::Query => "query",
            In::Header => "header",
            In::Cookie => "cookie",
        }
    }
}

/// Headers that are the method's or the session's business, whatever the document says
/// (OpenAPI 3.1, section 4.8.12.1).
const RESERVED: [&str; 3] = ["accept", "content-type", "authorization"];

impl<'a> Surface<'a> {
    /// The parameters of `operation` that become arguments, in document order.
    pub(super) fn parameters(
        &self,
        operation: &'a Operation,
        owner: &str,
        schemas: &mut Schemas<'a>,
    ) -> Vec<Parameter> {
        let values = operation.value.parameters.iter().zip(&operation.parameters);
        let lower = |(value, at): (&ReferenceOr<openapiv3::Parameter>, &NodeId)| match value {
            ReferenceOr::Item(value) => self.parameter(value, *at, owner, schemas),
            ReferenceOr::Reference { .. } => None,
        };
        let mut parameters: Vec<Parameter> = values.filter_map(lower).collect();
        self.fit_path(operation, &mut parameters);
        parameters
    }

    fn parameter(
        &self,
        value: &openapiv3::Parameter,
        at: NodeId,
        owner: &str,
        schemas: &mut Schemas<'a>,
    ) -> Option<Parameter> {
        let data = value.parameter_data_ref();
        let (place, style, lead) = self.placed(value, at)?;
        let hint = Hint {
            owner: owner.to_owned(),
            member: data.name.clone(),
        };
        let (schema, json) = match &data.format {
            ParameterSchemaOrContent::Schema(slot) => (document::node_of(slot), false),
            ParameterSchemaOrContent::Content(content) => {
                let first = content
                    .values()
                    .next()
                    .and_then(|media| media.schema.as_ref());
                (first.and_then(document::node_of), true)
            }
        };
        let ty = match schema {
            Some(schema) if !json => flat(schemas.lower(schema, Direction::Sent, hint)),
            _ => TypeRef::String,
        };
        let mut notes = schema
            .map(|schema| schemas.doc(schema, false).notes)
            .unwrap_or_default();
        if json {
            self.note(
                at,
                Kind::Parameter,
                format!("`{}` is sent as text that holds JSON", data.name),
            );
            notes.push("JSON, as text.".to_owned());
        }
        // What a number looks like needs no example.
        let examples = if ty == TypeRef::String {
            self.examples(at, schema)
        } else {
            Vec::new()
        };
        let said = said_examples(&examples);
        let example = examples.into_iter().min_by_key(String::len);
        let schema_text = || schema.and_then(|schema| self.tree.text_at(schema, "description"));
        let text = self.text(data.description.as_deref().or_else(schema_text));
        let deprecated = data.deprecated == Some(true);
        let (wire, required) = (data.name.clone(), data.required);
        Some(Parameter {
            at,
            wire,
            place,
            style,
            required,
            ty,
            text,
            notes,
            examples: said,
            example,
            deprecated,
            lead,
        })
    }

    fn placed(&self, value: &openapiv3::Parameter, at: NodeId) -> Option<(In, Style, String)> {
        let data = value.parameter_data_ref();
        let name = &data.name;
        Some(match value {
            openapiv3::Parameter::Query {
                style,
                allow_reserved,
                ..
            } => {
                if *allow_reserved {
                    self.note(
                        at,
                        Kind::Parameter,
                        format!("`{name}` is percent-encoded all the same (`allowReserved`)"),
                    );
                }
                (In::Query, query_style(style, data.explode), String::new())
            }
            openapiv3::Parameter::Header { .. } => {
                if RESERVED.contains(&name.to_ascii_lowercase().as_str()) {
                    let message = format!(
                        "a header parameter `{name}` has no effect in OpenAPI, so it is no argument"
                    );
                    let help = "security schemes describe `Authorization`; media types describe the others";
                    self.warn(at, Kind::Parameter, message, help);
                    return None;
                }
                (In::Header, Style::Csv, String::new())
            }
            openapiv3::Parameter::Cookie { .. } => (In::Cookie, Style::Csv, String::new()),
            openapiv3::Parameter::Path { style, .. } => {
                let lead = match style {
                    PathStyle::Simple => String::new(),
                    PathStyle::Label => ".".to_owned(),
                    PathStyle::Matrix => format!(";{name}="),
                };
                (In::Path, Style::Csv, lead)
            }
        })
    }

    /// Placeholders without a parameter and parameters without a placeholder.
    fn fit_path(&self, operation: &'a Operation, parameters: &mut Vec<Parameter>) {
        let placeholders = placeholders(&operation.path);
        let has = |name: &str, parameters: &[Parameter]| {
            parameters
                .iter()
                .any(|it| it.place == In::Path && it.wire == name)
        };
        let mut open: Vec<&str> = placeholders
            .iter()
            .copied()
            .filter(|name| !has(name, parameters))
            .collect();
        let lost =
            |it: &Parameter| it.place == In::Path && !placeholders.contains(&it.wire.as_str());
        let orphans: Vec<usize> = (0..parameters.len())
            .filter(|at| lost(&parameters[*at]))
            .collect();
        if let ([placeholder], [orphan]) = (open.as_slice(), orphans.as_slice()) {
            let parameter = &mut parameters[*orphan];
            let message = format!(
                "`{{{placeholder}}}` in the path is taken for the parameter `{}`",
                parameter.wire
            );
            self.note(parameter.at, Kind::Parameter, message);
            parameter.wire = (*placeholder).to_owned();
            open.clear();
        }
        parameters.retain(|parameter| {
            let lost = lost(parameter);
            if lost {
                let message = format!("the path has no `{{{}}}`", parameter.wire);
                self.warn(
                    parameter.at,
                    Kind::Parameter,
                    message,
                    "the parameter is left out",
                );
            }
            !lost
        });
        for placeholder in open {
            let message = format!("no parameter is declared for `{{{placeholder}}}` of the path");
            self.warn(operation.at, Kind::Parameter, message, "it is text");
            parameters.push(Parameter {
                at: operation.at,
                wire: placeholder.to_owned(),
                place: In::Path,
                style: Style::Csv,
                required: true,
                ty: TypeRef::String,
                text: None,
                notes: Vec::new(),
                examples: None,
                example: None,
                deprecated: false,
                lead: String::new(),
            });
        }
        let order = |name: &str| placeholders.iter().position(|it| *it == name);
        // Path parameters in path order, all others after them as they stand.
        parameters.sort_by_key(|it| match it.place {
            In::Path => (0, order(&it.wire)),
            _ => (1, None),
        });
    }

    /// Examples of a parameter: its own, else its schema's.
    fn examples(&self, at: NodeId, schema: Option<NodeId>) -> Vec<String> {
        if !self.config.docs {
            return Vec::new();
        }
        let one = |node: NodeId| self.tree.text(node).map(str::to_owned);
        let list = |owner: NodeId| -> Vec<String> {
            let single = self.tree.get(owner, "example").and_then(one);
            let many = self.tree.get(owner, "examples");
            let items = many
                .into_iter()
                .flat_map(|many| self.tree.items(many))
                .filter_map(one);
            let named = many.into_iter().flat_map(|many| self.tree.entries(many));
            let values = named.filter_map(|(_, _, it)| one(self.tree.get(it, "value")?));
            single.into_iter().chain(items).chain(values).collect()
        };
        let own = list(at);
        let found = if own.is_empty() {
            schema.map(list).unwrap_or_default()
        } else {
            own
        };
        let short = found
            .into_iter()
            .filter(|it| it.len() <= 60 && !it.trim().is_empty());
        let mut examples: Vec<String> = Vec::new();
        for example in short {
            if !examples.contains(&example) && examples.len() < 3 {
                examples.push(example);
            }
        }
        examples
    }
}

fn said_examples(examples: &[String]) -> Option<String> {
    let spans: Vec<String> = examples.iter().map(|example| docs::code(example)).collect();
    match spans.as_slice() {
        [] => None,
        [one] => Some(format!("Example: {one}.")),
        many => Some(format!("Examples: {}.", many.join(", "))),
    }
}

fn query_style(style: &QueryStyle, explode: Option<bool>) -> Style {
    match style {
        QueryStyle::Form if explode == Some(false) => Style::Csv,
        QueryStyle::Form => Style::Form,
        // Exploded, these two are as `form` is (OpenAPI 3.0.3, style examples).
        QueryStyle::SpaceDelimited | QueryStyle::PipeDelimited if explode == Some(true) => {
            Style::Form
        }
        QueryStyle::SpaceDelimited => Style::Space,
        QueryStyle::PipeDelimited => Style::Pipe,
        QueryStyle::DeepObject => Style::DeepObject,
    }
}

/// The names in a path's braces, in their order, each once.
pub(super) fn placeholders(path: &str) -> Vec<&str> {
    let path = path.split('#').next().unwrap_or_default();
    let mut names = Vec::new();
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        if !names.contains(&name) {
            names.push(name);
        }
        rest = after;
    }
    names
}
