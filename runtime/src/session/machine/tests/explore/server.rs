//! The server: it rotates refresh tokens, and ends the family when it sees a spent one.

use super::{
    setting::Setting,
    world::{World, parts},
};
use crate::session::Reuse;
use std::{rc::Rc, time::Duration};

#[derive(Clone, Debug, Hash)]
pub(super) struct Server {
    pub(super) users: Vec<User>,
    /// Refreshes on their way.
    pub(super) posts: Vec<Post>,
    pub(super) presented: Vec<Presented>,
}

/// One sign-in.
#[derive(Clone, Debug, Hash)]
pub(super) struct User {
    /// The number of the current pair.
    pub(super) good: u32,
    /// The newest access token of each process's partition; one for all without partitions.
    access: [u32; 2],
    /// The number of the pair it was given for.
    parent: u32,
    issued: Duration,
    pub(super) alive: bool,
    /// Signed out, or replaced, somewhere.
    pub(super) left: bool,
    /// Whether a call was told that this sign-in is over.
    pub(super) told_dead: bool,
}

/// A refresh request.
#[derive(Clone, Debug, Hash)]
pub(super) struct Post {
    /// Which flight of which process listens; none: nobody any more.
    pub(super) by: Option<(usize, u64)>,
    /// Which process sent it, alive or not.
    sender: usize,
    pub(super) user: usize,
    pub(super) number: u32,
    pub(super) until: Duration,
    pub(super) answer: Option<Answer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Answer {
    Tokens(u32),
    Rejected,
    Unavailable,
    Error,
}

/// A refresh token that was presented: how often, since when, and until when the last time may
/// be answered.
#[derive(Clone, Debug, Hash)]
pub(super) struct Presented {
    user: usize,
    number: u32,
    times: u32,
    first: Duration,
    open_until: Duration,
    /// The same of the first time.
    first_until: Duration,
    known: Known,
    /// The same of the time before.
    before: Known,
}

/// What the client was told of the last presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Known {
    Nothing,
    /// Only ever said, never kept: it undoes the presentation.
    Unspent,
    Suspect,
}

impl Server {
    pub(super) fn new(setting: &Setting) -> Self {
        let mut server = Self {
            users: Vec::new(),
            posts: Vec::new(),
            presented: Vec::new(),
        };
        // Where tokens have no lifetime the first one is over.
        server.sign_in(1 + u32::from(setting.lifetime.is_some()), Duration::ZERO);
        server.users[0].good = 1;
        server
    }

    /// A new sign-in's number.
    pub(super) fn sign_in(&mut self, number: u32, now: Duration) -> usize {
        self.users.push(User {
            good: number,
            access: [number; 2],
            parent: 0,
            issued: now,
            alive: true,
            left: false,
            told_dead: false,
        });
        self.users.len() - 1
    }

    /// What the refresh token of request number `which` brings.
    fn spend(&mut self, which: usize, grace: bool, now: Duration) -> Answer {
        let Post {
            user,
            number,
            sender,
            ..
        } = self.posts[which];
        let user = &mut self.users[user];
        if user.alive && number == user.good {
            user.parent = number;
        } else if !(user.alive && grace && number == user.parent) {
            user.alive = false;
            return Answer::Rejected;
        }
        // Numbers are given once: a later successor displaces an earlier one.
        user.good += 1;
        user.issued = now;
        user.access[sender] = user.good;
        Answer::Tokens(user.good)
    }

    pub(super) fn presented(&mut self, user: usize, number: u32) -> Option<&mut Presented> {
        let which = |known: &&mut Presented| known.user == user && known.number == number;
        self.presented.iter_mut().find(which)
    }

    /// The connection of a request is closed: its answer cannot come any more.
    pub(super) fn closed(&mut self, user: usize, number: u32, known: Known) {
        let Some(presented) = self.presented(user, number) else {
            return;
        };
        presented.open_until = Duration::ZERO;
        presented.known = known;
        if known == Known::Unspent {
            presented.known = presented.before;
            presented.times -= 1;
        }
        self.presented.retain(|known| known.times > 0);
    }
}

impl World {
    pub(super) fn server(&mut self) -> &mut Server {
        Rc::make_mut(&mut self.server)
    }

    /// Whether the server takes this access token now.
    pub(super) fn accepts(&self, at: usize, user: usize, number: u32) -> bool {
        let known = &self.server.users[user];
        let lives = match self.setting.lifetime {
            Some(lifetime) => self.now < known.issued.saturating_add(lifetime),
            // The very first pair is over from the start.
            None => user > 0 || number > 1,
        };
        // Another partition's refresh ends no access token of this one.
        let newest = match self.setting.partitions {
            true => known.access[at],
            false => known.good,
        };
        known.alive && !known.told_dead && number == newest && lives
    }

    /// A refresh token has passed the gate of a flight of process `at`.
    pub(super) fn presents(&mut self, at: usize, flight: u64, token: &str, until: Duration) {
        let (user, number) = parts(token);
        let now = self.now;
        // I1: at most one POST outstanding per grant.
        let outstanding = |post: &Post| post.user == user && post.by.is_some() && now < post.until;
        let alone = !self.server.posts.iter().any(outstanding);
        self.require(alone, "I1: two refreshes of one sign-in at once");
        let serves = self.processes[at].machine.serves(&self.moment());
        let policy = self.setting.reuse;
        let old = self.server().presented(user, number).cloned();
        if let Some(old) = &old {
            let shut = old.open_until <= now;
            self.require(shut, "I2: presented while the earlier one may be answered");
            let age = now.saturating_sub(old.first);
            let fits = match (old.known, policy) {
                (Known::Suspect | Known::Unspent, _) => old.times <= 1,
                (Known::Nothing, Reuse::LastResort) => !serves && old.first_until <= now,
                (Known::Nothing, Reuse::Window { lasts, times }) => {
                    age <= lasts && old.times <= times
                }
                (Known::Nothing, Reuse::WhileSuccessorUnused) => true,
                (Known::Nothing, _) => false,
            };
            self.require(
                fits,
                "I2: a token presented again, which its policy forbids",
            );
        } else {
            let known = &self.server.users[user];
            let lost = known.alive && number != known.good;
            self.require(!lost, "I5: a pair in use that a newer one has displaced");
        }
        let server = self.server();
        server
            .presented
            .retain(|known| (known.user, known.number) != (user, number));
        server.presented.push(Presented {
            user,
            number,
            times: old.as_ref().map_or(0, |old| old.times) + 1,
            first: old.as_ref().map_or(now, |old| old.first),
            open_until: until,
            first_until: old.as_ref().map_or(until, |old| old.first_until),
            known: Known::Nothing,
            before: old.map_or(Known::Nothing, |old| old.known),
        });
        server.posts.push(Post {
            by: Some((at, flight)),
            sender: at,
            user,
            number,
            until,
            answer: None,
        });
    }

    /// The server sees request number `which`.
    pub(super) fn handles(&mut self, which: usize) -> Answer {
        let (grace, now) = (self.setting.grace, self.now);
        let server = self.server();
        let answer = server.spend(which, grace, now);
        server.posts[which].answer = Some(answer);
        answer
    }
}
