//! Redis that is gone, hangs, forgets, or holds something else.

use crate::world::join;
use perennial::testing::{Backend, Gate, REFRESH};
use perennial::{
    Expected, Record, RedisStore, Session, StoreError, StoreErrorKind, Swap, TokenStore, Tokens,
};
use perennial_tests::{blame::store_failure, redis::Redis, run, shop::ShopClient};
use std::{error::Error as _, time::Duration};

const KEY: &str = "shop:ada";

fn with_redis<F: Future<Output = ()>>(
    test: &str,
    start: fn() -> Redis,
    body: impl FnOnce(Redis) -> F,
) {
    if Redis::there(test) {
        run(async { body(start()).await });
    }
}

fn store(redis: &Redis) -> RedisStore {
    RedisStore::new(&redis.url(), KEY).expect("a URL")
}

/// The record of a fresh sign-in.
async fn record() -> Record {
    let memory = perennial::MemoryStore::new();
    let session = Session::builder()
        .store(memory.clone())
        .tokens(Tokens::new("A1").refresh_token("R1"))
        .build()
        .expect("the options fit together");
    session.close().await;
    let stored = memory.load().await.expect("memory can be read");
    stored.expect("someone has signed in")
}

async fn write(store: &RedisStore) -> u64 {
    let swap = store.compare_and_swap(Expected::Anything, record().await);
    match swap.await.expect("it can be written") {
        Swap::Done(version) => version,
        other => panic!("nothing was expected to be there: {other:?}"),
    }
}

/// The whole chain of an error as a person sees it.
fn told(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text += &format!(": {cause}");
        source = cause.source();
    }
    text
}

#[test]
fn redis_gone_at_start() {
    with_redis("redis_gone_at_start", Redis::start, async |redis| {
        redis.kill();
        let store = store(&redis);
        let error = store.load().await.expect_err("nobody is there");
        assert_eq!(error.kind(), StoreErrorKind::Unavailable);
        let place = format!("redis at 127.0.0.1:{} cannot be reached", redis.port());
        assert!(told(&error).starts_with(&place), "{}", told(&error));
        assert!(store.lock(Duration::from_secs(30)).await.is_err());
        assert!(store.clear(1).await.is_err());
        // The same handle, once it is there.
        redis.restart();
        assert!(store.load().await.expect("it is back").is_none());
        write(&store).await;
        assert!(store.load().await.expect("it is back").is_some());
    });
}

/// A program starts while Redis is gone, in which somebody is signed in.
#[test]
fn redis_gone_before_the_first_call() {
    with_redis(
        "redis_gone_before_the_first_call",
        Redis::durable,
        async |redis| {
            let backend = Backend::start();
            let before = Session::builder()
                .store(store(&redis))
                .tokens(backend.sign_in("ada"))
                .build()
                .expect("the options fit together");
            before.close().await;
            redis.kill();
            let session = Session::builder()
                .store(store(&redis))
                .recheck(Duration::from_nanos(1))
                .build()
                .expect("the options fit together");
            let shop = ShopClient::builder()
                .base_url(backend.url())
                .session(session)
                .build()
                .expect("the client can be built");
            for _ in 0..2 {
                let failure = store_failure(shop.item(1).await);
                assert_eq!(failure.kind(), StoreErrorKind::Unavailable);
                let place = format!("127.0.0.1:{} cannot be reached", redis.port());
                assert!(told(&failure).contains(&place), "{}", told(&failure));
            }
            assert_eq!(backend.ledger().read().requests.len(), 0);
            redis.restart();
            let echo = shop.item(1).await.expect("Redis is back, and so is ada");
            assert_eq!(echo.user.as_deref(), Some("ada"));
        },
    );
}

