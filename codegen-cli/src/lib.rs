//! Writes a typed, self-renewing API client from an OpenAPI document.

mod diagnostic;
mod document;
pub mod ir;
mod lower;
mod read;
mod resolve;
mod upgrade;
mod write;
