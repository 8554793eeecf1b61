use perennial::Model;

#[derive(Model)]
#[serde(deny_unknown_fields, bound = "T: Copy")]
struct Booking {
    #[serde(skip_serializing)]
    id: i64,
    #[serde(skip)]
    cache: i64,
    #[serde(with = "seconds")]
    at: i64,
    #[serde(borrow)]
    name: String,
}

#[derive(Model)]
#[serde(tag = "kind", content = "data")]
enum Kind {
    One,
    #[serde(other)]
    Other,
}

fn main() {}
