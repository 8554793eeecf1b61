use perennial::Model;

#[derive(Model)]
#[model(tag = "kind")]
struct Card {
    number: String,
}

#[derive(Model)]
#[model(or = required)]
enum Source {
    Card(Card),
}

#[derive(Model)]
#[model(tag = "kind", or = optional)]
enum Other {
    Card(Card),
}

#[derive(Model)]
#[model(tag = kind)]
enum Bare {
    Card(Card),
}

fn main() {}
