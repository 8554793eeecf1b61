//! Results and errors whose variant is told by the status, and parameters of a struct.

use perennial::{ApiError, ApiReply, Bytes, Call, Model, Params, Response, api_client};

#[derive(Clone, Debug, Model)]
pub struct Problem {
    pub title: String,
}

#[derive(Debug, ApiError)]
pub enum UserError {
    #[status(409)]
    Conflict(Problem),
    #[status(402)]
    PaymentRequired,
    #[status("5XX")]
    Server(Bytes),
    #[status(default)]
    Other(Bytes),
}

#[derive(Debug, ApiReply)]
pub enum Job {
    #[status(200)]
    Done(Problem),
    #[status(202)]
    Accepted,
}

#[derive(Default, Params)]
pub struct Options {
    pub page: Option<u32>,
}

#[api_client]
pub trait JobsApi {
    #[post("/jobs")]
    fn start(&self, #[params] options: &Options) -> Call<Job, UserError>;

    #[get("/jobs/{id}", none(404))]
    fn job(&self, id: &str) -> Call<Response<Option<Job>>, UserError>;

    #[get("/jobs", decode = bytes)]
    fn jobs(&self, #[params] options: Option<&Options>) -> Call<Bytes>;

    #[get("/problem")]
    fn problem(&self) -> Call<Problem, UserError>;
}

fn main() {}
