use perennial::Model;

#[derive(Model)]
#[serde(rename_all = "camelCase")]
#[model(constant("object" = "card"))]
struct Card {
    exp_month: i64,
    #[serde(rename = "expMonth")]
    month: i64,
    #[serde(alias = "object")]
    kind: String,
}

#[derive(Model)]
enum Level {
    #[model(constant = 1)]
    One,
    #[model(constant = 1)]
    Uno,
    #[serde(rename = "two")]
    Two,
    #[serde(alias = "two")]
    Due,
}

fn main() {}
