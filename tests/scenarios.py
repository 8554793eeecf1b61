#!/usr/bin/env python3
"""Plays every scenario with every face and store, and prints what was played where.

A row is a scenario that `scenarios.toml` names (for a case `bNN`, all its tests), a column a store
and a face. A cell is `ok`, `FAIL`, `skip` (the machine lacks something), or the number of the
reason why nothing is played there: as the scenario's own `scenario!(name, … only: "reason")` says,
or `scenarios.toml`. Ends with 1 if something fails, or is neither played nor explained.

`--from FILE` reads what `cargo test` printed before instead of running it.
"""

import pathlib
import re
import subprocess
import sys
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
FACES = ("generated", "tower", "middleware", "plain")
STORES = ("memory", "file", "keyring", "redis")
# `plain` and `middleware` are one code over two senders: what differs shows with any store.
COLUMNS = [(s, f) for s in STORES for f in FACES[:3]] + [("memory", "plain")]

RESULT = re.compile(r"^test (\S+)(?: - should panic)? \.\.\. (\w+)", re.M)
SKIPPED = re.compile(r"^skipped (\S+): needs (.+)$", re.M)
MACRO = re.compile(
    r'\b(?:scenario|over)!\s*[({]\s*(\w+)\s*,\s*([a-z ]+?) only:\s*"((?:[^"\\]|\\.)*)"', re.S
)


def played():
    """What the test binaries printed: results, and what was skipped."""
    if sys.argv[1:2] == ["--from"]:
        text = pathlib.Path(sys.argv[2]).read_text()
        return text, text
    command = ["cargo", "test", "-p", "perennial", "-p", "perennial-tests", "--no-fail-fast"]
    for folder in sorted((HERE / "tests").iterdir()):
        if (folder / "main.rs").exists():
            command += ["--test", folder.name]
    run = subprocess.Popen(
        command, cwd=HERE.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    out, err = run.communicate()
    if not RESULT.search(out) or "could not compile" in err:
        sys.exit(err)
    failures = [line for line in out.splitlines() if not line.startswith("test ")]
    if run.returncode:
        print("\n".join(failures), file=sys.stderr)
    return out, err


def cell(last):
    """The store and the face that a test's last name stands for, where it stands for any."""
    store, face = "memory", "generated"
    for word in last.lower().split("_"):
        if word in STORES:
            store = word
        elif word in FACES:
            face = word
        else:
            return None
    return store, face


def row_of(name, rows):
    """The row that one of the names on a test's path is about."""
    if name in rows:
        return name
    case = re.match(r"(b\d\d)_", name)
    return case[1] if case and case[1] in rows else None


def results(out, err, rows, placed):
    """What each test of a row said, by row and cell."""
    skips = [(name.split("::"), why) for name, why in SKIPPED.findall(err)]
    cells = {}
    for path, verdict in RESULT.findall(out):
        names = path.split("::")
        for at, name in enumerate(names):
            row = row_of(name, rows)
            if row is None or at < len(names) - 2:
                continue
            if at == len(names) - 1:
                where = [cell(c) for c in placed.get(name, ["generated_memory"])]
            else:
                where = [cell(names[-1])]
            if where == [None]:
                continue
            for spot in where:
                state = {"ok": "ok", "ignored": "FAIL"}.get(verdict, "FAIL")
                if state == "ok" and any(is_about(names, skip) for skip, _ in skips):
                    state = "skip"
                worst = cells.setdefault((row, spot), state)
                order = ("ok", "skip", "FAIL")
                cells[row, spot] = max(worst, state, key=order.index)
            break
    return cells, sorted({why for _, why in skips})


def is_about(names, skip):
    """Whether a line that begins with `skipped` is about this test."""
    return names[-len(skip) :] == skip


def macros():
    """Why a scenario's own macro leaves cells out: by the scenario's name."""
    reasons = {}
    for path in sorted((HERE / "tests").rglob("*.rs")):
        for name, only, why in MACRO.findall(path.read_text()):
            words = set(only.split())
            faces = {"generated"} if "generated" in words else set(FACES)
            stores = set(STORES)
            if "memory" in words:
                stores = {"memory"}
            elif "shared" in words:
                stores = set(STORES) - {"memory"}
            elif words & set(STORES):
                stores = words & set(STORES)
            reasons[name] = (faces, stores, re.sub(r"\s+", " ", why.replace("\\\n", " ")))
    return reasons


def reason(row, names, spot, macro, config, group):
    """Why nothing is played in a cell; none if nobody says."""
    store, face = spot
    for name in names:
        faces, stores, why = macro.get(name, (FACES, STORES, None))
        if face not in faces or store not in stores:
            return why
    for source in (config["why"].get(row, {}), group.get("why", {})):
        for key in (f"{face}_{store}", face, store, "rest"):
            if key in source:
                return source[key]
    return None


def main():
    config = tomllib.loads((HERE / "scenarios.toml").read_text())
    groups = config["group"]
    aside = config["aside"]
    rows = [row for group in groups for row in group["rows"]]
    out, err = played()
    cells, skips = results(out, err, set(rows), config["placed"])
    macro = macros()
    own = {row: [name for name in macro if row_of(name, {row})] for row in rows}

    numbers, unexplained, failed = {}, [], []
    width = max(map(len, rows)) + 1
    heads = [(s if f == "generated" else "", f) for s, f in COLUMNS[:-1]] + [("memory", "plain")]
    print(" " * width + " ".join(f"{'Redis' if s == 'redis' else s:<5.5}" for s, _ in heads))
    print(" " * width + " ".join(f"{f[:5]:<5}" for _, f in heads))
    for group in groups:
        print(f"\n{group['title']}")
        for row in group["rows"]:
            line = []
            for spot in COLUMNS:
                state = cells.get((row, spot))
                if state is None:
                    why = aside.get(row) or reason(row, own[row], spot, macro, config, group)
                    played_somewhere = row in aside or any(r == row for r, _ in cells)
                    if why is None or not played_somewhere:
                        unexplained.append((row, spot))
                        state = "?"
                    else:
                        state = str(numbers.setdefault(why, len(numbers) + 1))
                elif state == "FAIL":
                    failed.append((row, spot))
                line.append(f"{state:<5}")
            print(f"{row:<{width}}" + " ".join(line).rstrip())

    print("\nNot played, because")
    for why, number in numbers.items():
        print(f"{number:>4}  {why}")
    for why in skips:
        print(f"skip  needs {why}")
    count = [list(cells.values()).count(state) for state in ("ok", "skip", "FAIL")]
    print(
        f"\n{len(rows) - len(aside)} scenarios in {len(cells)} cells: {count[0]} ok, {count[1]}"
        f" skipped, {count[2]} failed; {len(unexplained)} empty without a reason"
    )
    missing = {row for row, _ in unexplained if not any(r == row for r, _ in cells)}
    for row in rows:
        if row in missing:
            print(f"nothing plays {row}")
    sys.exit(1 if failed or unexplained else 0)


if __name__ == "__main__":
    main()
