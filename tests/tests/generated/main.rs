//! What `gen-client` writes, compiled here, and what its methods send and understand.

#[expect(dead_code, unreachable_pub, reason = "generated; only compiled")]
#[path = "../../../codegen-cli/tests/goldens/harbour/mod.rs"]
mod harbour;
#[expect(
    dead_code,
    unreachable_pub,
    reason = "generated for other people's lints"
)]
#[path = "../../../codegen-cli/tests/goldens/wire/mod.rs"]
mod wire;

mod bodies;
mod parameters;
mod servers;
