"""Mistakes that would accuse where nothing leaked."""

from planted._mistake import Mistake

PARTS = "tests/audit/test_parts.py"
SPLITTING = "tests/identification/test_splitting.py"
STUDIES = "tests/audit/test_false_accusations.py"
REPORT = "tests/audit/test_page.py"

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
]
