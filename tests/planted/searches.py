"""Mistakes that could be made where candidates are searched."""

from planted._mistake import Mistake

SEARCHED = "ganisi/audit/_searched.py"
KEPT = "ganisi/model/_keeping.py"
NESTED = "tests/audit/test_searched.py"
SHARED = "tests/model/test_keeping.py"

IN_SEARCHES = [
    Mistake(
        "a winner chosen by the true labels, and permuted alone",
        "ganisi/audit/_cross_fitting.py",
        "        identifier = clone(identifier)\n",
        "        identifier = clone(identifier)\n"
        '        if hasattr(identifier, "search"):\n'
        "            train, rows, _ = inputs[0]\n"
        "            winner = identifier.fit(rows, self.used[train]).search_.best_estimator_\n"
        "            identifier = clone(winner)\n",
        NESTED,
    ),
    Mistake(
        "patients divided inside a fold",
        SEARCHED,
        "query_folds(y, groups, self.n_splits)",
        "query_folds(y, None, self.n_splits)",
        NESTED,
    ),
    Mistake(
        "a candidate that fails left out in silence",
        SEARCHED,
        '"error_score": "raise"',
        '"error_score": float("nan")',
        NESTED,
    ),
    Mistake(
        "distances kept without the images they are of",
        KEPT,
        "known = contents, patients, __version__",
        "known = patients, __version__",
        SHARED,
    ),
    Mistake(
        "distances kept without the patients that relative ones leave out",
        KEPT,
        "known = contents, patients, __version__",
        "known = contents, __version__",
        SHARED,
    ),
    Mistake(
        "distances kept without the settings they were made by",
        KEPT,
        'ignore=["images"',
        'ignore=["pairing", "images"',
        SHARED,
    ),
    Mistake(
        "a file kept as the image that it held before",
        KEPT,
        "images, *sets = map(known_files, (images, *sets), contents)",
        "pass",
        SHARED,
    ),
    Mistake(
        "what is kept of images open to everybody",
        KEPT,
        "mode=0o700, ",
        "",
        SHARED,
    ),
]
