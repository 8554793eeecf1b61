//! Signing in and out in another process.

use crate::world::World;

over!(login_in_other_process_revives: generated_file generated_redis);
async fn login_in_other_process_revives(world: World) {
    let (mut first, mut second) = (world.peer(), world.peer());
    assert_eq!(first.call(), "over NeverSignedIn");
    second.sign_in(&world.pair);
    assert_eq!(first.call(), "ok");
    // And a session that is over comes back, without a restart.
    world.backend.revoke("ada");
    assert_eq!(first.call(), "over Rejected");
    first.ask("close", "closed");
    let again = world.backend.sign_in("ada");
    second.sign_in(&again);
    assert_eq!(first.call(), "ok");
    let tokens = first.ask("tokens", "tokens");
    assert_eq!(tokens, format!("{} {}", again.access, again.refresh));
}

over!(logout_in_other_process_seen: generated_file generated_redis);
async fn logout_in_other_process_seen(world: World) {
    let (mut first, mut second) = (world.peer(), world.peer());
    first.sign_in(&world.pair);
    assert_eq!(second.call(), "ok");
    first.ask("sign-out", "signed out");
    assert_eq!(world.stored().await, None);
    // The word of it may take a moment; nothing is stored, so nothing else can become of it.
    while second.call() == "ok" {}
    assert_eq!(second.call(), "over SignedOut");
    assert_eq!(second.ask("tokens", "tokens"), "- -");
}
