//! Stores: the suite that each passes, and the stores that it finds out.

mod broken;
mod conformance;
mod keyring;
mod own;
