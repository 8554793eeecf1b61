use perennial::Model;

#[derive(Model)]
struct Early(#[model(rest)] Vec<i64>, String);

#[derive(Model)]
struct Gap(Option<i64>, String);

#[derive(Model)]
struct Named(i64, #[serde(rename = "x")] String);

#[derive(Model)]
#[model(new)]
struct New(i64, String);

#[derive(Model)]
#[serde(transparent)]
struct Two {
    a: i64,
    b: i64,
}

fn main() {}
