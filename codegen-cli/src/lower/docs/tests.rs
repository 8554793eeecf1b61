use super::{item, text, wrap};

#[track_caller]
fn check(description: &str, expected: &str) {
    assert_eq!(text(description), expected);
    // The normal form is its own normal form.
    assert_eq!(text(expected), expected);
}

#[test]
fn sentences() {
    check(
        "Get a list of train stations",
        "Get a list of train stations.",
    );
    check("the ID of it", "The ID of it.");
    check("apiVersion is kept", "apiVersion is kept.");
    check("is it?\n", "Is it?");
    check("Uses `x`", "Uses `x`.");
    check("One of:\n\n* a\n* b", "One of:\n\n- a\n- b");
    check(
        "Bands, as follows\n- a\n- b\n\nThen on",
        "Bands, as follows\n\n- a\n- b\n\nThen on.",
    );
    check("返回列表", "返回列表");
    check("", "");
    check("  \n ", "");
}

#[test]
fn nothing_becomes_code() {
    check("    let x = 1;", "```text\nlet x = 1;\n```");
    check("```\nf();\n```", "```text\nf();\n```");
    check("```rust,no_run\nf();", "```text\nf();\n```");
    check("~~~json\n```\n~~~", "````text\n```\n````");
    check("- a\n\n      code();", "- a\n\n  ```text\n  code();\n  ```");
    check(
        "<script>alert(1)</script> x",
        "\\<script>alert(1)\\</script> x.",
    );
    check(
        "a [link][nowhere] and [Vec]",
        "A \\[link]\\[nowhere] and \\[Vec].",
    );
    check("an `unclosed *bold", "An \\`unclosed \\*bold.");
    check("*/7 2 * * *", "\\*/7 2 * * *");
    check("`a` and ``b`c``", "`a` and ``b`c``.");
    check("turns \u{202e} here", "Turns U+202E here.");
    check("\r\nafter\rthat", "After that.");
}

#[test]
fn links() {
    check("see https://a.example/x_y.", "See <https://a.example/x_y>.");
    check("(https://a.example/x)", "(<https://a.example/x>).");
    check("[text](https://a.example)", "[text](https://a.example).");
    check("[text](/docs/a)", "Text (`/docs/a`).");
    check("[text](#part)", "Text.");
    check(
        "[one][1]\n\n[1]: https://a.example",
        "[one](https://a.example).",
    );
    check(
        "[![Run](https://a.example/b.svg =128pxx32px)](https://b.example/c?d=e%2F)",
        "[![Run](https://a.example/b.svg)](https://b.example/c?d=e%2F)",
    );
}

#[test]
fn html_of_descriptions() {
    check(
        "<p>Returns <b>a</b> <code>x_y</code>.</p>\n<p>then</p>",
        "Returns **a** `x_y`.\n\nthen.",
    );
    check("a<br>b", "A\\\nb.");
    check("<ul>\n  <li>a</li>\n  <li>b</li>\n</ul>", "- a\n- b");
    check(
        "the <a href=\"https://a.example\">guide</a>",
        "The [guide](https://a.example).",
    );
    check("a `<br>` b", "A `<br>` b.");
}

#[test]
fn structure_is_kept() {
    check("> warn\n> Bookings\n> expire", "> warn\n> Bookings expire");
    check(
        "A\n\n> b\n\nC\n\n> d\n>\n> e",
        "A.\n\n> b\n\nC.\n\n> d\n>\n> e",
    );
    check("1. a\n2. b\n   more\n   - c", "1. a\n2. b more\n   - c");
    check(
        "|a|b|\n|-|-|\n|1|`x\\|y`|",
        "| a | b |\n|---|---|\n| 1 | `x\\|y` |",
    );
    check("Title\n---\ntext", "## Title\n\ntext.");
    check("2024\\. A year", "2024\\. A year.");
    check("a &lt;b&gt; &amp;amp;", "A \\<b> \\&amp;");
}

#[test]
fn wraps_at_the_width_without_starting_a_block() {
    let lines = wrap("one two - three 4. five", 9);
    assert_eq!(lines, ["one two -", "three 4.", "five"]);
    let lines = wrap("one two th - three", 10);
    assert_eq!(lines, ["one two th -", "three"]);
    assert_eq!(
        wrap("- one two\n  three four", 8),
        ["- one", "  two", "  three", "  four"]
    );
    assert_eq!(wrap("> one two", 6), ["> one", "> two"]);
    assert_eq!(
        wrap("```text\na b c d e f\n```", 5),
        ["```text", "a b c d e f", "```"]
    );
}

#[test]
fn items_are_indented() {
    assert_eq!(item("`x`", "One.\n\ntwo."), "- `x`: One.\n\n  two.");
}
