//! A sample of `just soak`.

use crate::world::World;
use perennial_tests::soak::soak;
use std::{path::Path, time::Duration};

over!(killed_at_random_for_a_moment: generated_file generated_redis);
async fn killed_at_random_for_a_moment(world: World) {
    let program = Path::new(env!("CARGO_BIN_EXE_peers"));
    let report = soak(program, &world.place, Duration::from_secs(3), 42).await;
    assert!(report.refreshes > 0 && report.kills > 0, "{report}");
    assert_eq!(report.revoked_otherwise, 0, "{report}");
}
