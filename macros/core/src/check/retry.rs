//! What may be sent again.

use crate::api::{Api, At, Endpoint, Expired, Failure, Head, Retry};
use crate::mistake::Mistakes;

/// More than this is a loop, not a second try.
const MOST: u32 = 10;

pub(super) fn of_trait(head: &Head, mistakes: &mut Mistakes) {
    match &head.retry {
        Some(retry) if retry.value == Retry::Never => {
            mistakes
                .add(retry.span, "a trait that says nothing retries nothing")
                .help("remove `retry = none`");
        }
        Some(retry) => rule(retry, head, mistakes),
        None => {}
    }
}

pub(super) fn of_method(api: &Api, endpoint: &Endpoint, mistakes: &mut Mistakes) {
    let Some(retry) = &endpoint.options.retry else {
        return;
    };
    if retry.value == Retry::Never {
        return;
    }
    if endpoint.options.refresh.is_set() {
        mistakes
            .add(
                retry.span,
                "a refresh is sent once: a second one would spend its token twice",
            )
            .help("remove `retry(…)`; the session tries again by its own rules");
    } else if endpoint.options.replay.is_some() {
        mistakes
            .add(
                retry.span,
                "`replay = never` says that the request is sent once",
            )
            .help("keep one of the two");
    }
    rule(retry, &api.head, mistakes);
}

fn rule(retry: &At<Retry>, head: &Head, mistakes: &mut Mistakes) {
    let Retry::On { max, on } = &retry.value else {
        return;
    };
    if max.value == 0 || max.value > MOST {
        mistakes
            .add(
                max.span,
                format!("found `max = {}`, expected 1 to {MOST}", max.value),
            )
            .help("`retry = none` on a method tries nothing again");
    }
    if on.is_empty() {
        mistakes
            .add(retry.span, "`retry(…)` does not say after which failures")
            .help("add `on = [connect, 503]`");
    }
    for (at, failure) in on.iter().enumerate() {
        if on[..at].contains(failure) {
            mistakes.add(failure.span, "this failure is given twice");
        }
        let Failure::Status(status) = failure.value else {
            continue;
        };
        let (first, last) = status.range();
        if last < 400 {
            mistakes
                .add(failure.span, format!("{first} is no failure"))
                .help("a retry follows a 4XX or a 5XX, or `connect`");
        }
        let session = codes(head)
            .into_iter()
            .find(|code| (first..=last).contains(code));
        if let Some(code) = session {
            mistakes
                .add(failure.span, format!("{code} is the session's to answer"))
                .help("it refreshes and sends again by itself; name single statuses, such as 429");
        }
    }
}

/// The statuses that the session answers to.
fn codes(head: &Head) -> Vec<u16> {
    let session = head.session.as_ref().map(|at| &at.value);
    let refresh = session
        .and_then(|session| session.refresh)
        .map_or(401, |at| at.value);
    let expired = match session
        .and_then(|session| session.expired)
        .map(|at| at.value)
    {
        None => Some(402),
        Some(Expired::Code(code)) => Some(code),
        Some(Expired::Never) => None,
    };
    let codes = [Some(refresh), expired].into_iter().flatten();
    codes.filter_map(|code| u16::try_from(code).ok()).collect()
}
