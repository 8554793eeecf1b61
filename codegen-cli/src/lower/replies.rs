//! What an operation answers with.

use super::bodies::{Media, media, textual};
use super::schemas::{Direction, Hint, Schemas};
use super::surface::Surface;
use crate::diagnostic::Kind;
use crate::document::{self, Operation};
use crate::ir::{Decode, Status, TypeRef};
use crate::read::NodeId;
use openapiv3::{ReferenceOr, Response, StatusCode};

/// One status of an operation.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: Status,
    /// What the body holds; `None` for none.
    pub(super) value: Option<Value>,
    pub(super) text: Option<String>,
    /// Names of the headers that the document describes.
    pub(super) headers: Vec<String>,
}

/// The body of an answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Value {
    pub(super) ty: TypeRef,
    /// Where the type does not say how the body is read.
    pub(super) decode: Option<Decode>,
}

impl Answer {
    /// Whether it is the call's success: 2xx.
    pub(super) fn is_success(&self) -> bool {
        matches!(self.status, Status::Code(200..=299) | Status::Range(2))
    }

    /// Whether it is neither a success nor a refusal: 1xx or 3xx.
    pub(super) fn is_between(&self) -> bool {
        matches!(self.status, Status::Code(100..=199 | 300..=399) | Status::Range(1 | 3))
    }
}

impl<'a> Surface<'a> {
    /// Every status that the document describes for `operation`.
    pub(super) fn answers(
        &self,
        operation: &'a Operation,
        owner: &str,
        schemas: &mut Schemas<'a>,
    ) -> Vec<Answer> {
        let successes = operation.responses.iter().filter(|(status, at)| {
            matches!(
                status,
                Some(StatusCode::Code(200..=299) | StatusCode::Range(2))
            ) && self
                .tree
                .get(*at, "content")
                .is_some_and(|content| self.tree.len(content) > 0)
        });
        let one = successes.count() < 2;
        let answers = operation.responses.iter().filter_map(|(status, at)| {
            let response = match status {
                Some(code) => operation.value.responses.responses.get(code),
                None => operation.value.responses.default.as_ref(),
            };
            let Some(ReferenceOr::Item(response)) = response else {
                return None;
            };
            let status = self.status(status.as_ref());
            let head = operation.verb == "head";
            Some(self.answer(response, status, *at, (owner, one, head), schemas))
        });
        answers.collect()
    }

    fn status(&self, status: Option<&StatusCode>) -> Status {
        match status {
            Some(StatusCode::Code(code)) => Status::Code(*code),
            Some(StatusCode::Range(class)) => {
                Status::Range(u8::try_from(*class).unwrap_or_default())
            }
            None => Status::Default,
        }
    }

    fn answer(
        &self,
        response: &Response,
        status: Status,
        at: NodeId,
        (owner, one, head): (&str, bool, bool),
        schemas: &mut Schemas<'a>,
    ) -> Answer {
        let success = matches!(status, Status::Code(200..=299) | Status::Range(2));
        let member = if success && one {
            "response".to_owned()
        } else {
            super::errors::name(&status)
        };
        let hint = Hint {
            owner: owner.to_owned(),
            member,
        };
        // The answer to HEAD, 204 and 304 has no body, whatever is said (RFC 9110, section 6.4.1).
        let bodiless = head || matches!(status, Status::Code(204 | 205 | 304));
        let value = if bodiless {
            None
        } else {
            self.value(response, at, success, hint, schemas)
        };
        if bodiless && !response.content.is_empty() {
            self.note(
                at,
                Kind::MediaType,
                "this answer has no body in HTTP; its content is left out",
            );
        }
        let text = self.text(Some(&response.description));
        let mut headers: Vec<String> = response.headers.keys().cloned().collect();
        headers.retain(|name| !name.eq_ignore_ascii_case("content-type"));
        Answer {
            status,
            value,
            text,
            headers,
        }
    }

