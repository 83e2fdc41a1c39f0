"""Mistakes that could be made where candidates are searched."""

from planted._mistake import Mistake

SEARCHED = "ganisi/audit/_searched.py"
KEPT = "ganisi/model/_keeping.py"
NESTED = "tests/audit/test_searched.py"
LOOKS = "ganisi/audit/_ways.py"
WAYS = "tests/audit/test_ways_to_look.py"
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
        "a way to look chosen by the true labels, and kept for permuted ones",
        "ganisi/audit/_cross_fitting.py",
        "        identifier = clone(identifier)\n",
        "        identifier = clone(identifier)\n"
        '        if getattr(identifier, "ways", None) is not None:\n'
        "            train, rows, _ = inputs[0]\n"
        "            winner = identifier.fit(rows, self.used[train]).search_.best_index_\n"
        "            ways = [identifier.ways[winner]] * len(identifier.ways)\n"
        "            identifier = clone(identifier).set_params(ways=ways)\n",
        WAYS,
    ),
    Mistake(
        "the distances of another way for the candidate",
        LOOKS,
        "        start = sum(self.n_maps[: self.way])\n",
        "        start = 0\n",
        WAYS,
    ),
    Mistake(
        "the views of another way",
        LOOKS,
        "[views.names.index(name) for name in own.names]",
        "list(range(len(own)))",
        WAYS,
    ),
    Mistake(
        "generated images described as another way does",
        LOOKS,
        "            own = self._columns()[which]\n",
        "            own = self._columns()[-1]\n",
        WAYS,
    ),
    Mistake(
        "the pairers of several ways not told the patients",
        LOOKS,
        "            pair_folds(pairer, rows, folds, generated=sets, groups=groups)\n",
        "            pair_folds(pairer, rows, folds, generated=sets)\n",
        WAYS,
    ),
    Mistake(
        "planted copies looked at in another way than by the attack",
        "ganisi/distances/_folds.py",
        'if hasattr(pairer, "pair_more"):',
        "if False:",
        WAYS,
    ),
    Mistake(
        "a winner named without how it looks",
        SEARCHED,
        "        chosen = self.search_.best_params_\n        if self.ways is not None:",
        "        chosen = self.search_.best_params_\n        if False:",
        WAYS,
    ),
    Mistake(
        "folders of a search written into the report",
        "ganisi/audit/report/_names.py",
        "    if isinstance(value, Mapping):\n",
        "    if False:\n",
        WAYS,
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
