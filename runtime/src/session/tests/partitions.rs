//! Partitions: several handles of one sign-in, in one process.

use super::*;
use crate::session::{Expected, Lease, Record, StoreError, Swap, TokenStore};
use std::thread;

fn access(session: &Session) -> Option<String> {
    session
        .tokens()
        .map(|tokens| tokens.access().expose().to_owned())
}

async fn carried(session: &Session) -> String {
    let token = ticket(session).await.token.unwrap();
    token.credential.secret().expose().to_owned()
}

#[test]
fn a_name_is_one_partition_for_all_who_say_it() {
    runtime().block_on(async {
        let server = Server::new();
        let session = session(&server);
        let (one, two) = (session.partition("y"), session.partition("y"));
        let other = one.partition("z");
        server.answer(Ok(pair(2)));
        assert_eq!(carried(&one).await, "A2");
        assert_eq!(carried(&two).await, "A2");
        assert_eq!(access(&two.partition("y")).as_deref(), Some("A2"));
        assert_eq!(access(&other), None);
        assert_eq!(access(&session).as_deref(), Some("A1"));
        assert_eq!(server.posts(), 1);
    });
}

#[test]
fn a_partition_that_was_let_go_finds_its_token_again() {
    runtime().block_on(async {
        let server = Server::new();
        let session = session(&server);
        server.answer(Ok(pair(2)));
        assert_eq!(carried(&session.partition("y")).await, "A2");
        settle().await;
        assert_eq!(carried(&session.partition("y")).await, "A2");
        assert_eq!(server.posts(), 1);
    });
}

#[test]
fn a_refresher_is_told_which_partition_it_works_for() {
    runtime().block_on(async {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let session = Session::builder()
            .tokens(pair(1))
            .refresh_with(Noting(seen.clone()))
            .build()
            .unwrap();
        carried(&session.partition("reports")).await;
        let ticket = ticket(&session).await;
        call(session.clone(), ticket).await.unwrap();
        assert_eq!(*seen.lock().unwrap(), [Some("reports".to_owned()), None]);
    });
}

struct Noting(Arc<Mutex<Vec<Option<String>>>>);

impl Refresher for Noting {
    fn refresh(&self, ask: RefreshAsk) -> BoxFuture<'static, Result<Tokens, RefreshFailure>> {
        self.0
            .lock()
            .unwrap()
            .push(ask.partition().map(str::to_owned));
        Box::pin(async move {
            ask.gate().pass().map_err(RefreshFailure::not_sent)?;
            Ok(pair(2))
        })
    }
}

#[test]
fn a_refresher_bound_later_serves_the_partitions_there_are() {
    runtime().block_on(async {
        let server = Server::new();
        let session = Session::new(pair(1));
        let before = session.partition("y");
        let nothing = before.admit(&ask()).await;
        assert!(matches!(nothing, Err(Denied::Refresh(_))), "{nothing:?}");
        before.partition("z").bind(Arc::new(server.clone()));
        server.answer(Ok(pair(2)));
        assert_eq!(carried(&before).await, "A2");
    });
}

#[test]
fn signing_in_and_out_reaches_all_at_once() {
    runtime().block_on(async {
        let server = Server::new();
        let session = session(&server);
        let partition = session.partition("y");
        let (mut events, mut others) = (session.events(), partition.events());
        // One waits for the partition's first token.
        let waiting = tokio::spawn({
            let partition = partition.clone();
            async move { partition.admit(&ask()).await.map(drop) }
        });
        server.arrived(1).await;
        session.sign_in(pair(5));
        assert!(matches!(waiting.await.unwrap(), Err(Denied::Changed)));
        assert_eq!(
            (access(&session).as_deref(), access(&partition)),
            (Some("A5"), None)
        );
        assert_eq!(partition.state(), SessionState::Active);
        partition.sign_out();
        assert_eq!(session.state(), SessionState::SignedOut);
        assert_eq!(partition.state(), SessionState::SignedOut);
        // A sign-in through a partition brings that one's access token.
        partition.sign_in(pair(6));
        assert_eq!(
            (access(&session), access(&partition).as_deref()),
            (None, Some("A6"))
        );
        for events in [&mut events, &mut others] {
            let seen: Vec<_> = std::iter::from_fn(|| events.try_next()).collect();
            assert_eq!(seen, [Event::SignedIn, Event::SignedOut, Event::SignedIn]);
        }
    });
}

