//! Lists whose items have types of their own.

use crate::{check, reads, refuses};
use perennial::Model;

#[derive(Debug, PartialEq, Model)]
struct Point(f64, String);

#[test]
fn exactly_so_many_items() {
    check(Point(1.5, "m".into()), r#"[1.5,"m"]"#);
    refuses::<Point>("[1.5]", "invalid length 1, expected more items");
    refuses::<Point>(
        r#"[1.5,"m",1]"#,
        "invalid length 3, expected at most 2 items",
    );
    refuses::<Point>("[1.5,2]", "invalid type: integer `2`, expected a string");
    refuses::<Point>("{}", "invalid type: map, expected a list (Point)");
}

#[derive(Debug, PartialEq, Model)]
struct Open(String, #[model(rest)] Vec<i64>);

#[test]
fn more_items_of_one_type() {
    check(Open("a".into(), vec![]), r#"["a"]"#);
    check(Open("a".into(), vec![1, 2]), r#"["a",1,2]"#);
    refuses::<Open>(r#"["a","b"]"#, "invalid type: string \"b\", expected i64");
}

#[derive(Debug, PartialEq, Model)]
struct Closed(Option<String>, Option<i64>);

#[test]
fn items_that_may_be_missing() {
    check(Closed(None, None), "[]");
    check(Closed(Some("a".into()), None), r#"["a"]"#);
    check(Closed(Some("a".into()), Some(1)), r#"["a",1]"#);
    check(Closed(None, Some(1)), "[null,1]");
    reads("[null]", Closed(None, None));
    refuses::<Closed>("[null,1,2]", "invalid length 3, expected at most 2 items");
}

#[derive(Debug, PartialEq, Model)]
#[model(tuple)]
struct Named {
    x: f64,
    label: Option<String>,
    #[model(rest)]
    rest: Vec<i64>,
}

#[test]
fn items_with_names() {
    let value = |label: Option<&str>, rest| Named {
        x: 1.0,
        label: label.map(Into::into),
        rest,
    };
    check(value(None, vec![]), "[1.0]");
    check(value(Some("a"), vec![2]), r#"[1.0,"a",2]"#);
    check(value(None, vec![2]), "[1.0,null,2]");
}
