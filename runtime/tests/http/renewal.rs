//! The whole way: refused, renewed, sent again.
