use perennial::Model;
use std::collections::BTreeMap;

#[derive(Model)]
struct Open {
    #[serde(flatten)]
    one: BTreeMap<String, String>,
    #[serde(flatten)]
    two: BTreeMap<String, String>,
}

#[derive(Model)]
struct Renamed {
    #[serde(flatten, rename = "x")]
    one: BTreeMap<String, String>,
}

fn main() {}
