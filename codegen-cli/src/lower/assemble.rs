//! Groups, traits and enums, once all types have names.

use super::arguments::Arguments;
use super::draft::Draft;
use super::errors::{self, Errors, SessionCodes, Variants};
use super::names::Names;
use super::surface::Surface;
use super::words::{Style, words};
use super::{closure, describe, title};
use crate::diagnostic::Kind;
use crate::ir::{
    Auth, Decode, Doc, Envelope, Group, Library, Operation, Reply, ReplyType, Session, Status,
    StatusEnum, StatusVariant, TypeRef, Types, Webhook,
};
use std::collections::BTreeMap;

/// Modules that a generated crate has or sees besides its groups, and names no file may have.
const MODULES: [&str; 25] = [
    "types",
    "shared",
    "lib",
    "main",
    "mod",
    "default",
    "builder",
    "new",
    "client",
    "at",
    "std",
    "core",
    "alloc",
    "perennial",
    "uuid",
    "jiff",
    "rust_decimal",
    "self_",
    "crate_",
    "super_",
    "aux",
    "con",
    "nul",
    "prn",
    "test",
];

pub(super) fn library<'a>(
    surface: &Surface<'a>,
    drafts: Vec<Draft<'a>>,
    webhooks: Vec<Webhook>,
    mut types: Types,
    names: &mut Names,
) -> Library {
    for ty in &types.list {
        names.take("types", &ty.name);
    }
    for module in MODULES {
        names.take("modules", module);
    }
    let title = super::docs::line(&surface.document.api.info.title);
    let mut library = Library {
        name: title::package(surface.title()),
        title,
        version: super::docs::line(&surface.document.api.info.version),
        doc: Doc {
            text: surface.text(surface.document.api.info.description.as_deref()),
            ..Doc::default()
        },
        ..Library::default()
    };
    library.root = title::root(surface.title(), names);
    library.servers = surface.servers(names);
    surface.check_config();
    let refresh: Vec<_> = drafts.iter().filter(|draft| draft.refresh).collect();
    let ordinary = |draft: &&Draft<'a>| !draft.refresh || surface.serves_more(draft);
    let rest = drafts.iter().filter(ordinary);
    if !refresh.is_empty() {
        names.take("modules", "refresh");
    }
    let mut groups: BTreeMap<&str, Vec<&Draft<'a>>> = BTreeMap::new();
    for draft in rest {
        groups.entry(&draft.group).or_default().push(draft);
    }
    for (slug, drafts) in groups {
        let group = surface.group(slug, &drafts, &types, names);
        closure::mark(&mut types, &group.module, &roots(&drafts));
        library.groups.push(group);
    }
    library
        .groups
        .sort_by(|left, right| left.module.cmp(&right.module));
    if let Some(draft) = refresh.first() {
        closure::mark(&mut types, "refresh", &roots(&[draft]));
        let renewed = surface.renewed(&drafts);
        library.refresh = Some(surface.refresh(draft, &renewed, &types, names));
    }
    let payloads: Vec<TypeRef> = webhooks.iter().map(|hook| hook.payload.clone()).collect();
    closure::mark(&mut types, "webhooks", &payloads);
    let wishes = ["webhooks".to_owned(), "webhook_payloads".to_owned()];
    library.webhooks_feature = names
        .claim("modules", &wishes, Style::Snake)
        .replace('_', "-");
    library.webhooks = webhooks;
    library.types = types;
    library
}

