//! What an operation sends.

use super::schemas::{Direction, Hint, Schemas};
use super::surface::Surface;
use crate::diagnostic::Kind;
use crate::document::{self, Operation};
use crate::ir::{Style, TypeRef};
use crate::read::NodeId;
use openapiv3::{MediaType, QueryStyle, ReferenceOr};

/// A request's body.
#[derive(Clone, Debug)]
pub(super) struct Body {
    pub(super) at: NodeId,
    pub(super) content: Content,
    pub(super) required: bool,
    pub(super) text: Option<String>,
}

/// A member of a form that is an argument.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) wire: String,
    pub(super) required: bool,
    pub(super) style: Style,
    pub(super) ty: TypeRef,
    pub(super) text: Option<String>,
}

impl Body {
    /// The types of the library in it.
    pub(super) fn types(&self) -> Vec<&TypeRef> {
        match &self.content {
            Content::Json(ty) | Content::Form(ty, _) => vec![ty],
            Content::Fields(fields) => fields.iter().map(|field| &field.ty).collect(),
            Content::Plain { .. } => Vec::new(),
        }
    }
}

/// How a body is written.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Json(TypeRef),
    Form(TypeRef, Style),
    /// Members of a form that are written each in its own way.
    Fields(Vec<Field>),
    /// Text or bytes under a media type.
    Plain {
        mime: String,
        text: bool,
    },
}

/// What a media type is to us, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Media {
    Json,
    Form,
    Multipart,
    Text,
    Xml,
    /// Whatever it is: `*/*`.
    Any,
    Bytes,
    Events,
    Lines,
}

impl Media {
    fn word(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Form => "the form",
            Self::Multipart => "the multipart body",
            Self::Text => "text",
            Self::Xml => "the text of the XML",
            Self::Any => "that",
            Self::Bytes => "bytes",
            Self::Events => "the stream of events",
            Self::Lines => "the stream of lines",
        }
    }
}

/// The kind of a media type; parameters do not count.
pub(super) fn media(name: &str) -> Media {
    let essence = name
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match essence.as_str() {
        "application/x-www-form-urlencoded" => Media::Form,
        "text/event-stream" => Media::Events,
        "application/jsonl"
        | "application/x-ndjson"
        | "application/json-seq"
        | "application/x-jsonlines"
        | "application/ndjson" => Media::Lines,
        "*/*" | "" => Media::Any,
        "application/*" => Media::Json,
        it if it.starts_with("multipart/") => Media::Multipart,
        it if it.ends_with("/json") || it.ends_with("+json") => Media::Json,
        it if it.ends_with("/xml") || it.ends_with("+xml") => Media::Xml,
        it if it.starts_with("text/") => Media::Text,
        _ => Media::Bytes,
    }
}

/// Base64 that is no member of a type of ours stays text: no code of ours reads it.
pub(super) fn textual(ty: TypeRef) -> TypeRef {
    let inner = |ty: Box<TypeRef>| Box::new(textual(*ty));
    match ty {
        TypeRef::Bytes => TypeRef::String,
        TypeRef::List(item) => TypeRef::List(inner(item)),
        TypeRef::Map(value) => TypeRef::Map(inner(value)),
        TypeRef::Optional(value) => TypeRef::Optional(inner(value)),
        other => other,
    }
}

impl<'a> Surface<'a> {
    /// The body of `operation`.
    pub(super) fn body(
        &self,
        operation: &'a Operation,
        owner: &str,
        schemas: &mut Schemas<'a>,
    ) -> Option<Body> {
        let at = operation.body?;
        let Some(ReferenceOr::Item(body)) = &operation.value.request_body else {
            return None;
        };
        let (name, value) = self.choose(&body.content, at)?;
        let schema = value.schema.as_ref().and_then(document::node_of);
        let hint = Hint {
            owner: owner.to_owned(),
            member: "request".to_owned(),
        };
        let content = match media(name) {
            // Binary under the name of JSON or of a form is what it is called: bytes.
            Media::Json | Media::Any | Media::Form if self.is_binary(schema) => Content::Plain {
                mime: name.to_owned(),
                text: false,
            },
            Media::Json => Content::Json(textual(self.sent(schema, hint, schemas))),
            Media::Any if schema.is_some() => {
                Content::Json(textual(self.sent(schema, hint, schemas)))
            }
            Media::Form => {
                if matches!(operation.verb, "get" | "head")
                    && schema.is_none_or(|it| !self.has_members(it))
                {
                    return None;
                }
                self.form(value, schema, at, hint, schemas)
            }
            Media::Text | Media::Xml => Content::Plain {
                mime: name.to_owned(),
                text: true,
            },
            kind => {
                if matches!(kind, Media::Multipart | Media::Events | Media::Lines) {
                    let message =
                        format!("a body of `{name}` is not built yet: it is taken as bytes");
                    self.warn(at, Kind::NotYet, message, "the caller writes it");
                }
                Content::Plain {
                    mime: name.to_owned(),
                    text: false,
                }
            }
        };
        let content = match content {
            Content::Plain { mime, text } if mime.contains('*') || mime.is_empty() => {
                Content::Plain {
                    mime: "application/octet-stream".to_owned(),
                    text,
                }
            }
            other => other,
        };
        let text = self.text(body.description.as_deref());
        Some(Body {
            at,
            content,
            required: body.required,
            text,
        })
    }

