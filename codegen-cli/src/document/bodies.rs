//! Request bodies, responses, headers and the media types in them.

use openapiv3::{
    Content, Encoding, Header, HeaderStyle, MediaType, ParameterSchemaOrContent, QueryStyle,
    ReferenceOr, RequestBody, Response, StatusCode,
};

use super::fields::{Reader, shortened};
use super::status::status;
use crate::diagnostic::Kind as Topic;
use crate::read::NodeId;

const MEDIA_TYPE: &[&str] = &["schema", "example", "examples", "encoding"];
const RESPONSE: &[&str] = &[
    "description",
    "headers",
    "content",
    "links",
    "summary",
    "schema",
];
const HEADER: &[&str] = &[
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

impl Reader<'_> {
    /// The request body at `node`, which is no reference.
    pub(super) fn request_body(&self, node: NodeId) -> RequestBody {
        self.known(
            node,
            "a request body",
            &["description", "content", "required"],
        );
        if self.tree.get(node, "content").is_none() {
            self.missing(
                node,
                "a request body has no `content`",
                "the operation has no body",
            );
        }
        RequestBody {
            description: self.text(node, "description"),
            content: self.content(node),
            required: self.flag(node, "required").unwrap_or(false),
            ..RequestBody::default()
        }
    }

    /// All responses of an operation: status, response object, value.
    pub(super) fn responses(
        &self,
        operation: NodeId,
    ) -> Vec<(Option<StatusCode>, NodeId, Response)> {
        if self.tree.get(operation, "responses").is_none() {
            let instead = "every 2xx answer is taken, without a body";
            self.missing(operation, "the operation has no `responses`", instead);
        }
        let mut responses: Vec<(Option<StatusCode>, NodeId, Response)> = Vec::new();
        for (key, key_node, value) in self.members(operation, "responses") {
            let Some(status) = status(key) else {
                let message = format!(
                    "found `{}`, expected a status such as `200`",
                    shortened(key)
                );
                self.warn(key_node, Topic::Status, message, "the response is left out");
                continue;
            };
            if !status.correct {
                let meant = status
                    .code
                    .as_ref()
                    .map_or("default".to_owned(), ToString::to_string);
                let message = format!("found `{}`, read as `{meant}`", shortened(key));
                self.warn(key_node, Topic::Status, message, "");
            }
            if responses.iter().any(|(code, ..)| *code == status.code) {
                self.warn(
                    key_node,
                    Topic::Status,
                    "the status is there twice".to_owned(),
                    "the first one is used",
                );
                continue;
            }
            if let Some(node) = self.followed(value) {
                responses.push((status.code, node, self.response(node)));
            }
        }
        responses
    }

    fn response(&self, node: NodeId) -> Response {
        self.known(node, "a response", RESPONSE);
        let mut content = self.content(node);
        if let (None, Some(schema)) = (self.tree.get(node, "content"), self.schema(node, "schema"))
        {
            let message = "`schema` beside no `content` is Swagger 2.0's".to_owned();
            self.warn(
                node,
                Topic::MediaType,
                message,
                "it is read as application/json",
            );
            let media_type = MediaType {
                schema: Some(schema),
                ..MediaType::default()
            };
            content.insert("application/json".to_owned(), media_type);
        }
        Response {
            description: self.text(node, "description").unwrap_or_default(),
            headers: self.headers(node).collect(),
            content,
            ..Response::default()
        }
    }

    /// The `headers` of a response or an encoding.
    fn headers(&self, id: NodeId) -> impl Iterator<Item = (String, ReferenceOr<Header>)> {
        let header = |(name, _, value): (&str, _, _)| {
            let header = self.header(self.followed(value)?);
            Some((name.to_owned(), ReferenceOr::Item(header)))
        };
        self.members(id, "headers").into_iter().filter_map(header)
    }

    fn header(&self, node: NodeId) -> Header {
        self.known(node, "a header", HEADER);
        Header {
            description: self.text(node, "description"),
            style: HeaderStyle::Simple,
            required: self.flag(node, "required").unwrap_or(false),
            deprecated: self.flag(node, "deprecated"),
            format: self.schema_or_content(node),
            example: None,
            examples: Default::default(),
            extensions: Default::default(),
        }
    }

    /// What a parameter or header holds. Without a word on it, the object itself is read as a
    /// schema, since Swagger 2.0 writes `type` right there.
    pub(super) fn schema_or_content(&self, node: NodeId) -> ParameterSchemaOrContent {
        if let Some(schema) = self.schema(node, "schema") {
            return ParameterSchemaOrContent::Schema(schema);
        }
        let content = self.content(node);
        if !content.is_empty() {
            return ParameterSchemaOrContent::Content(content);
        }
        let instead = "its type is read from the object itself, as in Swagger 2.0";
        self.missing(node, "there is neither `schema` nor `content`", instead);
        ParameterSchemaOrContent::Schema(super::slot(node))
    }

    pub(super) fn content(&self, id: NodeId) -> Content {
        let members = self.members(id, "content");
        let media_type = |(name, _, value): (&str, _, NodeId)| {
            let media_type = self.media_type(self.resolver.follow(value).ok()?);
            Some((name.to_owned(), media_type))
        };
        members.into_iter().filter_map(media_type).collect()
    }

    fn media_type(&self, node: NodeId) -> MediaType {
        self.known(node, "a media type", MEDIA_TYPE);
        let members = self.members(node, "encoding");
        let encoding =
            |(name, _, value): (&str, _, NodeId)| (name.to_owned(), self.encoding(value));
        MediaType {
            schema: self.schema(node, "schema"),
            encoding: members.into_iter().map(encoding).collect(),
            ..MediaType::default()
        }
    }

    fn encoding(&self, node: NodeId) -> Encoding {
        let style = match self.text(node, "style").as_deref() {
            Some("form") => Some(QueryStyle::Form),
            Some("spaceDelimited") => Some(QueryStyle::SpaceDelimited),
            Some("pipeDelimited") => Some(QueryStyle::PipeDelimited),
            Some("deepObject") => Some(QueryStyle::DeepObject),
            Some(other) => {
                let message = format!("an encoding has no style `{}`", shortened(other));
                self.warn(node, Topic::Parameter, message, "`form` is used");
                None
            }
            None => None,
        };
        let form = matches!(style, None | Some(QueryStyle::Form));
        Encoding {
            content_type: self.text(node, "contentType"),
            headers: self.headers(node).collect(),
            style,
            explode: self.flag(node, "explode").unwrap_or(form),
            allow_reserved: self.flag(node, "allowReserved").unwrap_or(false),
            ..Encoding::default()
        }
    }
}
