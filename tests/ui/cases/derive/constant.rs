use perennial::Model;

#[derive(Model)]
#[model(constant = "card")]
struct Card {
    number: String,
}

#[derive(Model)]
#[model(constant("object" = "card", "object" = "bank"))]
struct Twice {}

#[derive(Model)]
#[model(constant("object" = b"card", version = 1 + 1))]
struct Odd {}

#[derive(Model)]
enum Source {
    #[model(constant = "card")]
    Card(Card),
    #[serde(rename = "a")]
    #[model(constant = "b")]
    Both,
}

#[derive(Model)]
struct Unit;

fn main() {}
