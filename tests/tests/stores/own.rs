//! The store of the example, which a user would write.

use perennial::testing::store_conformance;

#[expect(dead_code, reason = "the test needs the store alone")]
#[path = "../../../examples/examples/own_store.rs"]
mod own_store;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn conforms() {
    let store = own_store::RowStore::default();
    store_conformance(|| async { store.clone() }).await;
}

/// What the documentation says of it.
#[test]
fn takes_fewer_than_60_lines() {
    let text = include_str!("../../../examples/examples/own_store.rs");
    let (_, rest) = text
        .split_once("// The store begins here.")
        .expect("it begins");
    let (store, _) = rest.split_once("// The store ends here.").expect("it ends");
    let code = store.lines().map(str::trim);
    let lines = code
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .count();
    assert!(lines < 60, "{lines}");
}
