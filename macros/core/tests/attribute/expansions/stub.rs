::core::compile_error! {
    "the path has no placeholder `{idd}`\nhelp: it has `{id}`: give both the same name"
}
pub trait ShopApi {
    #[allow(unused_variables)]
    fn user(&self, idd: u64) -> Call<User> {
        ::core::unimplemented!()
    }
    #[allow(unused_variables)]
    fn refresh(&self, token: &str) -> ::perennial::__v1::Call<Pair> {
        ::core::unimplemented!()
    }
    fn me(&self) -> Call<User> {
        self.user(0)
    }
}
/// The client of [`ShopApi`]; cheap to clone.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
#[allow(dead_code)]
pub struct ShopApiClient {
    client: ::perennial::__v1::Client,
}
#[allow(
    deprecated,
    missing_docs,
    non_local_definitions,
    non_upper_case_globals,
    unused,
    unused_qualifications,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction
)]
const _: () = {
    use ::perennial::__v1::{self};
    static __API: __v1::Api = __v1::Api::new("ShopApi");
    impl ShopApiClient {
        pub const REFRESH: __v1::RefreshEndpoint = ::core::unimplemented!();
        /// Starts from what the trait says: base URL, headers, timeout, the rules of its session.
        pub fn builder() -> __v1::Builder<Self> {
            let builder = __v1::Builder::__api(&__API, |client| Self { client });
            builder
        }
        /// Shares the connection pool and the session of `client` with whatever else uses them.
        pub fn new(client: __v1::Client) -> Self {
            Self { client }
        }
        /// The client that sends.
        pub fn client(&self) -> &__v1::Client {
            &self.client
        }
    }
    impl ::core::convert::From<__v1::Client> for ShopApiClient {
        fn from(client: __v1::Client) -> Self {
            Self { client }
        }
    }
    impl ShopApiClient {
        pub fn user(&self, idd: u64) -> Call<User> {
            ::core::unimplemented!()
        }
        pub fn refresh(&self, token: &str) -> ::perennial::__v1::Call<Pair> {
            ::core::unimplemented!()
        }
        pub fn me(&self) -> Call<User> {
            <Self as ShopApi>::me(self)
        }
    }
    impl ShopApi for ShopApiClient {}
    const _: fn() = || {
        __v1::is_result::<Result<(), __v1::ApiError>>();
    };
};
