"""Mistakes that could be made where single images are decided about."""

from planted._mistake import Mistake

QUERIES = "tests/audit/test_query_decisions.py"
RELEASES = "tests/audit/test_release_list.py"
UTILITIES = "tests/audit/test_utility_study.py"
CONFORMAL = "ganisi/identification/_conformal.py"
LIST = "ganisi/audit/_release_list.py"
UTILITY = "examples/benchmarks/_utility.py"
DECISIONS = "ganisi/audit/_query_decisions.py"
WORDS = "ganisi/identification/_query_decisions.py"

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
        "by_the_next = adjusted[np.searchsorted(of_patient, asked)]",
        "by_the_next = adjusted[np.searchsorted(of_patient, asked) - 1]",
        QUERIES,
    ),
    Mistake(
        "a threshold between patients that does not pay for dependence",
        CONFORMAL,
        'if method == "by" else 1',
        'if method == "none" else 1',
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
        "~patients_used(used, known)[known]",
        "~used",
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
        WORDS,
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
    Mistake(
        "images of a patient are rivals of each other",
        LIST,
        "-NearestReal.among(z, self.patients).margins(z, self.patients)",
        "-NearestReal.among(z, np.arange(len(z))).margins(z, np.arange(len(z)))",
        RELEASES,
    ),
    Mistake(
        "who wins by chance is withheld as who leaks",
        LIST,
        "asked=own)",
        "asked=np.full(len(own), p_values.min()))",
        RELEASES,
    ),
    Mistake(
        "images that not-used patients win are withheld",
        LIST,
        "np.where(self.used[nearest], q, 1.0)",
        "q",
        RELEASES,
    ),
    Mistake(
        "used patients among the decoys",
        LIST,
        "others = ~self.used",
        "others = self.used | ~self.used",
        RELEASES,
    ),
    Mistake(
        "a patient with both labels is a decoy",
        LIST,
        "self.used = patients_used(used, patients)[patients]",
        "self.used = used",
        RELEASES,
    ),
    Mistake(
        "patients who share an image compete",
        LIST,
        "directed=False)[1][patients]",
        "directed=False)[1][patients] * 0 + patients",
        RELEASES,
    ),
    Mistake(
        "copies need a statistic",
        LIST,
        "reason=np.where(copied >= 0, COPY, reason)",
        "reason=reason",
        RELEASES,
    ),
    Mistake(
        "a blank image is a copy",
        LIST,
        "            known.setdefault(key, i)",
        "            pass\n        known.setdefault(key, i)",
        RELEASES,
    ),
    Mistake(
        "no views are looked at",
        LIST,
        "                views=estimator.views,\n",
        "",
        RELEASES,
    ),
    Mistake(
        "views are those of other pairs",
        LIST,
        "[place, np.arange(len(nearest))]",
        "[place, nearest % len(place)]",
        RELEASES,
    ),
    Mistake(
        "distances are averaged as they are",
        LIST,
        "        z[..., raw] = distances\n",
        "",
        RELEASES,
    ),
    Mistake(
        "a spreadsheet executes names",
        "ganisi/audit/_image_table.py",
        "return quoted(printable(value))",
        "return printable(value)",
        RELEASES,
    ),
    Mistake(
        "control characters are written",
        "ganisi/audit/_image_table.py",
        "return quoted(printable(value))",
        "return quoted(value)",
        RELEASES,
    ),
    Mistake(
        "an image is as far from itself as images are",
        UTILITY,
        "[~np.eye(len(shown), dtype=bool)]",
        "",
        UTILITIES,
    ),
    Mistake(
        "slices of a patient tell how far real images are apart",
        UTILITY,
        "[_apart(self._patients[real])]",
        "",
        UTILITIES,
    ),
    Mistake(
        "what a list costs is asked of what it withholds",
        UTILITY,
        "published, published[~withheld], real, seed",
        "published, published[withheld], real, seed",
        UTILITIES,
    ),
]
