use perennial::Model;

#[derive(Model)]
#[serde]
struct Booking {
    #[serde(rename = 1)]
    a: i64,
    #[serde(rename)]
    b: i64,
    #[serde(rename = "c", rename = "d")]
    c: i64,
    #[model(read_only = true)]
    d: i64,
    #[serde(default = "1 + 1")]
    e: i64,
    #[model = "nullable"]
    f: i64,
    #[model(read_only nullable)]
    g: i64,
}

fn main() {}
