//! What a trait becomes, one feature each. `UPDATE_EXPECT=1 cargo test` writes the files again.

use crate::tokens;
use expect_test::{ExpectFile, expect_file};
use perennial_macros_core::expand;

fn check(attr: &str, item: &str, expected: ExpectFile) {
    let expanded = expand::attribute(tokens(attr), tokens(item));
    let file =
        syn::parse2(expanded.clone()).unwrap_or_else(|error| panic!("{error} in {expanded}"));
    expected.assert_eq(&prettyplease::unparse(&file));
}

#[test]
fn plain() {
    check(
        "",
        r#"trait PlainApi { #[get("/")] fn root(&self) -> Call<()>; }"#,
        expect_file!["expansions/plain.rs"],
    );
}

#[test]
fn schemes() {
    check(
        r#"auth = any(all(bearer, header("X-App-Id")), query("key"), none)"#,
        r#"trait KeysApi {
            #[get("/key", auth = optional(cookie("sid")))] fn key(&self) -> Call<()>;
            #[get("/both", auth = optional(any(bearer, basic)))] fn both(&self) -> Call<()>;
        }"#,
        expect_file!["expansions/schemes.rs"],
    );
}

#[test]
fn retries() {
    check(
        r#"retry(max = 2, on = [connect, 503])"#,
        r#"trait AgainApi {
            #[get("/once", retry = none)] fn once(&self) -> Call<()>;
            #[post("/again", retry(max = 1, on = ["5XX"]))] fn again(&self) -> Call<()>;
        }"#,
        expect_file!["expansions/retries.rs"],
    );
}

#[test]
fn arguments() {
    let item = r#"
        pub trait ShopApi {
            /// Documented.
            #[put("/users/{id}/{*rest}?sort=asc", none(404), timeout = "2s")]
            #[deprecated]
            fn put_user(
                &self,
                #[query(default = 1)] page: Option<u32>,
                #[query(style = csv)] ids: &[u64],
                rest: &str,
                id: UserId,
                #[header] if_none_match: Option<&str>,
                #[json] user: Option<&User>,
            ) -> Call<Response<Option<User>>, UserError>;
        }"#;
    check(
        r#"rename_all = "camelCase""#,
        item,
        expect_file!["expansions/arguments.rs"],
    );
}

#[test]
fn refresh() {
    let item = r#"
        pub trait AuthApi {
            #[post("/token", refresh)]
            fn refresh(&self, #[json] body: &Body, #[query(default = "all")] scope: Option<&str>) -> Call<Pair>;
        }"#;
    let attr = r#"base_url = "https://example.com", auth = header("token"), session(expired = 403), envelope(code = "code")"#;
    check(attr, item, expect_file!["expansions/refresh.rs"]);
}

#[test]
fn bodies_and_generics() {
    let item = r#"
        pub trait ShopApi: Send + Sync {
            #[post("/search")]
            async fn search<Q: Serialize>(&self, #[json] query: &Q, #[query] tags: Option<&str>) -> Result<Hits>;
            fn all(&self) -> Call<Hits> { self.search("") }
            async fn first(&self, tag: Cow<'_, str>) -> Option<Hit> { None }
        }"#;
    check("", item, expect_file!["expansions/bodies_and_generics.rs"]);
}

#[test]
fn stub() {
    let item = r#"
        pub trait ShopApi {
            #[get("/users/{id}")]
            fn user(&self, idd: u64) -> Call<User>;
            #[post("/token", refresh)]
            async fn refresh(&self, #[field] token: &str) -> Result<Pair>;
            fn me(&self) -> Call<User> { self.user(0) }
        }"#;
    check("", item, expect_file!["expansions/stub.rs"]);
}
