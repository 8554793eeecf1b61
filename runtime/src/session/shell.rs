//! Drives the machine: brings it time and chance, and carries out what it decides.

use super::*;
use crate::{Secret, error::ExpiredReason};
use std::sync::{Mutex, OnceLock};

pub(super) struct Parts {
    pub(super) options: Options,
    pub(super) tokens: Option<Tokens>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) spawner: Arc<dyn Spawner>,
    pub(super) store: Arc<dyn TokenStore>,
    pub(super) refresher: Option<Arc<dyn Refresher>>,
    pub(super) dice: Arc<dyn Fn() -> u64 + Send + Sync>,
    pub(super) renewable: bool,
}

pub(super) struct Shared {
    parts: Parts,
    refresher: OnceLock<Arc<dyn Refresher>>,
    held: Mutex<Option<(Arc<Snapshot>, Tokens)>>,
    hub: events::HubOwner,
}

impl Shared {
    pub(super) fn new(mut parts: Parts) -> Arc<Self> {
        let held = parts
            .tokens
            .take()
            .map(|tokens| (Self::snapshot(1, &tokens), tokens));
        Arc::new(Self {
            parts,
            refresher: OnceLock::new(),
            held: Mutex::new(held),
            hub: events::HubOwner(Arc::default()),
        })
    }

    fn snapshot(epoch: u64, tokens: &Tokens) -> Arc<Snapshot> {
        let credential = Arc::new(Credential::new(Secret::new(tokens.access().expose())));
        Arc::new(Snapshot {
            epoch,
            generation: 0,
            credential,
            fresh: None,
        })
    }

    pub(super) fn sign_in(&self, tokens: Tokens) {
        *self.held.lock().unwrap() = Some((Self::snapshot(2, &tokens), tokens));
    }

    pub(super) fn sign_out(&self) {
        *self.held.lock().unwrap() = None;
    }

    pub(super) fn tokens(&self) -> Option<Tokens> {
        self.held
            .lock()
            .unwrap()
            .as_ref()
            .map(|(_, tokens)| tokens.clone())
    }

    pub(super) fn state(&self) -> SessionState {
        match self.tokens() {
            Some(_) => SessionState::Active,
            None => SessionState::SignedOut,
        }
    }

    pub(super) fn subscribe(&self) -> Events {
        self.hub.0.subscribe()
    }

    pub(super) fn on_event(&self, callback: impl Fn(&Event) + Send + Sync + 'static) {
        self.hub.0.on_event(callback);
    }

    pub(super) async fn idle(&self) {}

    pub(super) fn serve(&self, _ask: &Ask) -> Option<Ticket> {
        self.held
            .lock()
            .unwrap()
            .as_ref()
            .map(|(snapshot, _)| Ticket::new(snapshot.clone()))
    }

    pub(super) async fn admit(&self, ask: &Ask) -> Result<Admission, Denied> {
        match ask.optional {
            true => Ok(Admission::Bare),
            false => Err(Denied::Expired(ExpiredReason::NeverSignedIn)),
        }
    }

    pub(super) async fn refused(
        &self,
        ask: &Ask,
        _ticket: &Ticket,
        _what: Refusal,
        _replayed: bool,
    ) -> Result<Ticket, Denied> {
        Err(Denied::Unauthorized {
            replayable: !ask.one_shot,
        })
    }

    pub(super) fn accepted(&self, _ask: &Ask, _ticket: &Ticket) {}

    pub(super) fn bind(&self, refresher: Arc<dyn Refresher>) {
        drop(self.refresher.set(refresher));
    }

    pub(super) fn power(&self) -> Power {
        match self.refresher.get().map(|refresher| refresher.convention()) {
            None => Power::None,
            Some(Convention::Endpoint) => Power::Endpoint,
            Some(_) => Power::OAuth2,
        }
    }

    pub(super) fn monotonic(&self) -> Duration {
        self.parts.clock.monotonic()
    }
}
