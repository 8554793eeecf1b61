pub trait ShopApi {
    /// Documented.
    #[deprecated]
    #[allow(unused_variables)]
    fn put_user<'arg0, 'arg1>(
        &self,
        page: Option<u32>,
        ids: &[u64],
        rest: &str,
        id: UserId,
        if_none_match: Option<&'arg0 str>,
        user: Option<&'arg1 User>,
    ) -> Call<Response<Option<User>>, UserError> {
        ::perennial::__v1::Call::unimplemented("ShopApi::put_user")
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
    use ::perennial::__v1::{self, OrJson as _};
    static __API: __v1::Api = __v1::Api::new("ShopApi");
    static __put_user: __v1::Endpoint = __v1::Endpoint {
        none: &[404],
        timeout: __v1::Timeout::After(::core::time::Duration::from_millis(2000)),
        ..__v1::Endpoint::new(
            &__API,
            "ShopApi::put_user",
            "PUT",
            "/users/{id}/{*rest}?sort=asc",
        )
    };
    const _: () = {
        let claims = <UserError as __v1::FromStatus>::CLAIMS;
        let mut at = 0;
        while at < claims.len() {
            ::core::assert!(
                claims[at] != 404,
                "`none(404)` stands beside an error type with a variant for 404"
            );
            at += 1;
        }
    };
    impl ShopApiClient {
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
        /// Documented.
        #[deprecated]
        pub fn put_user(
            &self,
            page: Option<u32>,
            ids: &[u64],
            rest: &str,
            id: UserId,
            if_none_match: Option<&str>,
            user: Option<&User>,
        ) -> Call<Response<Option<User>>, UserError> {
            let mut request = __v1::Request::new(&self.client, &__put_user);
            request.path(&id);
            request.path(rest);
            request.query("page", &page.unwrap_or(1));
            request.query_style("ids", ids, __v1::Style::Csv);
            request.header("if-none-match", &if_none_match);
            if let ::core::option::Option::Some(value) = user {
                request.json(value);
            }
            __v1::Call::__new(request, __v1::Pick::<User>::PICK.option().response())
        }
    }
    impl ShopApi for ShopApiClient {
        fn put_user(
            &self,
            page: Option<u32>,
            ids: &[u64],
            rest: &str,
            id: UserId,
            if_none_match: Option<&str>,
            user: Option<&User>,
        ) -> Call<Response<Option<User>>, UserError> {
            Self::put_user(self, page, ids, rest, id, if_none_match, user)
        }
    }
    impl ::core::convert::From<__v1::Client> for ShopApiClient {
        fn from(client: __v1::Client) -> Self {
            Self { client }
        }
    }
};
