//! The OAuth2 refresher: what it sends, what it makes of answers, and a real authorization server.

mod answers;
mod endpoint;
mod examples;
mod provider;
mod services;
mod soak;
mod wire;
