#!/usr/bin/env python3
"""Runs the tests and looks for tokens in everything that they print; `tests/src/leaks.rs` says where.

leaks.py           runs `cargo test -p perennial-tests` and adds up
leaks.py --of DIR  adds up what a run with PERENNIAL_LEAKS=DIR has left
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


def add_up(folder: pathlib.Path) -> int:
    processes = list(folder.glob("*.looked"))
    looked = sum(int(line) for file in processes for line in file.read_text().split())
    found = [line for file in folder.glob("*.found") for line in file.read_text().splitlines()]
    for line in found[:20]:
        print(f"found {line[:300]}")
    print(f"looked at {looked} logs, errors, panics and labels of {len(processes)} processes: {len(found)} with a token")
    if looked < 1000:
        print("that is too few: was the run looked at?")
        return 1
    return 1 if found else 0


def main(words: list[str]) -> int:
    if len(words) == 2 and words[0] == "--of":
        return add_up(pathlib.Path(words[1]))
    if words:
        print(__doc__)
        return 2
    folder = pathlib.Path(tempfile.mkdtemp())
    try:
        run = subprocess.run(["cargo", "test", "-p", "perennial-tests"], env=os.environ | {"PERENNIAL_LEAKS": str(folder)})
        return add_up(folder) or run.returncode
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
