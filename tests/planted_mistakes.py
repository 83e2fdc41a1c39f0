"""Plausible mistakes, planted one at a time; each must make a test fail.

    python tests/planted_mistakes.py                 # all; minutes
    python tests/planted_mistakes.py --only NAME ...  # some
    python tests/planted_mistakes.py --list

They are listed in the folder `planted`. The script copies the checkout, plants one, runs the tests
that should see it, and prints those that lived.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from planted import MISTAKES

ROOT = Path(__file__).parents[1]


def plant(mistake, root):
    """Write the mistake into a copy; an error if its text does not stand there once."""
    path = root / mistake.file
    text = path.read_text(encoding="utf-8")
    if text.count(mistake.right) != 1:
        raise ValueError(
            f"{mistake.name}: the text to replace stands {text.count(mistake.right)} times in "
            f"{mistake.file}; bring the patch up to date."
        )
    path.write_text(text.replace(mistake.right, mistake.wrong), encoding="utf-8")


def lives(mistake):
    """Tell whether the tests that should see a mistake pass in spite of it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "copy")
        for part in ("ganisi", "tests", "docs", "examples", "pyproject.toml", "README.md"):
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            root.mkdir(exist_ok=True)
            copy(ROOT / part, root / part)
        plant(mistake, root)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider",
             *mistake.tests.split()],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=False,
        )  # fmt: skip
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{mistake.name}: pytest did not run.\n{done.stdout}{done.stderr}")
    return done.returncode == 0


def main():
    """Plant them; the exit status is 1 if one lived."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="+", metavar="NAME", help="names, or parts of them")
    parser.add_argument("--list", action="store_true", help="print the names, plant nothing")
    chosen = parser.parse_args()
    mistakes = [
        one for one in MISTAKES if not chosen.only or any(part in one.name for part in chosen.only)
    ]
    if chosen.list:
        print(*(one.name for one in mistakes), sep="\n")
        return 0
    survivors = []
    for mistake in mistakes:
        alive = lives(mistake)
        survivors += [mistake.name] if alive else []
        print(f"{'LIVES' if alive else 'dies '}  {mistake.name}", flush=True)
    print(f"{len(survivors)} of {len(mistakes)} mistakes lived")
    return int(bool(survivors))


if __name__ == "__main__":
    sys.exit(main())
