"""Laws that every baseline in the shop window obeys."""

import re
from pathlib import Path

import numpy as np
import pytest
import sklearn
from adapters import OneGenerated
from distances_for_baselines import USED, draw_distances
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.utils.estimator_checks import parametrize_with_checks
from sklearn.utils.validation import validate_data

from ganisi import GANISI, CDFWassersteinPairer, Intensity, SourceIdentifier
from ganisi.baselines import (
    CalibratedNearest,
    MonteCarloMembership,
    NearestGenerated,
    RankMembership,
    RetrievalMembership,
)
from ganisi.identification import baselines

GROUPS = np.arange(40) // 4 * 2 + USED


def one_each():
    """Every baseline of the shop window, with its defaults."""
    return [getattr(baselines, name)() for name in baselines.__all__]


BASELINES = [
    *one_each(),
    NearestGenerated(k=2),
    CalibratedNearest(k=2, reference="nearest"),
    CalibratedNearest(compare="ratio"),
    CalibratedNearest(reference="nearest", compare="ratio"),
    MonteCarloMembership(radius=0.1),
    RankMembership(k=1),
    RetrievalMembership(depth=3),
    RetrievalMembership("ranking"),
    RetrievalMembership("ensemble"),
]
#: Baselines whose answers are known here; others obey the laws only.
KNOWN = (
    CalibratedNearest,
    MonteCarloMembership,
    NearestGenerated,
    RankMembership,
    RetrievalMembership,
)
OURS = [b for b in BASELINES if isinstance(b, KNOWN)]
REFERENCED = [b for b in BASELINES if hasattr(b, "_scores_against")]
over_all = pytest.mark.parametrize("baseline", BASELINES, ids=repr)


def auc_of_leak(baseline, n_leaked):
    """ROC AUC in new queries, where so many generated images remember each used one."""
    drawn = {"effect": 0.8, "n_leaked": n_leaked}
    fitted = clone(baseline).fit(draw_distances(**drawn), USED)
    return roc_auc_score(USED, fitted.decision_function(draw_distances(seed=1, **drawn)))


@over_all
def test_some_planted_leak_is_found_in_new_queries(baseline):
    """A few generated images remember a used query, or half of them do."""
    assert max(auc_of_leak(baseline, 12), auc_of_leak(baseline, 150)) > 0.9


@pytest.mark.parametrize("baseline", OURS, ids=repr)
def test_a_few_images_that_remember_are_enough_for_ours(baseline):
    # A mean over all generated images hardly sees twelve of them: that is the rules' weakness.
    # Of the first few ranks most are 0 for any query.
    least = {RankMembership: 0.7, RetrievalMembership: 0.55 if "rule" in repr(baseline) else 0.9}
    assert auc_of_leak(baseline, 12) > least.get(type(baseline), 0.9)


