use perennial::Model;

#[derive(Model)]
struct Booking {
    #[model(nullable)]
    name: String,
    #[model(nullable)]
    note: Option<Option<String>>,
}

fn main() {}
