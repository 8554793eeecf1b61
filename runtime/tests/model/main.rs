//! What the derives write and read, one attribute a test.
#![allow(missing_docs, reason = "the types here are cases")]

mod bytes;
mod enums;
mod members;
mod objects;
mod paths;
mod statuses;
mod tuples;
mod unions;

use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Debug;

/// The value is written as that JSON, and the JSON is read as the value.
#[track_caller]
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T, json: &str) {
    writes(&value, json);
    reads(json, value);
}

#[track_caller]
fn writes<T: Serialize>(value: &T, json: &str) {
    assert_eq!(serde_json::to_string(value).expect("it is JSON"), json);
}

#[track_caller]
fn reads<T: DeserializeOwned + PartialEq + Debug>(json: &str, value: T) {
    match serde_json::from_str::<T>(json) {
        Ok(read) => assert_eq!(read, value, "{json}"),
        Err(error) => panic!("{json}: {error}"),
    }
}

#[track_caller]
fn refuses<T: DeserializeOwned + Debug>(json: &str, message: &str) {
    let error = serde_json::from_str::<T>(json).expect_err(json).to_string();
    let place = error.rfind(" at line ").unwrap_or(error.len());
    assert_eq!(&error[..place], message, "{json}");
}