    fn sent(&self, schema: Option<NodeId>, hint: Hint, schemas: &mut Schemas<'a>) -> TypeRef {
        schema.map_or(TypeRef::Raw, |schema| {
            schemas.lower(schema, Direction::Sent, hint)
        })
    }

    /// The media type that is generated; the others are reported.
    pub(super) fn choose<'m>(
        &self,
        content: &'m openapiv3::Content,
        at: NodeId,
    ) -> Option<(&'m str, &'m MediaType)> {
        let best = content.iter().min_by_key(|(name, _)| media(name))?;
        let kind = media(best.0);
        for (name, _) in content.iter().filter(|(name, _)| *name != best.0) {
            // A parameter of a media type makes no second content.
            if media(name) != kind || kind == Media::Bytes {
                let message = format!("{name} beside {}: {} is generated", best.0, kind.word());
                self.note(at, Kind::MediaType, message);
            }
        }
        Some((best.0, best.1))
    }

    /// Name and schema of the JSON among the contents of the body or response `at`.
    pub(super) fn json(&self, at: NodeId) -> Option<(&'a str, NodeId)> {
        let content = self.tree.get(at, "content")?;
        let found = self
            .tree
            .entries(content)
            .find(|(name, ..)| media(name) == Media::Json)?;
        let media_type = self.resolver.follow(found.2).ok()?;
        Some((found.0, self.tree.get(media_type, "schema")?))
    }

    pub(super) fn is_binary(&self, schema: Option<NodeId>) -> bool {
        let schema = schema.and_then(|schema| self.resolver.follow(schema).ok());
        let format = schema.and_then(|schema| self.tree.text_at(schema, "format"));
        matches!(format, Some("binary" | "byte"))
    }

    fn has_members(&self, schema: NodeId) -> bool {
        let Ok(schema) = self.resolver.follow(schema) else {
            return false;
        };
        let properties = self.tree.get(schema, "properties");
        properties.is_some_and(|it| self.tree.len(it) > 0)
            || self.tree.get(schema, "allOf").is_some()
    }

    /// A form is one value, unless one of its members has a style that no other has.
    fn form(
        &self,
        value: &MediaType,
        schema: Option<NodeId>,
        at: NodeId,
        hint: Hint,
        schemas: &mut Schemas<'a>,
    ) -> Content {
        let styles: Vec<(&str, Style)> = value
            .encoding
            .iter()
            .map(|(name, encoding)| (name.as_str(), encoded(encoding)))
            .collect();
        let odd = styles
            .iter()
            .find(|(_, style)| !matches!(style, Style::Form | Style::DeepObject));
        if let (Some((member, _)), Some(schema)) = (odd, schema) {
            match self.fields(schema, &styles, &hint, schemas) {
                Some(fields) => return Content::Fields(fields),
                None => {
                    let message =
                        format!("the style of the form's member `{member}` is not applied");
                    self.warn(at, Kind::NotYet, message, "its values are repeated");
                }
            }
        }
        let nested = styles.iter().any(|(_, style)| *style == Style::DeepObject);
        let style = if nested {
            Style::DeepObject
        } else {
            Style::Form
        };
        match self.sent(schema, hint, schemas) {
            TypeRef::Raw => Content::Plain {
                mime: "application/x-www-form-urlencoded".to_owned(),
                text: true,
            },
            ty => Content::Form(ty, style),
        }
    }

    /// The members as arguments, where they are few and all in one place.
    fn fields(
        &self,
        schema: NodeId,
        styles: &[(&str, Style)],
        hint: &Hint,
        schemas: &mut Schemas<'a>,
    ) -> Option<Vec<Field>> {
        const MOST: usize = 4;
        let schema = self.resolver.follow(schema).ok()?;
        let properties = self.tree.get(schema, "properties")?;
        let plain = ["allOf", "oneOf", "anyOf"]
            .iter()
            .all(|word| self.tree.get(schema, word).is_none());
        if !plain || self.tree.len(properties) > MOST {
            return None;
        }
        let required: Vec<&str> = self
            .tree
            .get(schema, "required")
            .into_iter()
            .flat_map(|list| self.tree.items(list))
            .filter_map(|item| self.tree.text(item))
            .collect();
        let fields = self
            .tree
            .entries(properties)
            .map(|(name, _, member)| Field {
                wire: name.to_owned(),
                required: required.contains(&name),
                style: styles
                    .iter()
                    .find(|(of, _)| *of == name)
                    .map_or(Style::Form, |(_, style)| *style),
                ty: super::draft::flat(schemas.lower(
                    member,
                    Direction::Sent,
                    Hint {
                        owner: hint.owner.clone(),
                        member: name.to_owned(),
                    },
                )),
                text: self.text(self.tree.text_at(member, "description")),
            });
        Some(fields.collect())
    }
}

fn encoded(encoding: &openapiv3::Encoding) -> Style {
    match &encoding.style {
        Some(QueryStyle::DeepObject) => Style::DeepObject,
        Some(QueryStyle::SpaceDelimited) if !encoding.explode => Style::Space,
        Some(QueryStyle::PipeDelimited) if !encoding.explode => Style::Pipe,
        _ if !encoding.explode => Style::Csv,
        _ => Style::Form,
    }
}
