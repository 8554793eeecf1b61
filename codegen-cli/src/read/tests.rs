use super::*;
use crate::diagnostic::Severity;

fn tree(text: &str) -> (Tree, Vec<String>) {
    let found = Diagnostics::new();
    let tree = read("t", text.as_bytes().to_vec(), &found).expect("a readable document");
    let said = found.into_vec();
    assert!(
        said.iter().all(|one| one.severity != Severity::Error),
        "{said:?}"
    );
    (tree, said.into_iter().map(|one| one.message).collect())
}

fn refused(text: &[u8]) -> String {
    let found = Diagnostics::new();
    read("t", text.to_vec(), &found).expect_err("no document");
    found.into_vec().pop().expect("a reason").message
}

fn json(text: &str) -> String {
    let (tree, _) = tree(text);
    tree.json(tree.root()).to_string()
}

#[test]
fn json_is_read() {
    let text = r#"{"a": [1, -2.5e3, true, null, "x\u00e9\ud83d\ude00\n"], "b": {}, "": []}"#;
    assert_eq!(
        json(text),
        r#"{"":[],"a":[1,-2500.0,true,null,"xé😀\n"],"b":{}}"#
    );
}

#[test]
fn yaml_is_read() {
    let text = "a: &x [1, 'NO', y, 0123]\nb:\n  c: *x\n  d: |\n    two\n    lines\ne: ~\nf:\n";
    let (tree, said) = tree(text);
    assert!(said.is_empty());
    assert_eq!(
        tree.json(tree.root()).to_string(),
        r#"{"a":[1,"NO","y","0123"],"b":{"c":[1,"NO","y","0123"],"d":"two\nlines\n"},"e":null,"f":null}"#
    );
}

#[test]
fn text_is_what_stands_there() {
    let (tree, _) = tree("a: 1.0\nb: 2020-01-01\nc: 0x10\nd: '7'\n");
    let text = |key| tree.text_at(tree.root(), key).map(str::to_owned);
    assert_eq!(text("a").as_deref(), Some("1.0"));
    assert_eq!(text("b").as_deref(), Some("2020-01-01"));
    let node = |key| tree.get(tree.root(), key).expect("a member");
    assert_eq!(tree.as_i128(node("a")), Some(1));
    assert_eq!(tree.as_i128(node("c")), Some(16));
    assert_eq!(tree.as_i128(node("d")), None);
}

#[test]
fn pointers_lead_there_and_back() {
    let (tree, _) = tree(r#"{"paths": {"/a/{b}": {"x": [{"y~": 1}]}}}"#);
    let pointer = "#/paths/~1a~1{b}/x/0/y~0";
    let node = tree.at_pointer(pointer).expect("a node");
    assert_eq!(tree.pointer(node), pointer);
    assert_eq!(tree.at_pointer("#/paths/~1a~1%7Bb%7D/x/0/y~0"), Some(node));
    assert_eq!(tree.at_pointer("#/paths/x"), None);
    assert_eq!(tree.as_i128(node), Some(1));
    let position = tree.position(tree.at(node));
    assert_eq!((position.line, position.column), (1, 36));
}

#[test]
fn the_last_of_equal_keys_wins() {
    let (tree, said) = tree(r#"{"a": 1, "b": 2, "a": 3}"#);
    assert_eq!(said, ["the key `a` is there twice"]);
    assert_eq!(tree.json(tree.root()).to_string(), r#"{"a":3,"b":2}"#);
    assert_eq!(tree.len(tree.root()), 2);
    let many: String = (0..40).map(|n| format!("k{}: {n}\n", n % 20)).collect();
    let (tree, said) = self::tree(&many);
    assert_eq!(said.len(), 20);
    assert_eq!(tree.len(tree.root()), 20);
    assert_eq!(tree.text_at(tree.root(), "k3"), Some("23"));
}

#[test]
fn hostile_text_is_refused() {
    assert_eq!(refused(b""), "`t` is empty");
    assert_eq!(
        refused(b"\x89PNG\r\n\x1a\n\0\0"),
        "`t` is a PNG picture, not an OpenAPI document"
    );
    assert_eq!(
        refused(b"a: \xC3("),
        "`t` is not UTF-8: the byte 0xc3 at offset 3"
    );
    assert_eq!(
        refused(br#"{"a": {"b": "c"#),
        "the string that begins here never ends"
    );
    assert_eq!(
        refused(br#"{"a": {"b": 1"#),
        "the document ends while 2 brackets are still open"
    );
    assert_eq!(
        refused(b"a:\n\tb: 1\n"),
        "a tab stands here, and YAML indents with spaces"
    );
    assert_eq!(
        refused(b"a: &x [*x]\n"),
        "this alias stands within what it names"
    );
    let deep = "[".repeat(200_000);
    assert_eq!(
        refused(deep.as_bytes()),
        "lists and objects lie more than 256 levels deep here"
    );
    let deep = format!("a: {}", "{a: ".repeat(200_000));
    assert_eq!(
        refused(deep.as_bytes()),
        "lists and objects lie more than 256 levels deep here"
    );
    let bomb: String = (1..12)
        .map(|n| format!("a{n}: &a{n} [{}]\n", format!("*a{},", n - 1).repeat(9)))
        .collect();
    let bomb = format!("a0: &a0 [x]\n{bomb}");
    assert_eq!(
        refused(bomb.as_bytes()),
        "the aliases of this document stand for more than 4000000 nodes"
    );
}

#[test]
fn keys_that_are_no_text_are_passed_over() {
    let (tree, said) = tree("? [a, b]\n: {x: 1}\nc: 2\n? {d: 1}\n: e\nf: 3\n");
    assert_eq!(said.len(), 2);
    assert_eq!(tree.json(tree.root()).to_string(), r#"{"c":2,"f":3}"#);
}
