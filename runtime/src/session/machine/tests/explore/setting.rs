//! Which worlds are explored, and how far.

use crate::session::Reuse;
use std::time::Duration;

/// One exploration: who takes part, what may go wrong, and how often in one run.
pub(super) struct Setting {
    pub(super) name: &'static str,
    /// How many calls each process makes.
    pub(super) calls: &'static [u8],
    pub(super) accidents: &'static [Accident],
    /// How many accidents one run may have, of whatever kinds.
    pub(super) at_most: u8,
    pub(super) reuse: Reuse,
    /// Whether the server takes the parent of the current refresh token again, and gives a newer
    /// successor in place of the first; else a spent token ends the family.
    pub(super) grace: bool,
    /// How long access tokens live; none: the first is over, and the others live until rotated.
    pub(super) lifetime: Option<Duration>,
    /// Whether the second process is another partition: access tokens of its own under the one
    /// refresh token.
    pub(super) partitions: bool,
    /// Whether the processes are told of changes of the store.
    pub(super) watch: bool,
}

/// What may go wrong, or be done by people, at any moment at which it makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Accident {
    /// A waiting call goes away.
    Cancel,
    SignOut,
    /// Another account signs in.
    SignIn,
    /// A refresh request, or the answer to it, is lost.
    Lose,
    /// The connection for a refresh is refused.
    Refuse,
    /// A refresh is answered with 503.
    Unavailable,
    /// A refresh is answered with 500, the token spent or not.
    ServerError,
    /// Time passes, up to any deadline, while everybody stands still: steps come late, and leases
    /// lapse.
    Pause,
    /// A flight's task is dropped or panics.
    TaskDies,
    /// A process dies and starts again; its lock is free at once or when the lease lapses.
    Crash,
    /// The store fails, whether it has done what it was asked or not.
    StoreFails,
    /// A call is answered with 402.
    Dead,
}

pub(super) const ALL: &[Accident] = &[
    Accident::Cancel,
    Accident::SignOut,
    Accident::SignIn,
    Accident::Lose,
    Accident::Refuse,
    Accident::Unavailable,
    Accident::ServerError,
    Accident::Pause,
    Accident::TaskDies,
    Accident::Crash,
    Accident::StoreFails,
    Accident::Dead,
];

/// What nobody wants.
const OUTAGES: &[Accident] = &[
    Accident::Lose,
    Accident::Pause,
    Accident::TaskDies,
    Accident::Crash,
];

/// What makes answers late, or loses them.
const DELAYS: &[Accident] = &[Accident::Lose, Accident::Pause];

/// What people do.
const PEOPLE: &[Accident] = &[Accident::Cancel, Accident::SignOut, Accident::SignIn];

const PLAIN: Setting = Setting {
    name: "two processes, three calls, nothing goes wrong",
    calls: &[2, 1],
    accidents: &[],
    at_most: 0,
    reuse: Reuse::LastResort,
    grace: false,
    lifetime: None,
    partitions: false,
    watch: false,
};

/// Small enough for every test run.
pub(super) static BOUNDED: &[Setting] = &[
    PLAIN,
    Setting {
        name: "one process, three calls, one accident of any kind",
        calls: &[3],
        accidents: ALL,
        at_most: 1,
        ..PLAIN
    },
    Setting {
        name: "two processes, two calls, one accident of any kind",
        calls: &[1, 1],
        accidents: ALL,
        at_most: 1,
        ..PLAIN
    },
];

/// Somewhat larger: with those above, what shows what becomes of the machine without a rule.
pub(super) static MIDDLE: &[Setting] = &[
    Setting {
        name: "two processes, two calls, tokens that end by the clock, two outages",
        calls: &[1, 1],
        accidents: OUTAGES,
        at_most: 2,
        lifetime: Some(Duration::from_secs(100)),
        ..PLAIN
    },
    Setting {
        name: "two processes, two calls, a server that takes the parent again, one accident",
        calls: &[1, 1],
        accidents: ALL,
        at_most: 1,
        reuse: Reuse::WhileSuccessorUnused,
        grace: true,
        ..PLAIN
    },
    Setting {
        name: "two processes, two calls, no token ever again, one accident",
        calls: &[1, 1],
        accidents: ALL,
        at_most: 1,
        reuse: Reuse::Never,
        ..PLAIN
    },
    Setting {
        name: "two processes, two calls, a store that tells of changes, one accident of any kind",
        calls: &[1, 1],
        accidents: ALL,
        at_most: 1,
        watch: true,
        ..PLAIN
    },
    Setting {
        name: "two processes of a partition each, three calls, nothing goes wrong",
        partitions: true,
        ..PLAIN
    },
    Setting {
        name: "two processes of a partition each, two calls, one accident of any kind",
        calls: &[1, 1],
        accidents: ALL,
        at_most: 1,
        partitions: true,
        ..PLAIN
    },
    Setting {
        name: "two processes, three calls, one accident of any kind",
        accidents: ALL,
        at_most: 1,
        ..PLAIN
    },
];

/// The rest, for `just explore`.
pub(super) static WHOLE: &[Setting] = &[
    Setting {
        name: "two processes, two calls, a store that tells of changes, two people",
        calls: &[1, 1],
        accidents: PEOPLE,
        at_most: 2,
        watch: true,
        ..PLAIN
    },
    Setting {
        name: "two processes, two calls, a server that takes the parent again, two delays",
        calls: &[1, 1],
        accidents: DELAYS,
        at_most: 2,
        reuse: Reuse::WhileSuccessorUnused,
        grace: true,
        ..PLAIN
    },
    Setting {
        name: "one process, three calls, two accidents of any kind",
        calls: &[3],
        accidents: ALL,
        at_most: 2,
        ..PLAIN
    },
    Setting {
        name: "two processes, three calls, a store that tells of changes, one accident of any kind",
        accidents: ALL,
        at_most: 1,
        watch: true,
        ..PLAIN
    },
    Setting {
        name: "two processes, two calls, two accidents of any kind",
        calls: &[1, 1],
        accidents: ALL,
        at_most: 2,
        ..PLAIN
    },
];
