//! Hosts of their own: network namespaces that one hub connects, each of which can be cut off.
//!
//! What a host calls on its loopback is relayed over its link to the loopback of the hub, so that
//! programs and addresses are the same everywhere. No link leads out of what is made here.

use crate::peer::{Peer, say};
use std::{path::Path, process::Command};
use tokio::net::{TcpListener, TcpStream};

/// How many hosts there are.
pub const HOSTS: usize = 3;

/// The namespaces, which go with this.
pub struct Hosts {
    name: String,
}

impl Hosts {
    /// Makes the hub and its hosts.
    ///
    /// # Errors
    /// What the machine said that forbids it.
    pub fn new() -> Result<Self, String> {
        let hosts = Self {
            name: format!("perennial-{}", std::process::id()),
        };
        hosts.make()?;
        Ok(hosts)
    }

    fn make(&self) -> Result<(), String> {
        let hub = &self.name;
        ip(&["netns", "add", hub])?;
        ip(&["-n", hub, "link", "set", "lo", "up"])?;
        for host in 0..HOSTS {
            let (name, link) = (self.host(host), format!("host{host}"));
            let (near, far) = (format!("10.99.{host}.1/24"), format!("10.99.{host}.2/24"));
            ip(&["netns", "add", &name])?;
            ip(&["-n", &name, "link", "set", "lo", "up"])?;
            let pair = ["type", "veth", "peer", "name", "hub", "netns", &name];
            ip(&[&["-n", hub, "link", "add", &link], &pair[..]].concat())?;
            ip(&["-n", hub, "addr", "add", &near, "dev", &link])?;
            ip(&["-n", &name, "addr", "add", &far, "dev", "hub"])?;
            ip(&["-n", hub, "link", "set", &link, "up"])?;
            ip(&["-n", &name, "link", "set", "hub", "up"])?;
        }
        Ok(())
    }

    /// Runs a program at the hub, to its end; says whether it succeeded.
    ///
    /// # Panics
    /// When it cannot be started.
    #[must_use]
    pub fn at_hub(&self, program: &Path, words: &[&str]) -> bool {
        let mut command = inside(&self.name, program);
        command.args(words).status().expect("it runs").success()
    }

    /// The name that the hub and the hosts' names begin with.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn host(&self, host: usize) -> String {
        format!("{}-{host}", self.name)
    }
}

impl Drop for Hosts {
    fn drop(&mut self) {
        for host in 0..HOSTS {
            drop(ip(&["netns", "del", &self.host(host)]));
        }
        drop(ip(&["netns", "del", &self.name]));
    }
}

/// The hosts as the hub sees them.
pub struct Links {
    name: String,
    /// The relays of the hosts, which go with this.
    relays: Vec<Peer>,
}

impl Links {
    /// Relays these ports of each host's loopback to the hub's, on which this process runs.
    ///
    /// # Panics
    /// When a port is taken.
    pub async fn new(name: &str, program: &Path, ports: &[u16]) -> Self {
        let mut links = Self {
            name: name.to_owned(),
            relays: Vec::new(),
        };
        for host in 0..HOSTS {
            let mut words = vec!["relay".to_owned()];
            for port in ports {
                let near = format!("10.99.{host}.1:{port}");
                relay(&near, format!("127.0.0.1:{port}")).await;
                words.extend([format!("127.0.0.1:{port}"), near]);
            }
            let mut command = links.inside(host, program);
            command.args(words);
            links.relays.push(Peer::spawn(command));
        }
        links
    }

    /// A program on one of the hosts.
    #[must_use]
    pub fn inside(&self, host: usize, program: &Path) -> Command {
        inside(&format!("{}-{host}", self.name), program)
    }

    /// Takes a host's link down, or up again.
    ///
    /// # Panics
    /// When there is no such link.
    pub fn link(&self, host: usize, up: bool) {
        let state = if up { "up" } else { "down" };
        let link = format!("host{host}");
        ip(&["-n", &self.name, "link", "set", &link, state]).expect("the hub has this link");
    }
}

/// The program `peers relay LISTEN TARGET LISTEN TARGET…`, until its input ends.
///
/// # Panics
/// When an address is taken.
pub fn relays(words: &[&str]) {
    let runtime = crate::peer::runtime();
    for pair in words.chunks_exact(2) {
        runtime.block_on(relay(pair[0], pair[1].to_owned()));
    }
    say("ready");
    std::io::stdin()
        .lines()
        .map_while(Result::ok)
        .for_each(drop);
    std::process::exit(0);
}

async fn relay(listen: &str, target: String) {
    let listener = TcpListener::bind(listen)
        .await
        .expect("the address is free");
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            let target = target.clone();
            tokio::spawn(async move {
                let Ok(mut far) = TcpStream::connect(target).await else {
                    return;
                };
                drop(tokio::io::copy_bidirectional(&mut near, &mut far).await);
            });
        }
    });
}

fn inside(namespace: &str, program: &Path) -> Command {
    let mut command = Command::new("ip");
    command.args(["netns", "exec", namespace]).arg(program);
    command
}

fn ip(words: &[&str]) -> Result<(), String> {
    let output = Command::new("ip").args(words).output();
    let output = output.map_err(|error| format!("ip cannot be run: {error}"))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    }
}
