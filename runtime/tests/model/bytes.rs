//! Members that hold bytes.

use crate::{check, reads, refuses};
use perennial::{Bytes, Model};
use std::collections::BTreeMap;

#[derive(Debug, Default, PartialEq, Model)]
struct Files {
    one: Bytes,
    maybe: Option<Bytes>,
    both: Option<Option<Bytes>>,
    list: Option<Vec<Bytes>>,
    #[serde(default)]
    map: BTreeMap<String, Bytes>,
}

#[test]
fn base64() {
    let file = || Bytes::from_static(b"foob");
    check(
        Files {
            one: file(),
            maybe: Some(file()),
            both: Some(None),
            list: Some(vec![file(), Bytes::new()]),
            map: BTreeMap::from([("a".into(), file())]),
        },
        r#"{"one":"Zm9vYg==","maybe":"Zm9vYg==","both":null,"list":["Zm9vYg==",""],"map":{"a":"Zm9vYg=="}}"#,
    );
    reads(r#"{"one":"","maybe":null}"#, Files::default());
    refuses::<Files>("{}", "missing field `one`");
    refuses::<Files>(
        r#"{"one":"!"}"#,
        "invalid value: other text, expected base64",
    );
}

#[derive(Debug, PartialEq, Model)]
struct Avatar(Bytes);

#[derive(Debug, PartialEq, Model)]
enum Data {
    Integer(i64),
    Bytes(Bytes),
}

#[test]
fn elsewhere_than_in_members() {
    check(Avatar(Bytes::from_static(b"foo")), "\"Zm9v\"");
    check(Data::Bytes(Bytes::from_static(b"foo")), "\"Zm9v\"");
    check(Data::Integer(1), "1");
}
