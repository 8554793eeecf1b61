//! Stores: the suite that each passes, and the stores that it finds out.

mod bad_input;
mod broken;
mod config_dirs;
mod conformance;
mod disk;
mod first_call;
mod keyring;
mod own;
mod program;
