trait PlainApi {
    #[allow(unused_variables)]
    fn root(&self) -> Call<()> {
        ::perennial::__v1::Call::unimplemented("PlainApi::root")
    }
}
/// The client of [`PlainApi`]; cheap to clone.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
#[allow(dead_code)]
struct PlainApiClient {
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
    use ::perennial::__v1::{self, OrJson as _};
    static __API: __v1::Api = __v1::Api::new("PlainApi");
    static __root: __v1::Endpoint = __v1::Endpoint::new(
        &__API,
        "PlainApi::root",
        "GET",
        "/",
    );
    impl PlainApiClient {
        /// Starts from what the trait says: base URL, headers, timeout, the rules of its session.
        fn builder() -> __v1::Builder<Self> {
            let builder = __v1::Builder::__api(&__API, |client| Self { client });
            builder
        }
        /// Shares the connection pool and the session of `client` with whatever else uses them.
        fn new(client: __v1::Client) -> Self {
            Self { client }
        }
        /// The client that sends.
        fn client(&self) -> &__v1::Client {
            &self.client
        }
        fn root(&self) -> Call<()> {
            let request = __v1::Request::new(&self.client, &__root);
            __v1::Call::__new(request, __v1::Choice::<__v1::Empty>::NEW)
        }
    }
    impl PlainApi for PlainApiClient {
        fn root(&self) -> Call<()> {
            Self::root(self)
        }
    }
    impl ::core::convert::From<__v1::Client> for PlainApiClient {
        fn from(client: __v1::Client) -> Self {
            Self { client }
        }
    }
};
