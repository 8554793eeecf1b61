//! Where a redirect leads, no credential follows.

use crate::shop::Echo;
use perennial::{Call, Session, api_client};
use perennial_tests::{Backend, Canned, run, scenario};

const HEADER: &str = "header-7f3c";
const QUERY: &str = "query-19ab";
const COOKIE: &str = "cookie-d04e";
const BEARER: &str = "bearer-a771";
const BASIC: &str = "basic-55c0";

#[api_client]
pub(crate) trait Files: Send + Sync {
    #[get("/file", auth = all(header("X-Vendor-Key"), query("key")))]
    fn both(&self) -> Call<Echo>;

    #[get("/file", auth = header("X-Vendor-Key"))]
    fn header(&self) -> Call<Echo>;

    #[get("/file", auth = query("key"))]
    fn query(&self) -> Call<Echo>;

    #[get("/file", auth = cookie("sid"))]
    fn cookie(&self) -> Call<Echo>;

    #[get("/file", auth = bearer)]
    fn bearer(&self) -> Call<Echo>;

    #[get("/file", auth = basic)]
    fn basic(&self) -> Call<Echo>;
}

scenario!(b36_no_key_follows_a_redirect, generated memory only: "redirects are the caller's transport's own, and keys are in no store");
fn b36_no_key_follows_a_redirect() {
    // The second hop carries neither the header nor the query key, nor a referer that holds it.
    run(async {
        let (backend, elsewhere) = (Backend::start(), Backend::start());
        let to = elsewhere.url() + "/open/blob?sig=1";
        backend.on("/file").answer(Canned::redirect(307, &to));
        let files = FilesClient::builder()
            .base_url(backend.url())
            .session_for("X-Vendor-Key", Session::fixed(HEADER))
            .session_for("key", Session::fixed(QUERY))
            .session_for("sid", Session::fixed(COOKIE))
            .session_for("bearer", Session::fixed(BEARER))
            .client_credentials("ada", BASIC)
            .build()
            .expect("the client can be built");
        let calls = [
            (files.both(), vec![HEADER, QUERY]),
            (files.header(), vec![HEADER]),
            (files.query(), vec![QUERY]),
            (files.cookie(), vec![COOKIE]),
            (files.bearer(), vec![BEARER]),
            // "ada:basic-55c0" in base64.
            (files.basic(), vec!["YWRhOmJhc2ljLTU1YzA="]),
        ];
        for (call, keys) in calls {
            let echo = call.await.expect("the caller gets the file");
            assert_eq!(echo.path, "/open/blob");
            // It went to the first hop, and so there is something to lose.
            let sent = backend.ledger().read().requests.pop().expect("one hop");
            let text = format!("{sent:?} {:?}", sent.headers);
            for key in keys {
                assert!(text.contains(key), "`{key}` is not sent: {text}");
            }
        }
        let record = elsewhere.ledger().read();
        assert_eq!(record.requests.len(), 6);
        for hop in &record.requests {
            assert_eq!(hop.query.as_deref(), Some("sig=1"));
            let text = format!("{hop:?}");
            let secrets = [HEADER, QUERY, COOKIE, BEARER, BASIC, "YWRhOmJhc2ljLTU1YzA="];
            for secret in secrets {
                assert!(!text.contains(secret), "`{secret}` went elsewhere: {text}");
            }
            for name in ["x-vendor-key", "authorization", "cookie", "referer"] {
                assert!(!hop.headers.contains_key(name), "`{name}` went elsewhere");
            }
        }
    });
}