@over_all
def test_without_a_leak_new_queries_are_scored_at_chance(baseline):
    """Labels are drawn by patient, and all queries of a patient are alike."""
    aucs = []
    for seed in range(40):
        patients = np.random.default_rng(seed).normal(1, 0.1, (40, 1, 1)).repeat(2, axis=0)
        distances = draw_distances(seed, used=np.zeros(80)) * patients
        used = np.tile([0, 0, 1, 1], 20)
        fitted = clone(baseline).fit(distances[:40], used[:40], groups=np.arange(40) // 2)
        aucs.append(roc_auc_score(used[40:], fitted.predict_proba(distances[40:])[:, 1]))
    assert abs(np.mean(aucs) - 0.5) < 3 * np.std(aucs, ddof=1) / np.sqrt(len(aucs))


@pytest.mark.parametrize("baseline", REFERENCED, ids=repr)
def test_the_queries_of_fit_are_scored_as_new_ones_are(baseline):
    """Were a query among its own references, the threshold would stand too high for new ones."""
    scores, new_scores = [], []
    for seed in range(20):
        distances = draw_distances(seed, used=np.zeros(80))
        summary, _ = baseline.stages()
        scores.append(summary.fit_transform(distances[:40]).mean())
        new_scores.append(summary.transform(distances[40:]).mean())
    difference = np.array(new_scores) - scores
    assert abs(difference.mean()) < 3 * difference.std(ddof=1) / np.sqrt(20) + 0.01 * np.std(scores)


@pytest.mark.parametrize("baseline", REFERENCED, ids=repr)
def test_a_query_of_fit_is_compared_with_other_patients_only(baseline):
    distances = draw_distances()
    distances[1:4] = 0.9 * distances[0]
    moved = distances.copy()
    # The other queries of the first patient; all pairs together stay the same, and so the scale.
    moved[1:4] = moved[1:4, ::-1]
    groups = np.arange(40) // 4
    summary, _ = baseline.stages()
    first, second = (summary.fit_transform(d, groups=groups)[0] for d in (distances, moved))
    np.testing.assert_allclose(second, first, rtol=1e-6)
    first, second = (summary.fit_transform(d)[0] for d in (distances, moved))
    assert second != pytest.approx(first, rel=1e-6)


@over_all
def test_the_order_of_generated_images_changes_nothing(baseline):
    distances, new = draw_distances(effect=0.5), draw_distances(seed=1, effect=0.5)
    order = np.random.default_rng(0).permutation(300)
    expected = clone(baseline).fit(distances, USED).predict_proba(new)
    moved = clone(baseline).fit(distances[:, order], USED).predict_proba(new[:, order])
    np.testing.assert_allclose(moved, expected, atol=1e-9)


@over_all
def test_generated_images_that_come_twice_change_nothing(baseline):
    """Where the k nearest are taken, twice as many have to be."""
    distances, new = draw_distances(effect=0.5), draw_distances(seed=1, effect=0.5)
    expected = clone(baseline).fit(distances, USED).predict_proba(new)
    twice = clone(baseline)
    if "k" in baseline.get_params() and baseline.k > 1:
        twice.set_params(k=2 * baseline.k)
    twice.fit(distances.repeat(2, axis=1), USED)
    # A quantile between two distances is interpolated, and moves with their number.
    atol = 0.05 if isinstance(baseline, MonteCarloMembership) else 1e-6
    np.testing.assert_allclose(twice.predict_proba(new.repeat(2, axis=1)), expected, atol=atol)


@over_all
def test_a_row_depends_on_its_own_query_only(baseline):
    fitted = clone(baseline).fit(draw_distances(effect=0.5), USED)
    new = draw_distances(seed=1, effect=0.5)
    alone = np.concatenate([fitted.decision_function(row[None]) for row in new])
    np.testing.assert_allclose(fitted.decision_function(new), alone, atol=1e-12)


@over_all
def test_block_sizes_change_nothing(baseline, monkeypatch):
    distances, new = draw_distances(effect=0.5), draw_distances(seed=1, effect=0.5)
    whole = clone(baseline).fit(distances, USED).predict_proba(new)
    monkeypatch.setattr("ganisi.identification._distances._PAIRS_PER_BLOCK", 100)
    parts = clone(baseline).fit(distances, USED).predict_proba(new)
    np.testing.assert_allclose(parts, whole, atol=1e-9)


@over_all
def test_labels_do_not_enter_the_score(baseline):
    distances, new = draw_distances(effect=0.5), draw_distances(seed=1, effect=0.5)
    other = np.random.default_rng(0).permutation(USED)
    expected = clone(baseline).fit(distances, USED).decision_function(new)
    scores = clone(baseline).fit(distances, other).decision_function(new)
    np.testing.assert_array_equal(scores, expected)


@over_all
def test_labels_that_speak_against_the_attack_do_not_turn_its_sign(baseline):
    n_leaked = max(12, 150, key=lambda n: auc_of_leak(baseline, n))
    distances = draw_distances(effect=0.8, n_leaked=n_leaked)
    probability = clone(baseline).fit(distances, 1 - USED).predict_proba(distances)
    np.testing.assert_allclose(probability, 0.5)


@over_all
def test_string_labels_survive(baseline):
    distances, new = draw_distances(effect=0.5), draw_distances(seed=1, effect=0.5)
    plain = clone(baseline).fit(distances, USED)
    named = clone(baseline).set_params(pos_label="in").fit(distances, np.where(USED, "in", "out"))
    assert named.classes_.tolist() == ["in", "out"]
    np.testing.assert_allclose(
        named.predict_proba(new)[:, 0], plain.predict_proba(new)[:, 1], atol=1e-12
    )
    np.testing.assert_array_equal(named.decision_function(new), -plain.decision_function(new))
    with pytest.raises(ValueError, match="say which label"):
        clone(baseline).fit(distances, np.where(USED, "in", "out"))


@over_all
def test_its_stages_one_after_the_other_are_the_baseline(baseline):
    distances, new = draw_distances(effect=0.5), draw_distances(seed=1, effect=0.5)
    whole = clone(baseline).fit(distances, USED, groups=GROUPS)
    summary, threshold = baseline.stages()
    threshold.fit(summary.fit_transform(distances, groups=GROUPS), USED, groups=GROUPS)
    scores = summary.transform(new)
    np.testing.assert_array_equal(scores[:, 0], whole.decision_function(new))
    np.testing.assert_array_equal(threshold.predict_proba(scores), whole.predict_proba(new))
    np.testing.assert_array_equal(threshold.predict(scores), whole.predict(new))


@over_all
def test_nothing_of_what_is_learned_stays_on_a_baseline_that_was_taken_apart(baseline):
    before = dict(vars(baseline))
    summary, _ = baseline.stages()
    summary.fit_transform(draw_distances())
    assert vars(summary.baseline) == before == vars(baseline)


@over_all
def test_relative_distances_are_understood_or_refused_with_advice(baseline):
    z = np.random.default_rng(0).normal(size=(40, 30, 3))
    if "ratio" in repr(baseline):
        with pytest.raises(ValueError, match="use compare='difference', or a pairer with rel"):
            clone(baseline).fit(z, USED)
    else:
        assert np.isfinite(clone(baseline).fit(z, USED).predict_proba(z)).all()


@pytest.mark.parametrize("baseline", REFERENCED, ids=repr)
def test_other_generated_images_than_those_of_fit_are_refused(baseline):
    fitted = clone(baseline).fit(draw_distances(), USED)
    with pytest.raises(ValueError, match=r"X has 7 generated images, but .* was fitted with 300"):
        fitted.predict_proba(draw_distances(n_generated=7))


@pytest.mark.parametrize("baseline", REFERENCED, ids=repr)
def test_one_patient_cannot_be_compared_with_others(baseline):
    with pytest.raises(ValueError, match="give at least 2 groups"):
        clone(baseline).fit(draw_distances(), USED, groups=np.zeros(40))


@pytest.mark.parametrize(
    ("baseline", "message"),
    [
        (CalibratedNearest(k=301), "k=301 is more than the 300 generated images"),
        (CalibratedNearest(k=0), "k"),
        (CalibratedNearest(reference="mean"), "reference"),
        (CalibratedNearest(compare="log"), "compare"),
        (MonteCarloMembership(radius=1.0), "radius"),
        (MonteCarloMembership(radius="mean"), "radius"),
        (RankMembership(k=301), "k=301 is more than the 300 generated images"),
        (RetrievalMembership(depth=0), "depth"),
        (RetrievalMembership("threshold"), "rule"),
    ],
    ids=repr,
)
def test_bad_parameters_are_refused_with_advice(baseline, message):
    with pytest.raises(ValueError, match=message):
        baseline.fit(draw_distances(), USED)


def test_one_search_goes_over_all_baselines_and_the_paper(leaky):
    search = GridSearchCV(
        GANISI(Intensity(grid=32, n_quantiles=1)),
        [{"identifier": one_each()}, {"identifier": [SourceIdentifier(), RetrievalMembership()]}],
        scoring="roc_auc",
        cv=3,
    ).fit(leaky.real, leaky.used, generated=(leaky.generated,))
    tried, scores = search.cv_results_["param_identifier"], search.cv_results_["mean_test_score"]
    assert len(scores) == len(baselines.__all__) + 2
    assert np.isfinite(scores).all()
    assert scores[[type(identifier) in KNOWN for identifier in tried]].min() > 0.8


@pytest.mark.parametrize("baseline", one_each(), ids=repr)
def test_a_pipeline_routes_patients_to_the_baseline(baseline, leaky):
    descriptor = Intensity(grid=32, n_quantiles=1)
    pairer = CDFWassersteinPairer(n_quantiles=1, grid=32)
    known = {"generated": (leaky.generated,), "groups": leaky.groups}
    with sklearn.config_context(enable_metadata_routing=True):
        pipe = Pipeline(
            [("pixels", descriptor), ("pair", pairer), ("identify", baseline)],
            transform_input=["generated"],
        )
        probabilities = pipe.fit(leaky.real, leaky.used, **known).predict_proba(leaky.real)
    real, generated = descriptor.transform(leaky.real), descriptor.transform(leaky.generated)
    distances = pairer.fit_transform(real, generated=(generated,), groups=leaky.groups)
    expected = clone(baseline).fit(distances, leaky.used, groups=leaky.groups)
    np.testing.assert_array_equal(probabilities, expected.predict_proba(pairer.transform(real)))


def test_the_guide_says_of_every_baseline_when_a_query_looks_used():
    guide = Path(__file__).parents[2] / "docs" / "guide" / "classifiers.md"
    told = re.findall(
        r"^\| \{class\}`~ganisi\.baselines\.(\w+)` \| \w", guide.read_text("utf-8"), re.M
    )
    assert sorted(told) == sorted(baselines.__all__)


class Poor(OneGenerated):
    """Knows one direction only, so scikit-learn's toy classes are not for it to tell apart.

    Of any two labels, the last means "used".
    """

    def fit(self, X, y):
        X, y = validate_data(self, X, y)
        labels = np.unique(y)
        identifier = clone(self.identifier).set_params(
            pos_label=labels[-1] if len(labels) == 2 else None
        )
        self.identifier_ = identifier.fit(X[:, None, :], y)
        self.classes_ = self.identifier_.classes_
        return self

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = True
        return tags


def with_one_generated_image(baseline):
    """Where the k nearest are taken, there is only one."""
    return baseline.set_params(k=1) if "k" in baseline.get_params() else baseline


# Variants are not among them: a ratio needs distances that are not negative, and scikit-learn's toy
# data are.
@parametrize_with_checks([Poor(with_one_generated_image(baseline)) for baseline in one_each()])
def test_baselines_on_one_generated_image_pass(estimator, check):
    check(estimator)
