//! Where a case begins: the world that the scenarios share.

pub(crate) use perennial_tests::world::{Echo, ShopApiClient, WAIT, World, join};

use perennial::{Session, TokenStore, Tokens};
use perennial_tests::{Backend, Convention, clock::Hands};

/// A world whose access tokens live this long, as the server says.
pub(crate) fn lifetime(seconds: u64) -> World {
    let backend = Backend::plan(Convention::Status).lifetime(seconds).start();
    let pair = backend.sign_in("ada");
    let tokens = Tokens::from(&pair);
    let mut world = World::with(backend, |session| session.tokens(tokens), |client| client);
    world.pair = pair;
    world
}

/// A client of a session that the test has built itself.
pub(crate) fn client(backend: &Backend, session: &Session) -> ShopApiClient {
    let shop = ShopApiClient::builder()
        .base_url(backend.url())
        .session(session.clone());
    shop.build().expect("the client can be built")
}

/// A session that starts with what its store holds.
pub(crate) fn over(store: impl TokenStore, clock: &Hands) -> Session {
    let session = Session::builder()
        .clock(clock.clone())
        .waiter_timeout(WAIT)
        .store(store);
    session.build().expect("the options fit together")
}

/// The access token that a session holds.
pub(crate) fn access(session: &Session) -> Option<String> {
    let tokens = session.tokens()?;
    Some(tokens.access().expose().to_owned())
}
