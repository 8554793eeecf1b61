//! The tokens of the back end: pairs that rotate, and families that die of reuse.

use crate::Tokens;
use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

/// What one sign-in or refresh gave out.
///
/// Its `Debug` shows the tokens: they are a test's, and no secrets.
///
/// ```
/// use perennial::{Session, testing::Backend};
///
/// let backend = Backend::start();
/// let session = Session::new(backend.sign_in("ada"));
/// assert!(session.tokens().is_some());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pair {
    /// The access token.
    pub access: String,
    /// The refresh token; empty where a refresh brought no new one.
    pub refresh: String,
    /// The lifetime that is told with it, where the back end tells any.
    pub expires_in: Option<Duration>,
}

impl From<&Pair> for Tokens {
    fn from(pair: &Pair) -> Self {
        let tokens = Self::new(pair.access.as_str()).refresh_token(pair.refresh.as_str());
        match pair.expires_in {
            Some(lifetime) => tokens.expires_in(lifetime),
            None => tokens,
        }
    }
}

impl From<Pair> for Tokens {
    fn from(pair: Pair) -> Self {
        Self::from(&pair)
    }
}

/// What a back end makes of a refresh token that was spent before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum OnReuse {
    /// Kills the family, as RFC 9700 (section 4.14.2) recommends; the default.
    #[default]
    Revoke,
    /// Refuses it, and leaves the successor alone.
    Reject,
    /// Takes the parent of the live token, and answers with the live one again; any older token
    /// kills the family.
    TakeParent,
    /// Takes each spent token so many times more, however late; then it kills the family.
    Take(u32),
}

/// What the back end thought of a refresh token presented to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The live token of its family: spent now, and a new pair given out.
    Rotated,
    /// The live token of its family, which does not rotate: a new access token given out.
    Kept,
    /// Spent before, and taken all the same ([`OnReuse`]).
    Forgiven,
    /// Spent before, and refused; the family lives on ([`OnReuse::Reject`]).
    Stale,
    /// Spent before: the family is dead from now on.
    Reused,
    /// Of a family that is dead already, or of none.
    Dead,
}

/// What an access token is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Worth {
    /// It serves.
    Good,
    /// It has expired or was never given out: code 401.
    Expired,
    /// Its session is over: code 402.
    Over,
}

struct Family {
    user: String,
    live: String,
    parent: Option<String>,
    alive: bool,
}

/// How tokens are given out.
#[derive(Clone, Copy, Debug)]
pub(in crate::testing) struct Custom {
    pub(in crate::testing) rotating: bool,
    pub(in crate::testing) on_reuse: OnReuse,
    pub(in crate::testing) lifetime: Option<Duration>,
}

impl Default for Custom {
    fn default() -> Self {
        Self {
            rotating: true,
            on_reuse: OnReuse::default(),
            lifetime: None,
        }
    }
}

/// All families of one back end.
pub(in crate::testing) struct Grants {
    issued: usize,
    custom: Custom,
    families: Vec<Family>,
    access: HashMap<String, (usize, Worth)>,
    refresh: HashMap<String, usize>,
    taken_again: HashMap<String, u32>,
}

impl Grants {
    pub(in crate::testing) fn new(custom: Custom) -> Self {
        Self {
            issued: 0,
            custom,
            families: Vec::new(),
            access: HashMap::new(),
            refresh: HashMap::new(),
            taken_again: HashMap::new(),
        }
    }

    /// Starts a family for `user`.
    pub(in crate::testing) fn sign_in(&mut self, user: &str) -> Pair {
        self.families.push(Family {
            user: user.to_owned(),
            live: String::new(),
            parent: None,
            alive: true,
        });
        self.issue(self.families.len() - 1, true)
    }

