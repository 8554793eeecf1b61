#!/usr/bin/env python3
"""Explores the session's state machine, and shows what becomes of it without each of its rules.

    tests/explore.py                   all settings, with their numbers of states (minutes)
    tests/explore.py --rules [NAME…]   each rule of tests/rules.toml switched off, or those named
    tests/explore.py --list            the rules
    --trace                            with the counter-examples, event by event

For the rules one copy of the workspace is made below $PERENNIAL_CACHE (default ~/.cache/perennial) and
built once, with every rule behind a question to the environment. Without a rule either the exploration
finds a counter-example (nearest first, so it is a shortest one of its setting), or a named test of the
machine fails. Exit code 1 if neither happens (and no other line is named that holds the rule, too), if a comment `Rule …` has no entry, or if an entry no
longer applies.
"""

import os
import pathlib
import re
import subprocess
import sys
import time
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent
MACHINE = pathlib.Path("runtime/src/session/machine")
CACHE = pathlib.Path(os.environ.get("PERENNIAL_CACHE", pathlib.Path.home() / ".cache/perennial"))
COPY = CACHE / "explore"
TESTS = "session::machine::tests::"
# Settings that take seconds, by parts of their names; tried after the near ones.
SMALL = ["by the clock", "parent again, one", "ever again, one", "partition each, two"]
KEPT = '''
/// Whether a rule is followed: all but those that the environment names.
fn kept(rule: &str) -> bool {
    static WITHOUT: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    let without = WITHOUT.get_or_init(|| std::env::var("PERENNIAL_WITHOUT").ok());
    without.as_deref().is_none_or(|names| !names.split(',').any(|name| name == rule))
}
'''


def build(root):
    """The library's tests, optimised; answers the executable."""
    environment = {"CARGO_TARGET_DIR": str(CACHE / "target-explore")} | os.environ | {"CARGO_TERM_COLOR": "never"}
    command = ["cargo", "test", "--release", "-p", "perennial", "--no-default-features", "--lib", "--no-run"]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    found = re.search(r"Executable .* \((.*)\)", done.stderr)
    if done.returncode or not found:
        sys.exit(done.stderr[-6000:])
    return (root / found[1]).resolve()


def run(executable, tests, settings=None, without=None):
    environment = os.environ | {"RUST_BACKTRACE": "0"}
    environment.pop("PERENNIAL_EXPLORE", None)
    if settings:
        environment["PERENNIAL_EXPLORE"] = settings
    if without:
        environment["PERENNIAL_WITHOUT"] = without
    # A machine without a rule may go round in circles.
    try:
        done = subprocess.run([executable, *tests], env=environment, capture_output=True, text=True, timeout=900)
    except subprocess.TimeoutExpired as late:
        return 1, (late.stdout or b"").decode() + "\nno end after 900 s"
    return done.returncode, done.stdout


def comments():
    """(file, text) of each comment that states a rule; what heads a file aside."""
    for path in sorted((ROOT / MACHINE).glob("*.rs")):
        for line in path.read_text().splitlines():
            found = re.match(r"\s*///? (Rules? .*)", line)
            if found:
                yield path.stem, found[1]


def uncovered(rules, heads):
    known = [tuple(head.split(": ", 1)) for head in heads]
    for rule in rules:
        for part in rule["rule"]:
            file, text = part.split(": ", 1) if re.match(r"[a-z]+: ", part) and (ROOT / MACHINE / f"{part.split(':')[0]}.rs").is_file() else (rule["file"], part)
            known.append((file, text))
    found = list(comments())
    for file, text in found:
        if not any(file == its and part in text for its, part in known):
            yield f"{file}.rs: no entry for `{text}`"
    for file, part in known:
        if not any(file == its and part in text for its, text in found):
            yield f"{file}.rs: no comment has `{part}`"


def switch_off(rules):
    """Writes the copy's machine with every rule behind `kept`; answers what does not apply."""
    texts = {}
    for rule in rules:
        path = COPY / MACHINE / f"{rule['file']}.rs"
        kept = ("kept" if rule["file"] == "mod" else "super::kept") + f'("{rule["name"]}")'
        for old, new in rule["edit"]:
            text = texts.get(path) or path.read_text()
            if text.count(old) != 1:
                yield f"{rule['name']}: the text to change occurs {text.count(old)} times in {path.name}"
            texts[path] = text.replace(old, new.replace("KEPT", kept))
    module = COPY / MACHINE / "mod.rs"
    texts[module] = (texts.get(module) or module.read_text()) + KEPT
    for path, text in texts.items():
        path.write_text(text)


