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
CROSS_FITTING = "tests/audit/test_cross_fitting.py"
LEAKAGE = "tests/audit/test_leakage.py"
PARTS = "tests/audit/test_parts.py"
PERMUTATION = "tests/audit/test_permutation.py"
REPORT = "tests/audit/test_report.py"
IDENTITY = "tests/test_identity.py"
BASELINES = "tests/identification/test_baselines.py"


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
        '"confidence": 1 - design.alpha',
        '"confidence": 0.95',
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
    # The same plausible hands elsewhere.
    Mistake(
        "pairer not cloned in CrossFit",
        "ganisi/audit/_cross_fitting.py",
        "fold_pairer = clone(pairer)",
        "fold_pairer = pairer",
        CROSS_FITTING,
    ),
    Mistake(
        "stages() without cloning the descriptor",
        "ganisi/model/_ganisi.py",
        "classical_descriptors() if self.descriptor is None else clone(self.descriptor)",
        "classical_descriptors() if self.descriptor is None else self.descriptor",
        "tests/model/test_model.py",
    ),
    Mistake(
        "no floor of spread in the relative scale of new queries",
        "ganisi/distances/_relative.py",
        "scale[block] = np.maximum(logs.std(axis=0, dtype=np.float64), _SPREAD_FLOOR)",
        "scale[block] = np.maximum(logs.std(axis=0, dtype=np.float64), 1e-30)",
        "tests/distances",
    ),
    Mistake(
        "cache key without Gabor's wavelengths",
        "ganisi/descriptors/_gabor_bank.py",
        "return *super()._settings(), tuple(self.wavelengths_)",
        "return super()._settings()",
        "tests/descriptors/test_cache.py",
    ),
    Mistake(
        "evidence by the smallest single map",
        "ganisi/model/_evidence.py",
        "np.argsort(z.mean(axis=2)",
        "np.argsort(z.min(axis=2)",
        "tests/model/test_evidence.py",
    ),
    # Ours.
    Mistake(
        "the true labelling not counted in p",
        "ganisi/audit/_permutation.py",
        "return (1 + n_as_high) / (1 + len(null))",
        "return n_as_high / len(null)",
        f"{PERMUTATION} {STEPS}",
    ),
    Mistake(
        "labels permuted across folds",
        "ganisi/audit/_permutation.py",
        "    for _, test in cross_fit.folds:\n        whole = []",
        "    for test in [np.arange(len(groups))]:\n        whole = []",
        PERMUTATION,
    ),
    Mistake(
        "patients not left out of their own relative scale",
        "ganisi/distances/_pairer.py",
        "standardise_left_out(distances, check_groups(groups, len(queries)))",
        "standardise_left_out(distances, check_groups(None, len(queries)))",
        "tests/distances/test_pairing.py",
    ),
    Mistake(
        "pairer of a fold not told the patients",
        "ganisi/audit/_cross_fitting.py",
        "generated=generated, groups=self._groups_of(train)",
        "generated=generated, groups=None",
        f"{LEAKAGE} {CROSS_FITTING}",
    ),
    Mistake(
        "stand-ins of patients that are fitted on",
        "ganisi/audit/_blind_checks.py",
        "rest = train[~aside]",
        "rest = train",
        f"{LEAKAGE} {PARTS}",
    ),
    Mistake(
        "reference patients of the set may be used ones",
        "ganisi/audit/_set_level.py",
        "candidates = np.setdiff1d(patients, patients[used])",
        "candidates = np.unique(patients)",
        f"{STEPS} {PARTS}",
    ),
    Mistake(
        "a baseline's query among its own references",
        "ganisi/identification/baselines/_referenced.py",
        "self._scores_against(pairs[own], references[~own])",
        "self._scores_against(pairs[own], references)",
        BASELINES,
    ),
    Mistake(
        "the sign of an attack learned from the labels",
        "ganisi/identification/_row_classifiers.py",
        "if self.sigmoid_.a_ > 0:",
        "if False:",
        BASELINES,
    ),
    Mistake(
        "the data type is part of an image's identity",
        "ganisi/images/_identity.py",
        'head = f"{levels.shape} ".encode()',
        'head = f"{np.asarray(image).dtype} {levels.shape} ".encode()',
        IDENTITY,
    ),
    Mistake(
        "-0.0 is another grey level than 0.0",
        "ganisi/images/_identity.py",
        " + np.float32(0)",
        "",
        IDENTITY,
    ),
    Mistake(
        "patients of the queries compared as they were written",
        "ganisi/audit/_door.py",
        'patient_ids(query_groups, len(unknown), "query_groups"),',
        "list(map(str, query_groups)),",
        IDENTITY,
    ),
    Mistake(
        "bit depth left out of the cache's key",
        "ganisi/descriptors/_base.py",
        "            self.depth_,\n            __version__,",
        "            __version__,",
        IDENTITY,
    ),
    Mistake(
        "a report of any schema is read",
        "ganisi/audit/report/_report.py",
        "if version != SCHEMA_VERSION:",
        "if False:",
        REPORT,
    ),
    Mistake(
        "names of the user written into the page as they are",
        "ganisi/audit/report/_rendering.py",
        'autoescape=lambda name: name is not None and name.endswith(".html"),',
        "autoescape=False,",
        f"{REPORT} tests/audit/test_page.py",
    ),
    Mistake(
        "one seed for all purposes",
        "ganisi/audit/_design.py",
        'f"{self.root} {purpose}"',
        'f"{self.root}"',
        STEPS,
    ),
    Mistake(
        "an interval narrower than chance is wide",
        "ganisi/audit/_intervals.py",
        "return min(low, value - margin), max(high, value + margin)",
        "return low, high",
        PERMUTATION,
    ),
    Mistake(
        "only the first set of generated images is audited",
        "ganisi/audit/_auditing.py",
        "for images in given.sets),",
        "for images in given.sets[:1]),",
        "tests/audit/test_audit.py",
    ),
    Mistake(
        "any ValueError is taken for too few patients",
        "ganisi/audit/_contest.py",
        "except TooFewError as error:",
        "except ValueError as error:",
        STEPS,
    ),
    # In descriptors and images.
    Mistake(
        "a union's families without their prefixes",
        "ganisi/descriptors/_map_info.py",
        ', family=f"{name}__{info.family}")',
        ")",
        "tests/model/test_evidence.py",
    ),
    Mistake(
        "the member that tells nothing of its maps has them all",
        "ganisi/descriptors/_map_info.py",
        "_numbered(n_maps - known)",
        "_numbered(n_maps)",
        "tests/model/test_evidence.py",
    ),
    Mistake(
        "entropies of curvature: unit of another invariant",
        "ganisi/descriptors/_multiscale_hessian.py",
        '"curvature": "grey levels² / pixel⁴"',
        '"curvature": "grey levels / pixel²"',
        "tests/plotting/test_plotting.py",
    ),
    Mistake(
        "range of floats looked at in float64",
        "ganisi/images/_grey_levels.py",
        "np.float32(image.min()), np.float32(image.max())",
        "image.min(), image.max()",
        "tests/descriptors/filters/test_local_statistics.py",
    ),
    Mistake(
        "uint16 white at 255",
        "ganisi/images/_grey_levels.py",
        '"uint16": (0, 65535)',
        '"uint16": (0, 255)',
        "tests/descriptors/filters/test_local_statistics.py",
    ),
    Mistake(
        "number of maps not checked",
        "ganisi/descriptors/_base.py",
        "maps.ndim != 3 or len(maps) != n_maps or 0 in maps.shape",
        "maps.ndim != 3 or 0 in maps.shape",
        "tests/descriptors/test_descriptors.py",
    ),
    Mistake(
        "maps that are no numbers pass",
        "ganisi/descriptors/_base.py",
        "return descriptor._finite(rows.ravel())",
        "return rows.ravel()",
        "tests/descriptors/test_descriptors.py",
    ),
    Mistake(
        "a grid looks at one size of images only",
        "ganisi/descriptors/_base.py",
        "height, width = min(sizes.values(), key=min)",
        "height, width = max(sizes.values(), key=min)",
        "tests/descriptors/test_descriptors.py",
    ),
    Mistake(
        "fit makes the maps of every image",
        "ganisi/descriptors/_base.py",
        "if sizes[shape] is None:",
        "if True:",
        "tests/descriptors/test_descriptors.py",
    ),
    Mistake(
        "blocks of a falling sum",
        "ganisi/descriptors/_kernels.py",
        "first = at + count - left if k < 0x8000 else at + left - whole",
        "first = at + count - left",
        "tests/distances/test_wasserstein.py",
    ),
    Mistake(
        "sizes of two sets never compared",
        "ganisi/images/_survey.py",
        "        warn_of_sizes(scans[0], scan)\n",
        "",
        "tests/model/test_model.py",
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
