use super::items;

/// rustfmt left `text` alone, so the layout must give it back.
#[track_caller]
fn check(text: &str) {
    let tokens = text.parse().expect("tokens");
    assert_eq!(items(tokens), text);
}

#[test]
fn traits() {
    check(
        r#"/// Documentation.
#[api_client(auth = bearer)]
pub trait StationsApi: Send + Sync {
    /// First.
    #[get("/stations")]
    fn get_stations(
        &self,
        #[params] options: &GetStationsOptions,
    ) -> Call<GetStationsResponse, StationsError>;

    #[post("/bookings")]
    fn create_booking(&self, #[json] body: &Booking) -> Call<BookingWithLinks, BookingsError>;

    #[get("/aaaaaaaaaaaaaaaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/c", auth = none)]
    fn a(&self);

    #[get(
        "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/c",
        none(404)
    )]
    fn b(&self);

    #[get(
        "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaa/bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb/cccccccccccccccccccccccccccccccc/dddd"
    )]
    fn c(&self);

    #[deprecated]
    fn d(
        &self,
        #[query("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", style = csv)]
        aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: &str,
        #[query("x", style = csv)] b: T,
    );

    fn aaaaaaaaaaaaaaaaaaaaaaaaaaaaa(
        &self,
        x: &Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,
    ) -> Call<
        Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,
        BBBBBBBBBBBBBBBB,
    >;
}
"#,
    );
}

#[test]
fn types() {
    check(
        r#"#[cfg(any(
    feature = "bookings",
    feature = "stations",
    feature = "trips",
    feature = "webhooks"
))]
#[derive(
    Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, Baaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, Caaaaaaaaaaaaaaaaaaaaa,
)]
pub enum E {
    Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa(
        Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,
    ),
    #[serde(
        rename = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    )]
    C,
}

pub const AAAAAAAA: &str =
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

pub struct S {
    pub a: Option<
        BTreeMap<
            String,
            Vec<Option<Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa>>,
        >,
    >,
    pub aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:
        Option<Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa>,
    /// `#[derive(X)]`.
    pub b: i64,
}
"#,
    );
}

#[test]
fn roots() {
    check(
        r#"#[cfg(feature = "a")]
mod a;
mod b;
pub mod c;

use perennial::{ApiError, api_client};
use uuid::Uuid;

impl A {
    /// First.
    pub fn bookings_bookings_bookings(
        &self,
    ) -> bookings_bookings_bookings::BookingsBookingsBookings {
        bookings_bookings_bookings_book::BookingsBookingsBookingsBookingsApiClient::new(
            self.client.clone(),
        )
    }

    pub fn b(&self) {
        let a = 1;
        a()
    }
}
"#,
    );
}