def counter_examples(output):
    """(steps, setting, invariant, trace) of each, the shortest first."""
    found = re.findall(r"a counter-example of (\d+) steps: (.*)\n((?:  .*\n)+?)  → (.*)", output)
    return sorted(((int(steps), setting, broken, trace) for steps, setting, trace, broken in found), key=lambda example: example[0])


def judge(executable, rule):
    """How the rule is seen to be missing: (kind, words, trace), or none."""
    without = ",".join([rule["name"], *rule.get("with", [])])
    if "unseen" not in rule:
        for settings in ["near", *rule.get("in", SMALL)]:
            _, output = run(executable, ["far_bounds", "--nocapture"], settings, without)
            for steps, setting, broken, trace in counter_examples(output)[:1]:
                return "explored", f"{steps:>3} steps  {broken}  ({setting})", trace
    _, output = run(executable, [TESTS, "--skip", "explore"], None, without)
    failed = sorted(set(re.findall(rf"^test {TESTS}(\S+) \.\.\. FAILED", output, re.M)))
    if not failed:
        return ("redundant", rule["redundant"], "") if "redundant" in rule else None
    others = f" and {len(failed) - 1} more" if failed[1:] else ""
    return "test", f"{failed[0]}{others}  ({rule.get('unseen', 'no order of events within these bounds tells')})", ""


def without_rules(rules, wanted, traces):
    sys.path.insert(0, str(ROOT / "tests"))
    import mutations

    mutations.COPY = COPY
    mutations.copy_workspace()
    broken = list(switch_off(rules))
    if broken:
        sys.exit("\n".join(broken))
    print(f"{len(rules)} rules behind switches; building …", flush=True)
    executable = build(COPY)
    code, output = run(executable, [TESTS, "--nocapture"])
    if code:
        sys.exit(f"with all rules kept the machine's tests fail:\n{output[-4000:]}")
    missed, kinds = 0, {}
    for rule in rules:
        if wanted and rule["name"] not in wanted:
            continue
        start = time.monotonic()
        seen = judge(executable, rule)
        kind, words, trace = seen or ("MISSED", "nothing fails", "")
        missed += seen is None
        kinds[kind] = kinds.get(kind, 0) + 1
        print(f"{rule['name']:<36} {kind:<9} {words}  [{time.monotonic() - start:.0f} s]", flush=True)
        if traces and trace:
            print(trace.rstrip("\n"))
    words = {"explored": "counter-examples", "test": "failing tests", "redundant": "held by another line, too", "MISSED": "missed"}
    print(f"{sum(kinds.values())} rules taken out: " + ", ".join(f"{kinds.get(kind, 0)} {word}" for kind, word in words.items()))
    return missed


def main():
    arguments = sys.argv[1:]
    with open(ROOT / "tests/rules.toml", "rb") as file:
        table = tomllib.load(file)
    rules = table["rule"]
    if "--list" in arguments:
        for rule in rules:
            print(f"{rule['name']:<36} {rule['file'] + '.rs':<12} {'; '.join(rule['rule'])}")
        return 0
    gaps = list(uncovered(rules, table["heads"]))
    if gaps:
        print("\n".join(gaps), file=sys.stderr)
        return 1
    if "--rules" in arguments:
        wanted = [argument for argument in arguments if not argument.startswith("--")]
        unknown = set(wanted) - {rule["name"] for rule in rules}
        if unknown:
            print(f"no such rule: {', '.join(sorted(unknown))} (see --list)", file=sys.stderr)
            return 2
        return 1 if without_rules(rules, wanted, "--trace" in arguments) else 0
    executable = build(ROOT)
    environment = os.environ | {"PERENNIAL_EXPLORE": "all", "RUST_BACKTRACE": "0"}
    return subprocess.run([executable, "far_bounds", "--nocapture"], env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
