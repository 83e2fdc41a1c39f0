"""Mistakes that would accuse where nothing leaked."""

from planted._mistake import Mistake

ALIKE = "tests/audit/test_alike.py"
AUDIT = ALIKE
CALIBRATION = "tests/identification/test_calibration.py"
CONTEST = "tests/audit/test_contest.py"
GATE = "tests/cli/test_gate.py"
INTERVALS = "tests/identification/test_intervals.py"
PARTS = "tests/audit/test_parts.py"
SPLITTING = "tests/identification/test_splitting.py"
STUDIES = "tests/audit/test_false_accusations.py"
VERDICT = "tests/audit/test_verdict.py"
RATES = "tests/metrics/test_patient_intervals.py"

IN_ACCUSATIONS = [
    Mistake(
        "patients with many images are dealt to folds first",
        "ganisi/identification/_folds.py",
        "fold = _deal(*_labels_of_patients(y, units), k)[units]",
        "fold = (np.argsort(np.argsort(-np.bincount(units))) % k)[units]",
        SPLITTING,
    ),
    Mistake(
        "patients with images of both labels are dealt like others",
        "ganisi/identification/_folds.py",
        "(k - 1 - turn if first and second else turn) % k",
        "turn % k",
        SPLITTING,
    ),
    Mistake(
        "a set keeps all images of its patients",
        "ganisi/audit/_set_level.py",
        "return np.sort(order[(turn < m) & (size[member[order]] >= m)])",
        "return np.sort(order)",
        f"{PARTS} {STUDIES}",
    ),
    Mistake(
        "patients with fewer images than others count too",
        "ganisi/audit/_set_level.py",
        "(turn < m) & (size[member[order]] >= m)",
        "turn < m",
        PARTS,
    ),
    Mistake(
        "the first images of a patient count, whatever the seed",
        "ganisi/audit/_set_level.py",
        "order = np.lexsort([rng.random_sample(len(member)), member])",
        "order = np.argsort(member, kind='stable')",
        PARTS,
    ),
    Mistake(
        "intervals of rates count images",
        "ganisi/audit/_contest.py",
        "                groups=design.groups,\n                prevalence",
        "                groups=None,\n                prevalence",
        CONTEST,
    ),
    Mistake(
        "PPV's interval has the confidence of one rate",
        "ganisi/metrics/_patient_intervals.py",
        "    each = confidence**0.5\n",
        "    each = 2 * confidence - 1\n",
        RATES,
    ),
    Mistake(
        "a threshold above all not-used images is taken for the true one",
        "ganisi/metrics/_patient_intervals.py",
        "0.0 if low == 0 else _exact(",
        "_exact(",
        RATES,
    ),
    Mistake(
        "patients of unequal size count alike",
        "ganisi/metrics/_patient_intervals.py",
        "return sizes.sum() ** 2 / (sizes**2).sum()",
        "return len(sizes)",
        RATES,
    ),
    Mistake(
        "images of one patient count as of several",
        "ganisi/audit/_alike.py",
        "check_groups(groups, len(images))[which]",
        "check_groups(None, len(images))[which]",
        ALIKE,
    ),
    Mistake(
        "one of two correlations makes images alike",
        "ganisi/audit/_alike.py",
        "both = np.minimum(",
        "both = np.maximum(",
        ALIKE,
    ),
    Mistake(
        "blank images are alike",
        "ganisi/audit/_alike.py",
        "_SHOWN = 0.05",
        "_SHOWN = -1",
        ALIKE,
    ),
    Mistake(
        "images of one patient on both sides are no finding",
        "ganisi/audit/_findings.py",
        '    Finding("patients alike", STATISTICS, patients_alike),\n',
        "",
        VERDICT,
    ),
    Mistake(
        "nobody is asked whose images they are",
        "ganisi/cli/_inputs.py",
        "if not (chosen.groups or chosen.patient is not None or chosen.each_image_a_patient):",
        "if False:",
        GATE,
    ),
    Mistake(
        "patients of the audit are not looked at",
        "ganisi/audit/_auditing.py",
        "alike_patients(given.images, known.real_names, design.groups)",
        "alike_patients(given.images, known.real_names, None)",
        AUDIT,
    ),
    Mistake(
        "a sigmoid counts images",
        "ganisi/identification/_calibration.py",
        "weights = 1 / np.bincount(patients)[patients]",
        "weights = np.ones(len(labels))",
        CALIBRATION,
    ),
    Mistake(
        "patients do not reach the sigmoid",
        "ganisi/identification/_row_classifiers.py",
        "fit_sigmoid(scores, labels, groups, may_turn=False)",
        "fit_sigmoid(scores, labels, may_turn=False)",
        CALIBRATION,
    ),
    Mistake(
        "scores that are wrong out of fold are turned",
        "ganisi/identification/_row_classifiers.py",
        "fit_sigmoid(scores, labels, groups, may_turn=False)",
        "fit_sigmoid(scores, labels, groups)",
        CALIBRATION,
    ),
    Mistake(
        "the sigmoid is fitted on scores of images fitted on",
        "ganisi/identification/_row_classifiers.py",
        "scores = out_of_fold_scores(self._classifier(), X, labels, folds, self.n_jobs)",
        "scores = self._classifier().fit(X, labels).decision_function(X)",
        CALIBRATION,
    ),
    Mistake(
        "attacks rank by a classifier of the exchanged labels",
        "ganisi/identification/_row_classifiers.py",
        "fit(X, positive.astype(int))",
        "fit(X, (~positive).astype(int))",
        CALIBRATION,
    ),
    Mistake(
        "shuffled labels do not reach what ranks",
        "ganisi/audit/_cross_fitting.py",
        "ask(self._fit(train, rows, used, method), test_rows)",
        "ask(self._fit(train, rows, self.used, method), test_rows)",
        "tests/audit/test_cross_fitting.py tests/audit/test_permutation.py",
    ),
    Mistake(
        "images are counted by intervals of probabilities",
        "ganisi/identification/_calibration.py",
        "sigmoid.known_ = scores, labels, patients, weights",
        "sigmoid.known_ = scores, labels, np.arange(len(labels)), weights",
        INTERVALS,
    ),
    Mistake(
        "an interval of a probability does not contain it",
        "ganisi/identification/_calibration.py",
        "low, high = np.minimum(low, band[0]), np.maximum(high, band[1])",
        "low, high = band",
        INTERVALS,
    ),
    Mistake(
        "a wrong score is taken for evidence of the opposite by an interval",
        "ganisi/identification/_calibration.py",
        "sigmoid.signs_ = (1, -1)",
        "sigmoid.signs_ = (1,)",
        INTERVALS,
    ),
    Mistake(
        "three windows are looked at as if they were one",
        "ganisi/identification/_intervals.py",
        "each = 1 - (1 - confidence) / len(_WINDOWS)",
        "each = confidence",
        INTERVALS,
    ),
    Mistake(
        "a query with a known score is left out of the window below it",
        "ganisi/identification/_intervals.py",
        'bound(np.searchsorted(levels, at, side="right"), before',
        'bound(np.searchsorted(levels, at, side="left"), before',
        INTERVALS,
    ),
    Mistake(
        "a window divides scores that are equal",
        "ganisi/identification/_intervals.py",
        "    levels, level = np.unique(scores[order], return_inverse=True)\n",
        "    levels, level = scores[order], np.arange(len(order))\n",
        INTERVALS,
    ),
    Mistake(
        "an interval is of the wrong class",
        "ganisi/identification/_base.py",
        "return values if self._positive == 1 else 1 - values[:, ::-1]",
        "return values",
        INTERVALS,
    ),
    Mistake(
        "the command line writes low for high",
        "ganisi/cli/_tables.py",
        'f"{p:.4f}", f"{low:.4f}", f"{high:.4f}"',
        'f"{p:.4f}", f"{high:.4f}", f"{low:.4f}"',
        "tests/cli/test_commands.py",
    ),
]
