"""What callbacks are told of a fit; they come with scikit-learn 1.9."""

import importlib.util
import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from ganisi import GANISI, Intensity
from ganisi._compat import _callbacks as callbacks
from ganisi.baselines import NearestGenerated
from ganisi.model import _describing as describing

HAS_CALLBACKS = importlib.util.find_spec("sklearn.callback") is not None
needs_callbacks = pytest.mark.skipif(
    not HAS_CALLBACKS, reason="scikit-learn has no callbacks before 1.9"
)
STAGES = [
    "describing real images",
    "describing generated images",
    "describing generated images",
    "pairing",
    "identifying",
]


class Recorder:
    """Writes down which tasks begin and end; a search hands it on to its candidates."""

    max_propagation_depth = None

    def __init__(self):
        self.told = []

    def setup(self, estimator, context):
        self.told.append("setup")

    def on_fit_task_begin(self, estimator, context):
        self.told.append(("begin", context.task_name))

    def on_fit_task_end(self, estimator, context):
        self.told.append(("end", context.task_name))

    def teardown(self, estimator, context):
        self.told.append("teardown")

    def ended(self, *names):
        return [entry[1] for entry in self.told if entry[0] == "end" and entry[1] in names]


def pixels(**params):
    return GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated(), **params)


def fit(estimator, data):
    return estimator.fit(data.real, data.used, generated=(data.generated[:30], data.generated[30:]))


@needs_callbacks
def test_the_stages_and_blocks_of_a_fit_are_told_in_order(leaky, monkeypatch):
    monkeypatch.setattr(describing, "_IMAGES_PER_BLOCK", 15)
    monkeypatch.setattr(describing, "_IMAGES_PER_WORKER", 0)
    recorder = Recorder()
    fit(pixels().set_callbacks(recorder), leaky)
    assert recorder.told[:2] == ["setup", ("begin", "fit")]
    assert recorder.told[-2:] == [("end", "fit"), "teardown"]
    assert recorder.ended(*STAGES) == STAGES
    # 40 real images, 30 and 20 generated ones.
    assert len(recorder.ended("block of images")) == 3 + 2 + 2


class TooMany(NearestGenerated):
    """Fails as nobody can foresee from a few queries."""

    def fit(self, X, y, groups=None):
        if len(X) > 20:
            raise ValueError(f"{len(X)} are too many")
        return super().fit(X, y, groups)


@needs_callbacks
def test_a_fit_that_fails_tears_callbacks_down_and_leaves_nothing(leaky):
    recorder = Recorder()
    estimator = pixels().set_callbacks(recorder)
    estimator.set_params(identifier=TooMany())
    with pytest.raises(ValueError, match="40 are too many"):
        fit(estimator, leaky)
    assert recorder.told[-1] == "teardown"
    assert not hasattr(estimator, "_callback_fit_ctx")


@needs_callbacks
def test_callbacks_change_no_result_and_are_asked_for_no_query(leaky):
    recorder = Recorder()
    watched, alone = fit(pixels().set_callbacks(recorder), leaky), fit(pixels(), leaky)
    n_told = len(recorder.told)
    np.testing.assert_array_equal(
        watched.predict_proba(leaky.real), alone.predict_proba(leaky.real)
    )
    assert len(recorder.told) == n_told


@needs_callbacks
def test_a_clone_has_the_callbacks_too(leaky):
    recorder = Recorder()
    fit(clone(pixels().set_callbacks(recorder)), leaky)
    assert recorder.ended("fit")


@needs_callbacks
def test_a_search_hands_its_callbacks_on(leaky):
    recorder = Recorder()
    search = GridSearchCV(pixels(), {"verbose": [0, False]}, cv=2).set_callbacks(recorder)
    fit(search, leaky)
    # Two candidates in two folds, and the refit.
    assert recorder.ended("pairing") == ["pairing"] * 5
    assert recorder.told.count("setup") == recorder.told.count("teardown") == 1


@needs_callbacks
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_scikit_learns_progress_bar_shows_the_stages(leaky, capsys, n_jobs):
    pytest.importorskip("rich", reason="scikit-learn's ProgressBar needs rich")
    from sklearn.callback import ProgressBar

    search = GridSearchCV(pixels(), {"verbose": [0]}, cv=2, n_jobs=n_jobs)
    fit(search.set_callbacks(ProgressBar()), leaky)
    shown = capsys.readouterr().out
    assert all(name in shown for name in STAGES if name.startswith("describing"))


def test_without_callbacks_a_fit_does_what_it_does_with_them(leaky, monkeypatch):
    class Unwatched(GANISI):
        def _init_callback_context(self, max_subtasks):
            return callbacks.UNWATCHED

    params = pixels().get_params(deep=False)
    ours, theirs = fit(pixels(), leaky), fit(Unwatched(**params), leaky)
    np.testing.assert_array_equal(ours.predict_proba(leaky.real), theirs.predict_proba(leaky.real))
    assert hasattr(ours, "set_callbacks") == HAS_CALLBACKS
    pickle.dumps(ours)
