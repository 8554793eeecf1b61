//! Name resolution that the test decides: for "cannot connect" and "hangs in DNS".

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

/// The host name under which [`Names`] knows the back end.
pub const HOST: &str = "backend.test";

/// Where the name leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leads {
    /// To the loopback address the back end listens on.
    Home,
    /// To a loopback address on which nothing listens: connections are refused.
    Nowhere,
    /// Nowhere and never: the look-up gives no answer.
    Silence,
    /// Nowhere: the look-up fails.
    Unknown,
}

/// A resolver for [`HOST`] that the test steers.
#[derive(Clone, Debug)]
pub struct Names {
    leads: Arc<Mutex<Leads>>,
    asked: watch::Sender<usize>,
}

impl Names {
    /// A resolver that leads home.
    #[must_use]
    pub fn new() -> Self {
        Self {
            leads: Arc::new(Mutex::new(Leads::Home)),
            asked: watch::Sender::new(0),
        }
    }

    /// Changes where the next look-up leads.
    pub fn lead(&self, leads: Leads) {
        *self.leads.lock().expect("no test panics here") = leads;
    }

    /// Waits until the name was looked up `count` times in all.
    pub async fn asked(&self, count: usize) {
        let mut asked = self.asked.subscribe();
        asked
            .wait_for(|n| *n >= count)
            .await
            .expect("the sender is held by `self`");
    }

    /// How often the name was looked up.
    #[must_use]
    pub fn count(&self) -> usize {
        *self.asked.borrow()
    }
}

impl Default for Names {
    fn default() -> Self {
        Self::new()
    }
}

impl Resolve for Names {
    fn resolve(&self, _name: Name) -> Resolving {
        let leads = *self.leads.lock().expect("no test panics here");
        self.asked.send_modify(|count| *count += 1);
        Box::pin(async move {
            let address = match leads {
                Leads::Home => Ipv4Addr::LOCALHOST,
                // The back ends of these tests all listen on 127.0.0.1 alone.
                Leads::Nowhere => Ipv4Addr::new(127, 0, 0, 2),
                Leads::Silence => std::future::pending().await,
                Leads::Unknown => return Err("no such host, says the test".into()),
            };
            let addresses: Addrs =
                Box::new(std::iter::once(SocketAddr::new(IpAddr::V4(address), 0)));
            Ok(addresses)
        })
    }
}
