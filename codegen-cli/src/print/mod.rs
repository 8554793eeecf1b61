//! From plain data to the text of the generated files.

pub(crate) mod docs;
pub(crate) mod layout;
pub(crate) mod scope;
mod trait_;
pub(crate) mod types;
