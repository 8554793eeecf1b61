//! One user's tokens on a server: access tokens that expire, refresh tokens that are good for one use.

use axum::Router;
use std::collections::HashSet;
use std::sync::{Arc, Mutex};

/// What a back end knows about its one user; shared by its handlers and the example.
#[derive(Clone, Default)]
pub struct Backend(Arc<Mutex<Tokens>>);

#[derive(Default)]
struct Tokens {
    issued: u32,
    valid: HashSet<String>,
    refresh: Option<String>,
    refreshes: u32,
}

/// A pair of tokens, as a sign-in or a refresh hands it out.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Goes with each request.
    pub access: String,
    /// Buys the next pair, once.
    pub refresh: String,
}

impl Backend {
    /// Hands out a first pair.
    pub fn sign_in(&self) -> Issued {
        self.lock().issue()
    }

    /// Spends `refresh`; a spent or unknown one ends the session, as servers that rotate do.
    pub fn rotate(&self, refresh: &str) -> Option<Issued> {
        let mut tokens = self.lock();
        tokens.refreshes += 1;
        if tokens.refresh.as_deref() == Some(refresh) {
            return Some(tokens.issue());
        }
        tokens.valid.clear();
        tokens.refresh = None;
        None
    }

    /// Whether a request with this access token is served.
    pub fn accepts(&self, access: &str) -> bool {
        self.lock().valid.contains(access)
    }

    /// All access tokens expire now.
    pub fn expire_access_tokens(&self) {
        self.lock().valid.clear();
    }

    /// The refresh token is withdrawn as well: the user has to sign in again.
    pub fn end_session(&self) {
        let mut tokens = self.lock();
        tokens.valid.clear();
        tokens.refresh = None;
    }

    /// How often a refresh was asked for.
    pub fn refreshes(&self) -> u32 {
        self.lock().refreshes
    }

    /// Serves `router` on a free loopback port and returns its URL; it stops with the runtime.
    pub async fn serve(router: Router) -> std::io::Result<String> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(url)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Tokens> {
        self.0
            .lock()
            .expect("no handler panics while it holds the lock")
    }
}

impl Tokens {
    fn issue(&mut self) -> Issued {
        self.issued += 1;
        let pair = Issued {
            access: format!("access-{}", self.issued),
            refresh: format!("refresh-{}", self.issued),
        };
        self.valid.insert(pair.access.clone());
        self.refresh = Some(pair.refresh.clone());
        pair
    }
}
