use perennial::{ApiError, ApiReply};

#[derive(Debug, ApiError)]
struct Problem {
    title: String,
}

#[derive(ApiReply)]
#[status(200)]
enum Reply {
    #[status(200)]
    Done,
}

fn main() {}
