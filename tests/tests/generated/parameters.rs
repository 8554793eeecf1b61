//! Parameters in every place and style.

use crate::wire::parameters::{ListsOptions, NamesOptions, ReportParams};
use crate::wire::types::{ListsFilter, NamesRequest, ReportKind};
use crate::wire::{Wire, parameters::ParametersApiClient};

fn api() -> ParametersApiClient {
    Wire::builder()
        .build()
        .expect("loopback needs no certificates")
        .parameters()
}

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn lists_are_written_in_their_style() {
    let options = ListsOptions {
        spaced: Some(texts(&["s 1", "s2"])),
        again: Some(vec![1, 2]),
        x_only: Some(vec![1, 2]),
        visit: Some("first".to_owned()),
        filter: Some(ListsFilter {
            colour: Some("red".to_owned()),
            big: None,
        }),
    };
    let call = api().lists(
        &texts(&["a", "b"]),
        &texts(&["x,y", "z"]),
        &texts(&["de", "en"]),
        &options,
    );
    let request = call.request().expect("a request");
    let (path, query) = request.url.as_str().split_once('?').expect("a query");
    assert_eq!(path, "http://127.0.0.1:9/base/shelves/a,b");
    let mut parts: Vec<&str> = query.split('&').collect();
    parts.sort_unstable();
    // The separator is bare, the same sign inside a value is not.
    let joined = [
        "again=1",
        "again=2",
        "filter%5Bcolour%5D=red",
        "joined=x%2Cy,z",
        "piped=de%7Cen",
        "spaced=s%201%20s2",
    ];
    assert_eq!(
        parts
            .join(" ")
            .replace('|', "%7C")
            .replace('[', "%5B")
            .replace(']', "%5D"),
        joined.join(" ")
    );
    assert_eq!(request.headers["x-only"], "1,2");
    assert_eq!(request.headers["cookie"], "visit=first");
}

#[test]
fn an_empty_list_is_no_key() {
    let call = api().lists(&texts(&["a"]), &[], &[], &ListsOptions::default());
    let request = call.request().expect("a request");
    assert_eq!(request.url.as_str(), "http://127.0.0.1:9/base/shelves/a");
}

#[test]
fn one_name_in_four_places() {
    let options = NamesOptions {
        mark_query: Some("q".to_owned()),
        mark_header: Some("h".to_owned()),
        body: Some("b".to_owned()),
    };
    let body = NamesRequest {
        mark: Some("j".to_owned()),
    };
    let call = api().names("p", 7, &body, &options);
    let request = call.request().expect("a request");
    assert_eq!(
        request.url.as_str(),
        "http://127.0.0.1:9/base/crates/p?trace=7&mark=q&body=b"
    );
    assert_eq!(request.headers["mark"], "h");
    assert_eq!(request.body.expect("a body"), r#"{"mark":"j"}"#);
    // `Authorization` is the session's, whatever the document says.
    assert!(!request.headers.contains_key("authorization"));
}

#[test]
fn a_value_stays_in_its_segment() {
    let trace = |mark: &str| {
        api()
            .names(mark, 1, &NamesRequest::default(), &NamesOptions::default())
            .request()
            .map(|it| it.url.to_string())
    };
    let url = trace("a/b?c#d e%2F").expect("a request");
    assert_eq!(
        url,
        "http://127.0.0.1:9/base/crates/a%2Fb%3Fc%23d%20e%252F?trace=1"
    );
    for refused in ["", ".", ".."] {
        assert!(trace(refused).is_err(), "{refused:?}");
    }
}

#[test]
fn many_parameters_are_one_struct() {
    let text = |text: &str| text.to_owned();
    let params = ReportParams {
        a: text("1"),
        b: text("2"),
        c: text("3"),
        d: text("4"),
        e: text("5"),
        f: None,
    };
    let call = api().report(2026, &ReportKind::Pdf, &params);
    let request = call.request().expect("a request");
    assert_eq!(
        request.url.as_str(),
        "http://127.0.0.1:9/base/reports/2026.pdf?a=1&b=2&c=3&d=4"
    );
    assert_eq!(request.headers["e"], "5");
}
