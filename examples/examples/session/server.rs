//! A server to try it with: it rotates refresh tokens, and ends a sign-in whose spent refresh
//! token comes again, as strict servers do.

use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

#[derive(Clone, Default)]
struct Server(Arc<Mutex<HashMap<String, SignIn>>>);

/// One sign-in of a user; the server knows it by its family's name, with which its tokens begin.
struct SignIn {
    user: String,
    access: Option<String>,
    /// Whether the access token has served yet.
    used: bool,
    refresh: String,
}

type Answer = (StatusCode, Json<Value>);

pub(crate) async fn serve(port: u16) -> super::Result<()> {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await;
    let listener = listener.map_err(|error| format!("cannot listen on port {port}: {error}"))?;
    println!("listening on http://{}", listener.local_addr()?);
    let router = Router::new()
        .route("/sign-in", post(sign_in))
        .route("/refresh", post(refresh))
        .route("/me", get(me))
        .route("/expire", post(expire))
        .with_state(Server::default());
    Ok(axum::serve(listener, router).await?)
}

impl Server {
    fn sign_ins(&self) -> MutexGuard<'_, HashMap<String, SignIn>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SignIn {
    /// A new pair, in place of the old one.
    fn issue(&mut self, family: &str) -> Answer {
        self.access = Some(token(family));
        self.used = false;
        self.refresh = token(family);
        let pair = json!({
            "access_token": self.access,
            "refresh_token": self.refresh,
            "token_type": "bearer",
            "expires_in": 3600,
        });
        (StatusCode::OK, Json(pair))
    }
}

/// Good enough for a server on loopback: std seeds its hash maps from the operating system.
fn token(family: &str) -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("{family}.{:016x}{:016x}", random(), random())
}

async fn sign_in(
    State(server): State<Server>,
    Form(form): Form<HashMap<String, String>>,
) -> Answer {
    let user = form.get("user").cloned().unwrap_or_default();
    println!("sign-in of {user}");
    let family = token("family").replace('.', "-");
    let mut sign_in = SignIn {
        user,
        access: None,
        used: false,
        refresh: String::new(),
    };
    let pair = sign_in.issue(&family);
    server.sign_ins().insert(family, sign_in);
    pair
}

async fn refresh(
    State(server): State<Server>,
    Form(form): Form<HashMap<String, String>>,
) -> Answer {
    let spent = form.get("refresh_token").map_or("", String::as_str);
    let family = spent.split('.').next().unwrap_or_default();
    let mut sign_ins = server.sign_ins();
    match sign_ins.get_mut(family) {
        Some(sign_in) if sign_in.refresh == spent => {
            println!("refresh for {}", sign_in.user);
            sign_in.issue(family)
        }
        Some(_) => {
            println!("a spent refresh token came again: its sign-in is over");
            sign_ins.remove(family);
            refused("invalid_grant")
        }
        None => refused("invalid_grant"),
    }
}

fn refused(error: &str) -> Answer {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": error })))
}

async fn me(State(server): State<Server>, headers: HeaderMap) -> Answer {
    with(&server, &headers, |sign_in| {
        sign_in.used = true;
        json!({ "user": sign_in.user })
    })
}

async fn expire(State(server): State<Server>, headers: HeaderMap) -> Answer {
    with(&server, &headers, |sign_in| {
        // Not one that another terminal has just fetched, and is about to use.
        sign_in.access.take_if(|_| sign_in.used);
        Value::Null
    })
}

/// An answer for whoever has signed in, 401 for others.
fn with(server: &Server, headers: &HeaderMap, answer: impl FnOnce(&mut SignIn) -> Value) -> Answer {
    let carried = headers.get("authorization");
    let carried = carried
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let token = carried.strip_prefix("Bearer ").unwrap_or_default();
    let family = token.split('.').next().unwrap_or_default();
    let mut sign_ins = server.sign_ins();
    let sign_in = sign_ins.get_mut(family);
    match sign_in.filter(|sign_in| sign_in.access.as_deref() == Some(token)) {
        Some(sign_in) => (StatusCode::OK, Json(answer(sign_in))),
        None => {
            let expired = json!({ "message": "the access token has expired" });
            (StatusCode::UNAUTHORIZED, Json(expired))
        }
    }
}
