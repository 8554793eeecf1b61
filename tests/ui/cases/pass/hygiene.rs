//! Renamed runtime, shadowed prelude, arguments named like the expansion's own words, a trait in a
//! function, lints denied.
#![deny(warnings, missing_docs, unreachable_pub, clippy::pedantic)]

mod sdk {
    pub(crate) use perennial as runtime;
}

#[allow(dead_code, non_camel_case_types)]
mod shadowed {
    pub(crate) struct Option;
    pub(crate) struct Some;
    pub(crate) struct None;
    pub(crate) struct String;
    pub(crate) struct Vec;
    pub(crate) struct Ok;
    pub(crate) struct Err;
    pub(crate) struct Box;
    pub(crate) struct Send;
    pub(crate) struct Sync;
    pub(crate) struct Clone;
    pub(crate) struct Debug;

    #[super::sdk::runtime::api_client(crate = super::sdk::runtime, base_url = "http://localhost", timeout = "1s", auth = optional(bearer))]
    pub(crate) trait Api: ::core::marker::Send {
        #[post("/a/{request}", refresh)]
        fn a(&self, request: &str) -> super::sdk::runtime::Call<super::sdk::runtime::OAuth2Tokens>;

        #[get("/b/{value}/{token}")]
        fn b(
            &self,
            token: u8,
            value: u8,
            #[query] builder: u8,
            #[query] client: u8,
            #[query] __v1: u8,
            #[query] request: u8,
        ) -> super::sdk::runtime::Call<()>;
    }
}

macro_rules! in_a_macro {
    ($name:ident, $path:literal, $argument:ident: $ty:ty => $result:ty) => {
        #[perennial::api_client(crate = "crate::sdk::runtime")]
        trait $name {
            #[get($path)]
            fn method(&self, #[query] $argument: $ty) -> $result;
        }
    };
}

in_a_macro!(FromMacro, "/macro", page: Option<u32> => perennial::Call<()>);

fn main() {
    #[perennial::api_client]
    trait Local {
        #[get("/local")]
        fn local(&self) -> perennial::Call<()>;

        #[get("/new")]
        fn new(&self) -> perennial::Call<()>;

        #[get("/builder")]
        fn builder(&self) -> perennial::Call<()>;
    }
    let _ = shadowed::ApiClient::REFRESH;
    drop(shadowed::ApiClient::builder());
    drop(FromMacroClient::builder());
    let _ = LocalClient::local;
    let _ = LocalClient::new;
    let _ = <LocalClient as From<perennial::Client>>::from;
}
