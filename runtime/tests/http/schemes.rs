//! Where tokens go, whose they are, and which of several schemes is used.

use crate::{
    endpoints::{builder, send},
    server::{Reply, Server},
};
use perennial::{
    __v1::{Api, Auth, Endpoint},
    Builder, Client, ExpiredReason, Session,
};

const HEADER: Auth = Auth::Header {
    name: "X-App-Id",
    prefix: "",
};
const QUERY: Auth = Auth::Query("key");
const COOKIE: Auth = Auth::Cookie("sid");

static API: Api = Api::new("ShopApi");
const ME: Endpoint = Endpoint::new(&API, "ShopApi::me", "GET", "/me?page=1");

static BY_QUERY: Endpoint = Endpoint { auth: QUERY, ..ME };
static BY_COOKIE: Endpoint = Endpoint { auth: COOKIE, ..ME };
static BOTH: Endpoint = Endpoint {
    auth: Auth::All(&[Auth::Bearer, HEADER]),
    ..ME
};
static EVERYWHERE: Endpoint = Endpoint {
    auth: Auth::All(&[Auth::Bearer, HEADER, QUERY, COOKIE]),
    ..ME
};
static EITHER: Endpoint = Endpoint {
    auth: Auth::Any(&[Auth::Bearer, Auth::All(&[HEADER, QUERY])]),
    ..ME
};
static OR_BARE: Endpoint = Endpoint {
    auth: Auth::Any(&[Auth::Bearer, HEADER, Auth::None]),
    ..ME
};

fn keys(server: &Server) -> Builder {
    builder(&server.url)
        .session(Session::fixed("B1"))
        .session_for("x-app-id", Session::fixed("app"))
        .session_for("key", Session::fixed("k&1"))
        .session_for("sid", Session::fixed("s%201"))
}

async fn ok() -> Server {
    Server::always(Reply::new(200)).await
}

/// Where the last request carried what: bearer, header, target, cookie.
fn carried(server: &Server) -> [Option<String>; 4] {
    let seen = server.last();
    let header = |name| seen.header(name).map(str::to_owned);
    let (bearer, app, cookie) = (
        header("authorization"),
        header("x-app-id"),
        header("cookie"),
    );
    [bearer, app, Some(seen.target.clone()), cookie]
}

fn expect(bearer: &str, app: &str, target: &str, cookie: &str) -> [Option<String>; 4] {
    [bearer, app, target, cookie].map(|text| Some(text.to_owned()).filter(|text| !text.is_empty()))
}

async fn get(client: &Client, endpoint: &'static Endpoint) {
    send(client, endpoint, |_| {}).await.unwrap();
}

async fn refusal(client: &Client, endpoint: &'static Endpoint) -> String {
    let error = send(client, endpoint, |_| {}).await.unwrap_err();
    assert!(error.is_request(), "{error:?}");
    error.to_string()
}

#[tokio::test]
async fn a_key_comes_after_the_calls_own_query() {
    let server = ok().await;
    let client = keys(&server).build().unwrap();
    get(&client, &BY_QUERY).await;
    assert_eq!(carried(&server), expect("", "", "/me?page=1&key=k%261", ""));
    // What the call says itself counts more.
    send(&client, &BY_QUERY, |_| {})
        .query("key", "mine")
        .await
        .unwrap();
    assert_eq!(carried(&server), expect("", "", "/me?page=1&key=mine", ""));
}

#[tokio::test]
async fn a_cookie_stands_beside_the_calls_own() {
    let server = ok().await;
    let client = keys(&server).build().unwrap();
    send(&client, &BY_COOKIE, |r| r.cookie("theme", "dark"))
        .await
        .unwrap();
    let cookies = "theme=dark; sid=s%201";
    assert_eq!(carried(&server), expect("", "", "/me?page=1", cookies));
    send(&client, &BY_COOKIE, |r| r.cookie("sid", "mine"))
        .await
        .unwrap();
    assert_eq!(carried(&server), expect("", "", "/me?page=1", "sid=mine"));
}