    fn value(
        &self,
        response: &Response,
        at: NodeId,
        success: bool,
        hint: Hint,
        schemas: &mut Schemas<'a>,
    ) -> Option<Value> {
        if let Some(value) = self.json_or_text(response, schemas, &hint) {
            return Some(value);
        }
        let (name, value) = self.choose(&response.content, at)?;
        let schema = value.schema.as_ref().and_then(document::node_of);
        let plain = |ty: TypeRef, decode| Some(Value { ty, decode });
        let mut lower = |schema: Option<NodeId>| {
            let schema = schema.map(|schema| self.inside_envelope(schema, success));
            schema.map_or(TypeRef::Raw, |schema| {
                schemas.lower(schema, Direction::Received, hint.clone())
            })
        };
        match media(name) {
            Media::Json if self.is_binary(schema) => plain(TypeRef::Bytes, None),
            Media::Json => {
                let ty = textual(lower(schema));
                let decode = ambiguous(&ty).then_some(Decode::Json);
                plain(ty, decode)
            }
            Media::Any if self.is_binary(schema) || schema.is_none() => plain(TypeRef::Bytes, None),
            Media::Any => match textual(lower(schema)) {
                TypeRef::String => plain(TypeRef::String, Some(Decode::JsonOrText)),
                ty => {
                    let decode = ambiguous(&ty).then_some(Decode::Json);
                    plain(ty, decode)
                }
            },
            Media::Text if !self.is_binary(schema) => plain(TypeRef::String, None),
            Media::Xml => {
                self.note(at, Kind::MediaType, format!("{name} is given as text"));
                plain(TypeRef::String, None)
            }
            kind => {
                if matches!(kind, Media::Events | Media::Lines) {
                    let message = format!(
                        "{name} is not read as a stream yet: it is given as bytes, once whole"
                    );
                    self.warn(at, Kind::NotYet, message, "");
                }
                plain(TypeRef::Bytes, None)
            }
        }
    }

    /// JSON beside text of one string schema: what arrives decides.
    fn json_or_text(
        &self,
        response: &Response,
        schemas: &mut Schemas<'a>,
        hint: &Hint,
    ) -> Option<Value> {
        let of = |kind| {
            response
                .content
                .iter()
                .find(|(name, _)| media(name) == kind)
        };
        let (json, _) = (of(Media::Json)?.1, of(Media::Text)?);
        let schema = json.schema.as_ref().and_then(document::node_of)?;
        let followed = self.resolver.follow(schema).ok()?;
        let string = self.tree.text_at(followed, "type") == Some("string");
        let ty = string.then(|| schemas.lower(schema, Direction::Received, hint.clone()))?;
        (ty == TypeRef::String).then_some(Value {
            ty,
            decode: Some(Decode::JsonOrText),
        })
    }

    /// Decoders see only what is inside the envelope.
    fn inside_envelope(&self, schema: NodeId, success: bool) -> NodeId {
        let data = self
            .config
            .envelope
            .as_ref()
            .and_then(|envelope| envelope.data.as_ref());
        match data {
            Some(data) if success => self.member(schema, &data.value, 0).unwrap_or(schema),
            _ => schema,
        }
    }

    /// The schema of a member, in the schema itself or what it is made of; the last word counts.
    fn member(&self, schema: NodeId, name: &str, depth: usize) -> Option<NodeId> {
        if depth > 16 {
            return None;
        }
        let own = |schema| self.tree.get(self.tree.get(schema, "properties")?, name);
        let schema = self.resolver.follow(schema).ok()?;
        let parts = self
            .tree
            .get(schema, "allOf")
            .into_iter()
            .flat_map(|all| self.tree.items(all));
        let inherited = || {
            parts
                .filter_map(|part| self.member(part, name, depth + 1))
                .last()
        };
        own(schema).or_else(inherited)
    }
}

/// Types that, as written in a result, are not read from JSON.
fn ambiguous(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::String => true,
        TypeRef::Optional(inner) => ambiguous(inner),
        _ => false,
    }
}
