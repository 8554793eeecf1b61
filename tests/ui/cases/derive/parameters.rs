use perennial::Params;

#[derive(Params)]
#[params(rename_all = "camel")]
struct Options {
    #[query(default = 1)]
    page: i64,
    #[query(style = comma)]
    ids: Vec<i64>,
    #[query(stile = csv)]
    tags: Vec<String>,
    #[query("q", flatten)]
    filter: Vec<(String, String)>,
    #[header]
    accept: Option<String>,
    #[header("X Trace")]
    trace: Option<String>,
    #[header]
    #[cookie]
    both: Option<String>,
    #[query("limit")]
    one: i64,
    #[query("limit")]
    two: i64,
    #[cookie("sid", style = csv)]
    sid: Option<String>,
    #[query = "x"]
    x: i64,
}

#[derive(Params)]
enum Choice {
    One,
}

fn main() {}
