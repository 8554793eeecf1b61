//! The example at the top of a generated package: its first call that needs nothing to be known.

use crate::ir::{Auth, Group, Library, Operation, Params, Place, TypeRef};

/// The example, as a block of Markdown.
pub(super) fn text(library: &Library) -> String {
    let package = library.name.replace('-', "_");
    let call = call(library);
    let secured = library.groups.iter().any(|group| group.auth != Auth::None);
    let options = match &call {
        Some(call) => sessions(call.auth()),
        None if secured => vec![SESSION.to_owned()],
        None => Vec::new(),
    };
    let mut lines = Vec::new();
    if options.iter().any(|option| option.contains("Session::")) {
        lines.push("use perennial::Session;".to_owned());
    }
    lines.push(match call.as_ref().and_then(|call| call.options) {
        Some(options) if call.as_ref().is_some_and(|call| call.field().is_some()) => {
            let module = call
                .as_ref()
                .map(|call| call.group.module.clone())
                .unwrap_or_default();
            format!(
                "use {package}::{{{}, {module}::{}}};",
                library.root, options.name
            )
        }
        _ => format!("use {package}::{};", library.root),
    });
    lines.extend(["", "# async fn run() -> perennial::Result<()> {"].map(str::to_owned));
    let url = match library.servers.first() {
        Some(first) if first.url.contains("://") => "",
        _ => "\"https://api.example.com\"",
    };
    let root = &library.root;
    match options.as_slice() {
        [] => lines.push(format!("let api = {root}::builder({url}).build()?;")),
        [one] => lines.push(format!("let api = {root}::builder({url}){one}.build()?;")),
        several => {
            lines.push(format!("let api = {root}::builder({url})"));
            lines.extend(several.iter().map(|option| format!("    {option}")));
            lines.push("    .build()?;".to_owned());
        }
    }
    if let Some(call) = &call {
        lines.extend(call.lines());
    }
    lines.extend(["# Ok(())", "# }"].map(str::to_owned));
    format!("```no_run\n{}\n```", lines.join("\n"))
}

const SESSION: &str = ".session(Session::fixed(\"token\"))";

/// What the first alternative takes.
fn sessions(auth: &Auth) -> Vec<String> {
    let first = match auth {
        Auth::Any(alternatives) => alternatives.first().unwrap_or(auth),
        Auth::Optional(inner) => return sessions(inner),
        one => one,
    };
    let schemes = first.schemes();
    let alone = schemes.len() == 1;
    let option = |scheme: &&Auth| match scheme.wire_name() {
        None => ".client_credentials(\"id\", \"secret\")".to_owned(),
        Some("bearer") => SESSION.to_owned(),
        Some(_) if alone => SESSION.to_owned(),
        Some(wire) => format!(".session_for({wire:?}, Session::fixed(\"key\"))"),
    };
    schemes.iter().map(option).collect()
}

struct Call<'a> {
    group: &'a Group,
    operation: &'a Operation,
    options: Option<&'a Params>,
}

/// The first GET in the document without arguments that must be given.
fn call(library: &Library) -> Option<Call<'_>> {
    let fits = |operation: &&Operation| {
        let free = operation
            .arguments
            .iter()
            .all(|argument| matches!(argument.place, Place::Params(_)));
        operation.verb == "GET" && free && !operation.deprecated && operation.reply.ty.is_some()
    };
    let all = library
        .groups
        .iter()
        .flat_map(|group| group.operations.iter().map(move |it| (group, it)));
    let candidates = all
        .filter(|(_, operation)| fits(operation))
        .map(|(group, operation)| {
            let options = group
                .params
                .iter()
                .find(|params| params.method == operation.name);
            Call {
                group,
                operation,
                options,
            }
        });
    let optional = |call: &Call<'_>| call.options.is_none_or(|options| options.all_optional);
    candidates
        .filter(optional)
        .min_by_key(|call| call.operation.order)
}

impl Call<'_> {
    fn auth(&self) -> &Auth {
        self.operation.auth.as_ref().unwrap_or(&self.group.auth)
    }

    /// An option whose value the document shows: the one that is shortest.
    fn field(&self) -> Option<(&str, &str)> {
        let fields = self
            .options?
            .fields
            .iter()
            .filter(|field| field.argument.ty == TypeRef::String);
        let shown = fields.filter_map(|field| {
            let example = field.example.as_deref()?;
            let plain = !field.deprecated
                && example
                    .chars()
                    .all(|c| c.is_ascii_graphic() && c != '"' && c != '\\');
            plain.then_some((field.argument.name.as_str(), example))
        });
        shown.min_by_key(|(_, example)| example.len())
    }

    fn lines(&self) -> Vec<String> {
        let raw = |name: &str| super::scope::ident(name).to_string();
        let (module, method) = (raw(&self.group.module), raw(&self.operation.name));
        let call = |argument: &str| format!("api.{module}().{method}({argument}).await?;");
        match (self.options, self.field()) {
            (Some(options), Some((field, value))) => {
                let all = if options.fields.len() > 1 {
                    ", ..Default::default()"
                } else {
                    ""
                };
                let field = raw(field);
                vec![
                    format!(
                        "let options = {} {{ {field}: Some(\"{value}\".into()){all} }};",
                        options.name
                    ),
                    format!("let answer = {}", call("&options")),
                ]
            }
            (Some(_), None) => vec![format!("let answer = {}", call("&Default::default()"))],
            (None, _) => vec![format!("let answer = {}", call(""))],
        }
    }
}
