//! What expansions name: version 1. Not for people, and not covered by semantic versioning.

pub use crate::{
    Answer, ApiError, Builder, Call, Client, DecodeError, Tokens,
    body::IntoBody,
    decode::{
        ByStatus, Choice, Decode, Empty, FromStatus, Json, JsonOrText, Mismatch, Opt, OrJson, Pick,
        Raw, Reply, Text, Whole,
    },
    endpoint::{
        Api, Auth, Endpoint, EnvelopeSpec, Expired, RefreshEndpoint, Retry, RetryRule,
        SessionPolicy, Source, Timeout,
    },
    error::TypedError,
    execute::inject,
    expansion::{ApiResult, IntoTokens, is_result},
    pairs::Style,
    params::Params,
    request::{PathArgument, Request},
};

/// What types with a derive share.
pub mod model {
    pub use crate::model::*;
}
