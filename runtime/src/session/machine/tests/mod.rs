//! Each rule of the protocol, on the bare machine: no clock, no task, no socket.

mod account;
mod admit;
mod bench;
mod explore;
mod flight;
mod gate;
mod outcome;
mod partitions;
mod refused;
mod reuse;
mod service;
mod settle;
mod time;
mod unread;
