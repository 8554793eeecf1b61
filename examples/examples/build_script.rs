//! A client that `build.rs` wrote from `documents/notes.yaml` while this program was compiled.

use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use axum::{Json, Router};
use perennial::{Error, Session};
use perennial_examples::Backend;
use perennial_examples::notes::{
    Notes,
    notes::{ListNotesOptions, NotesError},
    types::{Colour, Note},
};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = Backend::serve(Router::new().route("/notes", get(list).post(create))).await?;
    let api = Notes::builder()
        .base_url(&url)
        .session(Session::fixed("a-token"))
        .build()?;

    let mut note = Note::new("water the plants");
    note.colour = Some(Colour::Green);
    println!(
        "created note {:?}",
        api.notes().create_note(&note).await?.id
    );

    let options = ListNotesOptions {
        colour: Some(Colour::Green),
    };
    for note in api.notes().list_notes(&options).await? {
        println!("a {:?} note: {}", note.colour, note.text);
    }

    match api.notes().create_note(&Note::new("buy milk")).await {
        Err(Error::Api(refusal)) => match refusal.value {
            NotesError::Conflict(clash) => println!("that text is note {} already", clash.existing),
            other => return Err(format!("an unexpected refusal: {other:?}").into()),
        },
        other => return Err(format!("expected a conflict, got {other:?}").into()),
    }
    Ok(())
}

async fn list() -> Json<Value> {
    Json(json!([{"id": 1, "text": "water the plants", "colour": "green"}]))
}

async fn create(headers: HeaderMap, Json(note): Json<Value>) -> (StatusCode, Json<Value>) {
    assert_eq!(
        headers.get("authorization").map(|value| value.as_bytes()),
        Some(b"Bearer a-token".as_slice())
    );
    match note["text"].as_str() {
        Some("buy milk") => (StatusCode::CONFLICT, Json(json!({"existing": 7}))),
        _ => (
            StatusCode::CREATED,
            Json(json!({"id": 1, "text": note["text"], "colour": note["colour"]})),
        ),
    }
}