    /// Spends a refresh token. The pair is there unless the token is no good.
    pub(in crate::testing) fn refresh(&mut self, token: &str) -> (Verdict, Option<Pair>) {
        let family = match self.refresh.get(token) {
            Some(&family) if self.families[family].alive => family,
            _ => return (Verdict::Dead, None),
        };
        if self.families[family].live == token {
            let rotating = self.custom.rotating;
            let verdict = if rotating {
                Verdict::Rotated
            } else {
                Verdict::Kept
            };
            return (verdict, Some(self.issue(family, rotating)));
        }
        self.spent(family, token)
    }

    fn spent(&mut self, family: usize, token: &str) -> (Verdict, Option<Pair>) {
        let parent = self.families[family].parent.as_deref() == Some(token);
        match self.custom.on_reuse {
            OnReuse::TakeParent if parent => {
                let mut pair = self.issue(family, false);
                pair.refresh.clone_from(&self.families[family].live);
                return (Verdict::Forgiven, Some(pair));
            }
            OnReuse::Take(times) => {
                let taken = self.taken_again.entry(token.to_owned()).or_default();
                if *taken < times {
                    *taken += 1;
                    return (Verdict::Forgiven, Some(self.issue(family, true)));
                }
            }
            OnReuse::Reject => return (Verdict::Stale, None),
            OnReuse::TakeParent | OnReuse::Revoke => {}
        }
        self.kill(family, Worth::Expired);
        (Verdict::Reused, None)
    }

    pub(in crate::testing) fn worth(&self, token: &str) -> Worth {
        self.access
            .get(token)
            .map_or(Worth::Expired, |(_, worth)| *worth)
    }

    pub(super) fn user(&self, token: &str) -> Option<&str> {
        self.access
            .get(token)
            .map(|(family, _)| self.families[*family].user.as_str())
    }

    pub(in crate::testing) fn owner(&self, refresh: &str) -> Option<String> {
        self.refresh
            .get(refresh)
            .map(|family| self.families[*family].user.clone())
    }

    pub(in crate::testing) fn expire(&mut self, token: &str) {
        if let Some((_, worth)) = self.access.get_mut(token) {
            *worth = Worth::Expired;
        }
    }

    /// Lets all access tokens expire that still serve.
    pub(in crate::testing) fn expire_all(&mut self) {
        for (_, worth) in self.access.values_mut() {
            if *worth == Worth::Good {
                *worth = Worth::Expired;
            }
        }
    }

    /// Kills the family of an access token: with [`Worth::Expired`] its access tokens are answered
    /// 401, with [`Worth::Over`] 402.
    pub(super) fn end(&mut self, access: &str, worth: Worth) -> Option<String> {
        let family = self.access.get(access)?.0;
        self.kill(family, worth);
        Some(self.families[family].user.clone())
    }

    /// Kills all families of a user that are alive; answers how many.
    pub(in crate::testing) fn revoke(&mut self, user: &str) -> usize {
        let theirs = |family: &Family| family.alive && family.user == user;
        let dead: HashSet<usize> = (0..self.families.len())
            .filter(|at| theirs(&self.families[*at]))
            .collect();
        dead.iter()
            .for_each(|family| self.kill(*family, Worth::Expired));
        dead.len()
    }

    fn kill(&mut self, family: usize, becomes: Worth) {
        self.families[family].alive = false;
        for (of, worth) in self.access.values_mut() {
            if *of == family {
                *worth = becomes;
            }
        }
    }

    // The numbers tell a reader which token is which; the tails make each one a text that occurs
    // nowhere by chance, so that a test can search logs for it.
    fn issue(&mut self, family: usize, with_refresh: bool) -> Pair {
        self.issued += 1;
        let access = format!("A{}-5b1f0c77e2", self.issued);
        self.access.insert(access.clone(), (family, Worth::Good));
        let mut refresh = String::new();
        if with_refresh {
            refresh = format!("R{}-d94a3e6018", self.issued);
            self.refresh.insert(refresh.clone(), family);
            let family = &mut self.families[family];
            let parent = std::mem::replace(&mut family.live, refresh.clone());
            family.parent = Some(parent);
        }
        Pair {
            access,
            refresh,
            expires_in: self.custom.lifetime,
        }
    }
}
