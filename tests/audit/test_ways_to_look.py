"""A search over what looks at images, inside an audit: each way as it is alone, chosen anew."""

import re

import numpy as np
import pytest
from audited_searches import EYE, NEAREST, OF_USERS, crossed, run, search
from scipy.stats import randint
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.pipeline import Pipeline

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    ImagePairer,
    Intensity,
    LocalStats,
    Views,
    recommended,
)
from ganisi.audit._permutation import permuted_labels
from ganisi.audit._searched import winners_of
from ganisi.audit._taken import from_images
from ganisi.audit._ways import side_by_side
from ganisi.audit.report._names import one_line
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification
from ganisi.distances import ReferencePairer
from ganisi.distances._folds import pair_folds, pair_more, pair_others
from ganisi.identification._folds import query_folds
from ganisi.model._describing import described

RELATIVE = CDFWassersteinPairer(relative=True)
WHOLE = Intensity(n_quantiles=16)


@pytest.fixture(scope="module")
def data():
    return make_source_identification(16, 16, 10, size=32, leakage=1.0, random_state=0)


@pytest.fixture(scope="module")
def larger():
    """Images that have pixels for all cells of `recommended`."""
    return make_source_identification(16, 16, 8, size=64, leakage=1.0, random_state=0)


class Means(TransformerMixin, BaseEstimator):
    """Somebody else's descriptor, without names: means of rows; counts what it describes."""

    record = []  # noqa: RUF012

    def __init__(self, offset=0.0, wrong=False):
        self.offset = offset
        self.wrong = wrong

    def fit(self, X, y=None):
        self.fitted_ = True
        return self

    def transform(self, X):
        if self.wrong:
            raise ValueError("these images have no row of their own")
        self.record.append((self.offset, len(X)))
        return np.array([np.mean(image, axis=1) for image in X]) + self.offset


class Named(Means):
    """One that has names, so that no image need be described to count its columns."""

    def get_feature_names_out(self, input_features=None):
        return np.array([f"row {i}" for i in range(32)])


class Absolute(TransformerMixin, BaseEstimator):
    """Somebody else's pairer, which knows no folds: the largest difference in its own unit."""

    def fit(self, X, y=None, *, generated=None, groups=None):
        self.generated_ = np.concatenate(generated)
        self.unit_ = self.generated_.std()
        return self

    def fit_transform(self, X, y=None, *, generated=None, groups=None):
        return self.fit(X, generated=generated).transform(X)

    def transform(self, X):
        return np.abs(X[:, None] - self.generated_).max(axis=2)[:, :, None] / self.unit_


OURS = [
    GANISI(EYE, pairer=RELATIVE),
    GANISI(EYE, pairer=RELATIVE, views="mirrors"),
    GANISI(LocalStats(n_quantiles=4)),
    GANISI(EYE, views=Views(shifts=[(0, 2), (1, 0)])),
    GANISI(LocalStats(n_quantiles=4), views="mirrors"),
    recommended(grid=16).set_params(views="mirrors"),
]
THEIRS = [GANISI(Means(), pairer=Absolute()), GANISI(EYE, pairer=RELATIVE)]


@pytest.mark.parametrize("models", [OURS, THEIRS, OURS[:1]], ids=["ours", "theirs", "one"])
def test_each_way_has_the_distances_that_it_has_alone(data, models):
    looks = [from_images(one)[:3] for one in [*models, models[0]]]
    (descriptor, pairer, views), ways = side_by_side(looks)
    assert ways == [*range(len(models)), 0]
    folds = query_folds(data.used, data.groups, 2)
    pairer.learn_columns(descriptor.fit(data.real), data.real)

    def steps(descriptor, pairer, views):
        """All that an audit asks of a pairer, in each fold."""
        rows = described(descriptor, data.real, views=views)
        made, new, copies = (
            described(descriptor.fit(data.real), images, views=of)
            for images, of in (
                (data.generated, None),
                (data.real[:4, ::-1], views),
                (data.real[:3], None),
            )
        )
        given = {"generated": (made[:4], made[4:]), "groups": data.groups}
        paired = pair_folds(pairer, rows, folds, **given)
        fitted = [one for one, *_ in paired]
        columns = [np.array([0, 2]), np.array([1])]
        of_others = {"others": copies, "columns": columns, "groups": data.groups}
        others = pair_others(pairer, fitted, rows, folds, **of_others)
        more = pair_more(pairer, paired, rows, folds, more=copies, **given)
        return [
            one
            for k in range(2)
            for one in (*paired[k][1:], fitted[k].transform(new), *others[k][1:], *more[k])
        ]

    together = steps(descriptor, pairer, views)
    each = [steps(*look) for look in looks[:-1]]
    for distances, *alone in zip(together, *each, strict=True):
        np.testing.assert_array_equal(distances, np.concatenate(alone, axis=2))


