"""One display of each kind, what they are made of, and what is read off a figure."""

import numpy as np

from ganisi.audit import AuditReport
from ganisi.descriptors import MapInfo
from ganisi.plotting import (
    CDFDisplay,
    ContactSheetDisplay,
    DoseResponseDisplay,
    EvidenceDisplay,
    FeatureMapsDisplay,
    ProbabilityDisplay,
    ReleaseDisplay,
    RocDisplay,
)

RNG = np.random.default_rng(0)
USED = np.repeat([True, False], 20)
PROBABILITY = np.clip(0.5 + 0.2 * USED + 0.2 * RNG.standard_normal(40), 0, 1)
MAPS = [
    MapInfo("gabor orientation=0", "gabor"),
    MapInfo("gabor orientation=45", "gabor"),
    MapInfo("intensity", "intensity"),
]
DISPLAYS = {
    "feature maps": lambda: FeatureMapsDisplay([np.eye(4)], ["intensity"]),
    "CDFs": lambda: CDFDisplay([0, 1, 2], [[1, 2, 3]], "intensity"),
    "ROC": lambda: RocDisplay([[0, 0, 1]], [[0, 0.5, 1]], ["attack"]),
    "probabilities": lambda: ProbabilityDisplay([0.8, 0.3]),
    "evidence": lambda: EvidenceDisplay([7], [[-3, -1]], MAPS[1:]),
    "dose response": lambda: DoseResponseDisplay(["nothing", "exact"], [0.5, 1.0]),
    "contact sheet": lambda: ContactSheetDisplay(["a"], [np.eye(4)], [""]),
    "release": lambda: ReleaseDisplay([0.1, 2.0], [False, True], [False, True]),
}


def report(**parts):
    """Make a report of which only some parts are looked at."""
    names = AuditReport.__dataclass_fields__
    return AuditReport(**{name: parts.get(name, {}) for name in names})


def legend_of(legend):
    return [text.get_text() for text in legend.get_texts()]


def line_labelled(ax, label):
    (line,) = [line for line in ax.lines if line.get_label() == label]
    return line
