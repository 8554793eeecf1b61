//! The operation through which the session renews itself.

use super::arguments::with_query;
use super::bodies::Content;
use super::draft::Draft;
use super::names::Names;
use super::parameters::Parameter;
use super::replies::Answer;
use super::surface::Surface;
use crate::config::{ExpiresUnit, Said};
use crate::diagnostic::{Diagnostic, Kind};
use crate::ir::{
    Auth, Field, Refresh, RefreshBody, Shape, Status, Step, Struct, Tokens, TypeRef, Types,
};

/// What the world calls the parts of an answer with tokens (RFC 6749, section 5.1), and how they
/// are spelt where names are in another case.
const ACCESS: [&str; 3] = ["access_token", "accessToken", "token"];
const REFRESH: [&str; 2] = ["refresh_token", "refreshToken"];
const EXPIRES: [&str; 2] = ["expires_in", "expiresIn"];

impl<'a> Surface<'a> {
    /// Lowers `draft` as the session's refresh; `renewed` are the schemes that carry the token.
    pub(super) fn refresh(
        &self,
        draft: &Draft<'a>,
        renewed: &[Auth],
        types: &Types,
        names: &mut Names,
    ) -> Refresh {
        let mut draft = draft.clone();
        let send = self
            .config
            .session
            .send
            .as_ref()
            .map_or("refresh_token", |send| &send.value);
        let fixed = self.fix(&mut draft);
        let body = self.body_of_refresh(&mut draft, send, types);
        if body.is_none() {
            self.without_body(&mut draft);
            self.token_parameter(&mut draft, send);
        }
        self.unknown_parameters(&draft, body.is_none().then_some(send));
        let client = draft.security.of_the_client(renewed);
        if client != draft.security.auth {
            let message = "the refresh goes out without the session's token";
            self.note(draft.source.at, Kind::Security, message);
            draft.security.auth = client;
        }
        let mut group = self.methods("refresh", &[&draft], types, names);
        group.module = "refresh".to_owned();
        group.auth = Auth::None;
        for operation in &mut group.operations {
            operation.refresh = true;
            let client = Some(draft.security.auth.clone());
            operation.auth = client.filter(|auth| *auth != Auth::None);
            for (name, value) in &fixed {
                with_query(&mut operation.path, name, value);
            }
        }
        let tokens = self.tokens(&draft, types);
        Refresh {
            group,
            tokens,
            body,
        }
    }

    /// Whether the operation does other things too, so that it stands in its group as well.
    pub(super) fn serves_more(&self, draft: &Draft<'a>) -> bool {
        draft
            .parameters
            .iter()
            .any(|parameter| self.fixed(parameter).is_some())
    }

    /// Takes parameters with a fixed value away, and gives their names and values.
    fn fix(&self, draft: &mut Draft<'a>) -> Vec<(String, String)> {
        let mut fixed = Vec::new();
        draft
            .parameters
            .retain(|parameter| match self.fixed(parameter) {
                Some(value) => {
                    fixed.push((parameter.wire.clone(), value));
                    false
                }
                None => true,
            });
        fixed
    }

    fn fixed(&self, parameter: &Parameter) -> Option<String> {
        if parameter.place != super::parameters::In::Query {
            return None;
        }
        if let Some(value) = self.with(&parameter.wire) {
            return Some(value);
        }
        // RFC 6749, section 6: the grant that a refresh is.
        let grant = parameter.wire == "grant_type" && self.config.session.with.is_empty();
        let listed = || {
            let schema = self.tree.get(parameter.at, "schema");
            let schema = schema.and_then(|schema| self.resolver.follow(schema).ok());
            let values = schema.and_then(|schema| self.tree.get(schema, "enum"));
            let mut values = values
                .into_iter()
                .flat_map(|values| self.tree.items(values));
            values.any(|value| self.tree.text(value) == Some("refresh_token"))
        };
        (grant && listed()).then(|| "refresh_token".to_owned())
    }

    fn with(&self, name: &str) -> Option<String> {
        let with = self.config.session.with.iter();
        with.clone()
            .find(|(key, _)| key.value == name)
            .map(|(_, value)| value.value.clone())
    }

    /// The parameter that takes the token becomes the one argument that must be given.
    fn token_parameter(&self, draft: &mut Draft<'a>, send: &str) {
        let Some(parameter) = draft.parameters.iter_mut().find(|it| it.wire == send) else {
            let message =
                format!("the refresh operation has neither a parameter nor a body member `{send}`");
            self.wrong(self.config.session.send.as_ref(), draft, message);
            return;
        };
        parameter.required = true;
        parameter.ty = TypeRef::String;
    }

    /// Nobody is there to give anything but the token.
    fn unknown_parameters(&self, draft: &Draft<'a>, token: Option<&str>) {
        let required = draft.parameters.iter().filter(|it| it.required);
        for other in required.filter(|it| Some(it.wire.as_str()) != token) {
            let message = format!("a refresh cannot know `{}`, which it requires", other.wire);
            self.wrong(self.config.session.refresh.as_ref(), draft, message);
        }
    }

