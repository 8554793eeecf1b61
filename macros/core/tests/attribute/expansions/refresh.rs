pub trait AuthApi {
    #[allow(unused_variables)]
    fn refresh<'arg0>(&self, body: &Body, scope: Option<&'arg0 str>) -> Call<Pair> {
        ::perennial::__v1::Call::unimplemented("AuthApi::refresh")
    }
}
/// The client of [`AuthApi`]; cheap to clone.
#[derive(::core::clone::Clone, ::core::fmt::Debug)]
#[allow(dead_code)]
pub struct AuthApiClient {
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
        base_url: ::core::option::Option::Some("https://example.com"),
        auth: __v1::Auth::Header {
            name: "token",
            prefix: "",
        },
        session: ::core::option::Option::Some(__v1::SessionPolicy {
            expired: __v1::Expired::Code(403),
            ..__v1::SessionPolicy::DEFAULT
        }),
        envelope: ::core::option::Option::Some(
            __v1::EnvelopeSpec::fields("code", "", "", &[0]),
        ),
        ..__v1::Api::new("AuthApi")
    };
    static __refresh: __v1::Endpoint = __v1::Endpoint {
        auth: __v1::Auth::None,
        refresh: true,
        ..__v1::Endpoint::new(&__API, "AuthApi::refresh", "POST", "/token")
    };
    impl AuthApiClient {
        /// The method through which a session renews itself: [`refresh`](Self::refresh).
        pub const REFRESH: __v1::RefreshEndpoint = __v1::RefreshEndpoint::new(
            &__refresh,
            |request: &mut __v1::Request, token: &str| {
                let body: &Body = &<Body as ::core::convert::From<
                    ::std::string::String,
                >>::from(token.into());
                request.json(body);
                let scope: Option<&str> = ::core::option::Option::None;
                request.query("scope", &scope.unwrap_or("all"));
            },
            |reply| __v1::Pick::<Pair>::PICK.tokens::<Pair>(reply),
        );
        /// Starts from what the trait says: base URL, headers, timeout, the rules of its session.
        pub fn builder() -> __v1::Builder<Self> {
            let builder = __v1::Builder::__api(&__API, |client| Self { client });
            let builder = builder.__refresh(Self::REFRESH);
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
        pub fn refresh(&self, body: &Body, scope: Option<&str>) -> Call<Pair> {
            let mut request = __v1::Request::new(&self.client, &__refresh);
            request.json(body);
            request.query("scope", &scope.unwrap_or("all"));
            __v1::Call::__new(request, __v1::Pick::<Pair>::PICK)
        }
    }
    impl AuthApi for AuthApiClient {
        fn refresh(&self, body: &Body, scope: Option<&str>) -> Call<Pair> {
            Self::refresh(self, body, scope)
        }
    }
    impl ::core::convert::From<__v1::Client> for AuthApiClient {
        fn from(client: __v1::Client) -> Self {
            Self { client }
        }
    }
};
