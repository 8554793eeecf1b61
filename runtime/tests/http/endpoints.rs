//! What an expansion would write, by hand.

use perennial::{
    __v1::{Api, Auth, Choice, Decode, Endpoint, FromStatus, Request},
    ApiError, Builder, Call, Client,
};

pub(crate) static API: Api = Api::new("ShopApi");
pub(crate) static BEARER: Api = Api {
    auth: Auth::Bearer,
    ..Api::new("ShopApi")
};

/// A method of a trait without authentication.
pub(crate) const fn endpoint(
    name: &'static str,
    method: &'static str,
    path: &'static str,
) -> Endpoint {
    Endpoint::new(&API, name, method, path)
}

/// A method of a trait with a bearer token.
pub(crate) const fn guarded(
    name: &'static str,
    method: &'static str,
    path: &'static str,
) -> Endpoint {
    Endpoint::new(&BEARER, name, method, path)
}

pub(crate) static GET: Endpoint = endpoint("ShopApi::get", "GET", "/get");
pub(crate) static POST: Endpoint = endpoint("ShopApi::post", "POST", "/post");
pub(crate) static ME: Endpoint = guarded("ShopApi::me", "GET", "/me");
pub(crate) static PUT_ME: Endpoint = guarded("ShopApi::put_me", "PUT", "/me");

pub(crate) fn client(url: &str) -> Client {
    builder(url).build().unwrap()
}

pub(crate) fn builder(url: &str) -> Builder {
    Client::builder().base_url(url)
}

/// A method's body: filled by `fill`, decoded by `choice`.
pub(crate) fn call<T: 'static, E: FromStatus + 'static, D: Decode<T>>(
    client: &Client,
    endpoint: &'static Endpoint,
    choice: Choice<D>,
    fill: impl FnOnce(&mut Request),
) -> Call<T, E> {
    let mut request = Request::new(client, endpoint);
    fill(&mut request);
    Call::__new(request, choice)
}

/// A call whose result is not looked at.
pub(crate) fn send(
    client: &Client,
    endpoint: &'static Endpoint,
    fill: impl FnOnce(&mut Request),
) -> Call<(), ApiError> {
    call(
        client,
        endpoint,
        Choice::<perennial::__v1::Empty>::NEW,
        fill,
    )
}