/// Every type that a group's methods mention.
fn roots(drafts: &[&Draft<'_>]) -> Vec<TypeRef> {
    let mut roots = Vec::new();
    for draft in drafts {
        roots.extend(
            draft
                .parameters
                .iter()
                .map(|parameter| parameter.ty.clone()),
        );
        roots.extend(
            draft
                .body
                .iter()
                .flat_map(|body| body.types().into_iter().cloned()),
        );
        roots.extend(
            draft
                .answers
                .iter()
                .filter_map(|answer| Some(answer.value.as_ref()?.ty.clone())),
        );
    }
    roots
}

impl<'a> Surface<'a> {
    /// The group of `drafts`, whose module wants to be called `slug`.
    fn group(&self, slug: &str, drafts: &[&Draft<'a>], types: &Types, names: &mut Names) -> Group {
        let module = names.claim(
            "modules",
            &[slug.to_owned(), format!("{slug}_api")],
            Style::Snake,
        );
        let feature = Some(module.replace('_', "-"));
        let doc = Doc {
            text: self.tag_text(slug),
            ..Doc::default()
        };
        let mut group = self.methods(&module, drafts, types, names);
        group.feature = feature;
        group.doc = doc;
        group.module = module;
        group
    }

    /// The trait of `drafts` and what belongs to it.
    pub(super) fn methods(
        &self,
        name: &str,
        drafts: &[&Draft<'a>],
        types: &Types,
        names: &mut Names,
    ) -> Group {
        let mut own = words(name);
        if own.len() > 1
            && own
                .last()
                .is_some_and(|last| last.eq_ignore_ascii_case("api"))
        {
            own.pop();
        }
        let base = super::words::join(&own, Style::Pascal);
        let trait_name = names.claim(
            "types",
            &[format!("{base}Api"), format!("{base}GroupApi")],
            Style::Pascal,
        );
        let auth = most(drafts);
        let none: Vec<Vec<u16>> = drafts.iter().map(|draft| self.none(draft)).collect();
        let errors = errors::of_group(drafts, &none, self.codes(), types);
        let mut group = Group {
            trait_name,
            session: self.session_codes(),
            envelope: self.envelope(),
            ..Group::default()
        };
        let shared = (!errors.shared.is_empty()).then(|| {
            names.claim(
                "types",
                &[format!("{base}Error"), format!("{base}ApiError")],
                Style::Pascal,
            )
        });
        for (at, draft) in drafts.iter().enumerate() {
            let error = self.error(draft, &errors, at, shared.as_deref(), &mut group, names);
            let operation = self.operation(draft, error, &auth, types, &mut group, names);
            group.operations.push(operation);
        }
        if let Some(name) = shared {
            let text = format!("What the methods of [`{}`] fail with.", group.trait_name);
            group
                .errors
                .insert(0, status_enum(name, text, &errors.shared));
        }
        group.auth = auth;
        group
    }

    fn error(
        &self,
        draft: &Draft<'a>,
        errors: &Errors,
        at: usize,
        shared: Option<&str>,
        group: &mut Group,
        names: &mut Names,
    ) -> Option<String> {
        let Some(variants) = &errors.own[at] else {
            return shared.map(str::to_owned);
        };
        if variants.is_empty() {
            return None;
        }
        let wishes = [
            format!("{}Error", draft.owner),
            format!("{}Failure", draft.owner),
        ];
        let name = names.claim("types", &wishes, Style::Pascal);
        let text = format!(
            "What [`{}::{}`] fails with.",
            group.trait_name, draft.method
        );
        group.errors.push(status_enum(name.clone(), text, variants));
        Some(name)
    }

    fn operation(
        &self,
        draft: &Draft<'a>,
        error: Option<String>,
        auth: &Auth,
        types: &Types,
        group: &mut Group,
        names: &mut Names,
    ) -> Operation {
        let Arguments {
            list,
            params,
            path,
            docs,
            allow_body,
        } = self.arguments(draft, types, names);
        group.params.extend(params);
        let none = self.none(draft);
        let (reply, ok) = self.reply(draft, &none, types, group, names);
        Operation {
            pointer: self.tree.pointer(draft.source.at),
            order: draft.order,
            name: draft.method.clone(),
            verb: draft.source.verb.to_ascii_uppercase(),
            path,
            arguments: list,
            reply,
            error,
            auth: (draft.security.auth != *auth).then(|| draft.security.auth.clone()),
            ok,
            none,
            allow_body,
            refresh: false,
            doc: describe::operation(self, draft, &docs),
            deprecated: draft.source.value.deprecated,
        }
    }

    /// What the configuration wants to be `None`.
    fn none(&self, draft: &Draft<'a>) -> Vec<u16> {
        let named = self
            .config
            .none
            .iter()
            .filter(|(name, _)| super::groups::is(draft.source, &name.value));
        named
            .flat_map(|(_, statuses)| statuses.iter().copied())
            .collect()
    }

    /// What a call that went well gives, and the statuses that count as that.
    fn reply(
        &self,
        draft: &Draft<'a>,
        none: &[u16],
        types: &Types,
        group: &mut Group,
        names: &mut Names,
    ) -> (Reply, Vec<Status>) {
        let successes = draft.successes();
        let ok: Vec<Status> = match successes.first() {
            Some(first) if first.is_between() => {
                successes.iter().map(|it| it.status.clone()).collect()
            }
            _ => Vec::new(),
        };
        let whole = !ok.is_empty();
        let mut values: Vec<(TypeRef, Option<Decode>)> = Vec::new();
        for value in successes.iter().filter_map(|answer| answer.value.as_ref()) {
            let value = (closure::canonical(&value.ty, types), value.decode);
            if !values.contains(&value) {
                values.push(value);
            }
        }
        let empty = successes.iter().any(|answer| answer.value.is_none());
        let reply = match values.as_slice() {
            [] => Reply {
                optional: !none.is_empty(),
                whole,
                ..Reply::default()
            },
            [(ty, decode)] => {
                let (ty, null) = ty.clone().split_null();
                let optional = null || empty || !none.is_empty();
                Reply {
                    ty: Some(ReplyType::Value(ty)),
                    optional,
                    whole,
                    decode: *decode,
                }
            }
            _ => {
                let wishes = [
                    format!("{}Response", draft.owner),
                    format!("{}Reply", draft.owner),
                ];
                let name = names.claim("types", &wishes, Style::Pascal);
                let text = format!(
                    "What [`{}::{}`] answers with, by status.",
                    group.trait_name, draft.method
                );
                let variants: Variants = successes
                    .iter()
                    .map(|answer| (answer.status.clone(), errors::variant(answer, types)))
                    .collect();
                group
                    .replies
                    .push(status_enum(name.clone(), text, &variants));
                Reply {
                    ty: Some(ReplyType::ByStatus(name)),
                    optional: !none.is_empty(),
                    whole,
                    decode: None,
                }
            }
        };
        (reply, ok)
    }

    /// The statuses that are the session's, as far as enums must leave them out.
    fn codes(&self) -> SessionCodes {
        let codes = &self.config.session.codes;
        SessionCodes {
            refresh: codes.refresh.unwrap_or(Some(401)),
            expired: codes.expired.flatten(),
        }
    }

    fn session_codes(&self) -> Option<Session> {
        let codes = &self.config.session.codes;
        let session = Session {
            refresh: codes.refresh.flatten(),
            expired: codes.expired,
        };
        (session != Session::default()).then_some(session)
    }

    fn envelope(&self) -> Option<Envelope> {
        let envelope = self.config.envelope.as_ref()?;
        let said =
            |said: &Option<crate::config::Said>| said.as_ref().map(|said| said.value.clone());
        Some(Envelope {
            code: said(&envelope.code).unwrap_or_else(|| "code".to_owned()),
            message: said(&envelope.message),
            data: said(&envelope.data),
            ok: envelope.ok.clone().unwrap_or_else(|| vec![0]),
        })
    }

    /// What the document says about the tag.
    fn tag_text(&self, slug: &str) -> Option<String> {
        let tag = self
            .document
            .api
            .tags
            .iter()
            .find(|tag| super::groups::key(&tag.name) == slug)?;
        self.text(tag.description.as_deref())
    }

    pub(super) fn is_refresh(&self, operation: &crate::document::Operation) -> bool {
        let said = self.config.session.refresh.as_ref();
        said.is_some_and(|name| super::groups::is(operation, &name.value))
    }

    /// Says what a person asked for that is not there.
    pub(super) fn check_config(&self) {
        let operations = &self.document.operations;
        let named = self
            .config
            .session
            .refresh
            .iter()
            .chain(self.config.none.iter().map(|(name, _)| name));
        for name in named {
            if !operations
                .iter()
                .any(|operation| super::groups::is(operation, &name.value))
            {
                let message = format!("the document has no operation `{}`", name.value);
                let diagnostic = crate::diagnostic::Diagnostic::error(Kind::Config, message);
                let help = "an operationId, or verb and path, such as `POST /token`";
                self.found.push(
                    diagnostic
                        .in_config(name.place.start, name.place.end)
                        .help(help),
                );
            }
        }
    }
}

/// What most of the methods inject; of equals, the first.
fn most(drafts: &[&Draft<'_>]) -> Auth {
    let mut counts: Vec<(&Auth, usize)> = Vec::new();
    for draft in drafts {
        match counts
            .iter_mut()
            .find(|(auth, _)| **auth == draft.security.auth)
        {
            Some((_, count)) => *count += 1,
            None => counts.push((&draft.security.auth, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max();
    let first = counts.iter().find(|(_, count)| Some(*count) == most);
    first.map(|(auth, _)| (*auth).clone()).unwrap_or_default()
}

fn status_enum(name: String, summary: String, variants: &Variants) -> StatusEnum {
    let errors = !summary.contains("answers with");
    let mut list: Vec<StatusVariant> = variants
        .iter()
        .map(|(status, variant)| StatusVariant {
            name: errors::name(status),
            status: status.clone(),
            ty: variant.ty.clone(),
            doc: errors::doc(status, variant, variants),
        })
        .collect();
    if errors && !variants.contains_key(&Status::Default) {
        let text = "A status that the document does not describe.".to_owned();
        list.push(StatusVariant {
            name: "Other".to_owned(),
            status: Status::Default,
            ty: Some(TypeRef::Bytes),
            doc: Doc {
                summary: Some(text),
                ..Doc::default()
            },
        });
    }
    StatusEnum {
        name,
        doc: Doc {
            summary: Some(summary),
            ..Doc::default()
        },
        variants: list,
    }
}
