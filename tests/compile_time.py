#!/usr/bin/env python3
"""What compiling models and methods costs, beside serde's derive.

Writes a crate with many types (or methods) to the cache folder, builds its dependencies, and then
times the crate alone: user CPU seconds and peak memory, the best of several runs.

    tests/compile_time.py [--types N] [--runs N] [--build] [NAME...]
"""

import argparse
import os
import pathlib
import random
import subprocess
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = pathlib.Path(os.environ.get("PERENNIAL_CACHE", pathlib.Path.home() / ".cache/perennial"))

SCALARS = ["String", "i64", "f64", "bool"]


def members(index, dice):
    """Five to eighteen members, half of them optional, some of them of earlier types."""
    for number in range(dice.randint(5, 18)):
        ty = dice.choice(SCALARS)
        if index and dice.random() < 0.25:
            ty = f"T{dice.randrange(index)}"
            ty = dice.choice([f"Vec<{ty}>", f"Option<{ty}>"])
        elif dice.random() < 0.5:
            ty = f"Option<{ty}>"
        yield f"member_{number}_{dice.choice(['name', 'url', 'count'])}", ty


def models(count, derives, attribute="", option=""):
    dice = random.Random(7)
    for index in range(count):
        body = "".join(
            f"{option if ty.startswith('Option') else ''}pub {name}: {ty}, " for name, ty in members(index, dice)
        )
        yield f"#[derive(Clone, Debug, {derives})]\n{attribute}pub struct T{index} {{ {body} }}\n"


def methods(count):
    yield "use perennial::{Call, RawJson, api_client};\n"
    for group in range(0, count, 50):
        yield f"#[api_client(auth = bearer)]\npub trait G{group}Api: Send + Sync {{\n"
        for index in range(group, min(group + 50, count)):
            yield (
                f'    #[post("/things{index}/{{id}}")]\n'
                f"    fn method_{index}(&self, id: &str, #[query] page: Option<i64>, "
                "#[query] sort: &str, #[json] body: &RawJson) -> Call<RawJson>;\n"
            )
        yield "}\n"


# `skip_serializing_if` is what serde's derive needs to send what Model sends.
SKIP = '#[serde(skip_serializing_if = "Option::is_none")] '

SUBJECTS = {
    "types alone": lambda n: models(n, "PartialEq"),
    "serde, received": lambda n: models(n, "PartialEq, serde::Deserialize"),
    "Model, received": lambda n: models(n, "PartialEq, perennial::Model", "#[model(receive)]\n"),
    "serde, sent": lambda n: models(n, "PartialEq, serde::Serialize", option=SKIP),
    "Model, sent": lambda n: models(n, "PartialEq, perennial::Model", "#[model(send)]\n"),
    "serde, both": lambda n: models(n, "PartialEq, serde::Serialize, serde::Deserialize", option=SKIP),
    "Model, both": lambda n: models(n, "PartialEq, perennial::Model"),
    "methods": methods,
}


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def cargo(command, folder):
    environment = dict(os.environ, CARGO_TARGET_DIR=str(folder / "target"), CARGO_INCREMENTAL="0")
    process = subprocess.Popen(["cargo", command, "--quiet"], cwd=folder, env=environment)
    # What cargo and its children have used, this once.
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"cargo {command} failed in {folder}")
    return usage.ru_utime, usage.ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--types", type=int, default=400, help="types, and methods")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--build", action="store_true", help="a debug build beside the check")
    parser.add_argument("names", nargs="*", help="parts of the names of what to measure")
    arguments = parser.parse_args()
    folder = CACHE / "compile-time"
    write(
        folder / "Cargo.toml",
        textwrap.dedent(
            f"""\
            [package]
            name = "compile-time"
            version = "0.0.0"
            edition = "2024"

            [workspace]

            [dependencies]
            perennial = {{ path = "{ROOT / 'runtime'}", default-features = false }}
            serde = {{ version = "1", features = ["derive"] }}

            [profile.dev]
            debug = "line-tables-only"
            """
        ),
    )
    lock = folder / "Cargo.lock"
    if not lock.exists():
        lock.write_bytes((ROOT / "Cargo.lock").read_bytes())
    source = folder / "src/lib.rs"
    commands = ["check", "build"] if arguments.build else ["check"]
    print(f"{arguments.types} types or methods; user s, MB: {', '.join(commands)}")
    for name, lines in SUBJECTS.items():
        if arguments.names and not any(part in name for part in arguments.names):
            continue
        row = [f"{name:16}"]
        for command in commands:
            write(source, "#![allow(missing_docs)]\n")
            cargo(command, folder)
            best = (float("inf"), 0.0)
            for run in range(arguments.runs):
                write(source, f"// {run}\n" + "".join(lines(arguments.types)))
                best = min(best, cargo(command, folder))
            row.append(f"{best[0]:7.2f} {best[1]:6.0f}")
        print("  ".join(row), flush=True)


if __name__ == "__main__":
    main()