#[test]
fn redis_gone_in_mid_flight() {
    with_redis("redis_gone_in_mid_flight", Redis::durable, async |redis| {
        let backend = Backend::start();
        let pair = backend.sign_in("ada");
        let session = Session::builder()
            .store(store(&redis))
            .tokens(&pair)
            // A flight waits so long for what is to be written first.
            .refresh_timeout(Duration::from_millis(600))
            .persist_timeout(Duration::from_millis(400))
            .lease(Duration::from_millis(1500))
            .backoff(Duration::from_millis(10), Duration::from_millis(50))
            .build()
            .expect("the options fit together");
        session.close().await;
        let shop = ShopClient::builder()
            .base_url(backend.url())
            .session(session.clone())
            .build()
            .expect("the client can be built");
        let answer = Gate::closed();
        backend.on(REFRESH).hold(&answer);
        backend.expire(&pair.access);
        let call = tokio::spawn(shop.item(1));
        let rotated = |seen: &perennial::testing::Record| seen.rotations.len() == 1;
        backend.ledger().wait_for("the rotation", rotated).await;
        redis.kill();
        answer.open();
        // The answer counts, wherever it can be kept.
        join(call).await.expect("served with the new token");
        let newest = session.tokens().expect("signed in");
        // A refresh without the store does not happen; its error says what is wrong.
        backend.expire_all();
        let failure = store_failure(shop.item(1).await);
        assert_eq!(failure.kind(), StoreErrorKind::Unavailable);
        let place = format!("127.0.0.1:{} cannot be reached", redis.port());
        assert!(told(&failure).contains(&place), "{}", told(&failure));
        assert_eq!(backend.ledger().read().refreshes(), 1);
        redis.restart();
        session.close().await;
        let stored = store(&redis).load().await.expect("it is back");
        let stored = stored.expect("nothing is lost").encode();
        let text = String::from_utf8_lossy(&stored).into_owned();
        let refresh = newest.refresh().expect("it rotates").expose();
        assert!(text.contains(refresh), "the new pair is kept");
        let mut last = shop.item(1).await;
        while last.is_err() {
            last = shop.item(1).await;
        }
        assert_eq!(backend.ledger().read().refreshes(), 2);
        assert_eq!(backend.ledger().read().revocations.len(), 0);
    });
}

#[test]
fn redis_that_forgets_gets_the_record_back() {
    with_redis(
        "redis_that_forgets_gets_the_record_back",
        Redis::start,
        async |redis| {
            let store = store(&redis);
            let version = write(&store).await;
            redis.kill();
            redis.restart();
            let found = store.load().await.expect("it is back");
            let found = found.expect("what was seen last is put back");
            assert!(found.version() > version, "versions grow all the same");
            // Whether its token was spent meanwhile, nobody knows.
            let content = String::from_utf8_lossy(&found.encode()).into_owned();
            assert!(
                content.contains("\"doubt\":\"unanswered\""),
                "{}",
                content.len()
            );
            // Signing out is no forgetting.
            assert!(store.clear(found.version()).await.expect("cleared"));
            assert!(store.load().await.expect("readable").is_none());
            assert!(write(&store).await > found.version());
        },
    );
}

#[test]
fn redis_that_hangs_is_given_up() {
    with_redis(
        "redis_that_hangs_is_given_up",
        Redis::start,
        async |redis| {
            let store = store(&redis).deadline(Duration::from_millis(200));
            write(&store).await;
            redis.freeze();
            let error = store.load().await.expect_err("it does not answer");
            redis.wake();
            assert_eq!(error.kind(), StoreErrorKind::Unavailable);
            assert!(
                told(&error).contains("did not answer within 200ms"),
                "{error}"
            );
            // One slow answer disables nothing.
            while store.load().await.is_err() {}
            assert!(store.load().await.expect("it goes on").is_some());
        },
    );
}

