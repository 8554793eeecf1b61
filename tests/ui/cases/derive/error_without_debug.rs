use perennial::ApiError;

#[derive(ApiError)]
enum Refusal {
    #[status(404)]
    NotFound,
}

fn main() {}
