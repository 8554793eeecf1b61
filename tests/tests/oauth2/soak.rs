//! A sample of `just oauth2-soak`: two processes with 16 tasks each for every session.

use perennial_tests::oidc::Oidc;
use std::process::Command;

#[test]
fn expiries_in_two_processes_keep_every_session() {
    if !Oidc::there("expiries_in_two_processes_keep_every_session") {
        return;
    }
    let soak = Command::new(env!("CARGO_BIN_EXE_oauth2-soak"))
        .args(["--sessions", "4", "--expiries", "12"])
        .output()
        .expect("the program can be started");
    let said = String::from_utf8_lossy(&soak.stdout);
    assert!(soak.status.success(), "{said}\n{soak:?}");
    for told in [
        "4 sessions, each in 2 processes with 16 tasks; access tokens of 2 s",
        "0 of them again, 0 spent before, 0 families revoked",
        "failed: {}",
        "0 sessions lost",
    ] {
        assert!(said.contains(told), "{said}");
    }
}
