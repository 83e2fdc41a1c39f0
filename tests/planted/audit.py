"""Mistakes that could be made where an audit is put together."""

from planted._mistake import Mistake

STEPS = "tests/audit/test_steps.py"
CONTEST = "tests/audit/test_contest.py"
CONTROLS = "tests/audit/test_controls.py"
QUERIES = "tests/audit/test_set_of_queries.py"
VERDICT = "tests/audit/test_verdict.py"
CROSS_FITTING = "tests/audit/test_cross_fitting.py"
LEAKAGE = "tests/audit/test_leakage.py"
PARTS = "tests/audit/test_parts.py"
PERMUTATION = "tests/audit/test_permutation.py"
REPORT = "tests/audit/test_report.py"
IDENTITY = "tests/test_identity.py"
JOINT = "tests/audit/test_joint_scores.py"

IN_THE_AUDIT = [
    Mistake(
        "p of the best attack not adjusted for all attacks",
        "ganisi/audit/_contest.py",
        "        p_value=p_value,\n        n_distinct",
        "        p_value=results[best].p_value,\n        n_distinct",
        CONTEST,
    ),
    Mistake(
        "excess over the first blind check only",
        "ganisi/audit/_contest.py",
        "excess_interval(contest.attack, result, blinds, **dials)",
        "excess_interval(contest.attack, result, blinds[:1], **dials)",
        CONTEST,
    ),
    Mistake(
        "excess of the main attack instead of the best",
        "ganisi/audit/_verdict.py",
        "self.attacks[self.best.name].excess_interval",
        "next(iter(self.attacks.values())).excess_interval",
        VERDICT,
    ),
    Mistake(
        "upper instead of lower end of the excess decides",
        "ganisi/audit/_verdict.py",
        "None if interval is None else interval[0]",
        "None if interval is None else interval[1]",
        VERDICT,
    ),
    Mistake(
        "patients of the queries dropped",
        "ganisi/audit/_set_level.py",
        '"groups": design.query_groups,',
        '"groups": None,',
        QUERIES,
    ),
    Mistake(
        "set tested with five folds and no patients set aside",
        "ganisi/audit/_set_level.py",
        "            cv=split,\n",
        "            cv=5,\n",
        QUERIES,
    ),
    Mistake(
        "patients not given to the positive control",
        "ganisi/audit/_positive_control.py",
        "groups=design.groups_of_not_used,",
        "groups=None,",
        CONTROLS,
    ),
    Mistake(
        "spread of the maximum in the detectable AUC",
        "ganisi/audit/_power.py",
        "spread = result.null.std(ddof=1)",
        "spread = null.std(ddof=1)",
        CONTEST,
    ),
    Mistake(
        "null of the main attack in the detectable AUC",
        "ganisi/audit/_power.py",
        "minimum_detectable_auc(null, spread, alpha=design",
        "minimum_detectable_auc(result.null, spread, alpha=design",
        CONTEST,
    ),
    Mistake(
        "confidence fixed at 0.95",
        "ganisi/audit/_contest.py",
        '"confidence": 1 - design.alpha',
        '"confidence": 0.95',
        CONTEST,
    ),
    Mistake(
        "a query's probability from one fold",
        "ganisi/audit/_auditing.py",
        "for k in folds]",
        "for k in range(1)]",
        QUERIES,
    ),
    Mistake(
        "shares of a blend exchanged",
        "ganisi/audit/_degradation.py",
        "(1 - strength) * values + strength * other\n",
        "strength * values + (1 - strength) * other\n",
        CONTROLS,
    ),
    Mistake(
        "the true labelling not counted in p",
        "ganisi/audit/_permutation.py",
        "return (1 + n_as_high) / (1 + len(null))",
        "return n_as_high / len(null)",
        f"{PERMUTATION} {CONTEST}",
    ),
    Mistake(
        "labels permuted across folds",
        "ganisi/audit/_permutation.py",
        "    for _, test in cross_fit.folds:\n        whole = []",
        "    for test in [np.arange(len(groups))]:\n        whole = []",
        PERMUTATION,
    ),
    Mistake(
        "pairer of a fold not told the patients",
        "ganisi/audit/_cross_fitting.py",
        "generated=generated, groups=self.groups)",
        "generated=generated)",
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
        f"{QUERIES} {PARTS}",
    ),
    Mistake(
        "patients of the queries compared as they were written",
        "ganisi/audit/_door.py",
        'patient_ids(query_groups, len(unknown), "query_groups"),',
        "list(map(str, query_groups)),",
        IDENTITY,
    ),
    Mistake(
        "a report of any schema is read",
        "ganisi/audit/report/_report.py",
        "if type(version) is not int or version != SCHEMA_VERSION:",
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
    Mistake(
        "the blind check's set tested by the attack",
        "ganisi/audit/_set_level.py",
        "set_level_test(one, asked",
        "set_level_test(fit, asked",
        QUERIES,
    ),
    Mistake(
        "margin of the excess not paired",
        "ganisi/audit/_intervals.py",
        "_excess(result.null, [blind.null for blind in blinds])",
        "result.null",
        CONTEST,
    ),
    Mistake(
        "planted half chosen by image",
        "ganisi/audit/_design.py",
        "self.groups_of_not_used, self.seeds",
        "None, self.seeds",
        CONTROLS,
    ),
    Mistake(
        "pooled AUC beside the p of the mean over folds",
        "ganisi/audit/_contest.py",
        '        scores["roc_auc"] = result.roc_auc\n',
        "",
        CONTEST,
    ),
    Mistake(
        "prevalence dropped",
        "ganisi/audit/_contest.py",
        "all_scores(design.used, result.probability, prevalence=design.prevalence)",
        "all_scores(design.used, result.probability)",
        CONTEST,
    ),
    Mistake(
        "queries known by the hash of X",
        "ganisi/audit/_auditing.py",
        '"queries": known.queries',
        '"queries": known.real',
        "tests/audit/test_audit.py",
    ),
    Mistake(
        "what images are known by dropped where the attack is entered",
        "ganisi/audit/_contest.py",
        "        keys=rows.real_keys,\n",
        "",
        JOINT,
    ),
    Mistake(
        "what images are known by dropped in the positive control",
        "ganisi/audit/_positive_control.py",
        "groups=groups, keys=keys, cv=cv",
        "groups=groups, cv=cv",
        JOINT,
    ),
    Mistake(
        "what images are known by not sliced to the unused ones",
        "ganisi/audit/_positive_control.py",
        "rows.real_keys[design.not_used]",
        "rows.real_keys[: design.not_used.sum()]",
        JOINT,
    ),
    Mistake(
        "what images are known by dropped in the test of a set",
        "ganisi/audit/_set_level.py",
        "            keys=rows.real_keys,\n",
        "",
        JOINT,
    ),
    Mistake(
        "what the queries are known by dropped in the test of a set",
        "ganisi/audit/_set_level.py",
        '            "keys": rows.query_keys,\n',
        "",
        JOINT,
    ),
    Mistake(
        "what images are known by not sliced with the fold",
        "ganisi/audit/_cross_fitting.py",
        "**self._identity(self.keys[train])",
        "**self._identity(self.keys[: len(train)])",
        JOINT,
    ),
    Mistake(
        "what is left out known by what was fitted on",
        "ganisi/audit/_cross_fitting.py",
        "**self._identity(self.keys[test])",
        "**self._identity(self.keys[train[: len(test)]])",
        JOINT,
    ),
    Mistake(
        "what the new images of a part are known by not sliced with it",
        "ganisi/audit/_cross_fitting.py",
        "self._rows_beside(X[mine], k, keys[mine])",
        "self._rows_beside(X[mine], k, keys[: len(mine)])",
        JOINT,
    ),
    Mistake(
        "a set and its reference not asked about together",
        "ganisi/audit/_cross_fitting.py",
        "        if self._jointly:\n            # The distances",
        "        if False:\n            # The distances",
        JOINT,
    ),
    Mistake(
        "baselines without seeds",
        "ganisi/audit/_door.py",
        '        _settle(baseline, f"baseline {name}", seeds, n_jobs)\n',
        "        pass\n",
        "tests/audit/test_audit.py",
    ),
]