#[tokio::test]
async fn several_schemes_at_once() {
    let server = ok().await;
    get(&keys(&server).build().unwrap(), &EVERYWHERE).await;
    let target = "/me?page=1&key=k%261";
    let all = expect("Bearer B1", "app", target, "sid=s%201");
    assert_eq!(carried(&server), all);
}

#[tokio::test]
async fn the_default_session_stands_in_for_one_scheme() {
    let server = ok().await;
    let session = || builder(&server.url).session(Session::fixed("S1"));
    let bearer = session().session_for("Bearer", Session::fixed("B1"));
    get(&bearer.build().unwrap(), &BOTH).await;
    assert_eq!(
        carried(&server),
        expect("Bearer B1", "S1", "/me?page=1", "")
    );
    let app = session().session_for("X-APP-ID", Session::fixed("app"));
    get(&app.build().unwrap(), &BOTH).await;
    assert_eq!(
        carried(&server),
        expect("Bearer S1", "app", "/me?page=1", "")
    );

    assert_eq!(
        refusal(&session().build().unwrap(), &BOTH).await,
        "ShopApi::me: no session for header(\"x-app-id\"), since that of `.session(…)` stands in \
         for bearer, expected `.session_for(\"x-app-id\", …)` on the builder"
    );
    let key = builder(&server.url).session_for("key", Session::fixed("k"));
    assert_eq!(
        refusal(&key.build().unwrap(), &BOTH).await,
        "ShopApi::me: no session for bearer, expected `.session(…)` or \
         `.session_for(\"bearer\", …)` on the builder"
    );
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn the_first_alternative_with_a_live_session() {
    let server = ok().await;
    let user = Session::signed_out();
    let client = keys(&server).session(user.clone()).build().unwrap();
    get(&client, &EITHER).await;
    let by_keys = expect("", "app", "/me?page=1&key=k%261", "");
    assert_eq!(carried(&server), by_keys);
    user.sign_in("B2");
    get(&client, &EITHER).await;
    assert_eq!(carried(&server), expect("Bearer B2", "", "/me?page=1", ""));
    user.sign_out();
    get(&client, &EITHER).await;
    assert_eq!(carried(&server), by_keys);
}

#[tokio::test]
async fn an_alternative_that_lacks_a_session_is_passed_over() {
    let server = ok().await;
    let app = builder(&server.url).session_for("X-App-Id", Session::fixed("app"));
    let app = app.build().unwrap();
    get(&app, &OR_BARE).await;
    assert_eq!(carried(&server), expect("", "app", "/me?page=1", ""));
    assert!(
        refusal(&app, &EITHER)
            .await
            .contains("no session for bearer")
    );
    get(&builder(&server.url).build().unwrap(), &OR_BARE).await;
    assert_eq!(carried(&server), expect("", "", "/me?page=1", ""));
}

#[tokio::test]
async fn a_half_live_alternative_leaves_nothing_behind() {
    static HALF: Endpoint = Endpoint {
        auth: Auth::Any(&[
            Auth::All(&[Auth::Bearer, HEADER, QUERY, COOKIE]),
            Auth::None,
        ]),
        ..ME
    };
    let server = ok().await;
    let client = keys(&server).session_for("sid", Session::signed_out());
    get(&client.build().unwrap(), &HALF).await;
    assert_eq!(carried(&server), expect("", "", "/me?page=1", ""));
}

#[tokio::test]
async fn where_nobody_is_signed_in_the_first_one_says_why() {
    let server = ok().await;
    let user = Session::new("B1");
    user.sign_out();
    let client = keys(&server)
        .session(user)
        .session_for("key", Session::signed_out())
        .build()
        .unwrap();
    let error = send(&client, &EITHER, |_| {}).await.unwrap_err();
    let perennial::Error::SessionExpired(over) = &error else {
        panic!("{error:?}")
    };
    assert_eq!(over.reason(), ExpiredReason::SignedOut);
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn the_clients_own_credentials_beside_a_key() {
    static APP: Endpoint = Endpoint {
        auth: Auth::All(&[Auth::Basic, HEADER]),
        ..ME
    };
    static USER_OR_APP: Endpoint = Endpoint {
        auth: Auth::Any(&[Auth::Bearer, Auth::Basic]),
        ..ME
    };
    let server = ok().await;
    let client = keys(&server)
        .session(Session::signed_out())
        .client_credentials("app", "pass")
        .build()
        .unwrap();
    get(&client, &APP).await;
    let basic = "Basic YXBwOnBhc3M=";
    assert_eq!(carried(&server), expect(basic, "app", "/me?page=1", ""));
    get(&client, &USER_OR_APP).await;
    assert_eq!(carried(&server), expect(basic, "", "/me?page=1", ""));
    get(&keys(&server).build().unwrap(), &USER_OR_APP).await;
    assert_eq!(carried(&server), expect("Bearer B1", "", "/me?page=1", ""));
}

#[tokio::test]
async fn a_call_that_authenticates_itself_is_left_alone() {
    let server = ok().await;
    let client = keys(&server).build().unwrap();
    // It has chosen the second of two alternatives.
    let own = send(&client, &EITHER, |_| {}).header("x-app-id", "mine");
    own.query("key", "mine").await.unwrap();
    let target = "/me?page=1&key=mine";
    assert_eq!(carried(&server), expect("", "mine", target, ""));
    // One of two is its own, the other is not.
    let own = send(&client, &BOTH, |_| {}).header("x-app-id", "mine");
    own.await.unwrap();
    assert_eq!(
        carried(&server),
        expect("Bearer B1", "mine", "/me?page=1", "")
    );
}

#[tokio::test]
async fn every_secret_stays_at_home() {
    let far = ok().await;
    let to = format!("{}/blob?sig=1", far.url);
    let near = Server::start(move |seen| match &*seen.target {
        target if target.starts_with("/me") => Reply::new(307).header("location", "/moved?to=1"),
        _ => Reply::new(307).header("location", &to),
    })
    .await;
    let client = keys(&near)
        .client_credentials("app", "pass")
        .build()
        .unwrap();
    get(&client, &EVERYWHERE).await;
    // Within the origin each hop carries them, and the target's own query stays first.
    let moved = expect("Bearer B1", "app", "/moved?to=1&key=k%261", "sid=s%201");
    assert_eq!(carried(&near), moved);
    assert_eq!(carried(&far), expect("", "", "/blob?sig=1", ""));
    assert_eq!(far.last().header("referer"), None);
}

#[tokio::test]
async fn a_url_elsewhere_gets_no_key() {
    static NEXT: Endpoint = Endpoint {
        path: "",
        ..EVERYWHERE
    };
    let (home, away) = (ok().await, ok().await);
    let client = keys(&home).build().unwrap();
    let url = format!("{}/x", away.url);
    send(&client, &NEXT, |r| r.url(&url)).await.unwrap();
    assert_eq!(carried(&away), expect("", "", "/x", ""));
}

#[tokio::test]
async fn a_failure_does_not_tell_the_key() {
    let server = Server::always(Reply::mute()).await;
    let client = builder(&server.url).session(Session::fixed("s3cr3t"));
    let error = send(&client.build().unwrap(), &BY_QUERY, |_| {})
        .await
        .unwrap_err();
    assert!(server.last().target.contains("s3cr3t"));
    let mut text = format!("{error:?} {error}");
    let mut next = std::error::Error::source(&error);
    while let Some(source) = next {
        text += &format!(" {source:?} {source}");
        next = source.source();
    }
    assert!(error.is_transport() && !text.contains("s3cr3t"), "{text}");
}

#[tokio::test]
async fn a_hook_sees_the_request_as_it_goes_out() {
    let server = ok().await;
    let client = keys(&server).before_send(|out| {
        let signed = out.url.query().unwrap_or_default().to_owned();
        out.headers.insert("x-signed", signed.parse().unwrap());
        assert!(!format!("{out:?}").contains("k%261"));
    });
    get(&client.build().unwrap(), &BY_QUERY).await;
    assert_eq!(server.last().header("x-signed"), Some("page=1&key=k%261"));
}
