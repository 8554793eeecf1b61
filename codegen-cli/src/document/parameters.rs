//! Parameters: one by one, and those of a path item merged with those of its operation.

use openapiv3::{
    CookieStyle, HeaderStyle, Parameter, ParameterData, PathStyle, QueryStyle, ReferenceOr,
};

use super::fields::{Reader, shortened};
use crate::diagnostic::Kind as Topic;
use crate::read::NodeId;

const PARAMETER: &[&str] = &[
    "name",
    "in",
    "description",
    "required",
    "deprecated",
    "allowEmptyValue",
    "style",
    "explode",
    "allowReserved",
    "schema",
    "content",
    "example",
    "examples",
];

/// A parameter and the object it came from.
#[derive(Clone)]
pub(super) struct Found {
    pub(super) at: NodeId,
    pub(super) value: Parameter,
}

impl Found {
    /// Two parameters of one name and place are one.
    fn is(&self, other: &Self) -> bool {
        let same_name =
            self.value.parameter_data_ref().name == other.value.parameter_data_ref().name;
        same_name && std::mem::discriminant(&self.value) == std::mem::discriminant(&other.value)
    }
}

/// The operation's parameters in document order; those that it shares with its path item stand
/// where the path item has them.
pub(super) fn merge(shared: &[Found], own: Vec<Found>) -> Vec<Found> {
    let mut merged = shared.to_vec();
    for parameter in own {
        match merged.iter_mut().find(|known| known.is(&parameter)) {
            Some(known) => *known = parameter,
            None => merged.push(parameter),
        }
    }
    merged
}

/// As [`Found::value`]s and nodes.
pub(super) fn split(parameters: Vec<Found>) -> (Vec<ReferenceOr<Parameter>>, Vec<NodeId>) {
    parameters
        .into_iter()
        .map(|one| (ReferenceOr::Item(one.value), one.at))
        .unzip()
}

impl Reader<'_> {
    /// The `parameters` of a path item or operation.
    pub(super) fn parameters(&self, id: NodeId) -> Vec<Found> {
        let mut parameters: Vec<Found> = Vec::new();
        for item in self.items(id, "parameters") {
            let read = self.followed(item).and_then(|node| {
                Some(Found {
                    at: node,
                    value: self.parameter(node)?,
                })
            });
            let Some(parameter) = read else { continue };
            if parameters.iter().any(|known| known.is(&parameter)) {
                let name = shortened(&parameter.value.parameter_data_ref().name);
                let message = format!("the parameter `{name}` is there twice");
                self.warn(item, Topic::Parameter, message, "the first one is used");
            } else {
                parameters.push(parameter);
            }
        }
        parameters
    }

    fn parameter(&self, node: NodeId) -> Option<Parameter> {
        let Some(name) = self.text(node, "name") else {
            self.missing(node, "a parameter has no `name`", "it is left out");
            return None;
        };
        let place = self.text(node, "in").unwrap_or_default();
        match place.as_str() {
            "query" => Some(Parameter::Query {
                parameter_data: self.parameter_data(node, name),
                allow_reserved: self.flag(node, "allowReserved").unwrap_or(false),
                style: self.style(node, QUERY_STYLES),
                allow_empty_value: self.flag(node, "allowEmptyValue"),
            }),
            "header" => Some(Parameter::Header {
                parameter_data: self.parameter_data(node, name),
                style: self.style(node, &[("simple", HeaderStyle::Simple)]),
            }),
            "path" => {
                let mut parameter_data = self.parameter_data(node, name);
                if !parameter_data.required {
                    let message = "a path parameter is always required".to_owned();
                    self.note(node, Topic::Parameter, message, "write `required: true`");
                    parameter_data.required = true;
                }
                Some(Parameter::Path {
                    parameter_data,
                    style: self.style(node, PATH_STYLES),
                })
            }
            "cookie" => Some(Parameter::Cookie {
                parameter_data: self.parameter_data(node, name),
                style: self.style(node, &[("form", CookieStyle::Form)]),
            }),
            "body" | "formData" => {
                let message =
                    format!("`in: {place}` is Swagger 2.0's; OpenAPI 3 has `requestBody`");
                self.warn(node, Topic::Parameter, message, "the parameter is left out");
                None
            }
            other => {
                let message = format!(
                    "the parameter `{}` is in `{}`",
                    shortened(&name),
                    shortened(other)
                );
                let help =
                    "OpenAPI knows path, query, header and cookie; the parameter is left out";
                self.warn(node, Topic::Parameter, message, help);
                None
            }
        }
    }

    fn parameter_data(&self, node: NodeId, name: String) -> ParameterData {
        // Swagger 2.0's words count where there is no schema; they have been reported.
        if self.tree.get(node, "schema").is_some() {
            self.known(node, "a parameter", PARAMETER);
        }
        ParameterData {
            name,
            description: self.text(node, "description"),
            required: self.flag(node, "required").unwrap_or(false),
            deprecated: self.flag(node, "deprecated"),
            format: self.schema_or_content(node),
            example: None,
            examples: Default::default(),
            explode: self.flag(node, "explode"),
            extensions: Default::default(),
        }
    }

    fn style<S: Clone + Default>(&self, node: NodeId, known: &[(&str, S)]) -> S {
        let Some(style) = self.text(node, "style") else {
            return S::default();
        };
        let found = known.iter().find(|(name, _)| *name == style);
        if found.is_none() {
            let names: Vec<_> = known.iter().map(|(name, _)| format!("`{name}`")).collect();
            let message = format!(
                "found the style `{}`, expected {}",
                shortened(&style),
                names.join(", ")
            );
            self.warn(
                node,
                Topic::Parameter,
                message,
                "the default of its place is used",
            );
        }
        found.map(|(_, style)| style.clone()).unwrap_or_default()
    }
}

const QUERY_STYLES: &[(&str, QueryStyle)] = &[
    ("form", QueryStyle::Form),
    ("spaceDelimited", QueryStyle::SpaceDelimited),
    ("pipeDelimited", QueryStyle::PipeDelimited),
    ("deepObject", QueryStyle::DeepObject),
];
const PATH_STYLES: &[(&str, PathStyle)] = &[
    ("simple", PathStyle::Simple),
    ("label", PathStyle::Label),
    ("matrix", PathStyle::Matrix),
];
