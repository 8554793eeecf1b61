//! Calls that wait.

use super::*;

#[test]
fn sign_out_frees_them_before_the_answer() {
    runtime().block_on(async {
        let server = Server::new();
        let session = session(&server);
        let waiter = tokio::spawn(call(session.clone(), ticket(&session).await));
        server.arrived(1).await;
        session.sign_out();
        assert_eq!(
            reason(&waiter.await.unwrap()),
            Some(ExpiredReason::SignedOut)
        );
        server.answer(Ok(pair(2)));
        session.close().await;
        assert!(session.tokens().is_none());
        let late = session.admit(&ask()).await;
        assert!(matches!(
            late,
            Err(Denied::Expired(ExpiredReason::SignedOut))
        ));
    });
}

#[test]
fn a_waiter_gives_up_alone() {
    runtime().block_on(async {
        let (server, hands) = (Server::new(), Hands::new());
        let session = builder(&server)
            .clock(hands.clone())
            .waiter_timeout(Duration::from_secs(3))
            .build()
            .unwrap();
        let impatient = tokio::spawn(call(session.clone(), ticket(&session).await));
        server.arrived(1).await;
        settle().await;
        hands.advance(3);
        assert_eq!(
            kind(&impatient.await.unwrap()),
            Some(RefreshErrorKind::Deadline)
        );
        let patient = tokio::spawn(call(session.clone(), ticket(&session).await));
        settle().await;
        server.answer(Ok(pair(2)));
        assert_eq!(patient.await.unwrap().unwrap(), "A2");
        assert_eq!(server.posts(), 1);
    });
}

#[test]
fn a_dropped_waiter_gives_its_room_back() {
    runtime().block_on(async {
        let server = Server::new();
        let session = builder(&server).max_parked(1).build().unwrap();
        let ticket = ticket(&session).await;
        let first = tokio::spawn(call(session.clone(), ticket.clone()));
        server.arrived(1).await;
        let refused = call(session.clone(), ticket.clone()).await;
        assert_eq!(kind(&refused), Some(RefreshErrorKind::Parked));
        first.abort();
        assert!(first.await.is_err());
        let second = tokio::spawn(call(session.clone(), ticket));
        settle().await;
        server.answer(Ok(pair(2)));
        assert_eq!(second.await.unwrap().unwrap(), "A2");
    });
}

#[test]
fn replays_in_flight_are_limited_first_come_first_served() {
    runtime().block_on(async {
        let server = Server::new();
        let session = builder(&server).max_replays(1).build().unwrap();
        let ticket = ticket(&session).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let sent = Arc::new(Notify::new());
        let calls: Vec<_> = (0..3)
            .map(|number| {
                let (session, ticket) = (session.clone(), ticket.clone());
                let (order, sent) = (order.clone(), sent.clone());
                tokio::spawn(async move {
                    let what = Refusal::AccessExpired;
                    let next = session.refused(&ask(), &ticket, what, false).await.unwrap();
                    let held = session.place(&ask(), next).await.unwrap();
                    order.lock().unwrap().push(number);
                    sent.notified().await;
                    drop(held);
                })
            })
            .collect();
        server.arrived(1).await;
        settle().await;
        server.answer(Ok(pair(2)));
        for replays in 1..=3 {
            settle().await;
            assert_eq!(order.lock().unwrap().len(), replays);
            sent.notify_one();
        }
        for call in calls {
            call.await.unwrap();
        }
        assert_eq!(*order.lock().unwrap(), [0, 1, 2]);
    });
}

#[test]
fn all_waiters_share_one_error() {
    runtime().block_on(async {
        let server = Server::new();
        let session = session(&server);
        let ticket = ticket(&session).await;
        let calls: Vec<_> = (0..5)
            .map(|_| tokio::spawn(call(session.clone(), ticket.clone())))
            .collect();
        server.arrived(1).await;
        settle().await;
        server.answer(Err(RefreshFailure::unanswered("connection reset")));
        for call in calls {
            let outcome = call.await.unwrap();
            assert_eq!(kind(&outcome), Some(RefreshErrorKind::Transport));
            let Err(Denied::Refresh(error)) = outcome else {
                unreachable!()
            };
            assert!(std::error::Error::source(&error).is_some());
        }
        assert_eq!(server.posts(), 1);
    });
}

#[test]
fn the_hot_path_takes_no_lock() {
    let server = Server::new();
    let session = session(&server);
    session.shared.quietly(|_| {
        // Held by this very thread: a second lock would never be had.
        assert!(session.serve(&ask(), |_| Ok::<(), ()>(())).is_some());
        assert!(!session.shared.is_curious());
        assert_eq!(session.power(), super::super::Power::Endpoint);
    });
}

#[test]
fn a_waiting_call_is_small() {
    let server = Server::new();
    let session = session(&server);
    let ticket = runtime().block_on(ticket(&session));
    let ask = ask();
    let waiting = session.refused(&ask, &ticket, Refusal::AccessExpired, false);
    let size = std::mem::size_of_val(&waiting);
    assert!(size <= 384, "{size} bytes");
}

#[test]
fn a_fresh_token_is_put_on_a_request_without_the_lock() {
    let session = session(&Server::new());
    let other = session.clone();
    // Who holds the lock waits for the other thread, so it must not wait for the lock in turn.
    session.shared.quietly(|_| {
        let (told, heard) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut headers = http::HeaderMap::new();
            told.send((crate::__v1::inject(&other, &mut headers), headers))
        });
        let (injected, headers) = heard.recv_timeout(Duration::from_secs(10)).unwrap();
        assert!(injected);
        assert_eq!(headers["authorization"], "Bearer A1");
    });
}
