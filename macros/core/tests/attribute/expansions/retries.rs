trait AgainApi {
    #[allow(unused_variables)]
    fn once(&self) -> Call<()> {
        ::perennial::__v1::Call::unimplemented("AgainApi::once")
    }
    #[allow(unused_variables)]
    fn again(&self) -> Call<()> {
        ::perennial::__v1::Call::unimplemented("AgainApi::again")
    }
}
/// The client of [`AgainApi`]; cheap to clone.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
#[allow(dead_code)]
struct AgainApiClient {
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
    static __API: __v1::Api = __v1::Api {
        retry: ::core::option::Option::Some(__v1::RetryRule {
            max: 2,
            connect: true,
            statuses: &[(503, 503)],
        }),
        ..__v1::Api::new("AgainApi")
    };
    static __once: __v1::Endpoint = __v1::Endpoint {
        retry: __v1::Retry::Never,
        ..__v1::Endpoint::new(&__API, "AgainApi::once", "GET", "/once")
    };
    static __again: __v1::Endpoint = __v1::Endpoint {
        retry: __v1::Retry::On(__v1::RetryRule {
            max: 1,
            connect: false,
            statuses: &[(500, 599)],
        }),
        ..__v1::Endpoint::new(&__API, "AgainApi::again", "POST", "/again")
    };
    impl AgainApiClient {
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
        fn once(&self) -> Call<()> {
            let request = __v1::Request::new(&self.client, &__once);
            __v1::Call::__new(request, __v1::Choice::<__v1::Empty>::NEW)
        }
        fn again(&self) -> Call<()> {
            let request = __v1::Request::new(&self.client, &__again);
            __v1::Call::__new(request, __v1::Choice::<__v1::Empty>::NEW)
        }
    }
    impl AgainApi for AgainApiClient {
        fn once(&self) -> Call<()> {
            Self::once(self)
        }
        fn again(&self) -> Call<()> {
            Self::again(self)
        }
    }
    impl ::core::convert::From<__v1::Client> for AgainApiClient {
        fn from(client: __v1::Client) -> Self {
            Self { client }
        }
    }
};
