"""Plausible mistakes, planted one at a time; each must make a test fail.

    python tests/planted_mistakes.py                 # all; minutes
    python tests/planted_mistakes.py --only NAME ...  # some
    python tests/planted_mistakes.py --list

Each is a text of one file and what a mistaken hand would have written instead. The script copies
the checkout, plants one, runs the tests that should see it, and prints those that lived.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
STEPS = "tests/audit/test_steps.py"
LEAKAGE = "tests/audit/test_leakage.py"


class Mistake(NamedTuple):
    """`right`, which stands once in `file`, becomes `wrong`; `tests` should see it."""

    name: str
    file: str
    right: str
    wrong: str
    tests: str


MISTAKES = [
    Mistake(
        "p of the best attack not adjusted for all attacks",
        "ganisi/audit/_contest.py",
        "        p_value=p_value,\n        n_distinct",
        "        p_value=results[best].p_value,\n        n_distinct",
        STEPS,
    ),
    Mistake(
        "excess over the first blind check only",
        "ganisi/audit/_contest.py",
        "excess_interval(contest.attack, result, blinds, **dials)",
        "excess_interval(contest.attack, result, blinds[:1], **dials)",
        STEPS,
    ),
    Mistake(
        "excess of the main attack instead of the best",
        "ganisi/audit/_verdict.py",
        "attacks[best.name].excess_interval",
        'attacks["main attack"].excess_interval',
        STEPS,
    ),
    Mistake(
        "upper instead of lower end of the excess decides",
        "ganisi/audit/_verdict.py",
        "None if interval is None else interval[0]",
        "None if interval is None else interval[1]",
        STEPS,
    ),
    Mistake(
        "patients of the queries dropped",
        "ganisi/audit/_set_level.py",
        '"groups": design.query_groups,',
        '"groups": None,',
        STEPS,
    ),
    Mistake(
        "set tested with five folds and no patients set aside",
        "ganisi/audit/_set_level.py",
        "            cv=split,\n",
        "            cv=5,\n",
        STEPS,
    ),
    Mistake(
        "patients not given to the positive control",
        "ganisi/audit/_positive_control.py",
        "groups=design.groups_of_not_used,",
        "groups=None,",
        STEPS,
    ),
    Mistake(
        "spread of the maximum in the detectable AUC",
        "ganisi/audit/_power.py",
        "spread = result.null.std(ddof=1)",
        "spread = null.std(ddof=1)",
        STEPS,
    ),
    Mistake(
        "null of the main attack in the detectable AUC",
        "ganisi/audit/_power.py",
        "minimum_detectable_auc(null, spread, alpha=design",
        "minimum_detectable_auc(result.null, spread, alpha=design",
        STEPS,
    ),
    Mistake(
        "confidence fixed at 0.95",
        "ganisi/audit/_contest.py",
        'dials = {"confidence": 1 - design.alpha, "random_state": design.seeds.of("resamples")}\n'
        "    blinds",
        'dials = {"confidence": 0.95, "random_state": design.seeds.of("resamples")}\n    blinds',
        STEPS,
    ),
    Mistake(
        "a query's probability from one fold",
        "ganisi/audit/_auditing.py",
        "folds = range(len(fit.folds))",
        "folds = range(1)",
        STEPS,
    ),
    Mistake(
        "shares of a blend exchanged",
        "ganisi/audit/_degradation.py",
        "(1 - strength) * values + strength * other[",
        "strength * values + (1 - strength) * other[",
        STEPS,
    ),
]


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
