//! The model of an API: its parser, rules, printer and expansion.

pub mod api;
