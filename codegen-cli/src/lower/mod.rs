//! From the document to plain data in which every identifier is decided.

mod arguments;
mod assemble;
mod bodies;
pub(crate) mod case;
mod closure;
mod describe;
pub(crate) mod docs;
mod draft;
mod errors;
mod groups;
pub(crate) mod lock;
mod methods;
pub(crate) mod names;
mod parameters;
mod refresh;
mod replies;
pub(crate) mod schemas;
mod security;
mod servers;
mod surface;
mod title;
pub(crate) mod words;

pub(crate) use surface::{Lowered, lower};
