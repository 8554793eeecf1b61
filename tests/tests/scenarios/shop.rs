//! Where a test begins, which other test binaries share.

pub(crate) use perennial_tests::world::{
    Echo, EnvelopeApiClient, PricedError, ShopApiClient, TokenApiClient, WAIT, World, join, tokens,
};
