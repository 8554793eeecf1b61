//! From the document to plain data in which every identifier is decided.

pub(crate) mod case;
pub(crate) mod docs;
pub(crate) mod lock;
pub(crate) mod names;
pub(crate) mod schemas;
pub(crate) mod words;
