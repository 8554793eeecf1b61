//! Flights are tasks of their own.

use super::*;

#[test]
fn ten_thousand_calls_share_one_flight() {
    runtime().block_on(async {
        let server = Server::new();
        let session = session(&server);
        let ticket = ticket(&session).await;
        let calls: Vec<_> = (0..10_000)
            .map(|_| tokio::spawn(call(session.clone(), ticket.clone())))
            .collect();
        server.arrived(1).await;
        server.answer(Ok(pair(2)));
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap(), "A2");
        }
        assert_eq!(server.posts(), 1);
    });
}

#[test]
fn a_dropped_caller_changes_nothing() {
    runtime().block_on(async {
        let server = Server::new();
        let session = session(&server);
        let leader = tokio::spawn(call(session.clone(), ticket(&session).await));
        server.arrived(1).await;
        leader.abort();
        assert!(leader.await.unwrap_err().is_cancelled());
        server.answer(Ok(pair(2)));
        session.close().await;
        assert_eq!(session.tokens().unwrap().access().expose(), "A2");
        assert_eq!(server.posts(), 1);
    });
}

#[test]
fn a_refresher_that_panics_wakes_all_and_spends_nothing_it_did_not_send() {
    runtime().block_on(async {
        struct Panics;
        impl Refresher for Panics {
            fn refresh(&self, _: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>> {
                panic!("mine")
            }
        }
        let session = Session::builder()
            .tokens(pair(1))
            .refresh_with(Panics)
            .build()
            .unwrap();
        let ticket = ticket(&session).await;
        let calls: Vec<_> = (0..3)
            .map(|_| tokio::spawn(call(session.clone(), ticket.clone())))
            .collect();
        for call in calls {
            assert_eq!(
                kind(&call.await.unwrap()),
                Some(RefreshErrorKind::Transport)
            );
        }
        assert_eq!(session.tokens().unwrap().access().expose(), "A1");
    });
}

#[test]
fn those_on_another_runtime_are_freed_when_the_leaders_is_dropped() {
    let server = Server::new();
    let session = session(&server);
    let (leaders, mine) = (runtime(), runtime());
    let ticket = mine.block_on(ticket(&session));
    let leader = leaders.spawn(call(session.clone(), ticket.clone()));
    leaders.block_on(server.arrived(1));
    let waiter = mine.spawn(call(session.clone(), ticket));
    mine.block_on(settle());
    drop(leaders);
    let outcome = mine.block_on(waiter).unwrap();
    assert_eq!(kind(&outcome), Some(RefreshErrorKind::Transport));
    assert!(mine.block_on(leader).unwrap_err().is_cancelled());
    assert_eq!(session.tokens().unwrap().access().expose(), "A1");
}

#[test]
fn a_spawner_that_drops_the_task_strands_nobody() {
    struct Refuses;
    impl Spawner for Refuses {
        fn spawn(&self, _: BoxFuture<'static, ()>) {}
    }
    runtime().block_on(async {
        let server = Server::new();
        let session = builder(&server).spawner(Refuses).build().unwrap();
        let outcome = call(session.clone(), ticket(&session).await).await;
        assert_eq!(kind(&outcome), Some(RefreshErrorKind::Transport));
    });
}

#[test]
fn a_flight_whose_runtime_stands_still_is_settled_by_those_who_wait() {
    let (server, hands) = (Server::new(), Hands::new());
    let session = builder(&server).clock(hands.clone()).build().unwrap();
    let (leaders, mine) = (runtime(), runtime());
    let ticket = mine.block_on(ticket(&session));
    let leader = leaders.spawn(call(session.clone(), ticket.clone()));
    leaders.block_on(server.arrived(1));
    // From here on nobody polls the flight.
    let waiter = mine.spawn(call(session.clone(), ticket));
    mine.block_on(settle());
    hands.advance(16);
    let outcome = mine.block_on(waiter).unwrap();
    assert_eq!(kind(&outcome), Some(RefreshErrorKind::Transport));
    // It is polled again, and its answer is there: late, and good.
    server.answer(Ok(pair(2)));
    assert!(leaders.block_on(leader).unwrap().is_err());
    leaders.block_on(session.close());
    leaders.block_on(settle());
    assert_eq!(session.tokens().unwrap().access().expose(), "A2");
}

#[test]
fn a_post_that_hangs_ends_at_its_deadline() {
    runtime().block_on(async {
        let (server, hands) = (Server::new(), Hands::new());
        let session = builder(&server).clock(hands.clone()).build().unwrap();
        let waiter = tokio::spawn(call(session.clone(), ticket(&session).await));
        server.arrived(1).await;
        settle().await;
        hands.advance(15);
        assert_eq!(
            kind(&waiter.await.unwrap()),
            Some(RefreshErrorKind::Deadline)
        );
        assert!(matches!(session.state(), SessionState::Backoff { .. }));
    });
}

#[test]
fn a_thread_of_its_own_outlives_the_callers_runtime() {
    let server = Server::new();
    let thread = crate::OwnThread::new().unwrap();
    let session = builder(&server).spawner(thread).build().unwrap();
    let callers = runtime();
    let ticket = callers.block_on(ticket(&session));
    drop(callers.spawn(call(session.clone(), ticket.clone())));
    callers.block_on(server.arrived(1));
    drop(callers);
    server.answer(Ok(pair(2)));
    let mine = runtime();
    assert_eq!(mine.block_on(call(session.clone(), ticket)).unwrap(), "A2");
    assert_eq!(server.posts(), 1);
}

#[test]
fn a_pair_that_an_endpoint_took_before_is_renewed_after_a_refused_replay() {
    for taken in [true, false] {
        runtime().block_on(async {
            let server = Server::new();
            let session = session(&server);
            let ticket = ticket(&session).await;
            if taken {
                session.accepted(&ask(), &ticket);
            }
            // The replay of a call that had carried an older pair.
            let ask = ask();
            let replay = session.refused(&ask, &ticket, Refusal::AccessExpired, true);
            assert!(matches!(replay.await, Err(Denied::Unauthorized { .. })));
            let next = tokio::spawn(call(session, ticket));
            settle().await;
            assert_eq!(server.posts(), usize::from(taken));
            server.answer(Ok(pair(2)));
            assert_eq!(next.await.unwrap().is_ok(), taken);
        });
    }
}
