use perennial::{Bytes, Model};
use std::collections::HashMap;

struct Opaque;

#[derive(Model)]
#[model(receive)]
struct Received {
    opaque: Opaque,
    list: Option<Vec<Opaque>>,
}

#[derive(Model)]
#[model(send)]
struct Sent {
    opaque: Opaque,
    #[model(nullable)]
    maybe: Option<Opaque>,
}

#[derive(Model)]
#[model(receive)]
enum Union {
    Opaque(Opaque),
}

#[derive(Model)]
#[model(receive)]
struct Files {
    list: HashMap<String, Bytes>,
}

fn main() {}
