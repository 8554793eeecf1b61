//! A back end, a store, and sessions that share it.

use perennial::testing::{Backend, Gate, Hands, Pair};
use perennial::{Clock, Session, SessionBuilder};
pub(crate) use perennial_tests::place::Kind;
use perennial_tests::{
    peer::Peer,
    place::Place,
    run,
    shop::{Echo, ShopClient},
    valve::{Op, Valve},
};
use serde_json::json;
use std::{
    path::Path,
    time::{Duration, UNIX_EPOCH},
};
use tokio::task::JoinHandle;

/// How long a call waits here: longer than a flight waits for the lock.
const WAIT: Duration = Duration::from_secs(25);

/// How long the answer to a refresh is waited for by default.
pub(crate) const FIRST_DEADLINE: Duration = Duration::from_secs(15);

/// One test for each kind of store, below the scenario's name.
macro_rules! over {
    ($name:ident: $($kind:ident)+) => {
        mod $name {
            $(
                #[test]
                fn $kind() {
                    let name = stringify!($name);
                    crate::world::play(name, crate::world::kind::$kind, super::$name);
                }
            )+
        }
    };
}

/// The kinds of stores by the names of the table's columns.
#[expect(non_upper_case_globals, reason = "the columns' names")]
pub(crate) mod kind {
    use super::Kind;

    pub(crate) const generated_memory: Kind = Kind::Memory;
    pub(crate) const generated_file: Kind = Kind::File;
    pub(crate) const generated_redis: Kind = Kind::Redis;
}

/// Runs one scenario over a store of one kind.
pub(crate) fn play<F: Future<Output = ()>>(
    name: &str,
    kind: Kind,
    scenario: impl FnOnce(World) -> F,
) {
    if let Some(place) = Place::new(kind, name) {
        run(async { scenario(World::new(Backend::start(), place)).await });
    }
}

/// Where a scenario begins: "ada" has signed in with A1 and R1, and no session knows of it yet.
pub(crate) struct World {
    pub(crate) backend: Backend,
    pub(crate) place: Place,
    pub(crate) pair: Pair,
}

/// A session as a process of its own would have it.
pub(crate) struct Member {
    pub(crate) session: Session,
    pub(crate) shop: ShopClient,
    pub(crate) clock: Hands,
    pub(crate) valve: Valve,
}

impl World {
    fn new(backend: Backend, place: Place) -> Self {
        let pair = backend.sign_in("ada");
        Self {
            backend,
            place,
            pair,
        }
    }

    /// The same on another back end.
    pub(crate) fn on(self, backend: Backend) -> Self {
        Self::new(backend, self.place)
    }

    /// A member that signs in with A1 and R1, and has written it.
    pub(crate) async fn first(
        &self,
        options: impl FnOnce(SessionBuilder) -> SessionBuilder,
    ) -> Member {
        let member = self.member(|session| options(session.tokens(&self.pair)));
        member.session.close().await;
        member
    }

    /// A member that starts with what is stored, and has made its first call.
    pub(crate) async fn second(
        &self,
        options: impl FnOnce(SessionBuilder) -> SessionBuilder,
    ) -> Member {
        let member = self.member(options);
        member.shop.item(9).await.expect("signed in elsewhere");
        member
    }

    /// A member that starts with what is stored.
    pub(crate) fn member(&self, options: impl FnOnce(SessionBuilder) -> SessionBuilder) -> Member {
        self.member_at(&self.backend.url(), options)
    }

    /// The same, calling another address.
    pub(crate) fn member_at(
        &self,
        url: &str,
        options: impl FnOnce(SessionBuilder) -> SessionBuilder,
    ) -> Member {
        let (clock, valve) = (Hands::new(), Valve::new(self.place.handle()));
        let builder = Session::builder()
            .clock(clock.clone())
            .store(valve.clone())
            .waiter_timeout(WAIT)
            .recheck(Duration::from_nanos(1));
        let session = options(builder).build().expect("the options fit together");
        let shop = ShopClient::builder()
            .base_url(url)
            .session(session.clone())
            .build()
            .expect("the client can be built");
        Member {
            session,
            shop,
            clock,
            valve,
        }
    }

