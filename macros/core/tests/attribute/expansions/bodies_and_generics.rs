pub trait ShopApi: Send + Sync {
    #[allow(unused_variables)]
    fn search<'arg0, Q: Serialize>(
        &self,
        query: &Q,
        tags: Option<&'arg0 str>,
    ) -> ::perennial::__v1::Call<Hits>
    where
        Self: Sized,
    {
        ::perennial::__v1::Call::unimplemented("ShopApi::search")
    }
    fn all(&self) -> Call<Hits> {
        self.search("")
    }
    fn first<'arg0>(
        &self,
        tag: Cow<'arg0, str>,
    ) -> impl ::core::future::Future<Output = Option<Hit>> + ::core::marker::Send
    where
        Self: Sized + ::core::marker::Sync,
    {
        async move { None }
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
    static __search: __v1::Endpoint = __v1::Endpoint::new(
        &__API,
        "ShopApi::search",
        "POST",
        "/search",
    );
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
        pub fn search<Q: Serialize>(
            &self,
            query: &Q,
            tags: Option<&str>,
        ) -> ::perennial::__v1::Call<Hits> {
            let mut request = __v1::Request::new(&self.client, &__search);
            request.json(query);
            request.query("tags", &tags);
            __v1::Call::__new(request, __v1::Pick::<Hits>::PICK)
        }
        pub fn all(&self) -> Call<Hits> {
            <Self as ShopApi>::all(self)
        }
        pub async fn first(&self, tag: Cow<'_, str>) -> Option<Hit> {
            <Self as ShopApi>::first(self, tag).await
        }
    }
    impl ShopApi for ShopApiClient {
        fn search<Q: Serialize>(
            &self,
            query: &Q,
            tags: Option<&str>,
        ) -> ::perennial::__v1::Call<Hits>
        where
            Self: Sized,
        {
            Self::search::<Q>(self, query, tags)
        }
    }
    impl ::core::convert::From<__v1::Client> for ShopApiClient {
        fn from(client: __v1::Client) -> Self {
            Self { client }
        }
    }
    const _: fn() = || {
        __v1::is_result::<Result<(), __v1::ApiError>>();
    };
};
