trait KeysApi {
    #[allow(unused_variables)]
    fn key(&self) -> Call<()> {
        ::perennial::__v1::Call::unimplemented("KeysApi::key")
    }
    #[allow(unused_variables)]
    fn both(&self) -> Call<()> {
        ::perennial::__v1::Call::unimplemented("KeysApi::both")
    }
}
/// The client of [`KeysApi`]; cheap to clone.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
#[allow(dead_code)]
struct KeysApiClient {
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
        auth: __v1::Auth::Any(
            &[
                __v1::Auth::All(
                    &[
                        __v1::Auth::Bearer,
                        __v1::Auth::Header {
                            name: "X-App-Id",
                            prefix: "",
                        },
                    ],
                ),
                __v1::Auth::Query("key"),
                __v1::Auth::None,
            ],
        ),
        ..__v1::Api::new("KeysApi")
    };
    static __key: __v1::Endpoint = __v1::Endpoint {
        auth: __v1::Auth::Any(&[__v1::Auth::Cookie("sid"), __v1::Auth::None]),
        ..__v1::Endpoint::new(&__API, "KeysApi::key", "GET", "/key")
    };
    static __both: __v1::Endpoint = __v1::Endpoint {
        auth: __v1::Auth::Any(
            &[__v1::Auth::Bearer, __v1::Auth::Basic, __v1::Auth::None],
        ),
        ..__v1::Endpoint::new(&__API, "KeysApi::both", "GET", "/both")
    };
    impl KeysApiClient {
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
        fn key(&self) -> Call<()> {
            let request = __v1::Request::new(&self.client, &__key);
            __v1::Call::__new(request, __v1::Choice::<__v1::Empty>::NEW)
        }
        fn both(&self) -> Call<()> {
            let request = __v1::Request::new(&self.client, &__both);
            __v1::Call::__new(request, __v1::Choice::<__v1::Empty>::NEW)
        }
    }
    impl KeysApi for KeysApiClient {
        fn key(&self) -> Call<()> {
            Self::key(self)
        }
        fn both(&self) -> Call<()> {
            Self::both(self)
        }
    }
    impl ::core::convert::From<__v1::Client> for KeysApiClient {
        fn from(client: __v1::Client) -> Self {
            Self { client }
        }
    }
};
