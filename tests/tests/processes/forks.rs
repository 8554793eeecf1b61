//! A process that forks while a refresh is under way.

use crate::world::World;
use perennial::testing::{Gate, REFRESH};

over!(fork_child_inherits_refreshing: generated_file generated_redis);
async fn fork_child_inherits_refreshing(world: World) {
    let mut parent = world.peer();
    parent.sign_in(&world.pair);
    let answer = Gate::closed();
    world.backend.on(REFRESH).hold(&answer);
    world.expire();
    parent.order("call");
    world.presented(1).await;
    // The child has the flight's state, and none of the threads that fly it.
    parent.order("fork");
    parent.hears("child here");
    answer.open();
    assert_eq!(parent.hears("called"), "ok");
    let left = parent.hears("child called");
    assert!(left.starts_with("refresh"), "it is not stranded: {left}");
    // What its parent has stored meanwhile is taken over.
    parent.hears("child called again ok");
    assert_eq!(world.count(), 1);
    assert_eq!(world.presented_r1(), 1);
}