    /// A body that does not hold the token is left out, if it may be.
    fn without_body(&self, draft: &mut Draft<'a>) {
        if draft.body.take().is_some_and(|body| body.required) {
            let message = "a refresh cannot know the body, which has no member for the token";
            let place = self.config.session.refresh.as_ref();
            self.wrong(place, draft, message.to_owned());
        }
    }

    /// The body that holds the token, if it does.
    fn body_of_refresh(
        &self,
        draft: &mut Draft<'a>,
        send: &str,
        types: &Types,
    ) -> Option<RefreshBody> {
        let body = draft.body.as_mut()?;
        let ty = match &body.content {
            Content::Json(ty) | Content::Form(ty, _) => ty.clone(),
            Content::Fields(_) | Content::Plain { .. } => return None,
        };
        let shape = shape(&ty, types)?;
        let fields = &shape.fields;
        let token = step(fields.iter().find(|field| field.wire == send)?);
        body.required = true;
        let (mut with, mut rest) = (Vec::new(), Vec::new());
        for field in fields.iter().filter(|field| field.wire != send) {
            match self.with(&field.wire) {
                Some(value) => with.push((step(field), value)),
                None if field.required => {
                    let message = format!(
                        "a refresh cannot know the member `{}`, which it requires",
                        field.wire
                    );
                    self.wrong(self.config.session.refresh.as_ref(), draft, message);
                }
                None => rest.push(field.name.clone()),
            }
        }
        rest.extend(shape.other.iter().map(|(name, _)| name.clone()));
        Some(RefreshBody {
            ty,
            token,
            with,
            rest,
            default: shape.default,
        })
    }

    /// Where the answer holds the tokens.
    fn tokens(&self, draft: &Draft<'a>, types: &Types) -> Option<Tokens> {
        let session = &self.config.session;
        let successes = draft.successes();
        let certain = |it: &&&Answer| !matches!(it.status, Status::Default);
        let success = successes.iter().find(certain).or(successes.first());
        let value = success.and_then(|success| success.value.as_ref());
        let ty = value.map(|value| super::closure::canonical(&value.ty, types));
        let Some(ty) = ty.filter(|ty| matches!(ty, TypeRef::Named(_))) else {
            self.wrong(
                session.refresh.as_ref(),
                draft,
                "the refresh answers with nothing that holds a token".to_owned(),
            );
            return None;
        };
        let access = self.way(&ty, session.access.as_ref(), &ACCESS, draft, types, true)?;
        let refresh_token = self.way(
            &ty,
            session.refresh_token.as_ref(),
            &REFRESH,
            draft,
            types,
            false,
        );
        let expires_in = self.way(
            &ty,
            session.expires_in.as_ref(),
            &EXPIRES,
            draft,
            types,
            false,
        );
        let milliseconds = session.expires_unit == Some(ExpiresUnit::Milliseconds);
        Some(Tokens {
            ty,
            access,
            refresh_token,
            expires_in,
            milliseconds,
        })
    }

    fn way(
        &self,
        ty: &TypeRef,
        said: Option<&Said>,
        usual: &[&str],
        draft: &Draft<'a>,
        types: &Types,
        needed: bool,
    ) -> Option<Vec<Step>> {
        let ways = match said {
            Some(said) => vec![said.value.as_str()],
            None => usual.to_vec(),
        };
        let found = ways.iter().find_map(|way| follow(ty, way, types));
        if found.is_none() && (needed || said.is_some()) {
            let message = format!("the answer to the refresh has no `{}`", ways.join("`, `"));
            self.wrong(
                said.or(self.config.session.refresh.as_ref()),
                draft,
                message,
            );
        }
        found
    }

    /// What a person must mend in the configuration.
    fn wrong(&self, said: Option<&Said>, draft: &Draft<'a>, message: String) {
        let diagnostic = Diagnostic::error(Kind::Session, message);
        self.found.push(match said {
            Some(said) => diagnostic.in_config(said.place.start, said.place.end),
            None => diagnostic.at(self.tree.at(draft.source.at)),
        });
    }
}

fn shape<'t>(ty: &TypeRef, types: &'t Types) -> Option<&'t Struct> {
    let TypeRef::Named(id) = ty else { return None };
    match &types.get(*id)?.shape {
        Shape::Struct(shape) => Some(shape),
        _ => None,
    }
}

fn follow(ty: &TypeRef, way: &str, types: &Types) -> Option<Vec<Step>> {
    let mut here = ty.clone();
    let mut steps = Vec::new();
    for name in way.split('.') {
        let field = shape(&here, types)?
            .fields
            .iter()
            .find(|field| field.wire == name)?;
        let step = step(field);
        here = step.ty.clone();
        steps.push(step);
    }
    (!steps.is_empty()).then_some(steps)
}

fn step(field: &Field) -> Step {
    let options = u8::from(!field.required) + u8::from(field.nullable);
    let (ty, null) = match field.ty.clone() {
        TypeRef::Boxed(inner) => (*inner, false),
        other => other.split_null(),
    };
    Step {
        name: field.name.clone(),
        options: options + u8::from(null),
        ty,
    }
}
