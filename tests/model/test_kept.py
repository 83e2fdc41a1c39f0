"""What `memory` keeps: described and paired once, the same numbers, and never those of another."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC

from ganisi import GANISI, CDFWassersteinPairer, Intensity, ProfileIdentifier, SourceIdentifier
from ganisi.datasets import make_source_identification

#: What was paired.
_PAIRS = []


class CountingPairer(CDFWassersteinPairer):
    """Says what it pairs."""

    def fit_transform(self, X, y=None, *, generated=None, groups=None):
        _PAIRS.append(("fit", len(X)))
        return super().fit_transform(X, y, generated=generated, groups=groups)

    def transform(self, X):
        _PAIRS.append(("transform", len(X)))
        return super().transform(X)


@pytest.fixture
def paired():
    """What was paired since, without the made-up rows that are tried first."""
    _PAIRS.clear()
    return _PAIRS


def fitted(model, data, **changes):
    given = {"X": data.real, "y": data.used, "generated": (data.generated,)} | changes
    return clone(model).fit(given.pop("X"), given.pop("y"), **given)


def probabilities(model, data, **changes):
    return fitted(model, data, **changes).predict_proba(data.real)


def test_a_search_describes_and_pairs_each_fold_once(tiny, tmp_path, monkeypatch):
    described = []
    transform = Intensity.transform

    def counting(self, X):
        described.append(len(X))
        return transform(self, X)

    monkeypatch.setattr(Intensity, "transform", counting)
    classifiers = [SVC(), LinearDiscriminantAnalysis(), LogisticRegression(), GaussianNB()]

    def search(memory):
        described.clear()
        one = GridSearchCV(
            GANISI(Intensity(grid=4), identifier=ProfileIdentifier(), memory=memory),
            {"identifier__estimator": classifiers},
            cv=StratifiedGroupKFold(2),
            error_score="raise",
            refit=False,
        )
        one.fit(tiny.real, tiny.used, groups=tiny.groups, generated=(tiny.generated,))
        return one.cv_results_["mean_test_score"], sum(described)

    each_time, n_without = search(None)
    once, n_with = search(tmp_path)
    np.testing.assert_array_equal(once, each_time)
    assert n_without == 4 * n_with == 4 * 2 * (20 + 6)
    assert search(tmp_path)[1] == 0


@pytest.mark.parametrize("kind", [str, lambda path: path], ids=["str", "path"])
def test_what_is_kept_changes_no_bit(tiny, tmp_path, kind):
    model = GANISI(Intensity(), pairer=CDFWassersteinPairer(relative=True), views="mirrors")
    plain = probabilities(model, tiny)
    model.set_params(memory=kind(tmp_path))
    for _ in range(2):
        again = fitted(model, tiny)
        np.testing.assert_array_equal(again.predict_proba(tiny.real), plain)
        first, second = again.evidence(tiny.real), fitted(model.set_params(), tiny)
        np.testing.assert_array_equal(first.z, second.evidence(tiny.real).z)


def test_nothing_of_another_is_taken(tiny, tmp_path):
    """Each change in turn, after all others were kept."""
    other = make_source_identification(10, 10, 6, size=32, leakage=1.0, random_state=5)
    kept = GANISI(Intensity(grid=4), memory=tmp_path)
    settings = [
        {},
        {"descriptor__grid": 2},
        {"pairer__relative": True},
        {"views": "mirrors"},
        {"descriptor__n_quantiles": 8},
    ]
    wide = np.arange(20) // 4
    data = [
        {"generated": (other.generated,)},
        {"generated": (tiny.generated[::-1],)},
        {"generated": (tiny.generated[:3], tiny.generated[3:])},
        {"X": other.real},
        {"X": tiny.real.astype(np.uint16), "generated": (tiny.generated.astype(np.uint16),)},
        {"groups": wide},
    ]
    for _ in ("kept", "read"):
        for params in settings:
            model = clone(kept).set_params(**params)
            plain = clone(model).set_params(memory=None)
            np.testing.assert_array_equal(probabilities(model, tiny), probabilities(plain, tiny))
        for change in data:
            for relative in (False, True):
                model = clone(kept).set_params(pairer__relative=relative)
                one = fitted(model, tiny, **change)
                plain = fitted(model.set_params(memory=None), tiny, **change)
                real = change.get("X", tiny.real)
                np.testing.assert_array_equal(one.predict_proba(real), plain.predict_proba(real))


def test_a_file_that_was_replaced_is_another_image(tiny, tmp_path):
    paths = [tmp_path / f"{i}.npy" for i in range(20)]
    for path, image in zip(paths, tiny.real, strict=True):
        np.save(path, image)
    model = GANISI(Intensity(grid=4), memory=tmp_path / "kept")
    before = fitted(model, tiny, X=paths).predict_proba(tiny.real)
    np.testing.assert_array_equal(before, probabilities(GANISI(Intensity(grid=4)), tiny))
    for path, image in zip(paths, tiny.real[::-1], strict=True):
        np.save(path, image)
    after = fitted(model, tiny, X=paths).predict_proba(tiny.real)
    plain = probabilities(GANISI(Intensity(grid=4)), tiny, X=tiny.real[::-1])
    np.testing.assert_array_equal(after, plain)
    assert not np.array_equal(before, after)


def test_a_model_of_which_nothing_was_kept_keeps_no_queries(tiny, tmp_path):
    first = fitted(GANISI(Intensity(grid=4)), tiny).set_params(memory=tmp_path)
    second = fitted(GANISI(Intensity(grid=2)), tiny).set_params(memory=tmp_path)
    for model in (first, second):
        plain = probabilities(clone(model).set_params(memory=None), tiny)
        np.testing.assert_array_equal(model.predict_proba(tiny.real), plain)


def test_queries_are_paired_once_too(tiny, tmp_path, paired):
    model = GANISI(Intensity(), pairer=CountingPairer(), memory=tmp_path)
    one = fitted(model, tiny)
    one.predict_proba(tiny.real)
    paired.clear()
    one.predict_proba(tiny.real)
    one.predict(tiny.real)
    assert paired == []
    one.predict_proba(tiny.real[:7])
    assert paired == [("transform", 7)]


def test_what_is_wrong_is_refused_whether_or_not_it_was_kept(tiny, tmp_path):
    model = GANISI(Intensity(), identifier=SourceIdentifier(), memory=tmp_path)
    fitted(model, tiny)
    with pytest.raises(ValueError, match="generated is float"):
        fitted(model, tiny, generated=(tiny.generated / 255,))
    with pytest.raises(ValueError, match="memory"):
        fitted(clone(model).set_params(memory=3), tiny)


def test_only_the_owner_may_read_what_is_kept(tiny, tmp_path):
    fitted(GANISI(Intensity(), memory=tmp_path), tiny)
    (folder,) = tmp_path.iterdir()
    assert folder.name == "ganisi-distances"
    assert folder.stat().st_mode & 0o077 == 0
