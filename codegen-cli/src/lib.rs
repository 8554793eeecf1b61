//! Writes a typed, self-renewing API client from an OpenAPI document.

pub mod ir;
mod lower;
