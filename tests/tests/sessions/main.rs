//! What others got wrong about sessions, each as the script of events that showed it, and the
//! testing kit that the scripts are played on.
//!
//! `bNN_…` is the case of that number; what must hold stands in its first comment.

mod doubt;
mod elsewhere;
mod ends;
mod files;
mod flights;
mod kit;
mod partitions;
mod paused;
mod redirects;
mod shop;
mod tokens;
mod wire;
