//! An operation whose schemas are lowered and whose types have no names yet.

use super::bodies::Body;
use super::parameters::Parameter;
use super::replies::Answer;
use super::schemas::{Direction, Hint, Schemas};
use super::security::Security;
use super::surface::Surface;
use super::words::{Style, identifier};
use crate::diagnostic::Kind;
use crate::document::Operation;
use crate::ir::{Status, TypeRef, Webhook};

/// One operation on its way.
#[derive(Clone)]
pub(super) struct Draft<'a> {
    pub(super) source: &'a Operation,
    /// Its place in the document.
    pub(super) order: usize,
    /// Its group: the module's name, before that is decided.
    pub(super) group: String,
    pub(super) method: String,
    /// The method's name as a type's: `GetStations`.
    pub(super) owner: String,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    /// All statuses that the document describes, in its order.
    pub(super) answers: Vec<Answer>,
    pub(super) security: Security,
    /// Whether the configuration makes it the session's.
    pub(super) refresh: bool,
}

impl Draft<'_> {
    /// What counts as success: the 2xx, else 1xx and 3xx, else whatever there is.
    pub(super) fn successes(&self) -> Vec<&Answer> {
        let all = |which: fn(&Answer) -> bool| -> Vec<&Answer> {
            self.answers.iter().filter(|answer| which(answer)).collect()
        };
        let kinds: [fn(&Answer) -> bool; 3] = [Answer::is_success, Answer::is_between, |answer| {
            answer.status == Status::Default
        }];
        kinds
            .into_iter()
            .map(all)
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    /// All other statuses.
    pub(super) fn refusals(&self) -> impl Iterator<Item = &Answer> {
        let successes: Vec<Status> = self
            .successes()
            .into_iter()
            .map(|it| it.status.clone())
            .collect();
        self.answers
            .iter()
            .filter(move |answer| !successes.contains(&answer.status))
    }
}

pub(super) fn operation<'a>(
    surface: &Surface<'a>,
    (order, source): (usize, &'a Operation),
    method: String,
    group: String,
    schemas: &mut Schemas<'a>,
) -> Draft<'a> {
    let owner = identifier(&method, Style::Pascal);
    let security = surface.security(source);
    let mut parameters = surface.parameters(source, &owner, schemas);
    parameters.retain(|parameter| {
        let sent = security.sends(parameter);
        if sent {
            let message = format!(
                "`{}` is what the security scheme sends, so it is no argument",
                parameter.wire
            );
            surface.note(parameter.at, Kind::Security, message);
        }
        !sent
    });
    let body = surface.body(source, &owner, schemas);
    let answers = surface.answers(source, &owner, schemas);
    let refresh = surface.is_refresh(source);
    Draft {
        source,
        order,
        group,
        method,
        owner,
        parameters,
        body,
        answers,
        security,
        refresh,
    }
}

/// What the API sends by itself.
pub(super) fn webhooks<'a>(surface: &Surface<'a>, schemas: &mut Schemas<'a>) -> Vec<Webhook> {
    let hooks = surface.document.webhooks.iter();
    let payload = |hook: &'a Operation| {
        let (_, schema) = surface.json(hook.body?)?;
        let hint = Hint {
            owner: identifier(&hook.path, Style::Pascal),
            member: "payload".into(),
        };
        let payload = schemas.lower(schema, Direction::Received, hint);
        Some(Webhook {
            name: hook.path.clone(),
            payload,
        })
    };
    hooks.filter_map(payload).collect()
}

/// A value that goes into a URL or a header must be text in the end.
pub(super) fn flat(ty: TypeRef) -> TypeRef {
    match ty {
        TypeRef::Raw | TypeRef::Bytes => TypeRef::String,
        TypeRef::Optional(inner) | TypeRef::Boxed(inner) => flat(*inner),
        TypeRef::List(item) => TypeRef::List(Box::new(flat(*item))),
        other => other,
    }
}
