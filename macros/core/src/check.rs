//! The rules of the grammar: what no reader of the trait alone would notice, checked on the model, so
//! that a generator is held to them as a person is.

mod argument;
mod body;
mod head;
mod header;
mod method;
mod path;
mod refresh;
mod retry;
mod scheme;

pub(crate) use refresh::token_argument;

use crate::api::Api;
use crate::mistake::{Mistake, Mistakes};

/// All that is wrong with an API.
pub fn api(api: &Api) -> Vec<Mistake> {
    let mut mistakes = Mistakes::default();
    head::head(api, &mut mistakes);
    for endpoint in api.endpoints() {
        method::method(api, endpoint, &mut mistakes);
        path::path(api, endpoint, &mut mistakes);
        argument::arguments(api, endpoint, &mut mistakes);
        body::body(endpoint, &mut mistakes);
        header::headers(api, endpoint, &mut mistakes);
        refresh::refresh(endpoint, &mut mistakes);
        retry::of_method(api, endpoint, &mut mistakes);
    }
    refresh::at_most_one(api, &mut mistakes);
    mistakes.into()
}
