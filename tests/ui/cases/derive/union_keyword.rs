use perennial::Model;

#[derive(Model)]
union Either {
    integer: i64,
    number: f64,
}

fn main() {}
