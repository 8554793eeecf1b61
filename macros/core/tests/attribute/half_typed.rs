//! While a method is being typed, its neighbours stay. The editor closes what is open at the end of
//! the trait; each state is the text up to the cursor, and the rest of the trait below it.

use crate::tokens;
use perennial_macros_core::{expand, parse};

const BEFORE: &str = r#"#[get("/users/{id}")] fn user(&self, id: u64) -> Call<User>;"#;
const AFTER: &str = r#"#[get("/health")] fn health(&self) -> Call<String>;
    async fn name(&self) -> Result<String> { Ok(self.health().await?) }"#;

/// Closes the brackets that `text` leaves open.
fn closed(text: &str) -> String {
    let (mut open, mut quoted) = (Vec::new(), false);
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' => open.push(')'),
            '[' => open.push(']'),
            '{' => open.push('}'),
            ')' | ']' | '}' => drop(open.pop()),
            _ => {}
        }
    }
    open.iter()
        .rev()
        .fold(text.to_owned(), |text, close| text + &close.to_string())
}

fn check(typed: &str) {
    // A string that is open swallows the rest in every editor.
    let text = closed(&format!(
        "trait ShopApi {{ {BEFORE}\n    {typed}\n    {AFTER}"
    ));
    let parsed = parse::trait_(Default::default(), tokens(&text));
    let api = parsed.api.unwrap_or_else(|| panic!("no trait in {text}"));
    let kept: Vec<_> = api
        .endpoints()
        .map(|endpoint| endpoint.ident.to_string())
        .collect();
    let methods = api.methods.len();
    assert!(
        kept.iter().any(|name| name == "user"),
        "`user` is lost in {text}: {kept:?}"
    );
    assert!(
        kept.iter().any(|name| name == "health"),
        "`health` is lost in {text}: {kept:?}"
    );
    assert!(methods > kept.len(), "`name` is lost in {text}");
    let expanded = expand::attribute(Default::default(), tokens(&text)).to_string();
    assert!(syn::parse_str::<syn::File>(&expanded).is_ok(), "{expanded}");
}

#[test]
fn neighbours_stay() {
    let states = [
        "#",
        "#[",
        "#[ge",
        "#[get(",
        r#"#[get("/users""#,
        r#"#[get("/users", tim"#,
        r#"#[get("/users", timeout = "#,
        r#"#[get("/users")]"#,
        r#"#[get("/users")] fn"#,
        r#"#[get("/users")] fn users"#,
        r#"#[get("/users")] fn users("#,
        r#"#[get("/users")] fn users(&self"#,
        r#"#[get("/users")] fn users(&self, #["#,
        r#"#[get("/users")] fn users(&self, #[query("#,
        r#"#[get("/users")] fn users(&self, #[query] pa"#,
        r#"#[get("/users")] fn users(&self, #[query] page:"#,
        r#"#[get("/users")] fn users(&self, #[query] page: Option<u32"#,
        r#"#[get("/users")] fn users(&self)"#,
        r#"#[get("/users")] fn users(&self) ->"#,
        r#"#[get("/users")] fn users(&self) -> Call<"#,
        r#"#[get("/users")] fn users(&self) -> Call<User"#,
        r#"#[get("/users")] fn users(&self) -> Call<User>"#,
    ];
    for state in states {
        check(state);
    }
}
