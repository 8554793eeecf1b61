use perennial::{ApiError, Bytes};

#[derive(Debug, ApiError)]
enum Refusal {
    Forgotten(String),
    #[status]
    Empty,
    #[status(99)]
    Small,
    #[status("4xx")]
    Lower,
    #[status(404)]
    NotFound,
    #[status(404)]
    Missing,
    #[status(503..=500)]
    Backwards,
    #[status(default)]
    Other(Bytes),
    #[status(default)]
    Another(Bytes),
    #[status(400, decode = xml)]
    Xml(String),
    #[status(409, decoder = json)]
    Key(String),
    #[status(410)]
    Members { title: String },
}

fn main() {}
