//! Processes that share a session: `soak` starts them and kills them at random; the other words
//! are what they are started with.

use perennial::Reuse;
use perennial_tests::{
    peer,
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
        ["soak", ref rest @ ..] => {
            let number = |at: usize| rest.get(at).and_then(|word| word.parse().ok());
            let seed = number(1).unwrap_or_else(|| RandomState::new().build_hasher().finish());
            soaked(Duration::from_secs(number(0).unwrap_or(60)), seed);
        }
        _ => {
            eprintln!("usage: peers soak [SECONDS [SEED]]");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
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
