"""How long a search over four classifiers takes, from images, by what is kept between candidates.

60 real and 60 generated phantoms of 64 x 64, three folds by patient. Prints the seconds of a
`GANISI`, of one with a `memory`, and of a scikit-learn Pipeline with one.

    python examples/benchmarks/search.py
"""

import tempfile
import time

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeClassifier

from ganisi import GANISI, ImagePairer, SourceIdentifier
from ganisi.datasets import make_source_identification

CLASSIFIERS = [
    LinearDiscriminantAnalysis(),
    LogisticRegression(),
    GaussianNB(),
    DecisionTreeClassifier(random_state=0),
]


def timed_search(model, data, **generated):
    """Return the seconds that a search takes, and its scores."""
    search = GridSearchCV(
        model,
        {"identifier__estimator": CLASSIFIERS},
        cv=StratifiedGroupKFold(3),
        refit=False,
        error_score="raise",
    )
    start = time.perf_counter()
    search.fit(data.real, data.used, groups=data.groups, **generated)
    return time.perf_counter() - start, search.cv_results_["mean_test_score"]


def main():
    """Search three times, and compare."""
    data = make_source_identification(30, 30, 60, size=64, leakage=1.0, random_state=0)
    of_model, of_step = ({name: (data.generated,)} for name in ("generated", "pair__generated"))
    plain, scores = timed_search(GANISI(), data, **of_model)
    with tempfile.TemporaryDirectory() as folder:
        kept, same = timed_search(GANISI(memory=folder), data, **of_model)
    with tempfile.TemporaryDirectory() as folder:
        steps = [("pair", ImagePairer()), ("identifier", SourceIdentifier())]
        pipeline, also = timed_search(Pipeline(steps, memory=folder), data, **of_step)
    assert np.array_equal(scores, same)
    assert np.array_equal(scores, also)
    print(
        f"GANISI() {plain:.1f} s, GANISI(memory=) {kept:.1f} s, Pipeline(memory=) {pipeline:.1f} s"
    )
    print(f"GANISI(memory=) takes {kept / pipeline:.2f} times as long as Pipeline(memory=)")


if __name__ == "__main__":
    main()