def test_a_search_over_one_way_is_audited_as_the_model_it_is(data):
    plain = GANISI(EYE, pairer=RELATIVE, identifier=NearestGenerated(k=8), views="mirrors")
    grid = {
        "descriptor": [EYE],
        "identifier__k": [8],
        "pairer__relative": [True],
        "views": ["mirrors"],
    }
    searched = search(grid, GANISI(LocalStats(), identifier=NearestGenerated()))
    reports = [run(one, data, queries=data.real[:5, ::-1]) for one in (plain, searched)]
    plain, searched = (report.to_dict() for report in reports)
    for one in (plain, searched):
        for name in ("winners", "meaning", "settings"):
            del one["attack"][name]
        del one["eye"]["settings"], one["eye"]["meaning"], one["settings"], one["provenance"]
        # What a search says is no interval.
        del one["images"]["query_interval"]
    assert searched == plain
    assert (
        reports[1].attack.winners
        == (
            "descriptor=Intensity(grid=8, n_quantiles=1), identifier__k=8, "
            "pairer__relative=True, views='mirrors'",
        )
        * 2
    )


def test_a_search_over_one_way_chooses_what_a_search_over_identifiers_does(data):
    grid = {"identifier__k": [1, 4, 8]}
    known, given = crossed(search(grid), data), crossed(search({**grid, "views": [None]}), data)
    for used in (known.used, *permuted_labels(known, 3, 0)):
        np.testing.assert_array_equal(given.raw_scores(used), known.raw_scores(used))


def test_every_labelling_chooses_what_scikit_learn_would_of_these_labels(data):
    grid = {"descriptor": [EYE, WHOLE, LocalStats(n_quantiles=4)], "identifier__k": [1, 4]}
    fit = crossed(search(grid), data)
    winners = []
    for used in (fit.used, *permuted_labels(fit, 3, 0)):
        expected = np.empty(len(used))
        for (train, test), (_, rows, _) in zip(fit.folds, fit._rows, strict=True):
            inner = query_folds(used[train], fit.groups[train], 2)
            alone = search(grid, cv=inner)
            alone.fit(data.real[train], used[train], generated=(data.generated,))
            expected[test] = alone.decision_function(data.real[test])
            winner = fit._fit(train, rows, used).winner()
            winners.append(winner)
            assert winner == ", ".join(f"{n}={v!r}" for n, v in alone.best_params_.items())
        np.testing.assert_array_equal(fit.raw_scores(used), expected)
    assert len(set(winners)) > 2
    # Whoever carries the fit to a worker leaves the distances behind.
    lean = fit.without_inputs()
    np.testing.assert_array_equal(lean.raw_scores(used), expected)


@pytest.mark.parametrize(
    ("steps", "grid"),
    [
        (
            [("imagepairer", ImagePairer(LocalStats())), ("identify", NearestGenerated())],
            {
                "identify__k": [1, 4],
                "imagepairer__descriptor": [EYE, WHOLE],
                "imagepairer__views": [None, "mirrors"],
            },
        ),
        (
            [("eye", EYE), ("pair", CDFWassersteinPairer()), ("identify", NearestGenerated())],
            {"eye": [EYE, WHOLE], "identify__k": [1, 4], "pair__relative": [False, True]},
        ),
    ],
    ids=["image pairer", "descriptor and pairer"],
)
def test_a_pipeline_is_searched_under_its_own_names(data, steps, grid):
    ours = {"imagepairer__": "", "identify__": "identifier__", "eye": "descriptor"}
    ours["pair__"] = "pairer__"

    def name_of(name):
        start = next(start for start in ours if name.startswith(start))
        return ours[start] + name.removeprefix(start)

    named = {name_of(name): values for name, values in grid.items()}
    fit, known = crossed(search(grid, Pipeline(steps)), data), crossed(search(named), data)
    np.testing.assert_array_equal(fit.raw_scores(), known.raw_scores())
    (first, *_), (same, *_) = winners_of(fit), winners_of(known)
    for name in grid:
        first = first.replace(f"{name}=", f"{name_of(name)}=")
    assert sorted(first.split(", ")) == sorted(same.split(", "))


