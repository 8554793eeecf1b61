//! What methods fail with: one enum per group, and one of its own for whoever does not fit.

use super::docs;
use super::draft::Draft;
use super::replies::Answer;
use crate::ir::{Auth, Doc, Status, TypeRef, Types};
use std::collections::BTreeMap;

/// What a status means to an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Meaning {
    /// The session's: `Unauthorized` or `SessionExpired`.
    Session,
    /// `none(…)`: no error.
    Absent,
    /// Not described: `Other(Bytes)`.
    Other,
    /// Described.
    Variant(Option<TypeRef>),
}

/// The statuses of an error enum, and what their variants hold.
pub(super) type Variants = BTreeMap<Status, Variant>;

/// A variant of an error enum before it has a name.
#[derive(Clone, Debug)]
pub(super) struct Variant {
    pub(super) ty: Option<TypeRef>,
    pub(super) text: Option<String>,
    pub(super) headers: Vec<String>,
}

/// The error enums of one group.
pub(super) struct Errors {
    /// The group's own; empty if nobody needs it.
    pub(super) shared: Variants,
    /// Per operation: an enum of its own.
    pub(super) own: Vec<Option<Variants>>,
}

/// Which of the session's statuses the configuration names, and which it leaves.
#[derive(Clone, Copy, Debug)]
pub(super) struct SessionCodes {
    pub(super) refresh: Option<u16>,
    /// Only where a person wrote it: a declared 402 is the document's own.
    pub(super) expired: Option<u16>,
}

