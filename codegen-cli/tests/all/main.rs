//! What a user sees and gets: the command line and the library from outside.

mod broken;
mod cases;
mod documents;
mod example;
mod fuzz;
mod golden;
mod kinds;
mod laws;
mod library;
mod project;
mod rust;
mod unreadable;