#[test]
fn redis_holds_something_else() {
    with_redis("redis_holds_something_else", Redis::start, async |redis| {
        use StoreErrorKind::{Unreadable, Unsupported};
        type Break = fn(&Redis);
        let cases: [(&str, StoreErrorKind, Break); 5] = [
            ("a value of the type string", Unreadable, |redis| {
                redis.tell(&["DEL", KEY]);
                redis.tell(&["SET", KEY, "hello"]);
            }),
            ("a hash of something else", Unreadable, |redis| {
                redis.tell(&["DEL", KEY]);
                redis.tell(&["HSET", KEY, "cart", "full"]);
            }),
            ("a damaged record", Unreadable, |redis| {
                redis.tell(&["HSET", KEY, "record", "{\"schema\":1,\"ver"]);
            }),
            // As it would be if it had been written like that.
            ("holds no record", Unreadable, |redis| {
                written(redis, "{\"schema\":1,\"ver")
            }),
            ("newer perennial", Unsupported, |redis| {
                written(redis, "{\"schema\":7}")
            }),
        ];
        for (at, (what, kind, break_it)) in cases.into_iter().enumerate() {
            let store = store(&redis);
            let version = write(&store).await;
            break_it(&redis);
            let error = store.load().await.expect_err(what);
            assert_eq!(error.kind(), kind, "{what}");
            assert!(told(&error).contains(what), "{what}: {}", told(&error));
            // Nothing but a sign-in replaces it, and that puts it aside.
            if at < 3 {
                let expected = Expected::Version(version);
                let swap = store.compare_and_swap(expected, record().await).await;
                assert_eq!(swap.expect_err(what).kind(), kind, "{what}");
                assert_eq!(store.clear(version).await.expect_err(what).kind(), kind);
            }
            write(&store).await;
            assert!(store.load().await.expect(what).is_some());
            let aside = match at {
                0 => format!("{{{KEY}}}:unreadable"),
                more => format!("{{{KEY}}}:unreadable-{}", more + 1),
            };
            assert_eq!(redis.tell(&["EXISTS", &aside]), ":1", "{what}: {aside}");
        }
    });
}

/// Puts a text where a record should be, with everything that belongs to it.
fn written(redis: &Redis, text: &str) {
    const SCRIPT: &str =
        "redis.call('HSET', KEYS[1], 'record', ARGV[1], 'sum', redis.sha1hex(ARGV[1]))";
    redis.tell(&["EVAL", SCRIPT, "1", KEY, text]);
}

#[test]
fn redis_password_is_never_printed() {
    let start = || Redis::with_password("open-sesame-4711");
    with_redis("redis_password_is_never_printed", start, async |redis| {
        let right = store(&redis);
        write(&right).await;
        let url = format!("redis://:wrong-pass-4712@127.0.0.1:{}/", redis.port());
        let wrong = RedisStore::new(&url, KEY).expect("a URL");
        let error = wrong.load().await.expect_err("the password is wrong");
        let bad = RedisStore::new("redis://:bad-pass-4713@host:port/", KEY).expect_err("no URL");
        for text in [
            told(&error),
            format!("{error:?}"),
            told(&bad),
            format!("{bad:?}"),
            format!("{right:?} {wrong:?}"),
        ] {
            // Not the numbers alone: the port may be like them.
            for secret in ["sesame", "wrong-pass", "bad-pass"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
    });
}

#[test]
fn redis_lock_lapses_and_its_number_grows() {
    with_redis(
        "redis_lock_lapses_and_its_number_grows",
        Redis::start,
        async |redis| {
            let (first, second) = (store(&redis), store(&redis));
            let key = format!("{{{KEY}}}:lock");
            let held = first
                .lock(Duration::from_millis(1))
                .await
                .expect("it is free");
            let before = number(&redis, "fence");
            let later = second
                .lock(Duration::from_secs(60))
                .await
                .expect("it has lapsed");
            // What lapsed gives nothing back that is someone else's.
            drop(held);
            first.finish().await;
            assert_eq!(redis.tell(&["EXISTS", &key]), ":1");
            assert!(number(&redis, "fence") > before, "the number only grows");
            drop(later);
            second.finish().await;
            assert_eq!(redis.tell(&["EXISTS", &key]), ":0");
        },
    );
}

/// A number that the server keeps beside the record.
fn number(redis: &Redis, what: &str) -> u64 {
    const SCRIPT: &str = "return tonumber(redis.call('GET', KEYS[1]) or '0')";
    let key = format!("{{{KEY}}}:{what}");
    let answer = redis.tell(&["EVAL", SCRIPT, "1", &key]);
    let digits = answer.strip_prefix(':').expect("a number");
    digits.parse().expect("a number")
}