/// Sorts the refusals of a group's operations into enums.
pub(super) fn of_group(
    drafts: &[&Draft<'_>],
    none: &[Vec<u16>],
    codes: SessionCodes,
    types: &Types,
) -> Errors {
    let meanings: Vec<BTreeMap<Status, Meaning>> = drafts
        .iter()
        .zip(none)
        .map(|(draft, none)| meanings(draft, none, codes, types))
        .collect();
    let chosen = majority(&meanings);
    let fits =
        |own: &BTreeMap<Status, Meaning>| own.iter().all(|(status, it)| chosen[status] == *it);
    let described = |own: &BTreeMap<Status, Meaning>| {
        own.values()
            .any(|meaning| matches!(meaning, Meaning::Variant(_)))
    };
    let mut shared = Variants::new();
    let mut own = Vec::new();
    for (draft, meanings) in drafts.iter().zip(&meanings) {
        let variants = variants(draft, meanings, types);
        if fits(meanings) {
            merge(&mut shared, variants);
            own.push(None);
        } else {
            own.push(described(meanings).then_some(variants));
        }
    }
    // Who describes nothing must not claim what others describe unless it fits.
    for (at, meanings) in meanings.iter().enumerate() {
        if !fits(meanings) && !described(meanings) {
            own[at] = Some(Variants::new());
        }
    }
    Errors { shared, own }
}

fn meanings(
    draft: &Draft<'_>,
    none: &[u16],
    codes: SessionCodes,
    types: &Types,
) -> BTreeMap<Status, Meaning> {
    let mut meanings = BTreeMap::new();
    let session = draft.security.auth != Auth::None;
    for answer in draft.refusals() {
        meanings.insert(
            answer.status.clone(),
            Meaning::Variant(canonical(answer, types)),
        );
    }
    meanings.entry(Status::Default).or_insert(Meaning::Other);
    if session {
        if let Some(refresh) = codes.refresh {
            meanings.insert(Status::Code(refresh), Meaning::Session);
        }
        match codes.expired {
            Some(expired) => drop(meanings.insert(Status::Code(expired), Meaning::Session)),
            // A declared 402 takes its own method out of the rule, and no other.
            None => drop(
                meanings
                    .entry(Status::Code(402))
                    .or_insert(Meaning::Session),
            ),
        }
    }
    for status in none {
        meanings.insert(Status::Code(*status), Meaning::Absent);
    }
    meanings
}

/// Equal shapes are one type, whatever they were lowered from.
fn canonical(answer: &Answer, types: &Types) -> Option<TypeRef> {
    answer
        .value
        .as_ref()
        .map(|value| super::closure::canonical(&value.ty, types))
}

/// For each status what most operations mean by it; of equals the first.
fn majority(meanings: &[BTreeMap<Status, Meaning>]) -> BTreeMap<Status, Meaning> {
    let mut votes: BTreeMap<&Status, Vec<(&Meaning, usize)>> = BTreeMap::new();
    for (status, meaning) in meanings.iter().flatten() {
        let votes = votes.entry(status).or_default();
        match votes.iter_mut().find(|(known, _)| *known == meaning) {
            Some((_, count)) => *count += 1,
            None => votes.push((meaning, 1)),
        }
    }
    let best = |votes: &[(&Meaning, usize)]| {
        let most = votes
            .iter()
            .map(|(_, count)| *count)
            .max()
            .unwrap_or_default();
        let first = votes.iter().find(|(_, count)| *count == most);
        first.map_or(Meaning::Other, |(meaning, _)| (*meaning).clone())
    };
    votes
        .into_iter()
        .map(|(status, votes)| (status.clone(), best(&votes)))
        .collect()
}

fn variants(draft: &Draft<'_>, meanings: &BTreeMap<Status, Meaning>, types: &Types) -> Variants {
    let described = draft
        .refusals()
        .filter(|answer| matches!(meanings.get(&answer.status), Some(Meaning::Variant(_))));
    described
        .map(|answer| (answer.status.clone(), variant(answer, types)))
        .collect()
}

/// An answer as a variant.
pub(super) fn variant(answer: &Answer, types: &Types) -> Variant {
    Variant {
        ty: canonical(answer, types),
        text: answer.text.clone(),
        headers: answer.headers.clone(),
    }
}

/// Where operations describe a status differently, its reason phrase describes it.
fn merge(shared: &mut Variants, variants: Variants) {
    for (status, variant) in variants {
        match shared.get_mut(&status) {
            Some(known) => {
                if known.text != variant.text {
                    known.text = Some(format!("{}.", phrase(&status)));
                }
                known.headers.retain(|name| variant.headers.contains(name));
            }
            None => {
                shared.insert(status, variant);
            }
        }
    }
}

/// The documentation of a variant; headers that all variants have are not worth a word.
pub(super) fn doc(status: &Status, variant: &Variant, all: &Variants) -> Doc {
    let common = |name: &String| all.values().all(|variant| variant.headers.contains(name));
    let telling = variant.headers.iter().any(|name| !common(name));
    let fallback = || match status {
        Status::Default => "Any other status.".to_owned(),
        _ => format!("{}.", phrase(status)),
    };
    let mut text = variant.text.clone().unwrap_or_else(fallback);
    if telling && !text.contains('\n') {
        text.push_str(&format!(" {}", headers(&variant.headers)));
    }
    Doc {
        summary: Some(text),
        text: None,
        notes: Vec::new(),
    }
}

/// `Response headers: …`, as a sentence.
pub(super) fn headers(names: &[String]) -> String {
    let spans: Vec<String> = names.iter().map(|name| docs::code(name)).collect();
    format!("Response headers: {}.", spans.join(", "))
}

/// The name of a status as a variant.
pub(super) fn name(status: &Status) -> String {
    match status {
        Status::Default => "Default".to_owned(),
        Status::Code(code) => match reason(*code) {
            Some(reason) => reason.replace([' ', '-', '\''], ""),
            None => format!("Status{code}"),
        },
        Status::Range(_) => phrase(status).replace(' ', ""),
    }
}

fn phrase(status: &Status) -> String {
    match status {
        Status::Default => "Any other status".to_owned(),
        Status::Code(code) => reason(*code).map_or_else(|| format!("Status {code}"), str::to_owned),
        Status::Range(1) => "Informational".to_owned(),
        Status::Range(2) => "Success".to_owned(),
        Status::Range(3) => "Redirection".to_owned(),
        Status::Range(4) => "Client Error".to_owned(),
        Status::Range(5) => "Server Error".to_owned(),
        Status::Range(class) => format!("Status {class}XX"),
    }
}

/// Reason phrases of the IANA registry of HTTP status codes.
fn reason(code: u16) -> Option<&'static str> {
    Some(match code {
        100 => "Continue",
        101 => "Switching Protocols",
        102 => "Processing",
        103 => "Early Hints",
        200 => "Ok",
        201 => "Created",
        202 => "Accepted",
        203 => "Non Authoritative Information",
        204 => "No Content",
        205 => "Reset Content",
        206 => "Partial Content",
        207 => "Multi Status",
        208 => "Already Reported",
        226 => "Im Used",
        300 => "Multiple Choices",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        305 => "Use Proxy",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        402 => "Payment Required",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        406 => "Not Acceptable",
        407 => "Proxy Authentication Required",
        408 => "Request Timeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "Length Required",
        412 => "Precondition Failed",
        413 => "Content Too Large",
        414 => "Uri Too Long",
        415 => "Unsupported Media Type",
        416 => "Range Not Satisfiable",
        417 => "Expectation Failed",
        421 => "Misdirected Request",
        422 => "Unprocessable Content",
        423 => "Locked",
        424 => "Failed Dependency",
        425 => "Too Early",
        426 => "Upgrade Required",
        428 => "Precondition Required",
        429 => "Too Many Requests",
        431 => "Request Header Fields Too Large",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        505 => "Http Version Not Supported",
        506 => "Variant Also Negotiates",
        507 => "Insufficient Storage",
        508 => "Loop Detected",
        511 => "Network Authentication Required",
        _ => return None,
    })
}
