//! One method of the trait: an endpoint, or one with a body that is left alone.

use super::argument::argument;
use super::endpoint::{Verbs, request};
use super::raw::Raw;
use super::reply::reply;
use super::{is_kind, is_verb, word};
use crate::api::{Argument, Endpoint, Kind, Method, Provided, Tokens};
use crate::mistake::{Mistakes, Place};
use crate::suggest;
use syn::{Attribute, FnArg, Receiver, ReceiverKind, Signature, Visibility};

/// Reads a method. Nothing comes of one that neither sends a request nor has a body.
pub(super) fn method(raw: &mut Raw, mistakes: &mut Mistakes) -> Option<Method> {
    if !matches!(raw.vis, Visibility::Inherited) {
        mistakes
            .add(
                Place::of(&raw.vis),
                "a trait's methods are as visible as the trait",
            )
            .help("remove it");
    }
    let (verbs, attrs): (Vec<_>, Vec<_>) = raw.attrs.iter().partition(|attr| is_verb(attr));
    let attrs: Vec<Attribute> = attrs.into_iter().cloned().collect();
    match (&raw.body, verbs.as_slice()) {
        (None, []) => {
            if let Some(mistyped) = idle(&attrs, &raw.sig, mistakes) {
                // The compiler does not know it either, and would say so once more.
                raw.attrs.retain(|attr| !attr.path().is_ident(&mistyped));
            }
            None
        }
        (Some(body), verbs) => {
            if let Some(verb) = verbs.first() {
                mistakes
                    .add(
                        Place::of(verb),
                        format!(
                            "`{}` has a body, so it sends no request of its own",
                            raw.sig.ident
                        ),
                    )
                    .help("end it with `;`, or remove the attribute");
                return None;
            }
            let provided = Provided {
                attrs,
                sig: raw.sig.clone(),
                body: Tokens(body.clone()),
            };
            Some(Method::Provided(Box::new(provided)))
        }
        (None, [verb, others @ ..]) => {
            for other in others {
                mistakes
                    .add(Place::of(other), "a method has one verb")
                    .help("remove this one, or the other");
            }
            let endpoint = endpoint(verb, attrs, &raw.sig, mistakes);
            Some(Method::Endpoint(Box::new(endpoint)))
        }
    }
}

/// A method without a verb and without a body. An attribute may be a mistyped verb: gives that word.
fn idle(attrs: &[Attribute], sig: &Signature, mistakes: &mut Mistakes) -> Option<String> {
    let mistyped = attrs.iter().find_map(|attr| {
        let word = word(attr).filter(|word| !KEPT.contains(&word.as_str()))?;
        Some((attr, suggest::nearest(&word, Verbs::words())?, word))
    });
    let Some((attr, near, word)) = mistyped else {
        mistakes
            .add(
                sig.ident.span(),
                format!("`{}` has neither a verb nor a body", sig.ident),
            )
            .help("say what it sends, `#[get(\"/…\")]`, or give it a body");
        return None;
    };
    mistakes
        .add(
            Place::of(attr.path()),
            format!("unknown attribute `{word}`"),
        )
        .help(format!("did you mean `{near}`?"));
    Some(word)
}

/// Attributes that are close to a verb without being one.
const KEPT: [&str; 3] = ["test", "cfg", "doc"];

fn endpoint(
    verb: &Attribute,
    attrs: Vec<Attribute>,
    sig: &Signature,
    mistakes: &mut Mistakes,
) -> Endpoint {
    let request = request(verb, mistakes);
    qualifiers(sig, mistakes);
    let names = request
        .path
        .iter()
        .flat_map(|path| path.value.names())
        .collect::<Vec<_>>();
    let arguments = arguments(sig, &names, mistakes);
    let reply = reply(sig, mistakes);
    let receiver = receiver(sig, mistakes);
    Endpoint {
        attrs,
        verb: request.verb,
        path: request.path.clone(),
        options: request.options,
        ident: sig.ident.clone(),
        generics: sig.generics.clone(),
        receiver,
        arguments,
        reply,
    }
}

/// One that has no name is taken for what fills the first open placeholder.
fn arguments(sig: &Signature, placeholders: &[&str], mistakes: &mut Mistakes) -> Vec<Argument> {
    let mut arguments: Vec<Argument> = Vec::new();
    let mut unnamed = Vec::new();
    for input in &sig.inputs {
        let FnArg::Typed(input) = input else { continue };
        match argument(input, placeholders, mistakes) {
            Some(argument) => arguments.push(argument),
            None => unnamed.push(&*input.ty),
        }
    }
    for ty in unnamed {
        let filled = |name: &str| arguments.iter().any(|argument| argument.ident == name);
        let open = placeholders.iter().find(|name| !filled(name));
        if let Some(ident) = open.and_then(|name| syn::parse_str(name).ok()) {
            arguments.push(Argument::new(Kind::Path, ident, ty.clone()));
        }
    }
    arguments
}

fn qualifiers(sig: &Signature, mistakes: &mut Mistakes) {
    let mut refuse = |place: Place, word: &str| {
        mistakes
            .add(
                place,
                format!("a method that sends a request is not `{word}`"),
            )
            .help("remove the word");
    };
    if let Some(constness) = &sig.constness {
        refuse(Place::of(constness), "const");
    }
    if let Some(abi) = &sig.abi {
        refuse(Place::of(abi), "extern");
    }
    if let Some(variadic) = &sig.variadic {
        refuse(Place::of(variadic), "variadic");
    }
    if !matches!(sig.safety, syn::Safety::Default) {
        refuse(Place::of(&sig.safety), "unsafe");
    }
}

/// One that is mistaken is read as `&self`.
fn receiver(sig: &Signature, mistakes: &mut Mistakes) -> Receiver {
    const EXPECTED: &str = "a method that sends a request takes `&self` or `&mut self`";
    match sig.receiver() {
        Some(receiver) if matches!(receiver.kind, ReceiverKind::Reference(..)) => {
            return receiver.clone();
        }
        Some(receiver) => mistakes.add(Place::of(receiver), EXPECTED),
        None => {
            let message = format!(
                "`{}` does not take `&self`, so it has no client to send with",
                sig.ident
            );
            let mistake = mistakes.add(sig.ident.span(), message);
            mistake.help(EXPECTED);
            mistake
        }
    };
    syn::parse_quote!(&self)
}

impl Raw {
    /// Whether it is a method that a person wrote out, not an endpoint.
    pub(super) fn is_provided(&self) -> bool {
        self.body.is_some() && !self.attrs.iter().any(is_verb)
    }

    /// Its attributes that are no verbs.
    pub(crate) fn other_attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.attrs.iter().filter(|attr| !is_verb(attr))
    }

    /// Its signature, without the attributes that say where an argument goes.
    pub(crate) fn plain_signature(&self) -> Signature {
        let mut sig = self.sig.clone();
        for input in &mut sig.inputs {
            if let FnArg::Typed(input) = input {
                input.attrs.retain(|attr| !is_kind(attr));
            }
        }
        sig
    }
}