    /// Lets A1 expire, for the server alone.
    pub(crate) fn expire(&self) {
        self.backend.expire(&self.pair.access);
    }

    /// Waits until so many renewals have arrived.
    pub(crate) async fn refreshes(&self, count: usize) {
        let arrived = |seen: &perennial::testing::Record| seen.refreshes() >= count;
        self.backend.ledger().wait_for("a refresh", arrived).await;
    }

    /// Waits until so many renewals have been judged.
    pub(crate) async fn presented(&self, count: usize) {
        let judged = |seen: &perennial::testing::Record| seen.presentations.len() >= count;
        self.backend
            .ledger()
            .wait_for("a presentation", judged)
            .await;
    }

    /// How many renewals there were.
    pub(crate) fn count(&self) -> usize {
        self.backend.ledger().read().refreshes()
    }

    /// How often R1 was judged.
    pub(crate) fn presented_r1(&self) -> usize {
        self.backend.ledger().read().presented(&self.pair.refresh)
    }

    /// The refresh token that is stored.
    pub(crate) async fn stored(&self) -> Option<String> {
        let content = self.place.content().await?;
        content["refresh_token"].as_str().map(str::to_owned)
    }

    /// Marks the record as a process does before it presents R1, and leaves it at that. Its answer
    /// is waited for until `left` from now, by this clock.
    pub(crate) async fn marked(&self, clock: &Hands, left: Duration) {
        let nanoseconds = |time: Duration| u64::try_from(time.as_nanos()).expect("this century");
        let now = clock.wall().duration_since(UNIX_EPOCH).expect("after 1970");
        self.place
            .edit(|record| {
                record["marker"] = json!({
                    "serial": record["serial"],
                    "attempt": 1,
                    "sent_at_ns": nanoseconds(now.saturating_sub(FIRST_DEADLINE)),
                    "deadline_ns": nanoseconds(now.saturating_add(left)),
                    "doubt": "unanswered",
                });
            })
            .await;
    }

    /// Waits until nobody has the lock.
    pub(crate) async fn lock_is_free(&self) {
        let store = self.place.handle();
        drop(
            store
                .lock(Duration::from_secs(30))
                .await
                .expect("it is given back"),
        );
    }

    /// A process of its own over the same store.
    pub(crate) fn peer(&self) -> Peer {
        Peer::start(
            Path::new(env!("CARGO_BIN_EXE_peers")),
            &self.backend.url(),
            &self.place.address(),
        )
    }
}

impl Member {
    /// Calls, as a task of its own.
    pub(crate) fn spawn(&self) -> JoinHandle<perennial::Result<Echo>> {
        tokio::spawn(self.shop.item(1))
    }

    /// From now on the valve counts the next lock once it is had, not when it is asked for.
    pub(crate) fn counts_locks_it_has(&self) {
        let open = Gate::closed();
        open.open();
        self.valve.hold_after(Op::Lock, &open);
    }

    /// The access token in use.
    pub(crate) fn access(&self) -> Option<String> {
        let tokens = self.session.tokens()?;
        Some(tokens.access().expose().to_owned())
    }

    /// The refresh token in use.
    pub(crate) fn refresh_token(&self) -> Option<String> {
        let tokens = self.session.tokens()?;
        tokens.refresh().map(|token| token.expose().to_owned())
    }
}

/// No options of one's own.
pub(crate) fn plain(session: SessionBuilder) -> SessionBuilder {
    session
}

/// The value of a task that must not have panicked.
pub(crate) async fn join<T>(task: JoinHandle<T>) -> T {
    task.await.expect("the task ran to its end")
}
