//! A client of a real, published API (Supabase Auth): `gen-client` wrote `supabase-auth/` from its document, and the
//! document's own refresh operation keeps the session alive. The server here is a stand-in on loopback.

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use perennial::{Error, Event, Session, Tokens};
use perennial_examples::Backend;
use serde_json::{Value, json};
use std::collections::HashMap;
use supabase_auth_rest::SupabaseAuthRest;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let backend = Backend::default();
    let url = Backend::serve(router(backend.clone())).await?;
    let pair = backend.sign_in();

    let session = Session::new(Tokens::new(pair.access).refresh_token(pair.refresh));
    session.on_event(|event| {
        if matches!(event, Event::Expired { .. }) {
            println!("(an event tells the UI: show the sign-in form)");
        }
    });
    let api = SupabaseAuthRest::builder()
        .base_url(&url)
        .session_for("apikey", Session::fixed("a-project-key"))
        .session(session)
        .build()?;

    backend.expire_access_tokens();
    println!("the access token has expired; a hundred calls are made at once");
    let calls: Vec<_> = (0..100)
        .map(|_| tokio::spawn(api.user().get_user()))
        .collect();
    let mut answered = 0;
    for call in calls {
        let user = call.await??;
        assert_eq!(user.email.as_deref(), Some("ada@example.com"));
        answered += 1;
    }
    println!("{answered} calls answered, {} refresh", backend.refreshes());
    assert_eq!(backend.refreshes(), 1);

    backend.end_session();
    println!("the session ends on the server");
    match api.user().get_user().await {
        Err(Error::SessionExpired(end)) => println!("the user again: {end}"),
        other => return Err(format!("expected the session's end, got {other:?}").into()),
    }
    Ok(())
}

fn router(backend: Backend) -> Router {
    Router::new()
        .route("/token", post(token))
        .route("/user", get(user))
        .with_state(backend)
}

async fn token(
    State(backend): State<Backend>,
    Query(query): Query<HashMap<String, String>>,
    Json(body): Json<Value>,
) -> (StatusCode, Json<Value>) {
    assert_eq!(
        query.get("grant_type").map(String::as_str),
        Some("refresh_token")
    );
    match body["refresh_token"]
        .as_str()
        .and_then(|spent| backend.rotate(spent))
    {
        Some(pair) => (
            StatusCode::OK,
            Json(
                json!({"access_token": pair.access, "refresh_token": pair.refresh, "token_type": "bearer", "expires_in": 3600}),
            ),
        ),
        None => (
            StatusCode::BAD_REQUEST,
            Json(json!({"code": 400, "msg": "Invalid Refresh Token"})),
        ),
    }
}

async fn user(State(backend): State<Backend>, headers: HeaderMap) -> (StatusCode, Json<Value>) {
    let header = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let known = header("authorization")
        .strip_prefix("Bearer ")
        .is_some_and(|token| backend.accepts(token));
    match known && header("apikey") == "a-project-key" {
        true => (
            StatusCode::OK,
            Json(json!({"email": "ada@example.com", "role": "authenticated"})),
        ),
        false => (
            StatusCode::UNAUTHORIZED,
            Json(json!({"code": 401, "msg": "the token has expired"})),
        ),
    }
}
