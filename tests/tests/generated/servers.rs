//! Servers, and the variables in their URLs.

use crate::harbour::{TheHarbourItselfServer, TheHarbourItselfServerPort};

#[test]
fn a_variable_stands_in_the_url() {
    let server = TheHarbourItselfServer {
        port: TheHarbourItselfServerPort::Dover,
    };
    let harbour = server.builder().build().expect("a client");
    let call = harbour.berths().get_berth(3);
    let request = call.request().expect("a request");
    assert_eq!(
        request.url.as_str(),
        "https://dover.harbour.example/v2/berths/3"
    );
}
