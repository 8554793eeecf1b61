use perennial::{Model, RawJson};

#[derive(Model)]
enum Early {
    #[model(unknown)]
    Unknown(String),
    One,
}

#[derive(Model)]
enum Empty {
    One,
    #[model(unknown)]
    Unknown,
}

#[derive(Model)]
enum Union {
    One(Vec<String>),
    #[model(unknown)]
    Unknown(String),
}

#[derive(Model)]
#[model(tag = "kind")]
enum Fine {
    #[model(unknown)]
    Unknown(RawJson),
}

fn main() {}
