//! Rule I9: what the user brings runs with no lock held.

use super::*;
use std::task::{Context, Wake, Waker};

#[test]
fn a_callback_may_use_the_session() {
    let session = Session::new(pair(1));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (inner, log) = (session.clone(), seen.clone());
    session.on_event(move |event| {
        log.lock().unwrap().push(event.clone());
        match event {
            Event::SignedOut => inner.sign_in(pair(2)),
            _ => assert!(inner.tokens().is_some()),
        }
    });
    session.sign_out();
    assert_eq!(*seen.lock().unwrap(), [Event::SignedOut, Event::SignedIn]);
    assert_eq!(session.tokens().unwrap().access().expose(), "A2");
}

#[test]
fn a_waker_may_use_the_session() {
    struct Curious(Session, AtomicUsize);
    impl Wake for Curious {
        fn wake(self: Arc<Self>) {
            self.0.state();
            self.1.fetch_add(1, Ordering::SeqCst);
        }
    }
    runtime().block_on(async {
        let server = Server::new();
        let session = session(&server);
        let ticket = ticket(&session).await;
        let curious = Arc::new(Curious(session.clone(), AtomicUsize::new(0)));
        let waker = Waker::from(curious.clone());
        let mut waiting = Box::pin(call(session.clone(), ticket));
        assert!(
            waiting
                .as_mut()
                .poll(&mut Context::from_waker(&waker))
                .is_pending()
        );
        server.arrived(1).await;
        server.answer(Ok(pair(2)));
        session.close().await;
        assert!(curious.1.load(Ordering::SeqCst) > 0);
        assert_eq!(waiting.await.unwrap(), "A2");
    });
}

#[test]
fn a_refresher_may_use_the_session() {
    struct Nosy(Mutex<Option<Session>>);
    impl Refresher for Nosy {
        fn refresh(&self, ask: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>> {
            let session = self.0.lock().unwrap().clone().unwrap();
            Box::pin(async move {
                assert!(session.tokens().is_some());
                // The token is valid by the clock: a call of its own is served.
                assert!(session.admit(&super::ask()).await.is_ok());
                ask.gate().pass().map_err(RefreshFailure::not_sent)?;
                Ok(pair(2))
            })
        }
    }
    runtime().block_on(async {
        let nosy = Arc::new(Nosy(Mutex::default()));
        let session = Session::builder()
            .tokens(pair(1))
            .refresh_with(nosy.clone())
            .build()
            .unwrap();
        *nosy.0.lock().unwrap() = Some(session.clone());
        let outcome = call(session.clone(), ticket(&session).await).await;
        assert_eq!(outcome.unwrap(), "A2");
        nosy.0.lock().unwrap().take();
    });
}

#[test]
fn events_are_a_stream() {
    runtime().block_on(async {
        let server = Server::new();
        let session = session(&server);
        let mut events = session.events();
        let waiter = tokio::spawn(call(session.clone(), ticket(&session).await));
        server.arrived(1).await;
        server.answer(Ok(pair(2)));
        assert_eq!(events.next().await, Some(Event::Refreshed));
        waiter.await.unwrap().unwrap();
        session.sign_out();
        assert_eq!(events.next().await, Some(Event::SignedOut));
        drop(session);
        assert_eq!(events.next().await, None);
    });
}
