//! Entry points of the attribute and the derives.

use proc_macro::TokenStream;

/// Makes a client of a trait: each method that says what it sends becomes a call that sends it.
///
/// ```ignore
/// use perennial::{Call, api_client};
///
/// #[api_client(base_url = "https://api.example.com", auth = bearer)]
/// pub trait ShopApi: Send + Sync {
///     #[get("/users/{id}", none(404))]
///     fn user(&self, id: u64) -> Call<Option<User>>;
/// }
/// ```
///
/// The client is called `ShopApiClient`. It has the trait's methods as its own, and implements the
/// trait.
#[proc_macro_attribute]
pub fn api_client(attr: TokenStream, item: TokenStream) -> TokenStream {
    perennial_macros_core::expand::attribute(attr.into(), item.into()).into()
}
