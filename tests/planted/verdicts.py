"""Mistakes that could be made where a verdict forms."""

from planted._mistake import Mistake

CONTEST = "tests/audit/test_contest.py"
PERMUTATION = "tests/audit/test_permutation.py"
TAIL = "tests/audit/test_tail.py"
VERDICT = "tests/audit/test_verdict.py"

IN_VERDICTS = [
    Mistake(
        "published not-used images do not void the statistics",
        "ganisi/audit/_verdict.py",
        'Finding("not-used images published", _STATISTICS, ',
        'Finding("not-used images published", frozenset({CLEARANCE}), ',
        VERDICT,
    ),
    Mistake(
        "patients on both sides are cleared",
        "ganisi/audit/_verdict.py",
        '    Finding("mixed patients", frozenset({CLEARANCE}), mixed_patients),\n',
        "",
        VERDICT,
    ),
    Mistake(
        "attacks ranked by probabilities that a sigmoid flattened",
        "ganisi/audit/_cross_fitting.py",
        "return self._out_of_fold(raw_score_of, used)",
        "return self._out_of_fold(probability_of, used)",
        PERMUTATION,
    ),
    Mistake(
        "probabilities kept as the scores that the AUC is of",
        "ganisi/audit/_contest.py",
        "            score=result.score,\n        )\n\n    others",
        "            score=result.probability,\n        )\n\n    others",
        CONTEST,
    ),
    Mistake(
        "p of the lowest attack not adjusted for all attacks",
        "ganisi/audit/_permutation.py",
        "null = np.min([result.null for result in results.values()], axis=0)",
        "null = results[name].null",
        PERMUTATION,
    ),
    Mistake(
        "exchanged labels beside a leak are an accusation",
        "ganisi/audit/_verdict.py",
        'Finding("labels swapped", _EVERYTHING, ',
        'Finding("labels swapped", frozenset({CLEARANCE}), ',
        VERDICT,
    ),
    Mistake(
        "an error proposes the label that sorts first",
        "ganisi/metrics/_labels.py",
        "by giving it as pos_label. None is assumed.'",
        "by giving it as pos_label, e.g. pos_label=' + repr(classes[0])",
        "tests/metrics/test_labels.py",
    ),
    Mistake(
        "only blind checks above chance say that the groups differ",
        "ganisi/audit/_permutation.py",
        "away = np.abs(aucs - aucs.mean(axis=1, keepdims=True))",
        "away = aucs - aucs.mean(axis=1, keepdims=True)",
        PERMUTATION,
    ),
    Mistake(
        "blind checks of the first eye only say that the groups differ",
        "ganisi/audit/_contest.py",
        "        for one in outcomes\n        for name, result in one.blinds.items()",
        "        for one in outcomes[:1]\n        for name, result in one.blinds.items()",
        CONTEST,
    ),
    Mistake(
        "groups that differ are cleared",
        "ganisi/audit/_verdict.py",
        '    Finding("groups differ", frozenset({CLEARANCE}), groups_differ),\n',
        "",
        VERDICT,
    ),
    Mistake(
        "the lower end of the interval is held against the bound",
        "ganisi/audit/_verdict.py",
        "return self.attacks[self.best.name].interval[1]",
        "return self.attacks[self.best.name].interval[0]",
        VERDICT,
    ),
    Mistake(
        "the interval of the main attack is held against the bound",
        "ganisi/audit/_verdict.py",
        "return self.attacks[self.best.name].interval[1]",
        "return next(iter(self.attacks.values())).interval[1]",
        VERDICT,
    ),
    Mistake(
        "blank images are different images",
        "ganisi/audit/_degenerate.py",
        "len(np.unique(known[~empty]))",
        "len(np.unique(known))",
        "tests/audit/test_degenerate.py",
    ),
    Mistake(
        "real images that say nothing are no fault",
        "ganisi/audit/_degenerate.py",
        '        ("not-used images", keys[~used], blank[~used]),\n',
        "",
        "tests/audit/test_degenerate.py",
    ),
    Mistake(
        "an attack without spread has a power",
        "ganisi/audit/_power.py",
        "    if spread == 0:\n",
        "    if spread < 0:\n",
        "tests/audit/test_degenerate.py",
    ),
    Mistake(
        "patients that stand out are tested for one attack only",
        "ganisi/audit/_permutation.py",
        "null = np.max([result.tail_null for result in results.values()], axis=0)",
        "null = results[name].tail_null",
        TAIL,
    ),
    Mistake(
        "patients are compared across folds as they are",
        "ganisi/audit/_tail.py",
        "away = (score[test] - middle) / (spread if spread > 0 else 1.0)",
        "away = score[test]",
        TAIL,
    ),
    Mistake(
        "ties in front count in the order of the images",
        "ganisi/audit/_tail.py",
        "falls = np.flatnonzero(np.diff(descending) < 0) + 1",
        "falls = np.arange(1, len(descending))",
        TAIL,
    ),
    Mistake(
        "a patient by the image that stands out least",
        "ganisi/audit/_tail.py",
        "np.lexsort((-away, groups[test]))",
        "np.lexsort((away, groups[test]))",
        TAIL,
    ),
    Mistake(
        "the detectable share has power 1/2",
        "ganisi/audit/_power.py",
        "statistic > critical + 1e-12) >= power",
        "statistic > critical + 1e-12) >= 0.5",
        TAIL,
    ),
    Mistake(
        "a share of patients is twice its AUC",
        "ganisi/audit/_design.py",
        "return 2 * self.max_auc - 1",
        "return 2 * (self.max_auc - 0.25)",
        TAIL,
    ),
    Mistake(
        "patients that stand out are cleared",
        "ganisi/audit/_verdict.py",
        '    Finding("patients stand out", frozenset({CLEARANCE}), patients_stand_out),\n',
        "",
        VERDICT,
    ),
]
