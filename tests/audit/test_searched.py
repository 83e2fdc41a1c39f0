"""A search inside an audit: nested, by patient, made again for other labels; who won is said."""

import re

import numpy as np
import pytest
from audited_searches import EYE, NEAREST, crossed, run, search
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import LeaveOneGroupOut, StratifiedKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import Pipeline

from ganisi import GANISI, CDFWassersteinPairer, ImagePairer, ProfileIdentifier
from ganisi.audit import AuditReport
from ganisi.audit._searched import SearchedAttack, winners_of
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification

BY_K = {"identifier__k": [1, 8]}


@pytest.fixture(scope="module")
def data():
    return make_source_identification(12, 12, 12, size=32, leakage=1.0, random_state=0)


def test_a_search_is_audited_and_its_winners_are_named(data):
    report = run(
        search(BY_K), data, baselines={"by itself": search({"k": [3]}, NearestGenerated())}
    )
    assert len(report.attack.winners) == 2
    assert set(report.attack.winners) <= {"identifier__k=1", "identifier__k=8"}
    assert report.attacks["by itself"].winners == ("k=3", "k=3")
    assert AuditReport.from_json(report.to_json()).attack.winners == report.attack.winners
    for text in (str(report), report.to_html()):
        words = " ".join(text.split())
        assert "by itself is a search, made again in every fold" in words
        assert "Chosen with the true labels: k=3 in 2 of 2 folds." in words


def test_a_search_over_one_candidate_is_that_candidate(data):
    one = crossed(search({"identifier__k": [8]}), data)
    plain = crossed(GANISI(EYE, identifier=NearestGenerated(k=8)), data)
    np.testing.assert_array_equal(one.raw_scores(), plain.raw_scores())
    np.testing.assert_array_equal(one.out_of_fold(), plain.out_of_fold())
    assert winners_of(plain) is None


@pytest.mark.parametrize(
    "steps",
    [
        [("pair", ImagePairer(EYE)), ("identify", NearestGenerated())],
        [("eye", EYE), ("pair", CDFWassersteinPairer()), ("identify", NearestGenerated())],
        [("all", NEAREST)],
    ],
    ids=["image pairer", "descriptor and pairer", "model"],
)
def test_a_pipeline_from_pixels_is_the_model_it_stands_for(data, steps):
    expected, given = crossed(NEAREST, data), crossed(Pipeline(steps), data)
    np.testing.assert_array_equal(given.raw_scores(), expected.raw_scores())


def test_a_pipeline_is_searched_under_its_own_names(data):
    pipeline = Pipeline([("pair", ImagePairer(EYE)), ("identify", NearestGenerated())])
    models = search({"identify__k": [1, 8]}, pipeline), search(BY_K)
    fits = [crossed(one, data) for one in models]
    np.testing.assert_array_equal(fits[0].raw_scores(), fits[1].raw_scores())


class Witness(ClassifierMixin, BaseEstimator):
    """Writes down what it is fitted on; knows the images by their distances."""

    seen = []  # noqa: RUF012

    def __init__(self, sign=1):
        self.sign = sign

    def fit(self, X, y):
        Witness.seen.append((X[:, 0, 0].tolist(), list(y)))
        self.classes_ = np.unique(y)
        return self

    def decision_function(self, X):
        return -self.sign * X.min(axis=1)[:, 0]

    def predict_proba(self, X):
        used = 1 / (1 + np.exp(-self.decision_function(X)))
        return np.column_stack([1 - used, used])


@pytest.fixture
def fit(data):
    Witness.seen.clear()
    model = GANISI(EYE, identifier=Witness())
    groups = np.arange(24) % 6 + 100 * data.used
    model = search({"identifier__sign": [1, -1]}, model, cv=StratifiedKFold(2))
    fit = crossed(model, data, groups=groups)
    Witness.seen.clear()
    return fit


def test_no_image_of_a_patient_is_on_both_sides_inside_nor_outside(fit):
    fit.raw_scores()
    place = {
        distances[0, 0]: image
        for train, rows, _ in fit._rows
        for distances, image in zip(rows, train, strict=True)
    }
    # In each fold two candidates on each of two inner folds, then the winner on all.
    assert len(Witness.seen) == 2 * 5
    for k, (train, test) in enumerate(fit.folds):
        of_fold = Witness.seen[5 * k : 5 * k + 5]
        for images, _ in of_fold:
            inner = np.array([place[one] for one in images])
            assert set(inner) <= set(train)
            assert not set(fit.groups[inner]) & set(fit.groups[test])
            rest = np.setdiff1d(train, inner)
            assert not set(fit.groups[inner]) & set(fit.groups[rest])


def test_a_permutation_chooses_by_its_own_labels(fit):
    """Where the search may turn its attack round, labels that are exchanged turn it round."""
    score = fit.raw_scores()
    exchanged = fit.raw_scores(~fit.used)
    np.testing.assert_allclose(exchanged, -score)
    assert winners_of(fit) == ["identifier__sign=1"] * 2
    lean = fit.without_inputs()
    np.testing.assert_array_equal(lean.raw_scores(~fit.used), exchanged)


def test_a_candidate_that_fails_stops_the_audit_with_the_reason(data):
    wrong = search({"identifier__k": [1, -3]}, error_score=np.nan)
    with pytest.raises(ValueError, match=r"k=-3|'k' parameter"):
        run(wrong, data)


def test_random_candidates_have_seeds(data):
    identifiers = [ProfileIdentifier(LogisticRegression()), NearestGenerated()]
    model = search({"identifier": identifiers})
    attack = SearchedAttack.of(model, Pipeline([("identifier", NearestGenerated())]))
    attack = clone(attack)
    assert list(attack.candidates()) == ["identifier 0", "identifier 1"]
    # What the user gave stays as it is.
    assert all(one not in identifiers for one in attack.candidates().values())


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (search(BY_K, refit=False), "refit=False"),
        (search(BY_K, cv=LeaveOneGroupOut()), "no number of folds"),
        (search({}, GANISI(EYE, identifier=ProfileIdentifier(rivals=True))), "rivals"),
        (
            search({"identifier__rivals": [True]}, GANISI(EYE, identifier=ProfileIdentifier())),
            "moves identifier__rivals",
        ),
    ],
)
def test_what_cannot_be_nested_is_refused(data, model, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        run(model, data)


def test_candidates_of_several_grids_are_all_known():
    grids = [{"identifier": [NearestGenerated(k=k)], "views": [None]} for k in (1, 2)]
    attack = SearchedAttack.of(search(grids), Pipeline([("identifier", NearestGenerated())]))
    assert [one.k for one in attack.candidates().values()] == [1, 2]


def test_a_search_over_a_pipeline_of_one_step_is_to_be_over_the_step(data):
    with pytest.raises(TypeError, match="search over the step itself"):
        run(search({"all__views": [None, "mirrors"]}, Pipeline([("all", NEAREST)])), data)


def test_what_begins_with_no_image_is_refused(data):
    for one in (Pipeline([("a", GaussianNB())]), search({"k": [1]}, NearestGenerated())):
        with pytest.raises(TypeError, match="a Pipeline that begins with an ImagePairer"):
            run(one, data)
