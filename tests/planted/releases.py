"""Mistakes that could be made where single images are decided about."""

from planted._mistake import Mistake

QUERIES = "tests/audit/test_query_decisions.py"
CONFORMAL = "ganisi/audit/_conformal.py"
DECISIONS = "ganisi/audit/_query_decisions.py"

IN_RELEASES = [
    Mistake(
        "the query itself forgotten in its p-value",
        CONFORMAL,
        "n_blocks * (1 + as_high) / (1 + n_compared)",
        "n_blocks * as_high / n_compared",
        QUERIES,
    ),
    Mistake(
        "a tie speaks against chance",
        CONFORMAL,
        "np.searchsorted(one, score[which])",
        'np.searchsorted(one, score[which], "right")',
        QUERIES,
    ),
    Mistake(
        "blocks of a patient not paid for",
        CONFORMAL,
        "n_blocks * (1 + as_high) / (1 + n_compared)",
        "(1 + as_high) / (1 + n_compared)",
        QUERIES,
    ),
    Mistake(
        "one image of a not-used patient counts, all of the query's patient",
        CONFORMAL,
        "score[i : i + m].max()",
        "score[i]",
        QUERIES,
    ),
    Mistake(
        "patients with fewer images are compared as if they had as many",
        CONFORMAL,
        "first[sizes >= m]",
        "first",
        QUERIES,
    ),
    Mistake(
        "images are counted as hypotheses",
        CONFORMAL,
        "of_patient = np.sort(by_patient(p_values, patients))",
        "of_patient = np.sort(p_values)",
        QUERIES,
    ),
    Mistake(
        "an image is accepted by the next smaller p-value",
        CONFORMAL,
        "return adjusted[np.searchsorted(of_patient, p_values if asked is None else asked)]",
        "return adjusted[np.searchsorted(of_patient, p_values if asked is None else asked) - 1]",
        QUERIES,
    ),
    Mistake(
        "the method is not passed on",
        CONFORMAL,
        "false_discovery_control(of_patient, method=method)",
        "false_discovery_control(of_patient)",
        QUERIES,
    ),
    Mistake(
        "used images among the reference",
        DECISIONS,
        "np.flatnonzero(not_used[test])",
        "np.arange(len(test))",
        QUERIES,
    ),
    Mistake(
        "not-used images of used patients among the reference",
        DECISIONS,
        "~patients_used(cross_fit.used, known)[known]",
        "~cross_fit.used",
        QUERIES,
    ),
    Mistake(
        "patients of the queries forgotten",
        DECISIONS,
        "check_groups(groups, len(X))",
        "check_groups(None, len(X))",
        QUERIES,
    ),
    Mistake(
        "who is not recognised is cleared",
        DECISIONS,
        'USED, NOT_DISTINGUISHABLE = "used", "not distinguishable"',
        'USED, NOT_DISTINGUISHABLE = "used", "not used"',
        QUERIES,
    ),
    Mistake(
        "the scores of one model against those of the others",
        DECISIONS,
        "cross_fit.score_beside(X, k, keys, which) for k, which in aside",
        "(cross_fit.score_beside(X, 0, keys)[0], cross_fit.score_beside(X, k, keys, which)[1])\n"
        "          for k, which in aside",
        QUERIES,
    ),
    Mistake(
        "a patient left out twice counts twice",
        DECISIONS,
        "if n_folds.max() > 1:",
        "if n_folds.max() > 2:",
        QUERIES,
    ),
]
