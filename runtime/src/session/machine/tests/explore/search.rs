//! Visits every world once, nearest first, and tells how it got to a bad one.

use super::{setting::Setting, world::World};
use std::{
    collections::{HashMap, VecDeque},
    fmt,
    hash::{BuildHasherDefault, Hasher},
    panic::{AssertUnwindSafe, catch_unwind},
};

/// The shortest way to a world in which an invariant does not hold.
#[derive(Debug)]
pub(super) struct CounterExample {
    pub(super) broken: &'static str,
    pub(super) steps: Vec<String>,
}

impl fmt::Display for CounterExample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, step) in self.steps.iter().enumerate() {
            writeln!(f, "  {:>2}. {step}", number + 1)?;
        }
        write!(f, "  → {}", self.broken)
    }
}

/// From where each world was first reached, and by which of the moves there.
type Seen = HashMap<u64, (u64, u32), BuildHasherDefault<AsItIs>>;

/// Answers how many worlds can be reached.
pub(super) fn explore(setting: &'static Setting) -> Result<usize, CounterExample> {
    let mut start = World::new(setting);
    start.said.clear();
    let first = start.fingerprint();
    let mut seen = Seen::default();
    seen.insert(first, (first, 0));
    let mut open = VecDeque::from([(first, start)]);
    while let Some((print, world)) = open.pop_front() {
        // A machine that panics is a counter-example, too.
        let next = catch_unwind(AssertUnwindSafe(|| moves(&world)));
        let Ok(next) = next else {
            let broken = "the machine panics";
            return Err(told(setting, &seen, print, None, broken));
        };
        if next.is_empty() {
            let mut world = world.clone();
            world.end();
            if let Some(broken) = world.broken {
                return Err(told(setting, &seen, print, None, broken));
            }
        }
        for (which, next) in next.into_iter().enumerate() {
            if let Some(broken) = next.broken {
                return Err(told(setting, &seen, print, Some(which), broken));
            }
            let its = next.fingerprint();
            seen.entry(its).or_insert_with(|| {
                open.push_back((its, next));
                (print, which as u32)
            });
        }
    }
    Ok(seen.len())
}

fn moves(world: &World) -> Vec<World> {
    let mut next = world.next();
    for new in &mut next {
        new.check(world);
    }
    next
}

/// Goes the way once more, this time with words.
fn told(
    setting: &'static Setting,
    seen: &Seen,
    end: u64,
    last: Option<usize>,
    broken: &'static str,
) -> CounterExample {
    let mut way: Vec<usize> = last.into_iter().collect();
    let mut print = end;
    while let Some((from, which)) = seen.get(&print).filter(|(from, _)| *from != print) {
        way.push(*which as usize);
        print = *from;
    }
    let mut world = World::new(setting);
    world.telling = true;
    let mut steps = Vec::new();
    for which in way.into_iter().rev() {
        world.said.clear();
        world = moves(&world).swap_remove(which);
        steps.push(world.said.clone());
    }
    CounterExample { broken, steps }
}

/// Fingerprints are hashes already.
#[derive(Default)]
struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("only numbers are hashed");
    }

    fn write_u64(&mut self, print: u64) {
        self.0 = print;
    }
}
