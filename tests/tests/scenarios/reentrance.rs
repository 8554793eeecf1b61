//! The user's own code runs in the middle of a refresh, and may use the session and the client.

use crate::shop::{ShopApiClient, WAIT, World, join, tokens};
use perennial::{Error, Event, RefreshFailure, Secret, Tokens};
use perennial_tests::{Gate, REFRESH, run, scenario};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Wake, Waker};

scenario!(refresh_panics_all_wake);
fn refresh_panics_all_wake() {
    run(async {
        let gate = Gate::closed();
        let waits = gate.clone();
        let refresh = move |_: Secret| {
            let waits = waits.clone();
            async move {
                waits.passed().await;
                panic!("the user's refresh panics, as this test wants it");
            }
        };
        let world = World::session(|session| session.refresh_by(refresh)).expired();
        let calls = world.spawn_items(3);
        world.clock.sleepers(WAIT, 3).await;
        gate.open();
        for call in calls {
            let result = join(call).await;
            assert!(matches!(result, Err(Error::Refresh(_))), "{result:?}");
        }
        assert_eq!(
            world.access().as_ref(),
            Some(&world.pair.access),
            "the session is kept"
        );
        assert_eq!(world.backend.ledger().read().sends("/items/1"), 3);
    });
}

scenario!(refresh_callback_uses_client_no_deadlock);
fn refresh_callback_uses_client_no_deadlock() {
    run(async {
        let client: Arc<OnceLock<ShopApiClient>> = Arc::default();
        let uses = client.clone();
        let refresh = move |token: Secret| {
            let client = uses.get().expect("set before the first call").clone();
            async move {
                client
                    .open("before")
                    .await
                    .map_err(RefreshFailure::not_sent)?;
                let pair = client
                    .refresh(token.expose())
                    .await
                    .map_err(RefreshFailure::unanswered)?;
                Ok(Tokens::from(pair))
            }
        };
        let world = World::session(|session| session.refresh_by(refresh)).expired();
        client.set(world.api.generated().clone()).expect("set once");
        world
            .api
            .item(1)
            .await
            .expect("renewed through the client itself");
        let record = world.backend.ledger().read();
        assert_eq!((record.refreshes(), record.sends("/open/before")), (1, 1));
    });
}

scenario!(event_callback_reentrant);
fn event_callback_reentrant() {
    run(async {
        let world = World::new().expired();
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let calls: Arc<Mutex<Vec<_>>> = Arc::default();
        let (session, api, started) = (world.session.clone(), world.api.clone(), calls.clone());
        world.session.on_event(move |event| {
            match event {
                Event::Refreshed => {
                    assert!(session.tokens().is_some());
                    started.lock().unwrap().push(tokio::spawn(api.item(2)));
                }
                Event::Expired { .. } => session.sign_out(),
                _ => {}
            }
            tell.send(event.clone()).expect("the test listens");
        });

        world.api.item(1).await.expect("renewed");
        assert_eq!(told.recv().await, Some(Event::Refreshed));
        let started = std::mem::take(&mut *calls.lock().unwrap());
        assert_eq!(started.len(), 1);
        for call in started {
            join(call).await.expect("a call that a callback started");
        }
        world
            .backend
            .kill_refresh(&world.access().expect("signed in"));
        assert!(
            world
                .api
                .item(1)
                .await
                .is_err_and(|error| error.is_session_expired())
        );
        let expired = told.recv().await;
        assert!(
            matches!(expired, Some(Event::Expired { .. })),
            "{expired:?}"
        );
        assert_eq!(told.recv().await, Some(Event::SignedOut));
        assert_eq!(world.backend.ledger().read().refreshes(), 2);
    });
}

/// Uses the session whenever it is woken, then wakes whom it stands for.
///
/// It sends nothing: the transport's pool wakes with its own lock held, and would be met again.
struct Reenter {
    world: World,
    real: Waker,
    woken: AtomicUsize,
}

impl Wake for Reenter {
    fn wake(self: Arc<Self>) {
        self.woken.fetch_add(1, Ordering::SeqCst);
        let _ = self.world.session.tokens();
        let _ = self.world.session.state();
        self.real.wake_by_ref();
    }
}

scenario!(waker_reenters_session_no_deadlock);
fn waker_reenters_session_no_deadlock() {
    run(async {
        let world = World::new().expired();
        let answer = Gate::closed();
        world.backend.on(REFRESH).hold(&answer);
        let mut call = Box::pin(world.api.item(1));
        let real = std::future::poll_fn(|cx| std::task::Poll::Ready(cx.waker().clone())).await;
        let clock = world.clock.clone();
        let reenter = Arc::new(Reenter {
            world,
            real,
            woken: AtomicUsize::new(0),
        });
        let waker = Waker::from(reenter.clone());
        let polled = std::future::poll_fn(|_| call.as_mut().poll(&mut Context::from_waker(&waker)));
        let opens = async {
            clock.someone_sleeps(WAIT).await;
            answer.open();
        };
        let (result, ()) = tokio::join!(polled, opens);
        result.expect("renewed");
        assert!(reenter.woken.load(Ordering::SeqCst) > 0);
        let record = reenter.world.backend.ledger().read();
        assert_eq!(record.refreshes(), 1);

        // And when a sign-out wakes those who wait.
        reenter.world.backend.expire(&record.rotations[0].access);
        reenter.woken.store(0, Ordering::SeqCst);
        let again = Gate::closed();
        reenter.world.backend.on(REFRESH).hold(&again);
        let mut call = Box::pin(reenter.world.api.item(1));
        let polled = std::future::poll_fn(|_| call.as_mut().poll(&mut Context::from_waker(&waker)));
        let other = reenter.world.backend.sign_in("grace");
        let changes = async {
            clock.someone_sleeps(WAIT).await;
            reenter.world.session.sign_in(tokens(&other));
        };
        let (result, ()) = tokio::join!(polled, changes);
        assert!(
            matches!(result, Err(Error::SessionChanged(_))),
            "{result:?}"
        );
    });
}
