//! A hundred calls meet an expired token; one refresh answers them all. Then the session ends.

use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Json, Router};
use perennial::{Call, Error, Model, OAuth2Tokens, Session, Tokens, api_client};
use perennial_examples::Backend;
use serde_json::{Value, json};
use std::collections::HashMap;

/// A small shop.
#[api_client(auth = bearer, session(refresh = 401, expired = 402))]
pub trait Shop: Send + Sync {
    /// Spends a refresh token; the session calls it by itself.
    #[post("/token", refresh)]
    fn refresh(&self, #[field] refresh_token: &str) -> Call<OAuth2Tokens>;

    /// One order.
    #[get("/orders/{id}")]
    fn order(&self, id: u32) -> Call<Order>;
}

/// What someone bought.
#[derive(Clone, Debug, PartialEq, Model)]
pub struct Order {
    /// Its number.
    pub id: u32,
    /// What it is.
    pub item: String,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let backend = Backend::default();
    let url = Backend::serve(router(backend.clone())).await?;
    let pair = backend.sign_in();

    let session = Session::new(Tokens::new(pair.access).refresh_token(pair.refresh));
    let shop = ShopClient::builder()
        .base_url(&url)
        .session(session)
        .build()?;

    println!("order 7 is {:?}", shop.order(7).await?.item);

    backend.expire_access_tokens();
    println!("the access token expires; a hundred calls are made at once");
    let calls: Vec<_> = (0..100).map(|id| tokio::spawn(shop.order(id))).collect();
    let mut answered = 0;
    for (id, call) in calls.into_iter().enumerate() {
        assert_eq!(
            call.await??.id as usize,
            id,
            "each caller gets its own answer"
        );
        answered += 1;
    }
    println!("{answered} calls answered, {} refresh", backend.refreshes());
    assert_eq!(backend.refreshes(), 1);

    backend.end_session();
    println!("the session ends on the server");
    match shop.order(7).await {
        Err(Error::SessionExpired(end)) => println!("order 7 again: {end}"),
        other => return Err(format!("expected the session's end, got {other:?}").into()),
    }
    Ok(())
}

fn router(backend: Backend) -> Router {
    Router::new()
        .route("/token", post(token))
        .route("/orders/{id}", get(order))
        .with_state(backend)
}

async fn token(
    State(backend): State<Backend>,
    Form(form): Form<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    match form
        .get("refresh_token")
        .and_then(|spent| backend.rotate(spent))
    {
        Some(pair) => (
            StatusCode::OK,
            Json(
                json!({"access_token": pair.access, "refresh_token": pair.refresh, "token_type": "bearer", "expires_in": 3600}),
            ),
        ),
        None => (
            StatusCode::PAYMENT_REQUIRED,
            Json(json!({"message": "sign in again"})),
        ),
    }
}

async fn order(
    State(backend): State<Backend>,
    Path(id): Path<u32>,
    headers: HeaderMap,
) -> (StatusCode, Json<Value>) {
    let token = headers
        .get("authorization")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match token
        .strip_prefix("Bearer ")
        .is_some_and(|token| backend.accepts(token))
    {
        true => (StatusCode::OK, Json(json!({"id": id, "item": "teapot"}))),
        false => (
            StatusCode::UNAUTHORIZED,
            Json(json!({"message": "the access token has expired"})),
        ),
    }
}
