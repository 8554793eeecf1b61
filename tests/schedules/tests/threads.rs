//! Every interleaving, up to a number of preemptions that `PERENNIAL_PREEMPTIONS` raises (`just schedules`).

use loom::{future::block_on, sync::Arc, thread};
use perennial_schedules::session::{Decision, Little};

/// Runs `test` in every order, and prints how many there are.
fn every_order(name: &str, test: impl Fn() + Send + Sync + 'static) {
    let wanted = std::env::var("PERENNIAL_PREEMPTIONS").ok();
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(wanted.and_then(|bound| bound.parse().ok()).unwrap_or(1));
    let orders = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let count = orders.clone();
    model.check(move || {
        count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        test();
    });
    let orders = orders.load(std::sync::atomic::Ordering::Relaxed);
    println!(
        "{orders:>9} orders, {:?} preemptions: {name}",
        model.preemption_bound
    );
}

/// A call: sent with what readers see, refused, and sent again.
fn call(session: &Arc<Little>) -> (u64, u64) {
    let carried = session.generation();
    let again = match session.refused(carried) {
        Decision::Replay(generation) => generation,
        Decision::Wait { start, end } => {
            let task = start.map(|flight| {
                let session = session.clone();
                thread::spawn(move || session.commit(flight))
            });
            let generation = block_on(session.wait(end));
            if let Some(task) = task {
                task.join().expect("the flight");
            }
            generation
        }
    };
    (carried, again)
}

#[test]
fn two_refused_calls_share_a_flight_or_find_its_pair() {
    every_order("two_refused_calls_share_a_flight_or_find_its_pair", || {
        let session = Arc::new(Little::new());
        let other = session.clone();
        let second = thread::spawn(move || call(&other));
        let first = call(&session);
        let second = second.join().expect("the other call");
        for (carried, again) in [first, second] {
            assert!(again > carried, "sent again with the pair that was refused");
        }
        // Only a call that was sent with the new pair may have started another flight.
        let late = [first, second]
            .iter()
            .filter(|(carried, _)| *carried > 1)
            .count();
        assert!(
            session.flights() <= 1 + late as u64,
            "two flights for one pair"
        );
    });
}

#[test]
fn nobody_sleeps_through_the_end_of_a_flight() {
    every_order("nobody_sleeps_through_the_end_of_a_flight", || {
        let session = Arc::new(Little::new());
        let Decision::Wait {
            start: Some(flight),
            end,
        } = session.refused(1)
        else {
            panic!("the first starts one");
        };
        let Decision::Wait {
            start: None,
            end: joined,
        } = session.refused(1)
        else {
            panic!("the second joins");
        };
        let other = session.clone();
        let waiter = thread::spawn(move || block_on(other.wait(joined)));
        let other = session.clone();
        let task = thread::spawn(move || other.commit(flight));
        assert_eq!(block_on(session.wait(end)), 2);
        assert_eq!(waiter.join().expect("the waiter"), 2);
        task.join().expect("the flight");
    });
}

#[test]
fn readers_never_see_an_older_pair_after_a_newer_one() {
    every_order("readers_never_see_an_older_pair_after_a_newer_one", || {
        let session = Arc::new(Little::new());
        let flights: Vec<_> = (1..=2)
            .map(|flight| {
                let session = session.clone();
                thread::spawn(move || session.commit(flight))
            })
            .collect();
        let (first, second) = (session.generation(), session.generation());
        assert!(first <= second, "{first}, then {second}");
        for flight in flights {
            flight.join().expect("a flight");
        }
        assert_eq!(
            session.generation(),
            3,
            "the last pair is the one that is seen"
        );
    });
}
