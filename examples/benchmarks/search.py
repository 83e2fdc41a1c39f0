"""What a search over classifiers costs: without `memory`, with it, and by a Pipeline's.

    python examples/benchmarks/search.py
    python examples/benchmarks/search.py --quick

Four classifiers, three folds by patient, phantoms. All three give the same scores, or it stops.
"""

import argparse
import tempfile
import time

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline
from sklearn.svm import SVC

from ganisi import GANISI, ImagePairer, SourceIdentifier
from ganisi.datasets import make_source_identification

CLASSIFIERS = [SVC(), LogisticRegression(), LinearDiscriminantAnalysis(), GaussianNB()]


def search(model, stage, generated, data):
    """Return the seconds that a search takes, and its scores."""
    found = GridSearchCV(
        model,
        {f"{stage}__estimator": CLASSIFIERS},
        cv=StratifiedGroupKFold(3),
        scoring="roc_auc",
        error_score="raise",
    )
    start = time.perf_counter()
    found.fit(data.real, data.used, groups=data.groups, **{generated: (data.generated,)})
    return time.perf_counter() - start, found.cv_results_["mean_test_score"]


def main():
    """Run the three, and print seconds and ratios."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="tiny images, to see that it runs")
    quick = parser.parse_args().quick
    n_patients, n_generated, size = (9, 12, 32) if quick else (30, 100, 128)
    data = make_source_identification(
        n_patients, n_patients, n_generated, size=size, leakage=1.0, random_state=0
    )
    # Compiles what is compiled.
    GANISI().fit(data.real, data.used, generated=(data.generated[:2],))
    with tempfile.TemporaryDirectory() as ours, tempfile.TemporaryDirectory() as of_pipeline:
        pipeline = Pipeline(
            [("pair", ImagePairer()), ("identify", SourceIdentifier())], memory=of_pipeline
        )
        results = {
            "GANISI()": search(GANISI(), "identifier", "generated", data),
            "GANISI(memory=folder)": search(GANISI(memory=ours), "identifier", "generated", data),
            "Pipeline(..., memory=folder)": search(pipeline, "identify", "pair__generated", data),
        }
    (_, scores), (last, _) = results["GANISI()"], results["Pipeline(..., memory=folder)"]
    for name, (seconds, own) in results.items():
        np.testing.assert_array_equal(own, scores)
        print(f"{name:30} {seconds:6.1f} s, {seconds / last:.2f} times the Pipeline")


if __name__ == "__main__":
    main()