#[test]
fn two_who_sign_in_at_the_same_moment_leave_one_account() {
    let session = Session::signed_out();
    let partition = session.partition("y");
    for round in 0..200 {
        thread::scope(|scope| {
            scope.spawn(|| session.sign_in(pair(2 * round)));
            scope.spawn(|| partition.sign_in(pair(2 * round + 1)));
        });
        let ours = |session: &Session| {
            session
                .shared
                .quietly(|machine| machine.pair().map(|pair| pair.sign_in))
        };
        assert!(ours(&session).is_some());
        assert_eq!(ours(&session), ours(&partition), "in round {round}");
        let stored = runtime()
            .block_on(session.shared.grant.store.load())
            .unwrap();
        assert_eq!(stored.map(|record| record.sign_in()), ours(&session));
    }
}

#[test]
fn the_end_of_the_grant_is_the_end_of_all() {
    runtime().block_on(async {
        let server = Server::new();
        let session = session(&server);
        let partition = session.partition("y");
        let waiting = tokio::spawn(call(session.clone(), ticket(&session).await));
        server.arrived(1).await;
        let dead = crate::session::Refused::new(http::StatusCode::UNAUTHORIZED);
        server.answer(Err(dead.into()));
        let over = Some(ExpiredReason::Rejected);
        assert_eq!(reason(&waiting.await.unwrap()), over);
        let there = partition.admit(&ask()).await.map(|_| String::new());
        assert_eq!(reason(&there), over);
        assert_eq!(server.posts(), 1);
    });
}

#[test]
fn closing_waits_for_the_flights_of_all() {
    runtime().block_on(async {
        let server = Server::new();
        let session = session(&server);
        let partition = session.partition("y");
        let call = tokio::spawn(async move { partition.admit(&ask()).await.map(drop) });
        server.arrived(1).await;
        let closed = tokio::spawn(async move { session.close().await });
        settle().await;
        assert!(!closed.is_finished());
        server.answer(Ok(pair(2)));
        closed.await.unwrap();
        call.await.unwrap().unwrap();
    });
}

/// A store whose first look into the record takes until the test says so.
#[derive(Clone)]
struct Sluggish {
    store: MemoryStore,
    asked: watch::Sender<bool>,
    open: watch::Sender<bool>,
}

impl TokenStore for Sluggish {
    fn load(&self) -> BoxFuture<'_, Result<Option<Record>, StoreError>> {
        Box::pin(async move {
            let found = self.store.load().await;
            self.asked.send_replace(true);
            let mut open = self.open.subscribe();
            open.wait_for(|open| *open).await.unwrap();
            found
        })
    }

    fn compare_and_swap(
        &self,
        expected: Expected,
        record: Record,
    ) -> BoxFuture<'_, Result<Swap, StoreError>> {
        self.store.compare_and_swap(expected, record)
    }

    fn lock(&self, lease: Duration) -> BoxFuture<'_, Result<Lease, StoreError>> {
        self.store.lock(lease)
    }

    fn clear(&self, version: u64) -> BoxFuture<'_, Result<bool, StoreError>> {
        self.store.clear(version)
    }
}

/// What the store says was asked for before; what happened since is newer.
#[test]
fn a_look_into_the_store_does_not_undo_a_sign_in_made_meanwhile() {
    runtime().block_on(async {
        let store = Sluggish {
            store: MemoryStore::new(),
            asked: watch::Sender::new(false),
            open: watch::Sender::new(false),
        };
        let server = Server::new();
        let session = sharing(&store, &server);
        // Nobody is signed in: the session asks the store, which is slow.
        let waiting = tokio::spawn({
            let session = session.clone();
            async move { session.admit(&ask()).await.map(drop) }
        });
        let mut asked = store.asked.subscribe();
        asked.wait_for(|asked| *asked).await.unwrap();
        let partition = session.partition("y");
        partition.sign_in(pair(5));
        settle().await;
        store.open.send_replace(true);
        server.answer(Ok(pair(6)));
        waiting.await.unwrap().unwrap();
        assert_eq!(access(&session).as_deref(), Some("A6"));
        assert_eq!(access(&partition).as_deref(), Some("A5"));
    });
}

fn sharing(store: &Sluggish, server: &Server) -> Session {
    let builder = Session::builder().store(store.clone());
    builder.refresh_with(server.clone()).build().unwrap()
}
