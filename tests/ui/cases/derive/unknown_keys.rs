use perennial::Model;

#[derive(Model)]
#[model(nwe)]
#[serde(rename_al = "camelCase")]
struct Booking {
    #[serde(renam = "trip-id")]
    trip_id: String,
    #[model(nulable)]
    note: Option<String>,
    #[model(frobnicate)]
    name: String,
}

#[derive(Model)]
#[model(tags = "kind")]
enum Source {
    #[model(constat = 1)]
    One,
}

// One mistake is one error: the type is still there.
fn main() {
    let booking = Booking { trip_id: String::new(), note: None, name: String::new() };
    let _ = sends(&booking);
    let _ = sends(&Source::One);
}

fn sends<T: serde::Serialize + serde::de::DeserializeOwned>(_: &T) {}
