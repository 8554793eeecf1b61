use perennial::Model;

#[derive(Model)]
#[serde(rename_all = "camelcase")]
struct Booking {
    trip_id: i64,
}

#[derive(Model)]
#[serde(rename_all = "Title Case")]
enum Kind {
    One,
}

#[derive(Model)]
#[serde(rename_all(serialize = "lowercase"))]
enum Other {
    One,
}

fn main() {}
