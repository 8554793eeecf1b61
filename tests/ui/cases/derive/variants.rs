use perennial::Model;

#[derive(Model)]
#[model(tag = "kind")]
enum Source {
    Card { number: String },
    Account(String, String),
}

#[derive(Model)]
enum Nothing {}

fn main() {}
