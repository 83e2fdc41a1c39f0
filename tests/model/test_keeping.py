"""`GANISI(memory=)`: what was described and paired is not described and paired again."""

import os

import joblib
import numpy as np
import pytest
from PIL import Image
from sklearn.base import clone
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.svm import SVC

from ganisi import GANISI, GaborBank, Intensity, LocalStats, ProfileIdentifier
from ganisi.model import ImagePairer


@pytest.fixture
def pairings(monkeypatch):
    """A list that grows by one whenever real and generated images are described and paired."""
    done, fit = [], ImagePairer._fit_checked

    def counting(self, *args, **dials):
        done.append(self)
        return fit(self, *args, **dials)

    monkeypatch.setattr(ImagePairer, "_fit_checked", counting)
    return done


def fitted(model, data, **changes):
    given = {"X": data.real, "y": data.used, "generated": (data.generated,), "groups": data.groups}
    return clone(model).fit(**{**given, **changes})


@pytest.mark.parametrize("kind", [str, joblib.Memory, lambda path: path])
def test_a_second_fit_pairs_nothing_and_has_the_same_bits(tiny, tmp_path, pairings, kind):
    model = GANISI(LocalStats(), views="mirrors", identifier=ProfileIdentifier())
    without = fitted(model, tiny)
    model.set_params(memory=kind(tmp_path / "kept"))
    first, second = fitted(model, tiny), fitted(model, tiny)
    assert len(pairings) == 2
    for one in (first, second):
        assert (one.predict_proba(tiny.real) == without.predict_proba(tiny.real)).all()
        assert (one.evidence(tiny.real, 2).z == without.evidence(tiny.real, 2).z).all()


def test_candidates_that_differ_in_the_identifier_share_what_is_paired(tiny, tmp_path, pairings):
    candidates = [SVC(), LogisticRegression(), LinearDiscriminantAnalysis()]
    scores = []
    for memory in (None, tmp_path):
        search = GridSearchCV(
            GANISI(LocalStats(), memory=memory),
            {"identifier__estimator": candidates},
            cv=StratifiedGroupKFold(2),
            scoring="roc_auc",
            error_score="raise",
        )
        search.fit(tiny.real, tiny.used, groups=tiny.groups, generated=(tiny.generated,))
        scores.append(search.cv_results_["mean_test_score"])
    # Two folds and the refit, for each candidate and then for all.
    assert len(pairings) == (2 * 3 + 1) + (2 + 1)
    assert (scores[0] == scores[1]).all()


@pytest.mark.parametrize(
    "other",
    [
        {"descriptor": GaborBank()},
        {"descriptor__n_quantiles": 16},
        {"pairer__relative": True},
        {"views": "mirrors"},
    ],
    ids=str,
)
def test_other_settings_are_paired_anew(tiny, tmp_path, pairings, other):
    model = GANISI(LocalStats(), memory=tmp_path)
    fitted(model, tiny)
    kept = fitted(model.set_params(**other), tiny)
    assert len(pairings) == 2
    anew = fitted(model.set_params(memory=None), tiny)
    assert (kept.predict_proba(tiny.real) == anew.predict_proba(tiny.real)).all()


def test_other_images_or_patients_are_paired_anew(tiny, tmp_path, pairings):
    model = GANISI(Intensity(), memory=tmp_path)
    fitted(model, tiny)
    changed = tiny.generated.copy()
    changed[0, 0, 0] ^= 1
    others = [
        {"generated": (changed,)},
        {"generated": (tiny.generated[:-1], tiny.generated[-1:])},
        {"X": tiny.real[::-1]},
        {"groups": None},
        {"groups": np.roll(tiny.groups, 1)},
        # The same levels of another depth mean another brightness.
        {"X": tiny.real.astype("uint16"), "generated": (tiny.generated.astype("uint16"),)},
    ]
    for other in others:
        fitted(model, tiny, **other)
    assert len(pairings) == 1 + len(others)


def test_labels_do_not_enter_what_is_kept(tiny, tmp_path, pairings):
    model = GANISI(Intensity(), memory=tmp_path)
    fitted(model, tiny)
    swapped = fitted(model, tiny, y=~tiny.used)
    assert len(pairings) == 1
    anew = fitted(model.set_params(memory=None), tiny, y=~tiny.used)
    assert (swapped.predict_proba(tiny.real) == anew.predict_proba(tiny.real)).all()


def test_files_are_known_by_what_is_in_them(tiny, tmp_path, pairings):
    model = GANISI(Intensity(), memory=tmp_path / "kept")
    paths = [str(tmp_path / f"{i}.png") for i in range(len(tiny.real))]
    for path, image in zip(paths, tiny.real, strict=True):
        Image.fromarray(image).save(path)
    fitted(model, tiny, X=paths)
    fitted(model, tiny)
    assert len(pairings) == 1
    Image.fromarray(255 - tiny.real[0]).save(paths[0])
    fitted(model, tiny, X=paths)
    assert len(pairings) == 2


def test_a_file_that_changes_meanwhile_is_not_kept(tiny, tmp_path, monkeypatch):
    model = GANISI(Intensity(), memory=tmp_path / "kept")
    path = tmp_path / "0.png"
    Image.fromarray(tiny.real[0]).save(path)
    images = [str(path), *(str(tmp_path / f"{i}.png") for i in range(1, len(tiny.real)))]
    for name, image in zip(images[1:], tiny.real[1:], strict=True):
        Image.fromarray(image).save(name)
    fit = ImagePairer._fit_checked

    def late(self, *args, **dials):
        Image.fromarray(255 - tiny.real[0]).save(path)
        return fit(self, *args, **dials)

    monkeypatch.setattr(ImagePairer, "_fit_checked", late)
    with pytest.raises(ValueError, match="another image than when it was first looked at"):
        fitted(model, tiny, X=images)


@pytest.mark.skipif(os.name != "posix", reason="no such modes")
def test_what_is_kept_is_for_nobody_else(tiny, tmp_path):
    fitted(GANISI(Intensity(), memory=tmp_path / "kept"), tiny)
    (folder,) = (tmp_path / "kept").iterdir()
    assert folder.stat().st_mode & 0o077 == 0


def test_what_is_no_memory_is_refused(tiny):
    with pytest.raises(ValueError, match="memory"):
        fitted(GANISI(Intensity(), memory=3), tiny)