def test_each_image_is_described_once_by_each_descriptor(data):
    Means.record.clear()
    grid = {
        "descriptor": [Named(), Named(1.0)],
        "identifier__k": [1, 4],
        "pairer__relative": [False, True],
        "views": [None, "mirrors"],
    }
    model = GANISI(EYE, pairer=CDFWassersteinPairer(n_quantiles=1), identifier=NearestGenerated())
    fit = crossed(search(grid, model), data)
    fit.raw_scores(~fit.used)
    for offset in (0.0, 1.0):
        described = sum(n for whose, n in Means.record if whose == offset)
        assert described == 4 * len(data.real) + len(data.generated)


def test_all_steps_of_an_audit_search_and_the_winner_is_named_in_full(data, capsys):
    grid = {"descriptor": [WHOLE, EYE], "views": ["mirrors"]}
    again = search(grid, GANISI(EYE, identifier=NearestGenerated(k=4)))
    baselines = {"beside": NearestGenerated(), "again": again, "other": search({"views": [None]})}
    report = run(search(grid), data, baselines=baselines, verbose=1)
    assert "under 4 views, for a choice among 2 ways to look at them" in capsys.readouterr().err
    assert len(report.attack.winners) == 2
    for winner in report.attack.winners:
        assert re.fullmatch(r"descriptor=Intensity\(.*\), views='mirrors'", winner)
    assert set(report.eye.blind_checks.checks) == {"textures alone", "real images as generated"}
    assert len(report.controls.results) > 10
    seen_by = {name: attack.eye for name, attack in report.baselines.items()}
    assert seen_by == {"beside": "main attack", "again": "main attack", "other": "other"}
    assert report.baselines["again"].winners == report.attack.winners
    assert report.baselines["other"].winners == ("views=None", "views=None")
    words = " ".join(str(report).split())
    assert "by their grey levels, wherever in the image they are or in each of 8 x 8" in words


def test_a_winner_names_no_folder(data, tmp_path):
    cached = Intensity(grid=4, memory=str(tmp_path / "mueller"))
    model = search({"descriptor": [cached]})
    assert winners_of(crossed(model, data)) == ["descriptor=Intensity(grid=4)"] * 2
    assert "mueller" in repr(model)
    assert "mueller" not in one_line(model)


def test_random_candidates_are_those_of_scikit_learn(data):
    grid = {"descriptor": [EYE, WHOLE], "identifier__k": randint(1, 9), "views": [None, "mirrors"]}
    model = RandomizedSearchCV(NEAREST, grid, n_iter=3, cv=2, scoring="roc_auc", random_state=1)
    fit = crossed(model, data)
    alone = model.fit(data.real, data.used, generated=(data.generated,))
    tried = [
        ", ".join(f"{name}={one[name]!r}" for name in sorted(one))
        for one in alone.cv_results_["params"]
    ]
    assert set(winners_of(fit)) <= set(tried)
    with pytest.raises(ValueError, match=r"moves descriptor, views: .*random_state=0"):
        crossed(model.set_params(random_state=None), data)


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (search({"descriptor": [EYE, Means(wrong=True)]}), "have no row of their own"),
        (search({"identifier__k": [1, -3], "views": [None]}), "k=-3|'k' parameter"),
        (search({"descriptor": [Intensity(grid=-1)]}), "'grid' parameter"),
        (search({"descriptor": [EYE, Intensity(grid=64)]}), "64.* cuts into empty cells"),
        (
            search({"pairer": [CDFWassersteinPairer(grid=4), RELATIVE]}),
            "candidate pairer=CDFWassersteinPairer(grid=4) of the search: the pairer has grid=4",
        ),
        (
            search({"pairer": [CDFWassersteinPairer(), ReferencePairer(CDFWassersteinPairer())]}),
            "search over these apart",
        ),
        (
            search(
                {"eye": [ImagePairer(EYE)]},
                Pipeline([("eye", EYE), ("pair", RELATIVE), ("identify", NearestGenerated())]),
            ),
            "has other steps behind the distances than the rest",
        ),
    ],
)
def test_a_candidate_that_fails_stops_the_audit_with_the_reason(data, model, message):
    model.set_params(error_score=np.nan)
    pattern = message if "|" in message or ".*" in message else re.escape(message)
    with pytest.raises(ValueError, match=pattern):
        run(model, data)


@pytest.mark.parametrize(
    ("name", "n_ways"), [("descriptors", 3), ("one grid", 2), ("missing stages", 4)]
)
def test_what_a_user_would_search_is_nested(larger, name, n_ways):
    model, grid = OF_USERS[name]
    fit = crossed(GridSearchCV(model, grid, cv=2), larger)
    assert np.isfinite(fit.raw_scores()).all()
    for winner in winners_of(fit):
        assert all(f"{name}=" in winner for name in grid)
    assert fit._transformers[0].n_ways == n_ways
