//! A lost answer on servers that take a spent refresh token once more, each in its own way.

use crate::shop::World;
use perennial::{Error, ExpiredReason, Result, Reuse};
use perennial_tests::backend::{OnReuse, Verdict};
use perennial_tests::{Backend, Convention, REFRESH, run, scenario};
use std::time::Duration;

/// A back end that is lenient, and a session that knows.
fn lenient(on_reuse: OnReuse, reuse: Reuse) -> World {
    let backend = Backend::plan(Convention::Status).on_reuse(on_reuse).start();
    World::with(backend, |session| session.reuse(reuse), |client| client)
}

/// The refresh tokens in the order of their presentation, each by its place in `chain`.
fn presented(world: &World, chain: &[String]) -> Vec<usize> {
    let record = world.backend.ledger().read();
    let place = |token: &String| chain.iter().position(|other| other == token);
    record
        .presentations
        .iter()
        .map(|p| place(&p.token).expect("a token of the chain"))
        .collect()
}

fn lost<T: std::fmt::Debug>(result: Result<T>) {
    assert!(matches!(result, Err(Error::Refresh(_))), "{result:?}");
}

scenario!(reuse_parent_of_active);
fn reuse_parent_of_active() {
    run(async {
        let world = lenient(OnReuse::TakeParent, Reuse::WhileSuccessorUnused).expired();
        world.backend.on(REFRESH).first(2).lose();
        for _ in 0..2 {
            lost(world.api.item(1).await);
            world.later(31).await;
        }
        world
            .api
            .item(1)
            .await
            .expect("the parent brings the live pair");
        let record = world.backend.ledger().read();
        let verdicts = [Verdict::Rotated, Verdict::Forgiven, Verdict::Forgiven];
        assert_eq!(record.verdicts(), verdicts);
        assert_eq!(record.presented(&world.pair.refresh), 3);

        // From here on its successor is used, and the parent never again.
        let successor = world.refresh_token().expect("signed in");
        world.backend.expire_all();
        world.api.item(1).await.expect("renewed");
        let record = world.backend.ledger().read();
        assert_eq!(record.presented(&world.pair.refresh), 3);
        assert_eq!(record.presented(&successor), 1);
        assert_eq!(record.revocations.len(), 0);
    });
}

scenario!(second_to_last_token_never_presented);
fn second_to_last_token_never_presented() {
    run(async {
        // This server forgives the parent of the live token, and kills the family for its
        // grandparent.
        let world = lenient(OnReuse::TakeParent, Reuse::WhileSuccessorUnused);
        let mut chain = vec![world.pair.refresh.clone()];
        for _ in 0..3 {
            world.backend.expire_all();
            world.api.item(1).await.expect("renewed");
            chain.push(world.refresh_token().expect("signed in"));
            world.later(31).await;

            // The answer to the next one is lost, and it is this one that comes again.
            world.backend.expire_all();
            world.backend.on(REFRESH).nth(1).lose();
            lost(world.api.item(1).await);
            assert_eq!(world.refresh_token().as_ref(), chain.last());
            world.later(31).await;
            world.api.item(1).await.expect("taken once more");
            chain.push(world.refresh_token().expect("signed in"));
            world.later(31).await;
        }
        let order = presented(&world, &chain);
        assert_eq!(order, [0, 1, 1, 2, 3, 3, 4, 5, 5]);
        assert_eq!(world.backend.ledger().read().revocations.len(), 0);
    });
}

scenario!(reuse_count_without_window);
fn reuse_count_without_window() {
    run(async {
        // However late, but once only.
        let once = Reuse::Window {
            lasts: Duration::MAX,
            times: 1,
        };
        let world = lenient(OnReuse::Take(1), once).expired();
        world.backend.on(REFRESH).nth(1).lose();
        lost(world.api.item(1).await);
        world.later(14 * 24 * 3600).await;
        world
            .api
            .item(1)
            .await
            .expect("two weeks later it is taken");
        let record = world.backend.ledger().read();
        assert_eq!(record.verdicts(), [Verdict::Rotated, Verdict::Forgiven]);

        // The count is each token's own; a third time is one too many, and is not tried.
        let second = world.refresh_token().expect("signed in");
        world.backend.expire_all();
        world.backend.on(REFRESH).lose();
        lost(world.api.item(1).await);
        world.later(31).await;
        for _ in 0..3 {
            match world.api.item(1).await {
                Err(Error::SessionExpired(over)) => {
                    assert_eq!(over.reason(), ExpiredReason::Uncertain);
                }
                other => panic!("what the server grants is used up: {other:?}"),
            }
            world.later(3600).await;
        }
        let record = world.backend.ledger().read();
        assert_eq!(record.presented(&second), 2);
        assert_eq!(record.revocations.len(), 0);
    });
}
