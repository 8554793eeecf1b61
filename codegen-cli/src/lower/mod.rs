//! From a document to what is printed.

#[expect(dead_code, reason = "the lowering that calls it is next")]
pub(crate) mod docs;
