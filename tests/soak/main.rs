//! Processes that share a session: `soak` starts them and kills them at random; the other words
//! are what they are started with.

use perennial::Reuse;
use perennial_tests::{
    hosts::{self, Hosts},
    needs, needs_that, peer,
    place::{Kind, Place},
    redis::Redis,
    run, soak,
};
use std::{
    env,
    hash::{BuildHasher, Hasher, RandomState},
    process::ExitCode,
    time::Duration,
};

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        ["act", backend, store] => peer::act(backend, store, Reuse::LastResort),
        ["work", backend, store] => soak::work(backend, store),
        ["relay", ref rest @ ..] => hosts::relays(rest),
        ["hosts", ref rest @ ..] => {
            let (time, seed) = numbers(rest);
            return across_hosts(time, seed);
        }
        ["at-hub", hub, ref rest @ ..] => {
            let (time, seed) = numbers(rest);
            at_hub(hub, time, seed);
        }
        ["soak", ref rest @ ..] => {
            let (time, seed) = numbers(rest);
            soaked(time, seed);
        }
        _ => {
            eprintln!("usage: peers soak|hosts [SECONDS [SEED]]");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Seconds and seed, where they are given.
fn numbers(words: &[&str]) -> (Duration, u64) {
    let number = |at: usize| words.get(at).and_then(|word| word.parse().ok());
    let seed = number(1).unwrap_or_else(|| RandomState::new().build_hasher().finish());
    (Duration::from_secs(number(0).unwrap_or(60)), seed)
}

/// Makes the hosts, and goes on at their hub.
fn across_hosts(time: Duration, seed: u64) -> ExitCode {
    if !Redis::there("hosts") || !needs("hosts", "ip", "apt-get install iproute2") {
        return ExitCode::SUCCESS;
    }
    let hosts = match Hosts::new() {
        Ok(hosts) => hosts,
        Err(why) => {
            let how = format!("run it as root; the machine says: {why}");
            let _ = needs_that("hosts", "network namespaces", &how, false);
            return ExitCode::SUCCESS;
        }
    };
    let program = env::current_exe().expect("a program knows its path");
    let (time, seed) = (time.as_secs().to_string(), seed.to_string());
    match hosts.at_hub(&program, &["at-hub", hosts.name(), &time, &seed]) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

fn at_hub(hub: &str, time: Duration, seed: u64) {
    let program = env::current_exe().expect("a program knows its path");
    println!("seed {seed}; {time:?} over three hosts");
    let redis = Redis::start();
    let place = Place::in_redis(&redis.url(), "soak");
    let soak = soak::soak_hosts(hub, &program, (&place, redis.port()), time, seed);
    println!("hosts: {}", run(soak));
}

fn soaked(time: Duration, seed: u64) {
    let program = env::current_exe().expect("a program knows its path");
    println!("seed {seed}; {time:?} for each store");
    let file = Place::new(Kind::File, "soak").expect("a folder can be made");
    println!("file: {}", run(soak::soak(&program, &file, time, seed)));
    if Redis::there("soak") {
        let redis = Redis::start();
        let place = Place::in_redis(&redis.url(), "soak");
        println!("redis: {}", run(soak::soak(&program, &place, time, seed)));
    }
}
