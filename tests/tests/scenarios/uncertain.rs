//! A refresh whose answer was lost may have spent the token.

use crate::shop::World;
use perennial::{Error, ExpiredReason, Result, Reuse};
use perennial_tests::backend::Verdict;
use perennial_tests::{REFRESH, run, scenario};

scenario!(lost_response_no_window);
fn lost_response_no_window() {
    run(async {
        let world = World::new().expired();
        world.backend.on(REFRESH).nth(1).lose();
        let lost = world.api.item(1).await;
        assert!(matches!(lost, Err(Error::Refresh(_))), "{lost:?}");

        // While the first answer may still come, nothing is presented, however often one asks.
        for _ in 0..5 {
            world.later(2).await;
            let waits = world.api.item(1).await;
            assert!(matches!(waits, Err(Error::Refresh(_))), "{waits:?}");
        }
        let ledger = world.backend.ledger();
        assert_eq!(ledger.read().refreshes(), 1);

        // Past its deadline nobody has anything to lose; this server punishes it all the same.
        world.later(60).await;
        assert_eq!(ended(&world.api.item(1).await), ExpiredReason::Rejected);
        let record = ledger.read();
        let verdicts: Vec<_> = record.presentations.iter().map(|p| p.verdict).collect();
        assert_eq!(verdicts, [Verdict::Rotated, Verdict::Reused]);
    });
}

scenario!(lost_response_never_presented_again);
fn lost_response_never_presented_again() {
    run(async {
        let world = World::session(|session| session.reuse(Reuse::Never)).expired();
        world.backend.on(REFRESH).nth(1).lose();
        assert_eq!(ended(&world.api.item(1).await), ExpiredReason::Uncertain);
        world.later(60).await;
        assert_eq!(ended(&world.api.item(1).await), ExpiredReason::Uncertain);
        let record = world.backend.ledger().read();
        assert_eq!(record.presented(&world.pair.refresh), 1);
        assert_eq!(record.revocations.len(), 0);
    });
}

fn ended<T: std::fmt::Debug>(result: &Result<T>) -> ExpiredReason {
    match result {
        Err(Error::SessionExpired(over)) => over.reason(),
        other => panic!("the session is over: {other:?}"),
    }
}
