//! The back end that Perennial comes from: tokens in a header of its own, and every answer in an envelope
//! `{code, msg, data}` whose code 401 means "refresh" and 402 "sign in again", whatever the HTTP status says.
//! Used through a trait that a person wrote, and through a client that `gen-client` wrote.

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use perennial::{Call, Error, Model, Session, Tokens, api_client};
use perennial_examples::{Backend, origin};
use serde_json::{Value, json};
use std::collections::HashMap;

/// By hand: the whole convention is in the attribute.
#[api_client(
    auth = header("token"),
    session(refresh = 401, expired = 402, from = [envelope]),
    envelope(code = "code", message = "msg", data = "data", ok = [0, 200]),
)]
pub trait Origin: Send + Sync {
    /// Goes out without a token; the session calls it by itself.
    #[post("/token/refresh", refresh)]
    fn refresh(&self, #[query("refreshToken")] refresh_token: &str) -> Call<Pair>;

    /// A user.
    #[get("/users/{id}")]
    fn user(&self, id: u64) -> Call<User>;
}

/// A user, as the envelope's `data` holds it.
#[derive(Clone, Debug, PartialEq, Model)]
pub struct User {
    /// The display name.
    pub name: String,
}

/// What a refresh answers with.
#[derive(Model)]
#[serde(rename_all = "camelCase")]
pub struct Pair {
    /// Goes with each request.
    pub token: String,
    /// Buys the next pair.
    pub refresh_token: String,
}

impl From<Pair> for Tokens {
    fn from(pair: Pair) -> Self {
        Tokens::new(pair.token).refresh_token(pair.refresh_token)
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let backend = Backend::default();
    let url = Backend::serve(router(backend.clone())).await?;

    println!("a trait by hand:");
    let pair = backend.sign_in();
    let session = Session::new(Tokens::new(pair.access).refresh_token(pair.refresh));
    let api = OriginClient::builder()
        .base_url(&url)
        .session(session)
        .build()?;
    backend.expire_access_tokens();
    println!(
        "  {} after {} refresh",
        api.user(1).await?.name,
        backend.refreshes()
    );
    match api.user(404).await {
        Err(Error::Api(refusal)) => println!("  user 404: {}", refusal.value),
        other => return Err(format!("expected the server's refusal, got {other:?}").into()),
    }
    backend.end_session();
    session_ends(api.user(1).await.map(|user| user.name))?;

    println!("the same from a document:");
    let pair = backend.sign_in();
    let session = Session::new(Tokens::new(pair.access).refresh_token(pair.refresh));
    let api = origin::Origin::builder()
        .base_url(&url)
        .session(session)
        .build()?;
    backend.expire_access_tokens();
    let before = backend.refreshes();
    println!(
        "  {} after {} refresh",
        api.users().get_user(1).await?.name,
        backend.refreshes() - before
    );
    backend.end_session();
    session_ends(api.users().get_user(1).await.map(|user| user.name))
}

fn session_ends(result: perennial::Result<String>) -> Result<(), Box<dyn std::error::Error>> {
    match result {
        Err(Error::SessionExpired(end)) => println!("  the session ends: {end}"),
        other => return Err(format!("expected the session's end, got {other:?}").into()),
    }
    Ok(())
}

fn router(backend: Backend) -> Router {
    Router::new()
        .route("/token/refresh", post(refresh))
        .route("/users/{id}", get(user))
        .with_state(backend)
}

type Reply = (StatusCode, Json<Value>);

fn envelope(code: u16, msg: &str, data: Value) -> Reply {
    let status = if code == 200 {
        StatusCode::OK
    } else {
        StatusCode::BAD_REQUEST
    };
    (
        status,
        Json(json!({"code": code, "msg": msg, "data": data})),
    )
}

async fn refresh(
    State(backend): State<Backend>,
    Query(query): Query<HashMap<String, String>>,
) -> Reply {
    match query
        .get("refreshToken")
        .and_then(|spent| backend.rotate(spent))
    {
        Some(pair) => envelope(
            200,
            "",
            json!({"token": pair.access, "refreshToken": pair.refresh}),
        ),
        None => envelope(402, "sign in again", Value::Null),
    }
}

async fn user(State(backend): State<Backend>, Path(id): Path<u64>, headers: HeaderMap) -> Reply {
    let token = headers
        .get("token")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match (backend.accepts(token), id) {
        (false, _) => envelope(401, "the token has expired", Value::Null),
        (true, 404) => envelope(400, "there is no such user", Value::Null),
        (true, id) => envelope(200, "", json!({"id": id, "name": "Ada"})),
    }
}
