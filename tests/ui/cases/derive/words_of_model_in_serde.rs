use perennial::Model;

#[derive(Model)]
#[serde(new, constant("object" = "card"))]
struct Card {
    #[serde(nullable)]
    name: Option<String>,
    #[serde(read_only)]
    id: i64,
}

#[derive(Model)]
enum Kind {
    One,
    #[serde(unknown)]
    Unknown(String),
}

fn main() {}
