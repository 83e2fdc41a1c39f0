"""Mistakes that could be made where a verdict forms."""

from planted._mistake import Mistake

CONTEST = "tests/audit/test_contest.py"
PERMUTATION = "tests/audit/test_permutation.py"
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
        "return self._out_of_fold(_raw_score, used)",
        "return self._out_of_fold(_probability, used)",
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
]
