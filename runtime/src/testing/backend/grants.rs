//! The tokens of the back end: pairs that rotate, and families that die of reuse.

use std::collections::HashMap;

/// What one sign-in or refresh gave out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The access token.
    pub access: String,
    /// The refresh token; empty where a refresh brought no new one.
    pub refresh: String,
}

/// What the back end thought of a refresh token presented to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The live token of its family: spent now, and a new pair given out.
    Rotated,
    /// The live token of its family, which does not rotate: a new access token given out.
    Kept,
    /// Spent before: the family is dead from now on.
    Reused,
    /// Of a family that is dead already, or of none.
    Dead,
}

/// What an access token is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    live: Option<String>,
    alive: bool,
}

/// All families of one back end.
pub(super) struct Grants {
    issued: usize,
    rotating: bool,
    families: Vec<Family>,
    access: HashMap<String, (usize, Worth)>,
    refresh: HashMap<String, usize>,
}

impl Grants {
    pub(super) fn new(rotating: bool) -> Self {
        Self {
            issued: 0,
            rotating,
            families: Vec::new(),
            access: HashMap::new(),
            refresh: HashMap::new(),
        }
    }

    /// Starts a family for `user`.
    pub(super) fn sign_in(&mut self, user: &str) -> Pair {
        self.families.push(Family {
            user: user.to_owned(),
            live: None,
            alive: true,
        });
        self.issue(self.families.len() - 1, true)
    }

    /// Spends a refresh token. The pair is there unless the token is no good.
    pub(super) fn refresh(&mut self, token: &str) -> (Verdict, Option<Pair>) {
        let Some(&family) = self.refresh.get(token) else {
            return (Verdict::Dead, None);
        };
        if !self.families[family].alive {
            return (Verdict::Dead, None);
        }
        if self.families[family].live.as_deref() != Some(token) {
            self.kill(family, Worth::Expired);
            return (Verdict::Reused, None);
        }
        let verdict = if self.rotating {
            Verdict::Rotated
        } else {
            Verdict::Kept
        };
        (verdict, Some(self.issue(family, self.rotating)))
    }

    pub(super) fn worth(&self, token: &str) -> Worth {
        self.access
            .get(token)
            .map_or(Worth::Expired, |(_, worth)| *worth)
    }

    pub(super) fn user(&self, token: &str) -> Option<&str> {
        self.access
            .get(token)
            .map(|(family, _)| self.families[*family].user.as_str())
    }

    pub(super) fn owner(&self, refresh: &str) -> Option<String> {
        self.refresh
            .get(refresh)
            .map(|family| self.families[*family].user.clone())
    }

    pub(super) fn expire(&mut self, token: &str) {
        if let Some((_, worth)) = self.access.get_mut(token) {
            *worth = Worth::Expired;
        }
    }

    /// Kills the family of an access token: with [`Worth::Expired`] its access tokens are answered
    /// 401, with [`Worth::Over`] 402.
    pub(super) fn end(&mut self, access: &str, worth: Worth) -> Option<&str> {
        let family = self.access.get(access)?.0;
        self.kill(family, worth);
        Some(&self.families[family].user)
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
        if !with_refresh {
            return Pair {
                access,
                refresh: String::new(),
            };
        }
        let refresh = format!("R{}-d94a3e6018", self.issued);
        self.refresh.insert(refresh.clone(), family);
        self.families[family].live = Some(refresh.clone());
        Pair { access, refresh }
    }
}
