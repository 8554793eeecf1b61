use perennial::Model;

#[derive(Model)]
struct Credentials<'a> {
    name: &'a str,
}

fn main() {
    let _ = Credentials { name: "a" };
}
