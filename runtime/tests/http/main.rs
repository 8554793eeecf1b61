//! The HTTP side of the runtime against small servers on loopback.

mod answers;
mod call;
mod endpoints;
mod guarded;
mod redirects;
mod renewal;
mod requests;
mod retries;
mod schemes;
mod server;
mod several;
mod transport;
