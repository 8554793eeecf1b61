//! Writes a typed, self-renewing API client from an OpenAPI document.
//!
//! [`Generator`] is the whole of it; the command line of the same name is a thin layer over it, and
//! both give the same bytes.

mod config;
mod diagnostic;
mod document;
mod error;
mod generator;
pub mod ir;
mod lower;
mod print;
mod read;
mod report;
mod resolve;
mod suggest;
mod upgrade;
mod write;

pub use diagnostic::{Kind, Severity};
pub use error::Error;
pub use generator::{Generator, Output, Stage};
pub use report::{Excerpt, Finding, GroupReport, Location, Missing, Report, Written};
pub use write::{File, WriteError};
