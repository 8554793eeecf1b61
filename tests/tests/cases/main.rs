//! Faults that other generators' users reported, on a document of our own (`fixtures/cases.yaml`): each test is named after what
//! must hold.

mod replies;
mod values;
