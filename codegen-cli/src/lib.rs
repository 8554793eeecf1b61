//! Writes a typed, self-renewing API client from an OpenAPI document.

mod config;
mod diagnostic;
mod document;
pub mod ir;
mod lower;
mod print;
mod read;
mod report;
mod resolve;
mod suggest;
mod upgrade;
mod write;
