#!/usr/bin/env python3
"""Removes one rule of the session at a time and requires that the test of that rule fails.

    tests/mutations.py [NAME…]     all mutations, or those named
    tests/mutations.py --list      what there is

Works on a copy of the workspace below $PERENNIAL_CACHE (default ~/.cache/perennial), never on the
checkout. A mutation counts as caught only if the unchanged copy passes the test, the changed copy
compiles, and the test fails on it. Exit code 1 if a mutation survives or no longer applies.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = pathlib.Path(os.environ.get("PERENNIAL_CACHE", pathlib.Path.home() / ".cache/perennial"))
COPY = CACHE / "mutations"
# A build on a loaded machine; the tests limit themselves.
PATIENCE = 1800


def copy_workspace():
    """The files git knows or would know of, with their times, so that cargo builds what changed."""
    listed = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True)
    names = [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    for old in COPY.rglob("*"):
        if old.is_file() and str(old.relative_to(COPY)) not in names:
            old.unlink()
    for name in names:
        source, target = ROOT / name, COPY / name
        if not target.is_file() or source.read_bytes() != target.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def cargo(*arguments):
    environment = os.environ | {
        "CARGO_TARGET_DIR": str(CACHE / "target-mutations"),
        "CARGO_TERM_COLOR": "never",
        "CARGO_INCREMENTAL": "1",
        "RUST_BACKTRACE": "0",
        # A test that hangs is a test that fails; the default waits longer than a person would.
        "PERENNIAL_TEST_LIMIT": os.environ.get("PERENNIAL_TEST_LIMIT", "60"),
    }
    command = ["cargo", "test", "-q", "-p", "perennial-tests", "--test", "scenarios", *arguments]
    try:
        done = subprocess.run(command, cwd=COPY, env=environment, capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return False, "hangs"
    return done.returncode == 0, done.stdout + done.stderr


def run(tests):
    return cargo("--", "--exact", *tests)


def last_words(output):
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    said = [line for line in lines if "panicked at" in line]
    where = lines.index(said[0]) if said else -1
    return lines[where + 1][:150] if said and where + 1 < len(lines) else (lines or ["(no output)"])[-1][:150]


def change(mutation):
    """The files of a mutation with the text they are to have, or why it no longer applies."""
    texts = {}
    for edit in mutation["edit"]:
        path = COPY / edit["file"]
        if not path.is_file():
            return None, f"{edit['file']} is not there"
        text = texts.get(path) or path.read_text()
        found = text.count(edit["old"])
        if found != 1:
            return None, f"{edit['file']}: the text to change occurs {found} times"
        texts[path] = text.replace(edit["old"], edit["new"])
    return texts, None


def judge(mutation):
    texts, why_not = change(mutation)
    if why_not:
        return False, f"DOES NOT APPLY: {why_not}"
    originals = {path: path.read_text() for path in texts}
    try:
        for path, text in texts.items():
            path.write_text(text)
        compiles, output = cargo("--no-run")
        if not compiles:
            errors = [line for line in output.splitlines() if line.startswith("error")]
            return False, f"DOES NOT COMPILE: {(errors or ['?'])[0]}"
        passes, output = run([mutation["test"]])
        return not passes, "SURVIVES" if passes else f"caught: {last_words(output)}"
    finally:
        for path, text in originals.items():
            path.write_text(text)


def main():
    with open(ROOT / "tests/mutations.toml", "rb") as file:
        mutations = tomllib.load(file)["mutation"]
    if "--list" in sys.argv:
        for mutation in mutations:
            print(f"{mutation['name']:<40} {mutation['test']:<70} {mutation['rule']}")
        return 0
    wanted = sys.argv[1:]
    unknown = set(wanted) - {mutation["name"] for mutation in mutations}
    if unknown:
        print(f"no such mutation: {', '.join(sorted(unknown))} (see --list)", file=sys.stderr)
        return 2
    mutations = [mutation for mutation in mutations if not wanted or mutation["name"] in wanted]
    copy_workspace()
    tests = sorted({mutation["test"] for mutation in mutations})
    print(f"{len(tests)} tests on the unchanged copy …", flush=True)
    passes, output = run(tests)
    ran = [line for line in output.splitlines() if line.startswith("test result:")]
    if not passes or not ran or f" {len(tests)} passed" not in ran[-1]:
        print(output[-4000:])
        print(f"the unchanged copy does not pass its {len(tests)} tests; nothing can be said about mutations")
        return 1
    survivors = 0
    for mutation in mutations:
        start = time.monotonic()
        caught, verdict = judge(mutation)
        survivors += not caught
        print(f"{'ok  ' if caught else 'FAIL'} {mutation['name']:<38} {mutation['test'].split('::')[-1]:<42} {verdict} ({time.monotonic() - start:.0f} s)", flush=True)
    print(f"{len(mutations) - survivors} of {len(mutations)} mutations caught")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
