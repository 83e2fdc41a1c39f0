import numpy as np
import pytest
from scipy.stats import binom
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    balanced_accuracy_score,
    cohen_kappa_score,
    f1_score,
    precision_score,
    recall_score,
)
from sklearn.model_selection import GridSearchCV, cross_val_score, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ganisi import GANISI, Intensity
from ganisi.baselines import NearestGenerated
from ganisi.metrics import (
    TABLE_ONE,
    all_scores,
    binomial_p_value,
    clopper_pearson_interval,
    f1_at_prevalence,
    make_scorers,
    naive_answers,
    ppv_at_prevalence,
    specificity_score,
    table_one,
    tpr_at_fpr,
    wilson_interval,
)


def answers(n_used, n_not_used, recall, specificity):
    """Labels, and probabilities that reach a recall and a specificity."""
    used = np.repeat([1, 0], [n_used, n_not_used])
    hits, passes = round(recall * n_used), round(specificity * n_not_used)
    said = np.repeat([1, 0, 1, 0], [hits, n_used - hits, n_not_used - passes, passes])
    return used, said * 0.8 + 0.1


@pytest.mark.parametrize(
    ("n", "recall", "specificity", "accuracy", "precision", "f1"),
    [(40, 0.500, 0.650, 0.575, 0.588, 0.541), (100, 0.470, 0.600, 0.535, 0.540, 0.503)],
    ids=["inner test", "challenge test"],
)
def test_the_papers_table_is_consistent(n, recall, specificity, accuracy, precision, f1):
    scores = table_one(*answers(n, n, recall, specificity))
    assert tuple(scores) == TABLE_ONE
    expected = [accuracy, precision, recall, specificity, f1]
    np.testing.assert_allclose([scores[name] for name in TABLE_ONE[:5]], expected, atol=6e-4)


def test_always_used_scores_two_thirds_on_a_balanced_set():
    naive = naive_answers(np.tile([0, 1], 50))
    assert naive["always used"]["f1"] == pytest.approx(2 / 3)
    assert naive["always used"]["accuracy"] == 0.5
    assert naive["never used"]["specificity"] == 1
    for scores in naive.values():
        assert (
            scores["roc_auc"] == scores["balanced_accuracy"] == scores["average_precision"] == 0.5
        )
        assert scores["kappa"] == 0


def test_a_tossed_coin_scores_its_expectation_at_any_prevalence():
    used = np.repeat([1, 0], [30_000, 70_000])
    answers = np.random.default_rng(0).integers(0, 2, 100_000)
    tossed = all_scores(used, answers, fpr=(), prevalence=0.1)
    expected = naive_answers(used, prevalence=0.1)["coin toss"]
    assert list(tossed) == list(expected)
    np.testing.assert_allclose(list(tossed.values()), list(expected.values()), atol=0.01)


def test_specificity_is_the_recall_of_the_other_class():
    rng = np.random.default_rng(0)
    y_true, y_pred = rng.integers(0, 2, (2, 50))
    expected = recall_score(y_true, y_pred, pos_label=0)
    assert specificity_score(y_true, y_pred) == expected
    text = np.array(["out", "in"])
    assert specificity_score(text[y_true], text[y_pred], pos_label="in") == expected


def test_other_labels_and_thresholds_are_understood():
    labels = np.array(["in", "out", "in", "out"])
    scores = table_one(labels, [0.9, 0.2, 0.7, 0.6], pos_label="in", threshold=0.65)
    assert all(value == 1 for value in scores.values())


@pytest.mark.parametrize(
    ("y", "p", "message"),
    [([1, 1], [0.5, 0.5], "one class"), ([0, 1], [0.5], "one for each of the 2 queries")],
)
def test_what_cannot_be_scored_is_refused(y, p, message):
    with pytest.raises(ValueError, match=message):
        table_one(y, p)


def test_a_positive_label_that_is_none_of_the_labels_is_refused():
    with pytest.raises(ValueError, match=r"pos_label=1 is not one of the labels \['in', 'out'\]"):
        specificity_score(["in", "out"], ["in", "in"])
    assert specificity_score([0, 0], [0, 0]) == 1


RNG = np.random.default_rng(0)
LABELS = RNG.permutation(np.repeat([1, 0], [40, 60]))
PROBABILITY = np.round(np.clip(RNG.normal(0.4 + 0.2 * LABELS, 0.2), 0, 1), 2)


def test_all_scores_are_those_of_scikit_learn_under_stable_names():
    scores = all_scores(LABELS, PROBABILITY, threshold=0.4, fpr=(0.01, 0.1), prevalence=0.4)
    assert list(scores) == [
        "accuracy",
        "balanced_accuracy",
        "precision",
        "recall",
        "specificity",
        "f1",
        "kappa",
        "roc_auc",
        "average_precision",
        "tpr_at_fpr=0.01",
        "tpr_at_fpr=0.1",
        "ppv_at_prevalence",
        "f1_at_prevalence",
    ]
    said = PROBABILITY >= 0.4
    assert scores["balanced_accuracy"] == pytest.approx(balanced_accuracy_score(LABELS, said))
    assert scores["kappa"] == pytest.approx(cohen_kappa_score(LABELS, said))
    paper = table_one(LABELS, PROBABILITY, threshold=0.4)
    assert {name: scores[name] for name in TABLE_ONE} == paper
    assert np.isnan(scores["tpr_at_fpr=0.01"])
    assert scores["tpr_at_fpr=0.1"] == tpr_at_fpr(LABELS, PROBABILITY, fpr=0.1)
    # At the prevalence of the set itself, nothing changes.
    assert scores["ppv_at_prevalence"] == pytest.approx(precision_score(LABELS, said))
    assert scores["f1_at_prevalence"] == pytest.approx(f1_score(LABELS, said))


def test_average_precision_is_the_mean_precision_at_each_used_image():
    scores = all_scores([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], fpr=())
    assert scores["average_precision"] == pytest.approx((1 + 2 / 3) / 2)


@pytest.mark.parametrize("fpr", [1 / 60, 0.05, 0.1, 0.29, 0.5, 1.0])
def test_the_tpr_is_the_best_of_all_thresholds_that_keep_to_the_fpr(fpr):
    best = 0.0
    for threshold in [*np.unique(PROBABILITY), 2.0]:
        said = threshold <= PROBABILITY
        if said[LABELS == 0].sum() <= fpr * 60 + 1e-9:
            best = max(best, said[LABELS == 1].mean())
    assert tpr_at_fpr(LABELS, PROBABILITY, fpr=fpr) == best


def test_a_rate_that_is_a_whole_number_of_negatives_allows_so_many():
    """0.29 * 100 is a little less than 29 in floating point."""
    used = np.repeat([0, 1], [100, 1])
    score = np.append(np.arange(100), 71)
    assert tpr_at_fpr(used, score - 0.5 * used, fpr=0.29) == 1
    assert tpr_at_fpr(used, score - 0.5 * used, fpr=0.28) == 0


def test_tpr_understands_other_labels_and_ties_fall_together():
    named = np.where(LABELS, "in", "out")
    expected = tpr_at_fpr(LABELS, PROBABILITY, fpr=0.1)
    assert tpr_at_fpr(named, PROBABILITY, fpr=0.1, pos_label="in") == expected
    assert tpr_at_fpr(LABELS, np.ones(100), fpr=0.5) == 0


@pytest.mark.parametrize(
    ("fpr", "message"),
    [
        (0.016, r"fpr=0.016 is below 1 / 60.*use fpr >= 0.0167"),
        (0.0, "above 0 and at most 1"),
        (1.1, "above 0 and at most 1"),
        (float("nan"), "above 0 and at most 1"),
    ],
)
def test_a_rate_that_so_few_negatives_cannot_show_is_refused(fpr, message):
    with pytest.raises(ValueError, match=message):
        tpr_at_fpr(LABELS, PROBABILITY, fpr=fpr)


@pytest.mark.parametrize("prevalence", [0.01, 0.3, 0.9])
def test_scores_at_a_prevalence_are_those_of_a_set_with_that_prevalence(prevalence):
    n_used = round(prevalence * 1000)
    used, probability = answers(n_used, 1000 - n_used, 0.8, 0.9)
    said = probability >= 0.5
    recall, specificity = recall_score(used, said), specificity_score(used, said)
    expected = precision_score(used, said), f1_score(used, said)
    assert ppv_at_prevalence(recall, specificity, prevalence) == pytest.approx(expected[0])
    assert f1_at_prevalence(recall, specificity, prevalence) == pytest.approx(expected[1])


def test_saying_used_of_every_image_is_right_as_often_as_images_are_used():
    assert ppv_at_prevalence(1.0, 0.0, 0.01) == pytest.approx(0.01)
    assert ppv_at_prevalence(0.0, 1.0, 0.01) == 0
    np.testing.assert_allclose(
        ppv_at_prevalence(np.array([1, 0.5]), np.array([0, 1]), 0.1), [0.1, 1]
    )


@pytest.mark.parametrize("score", [ppv_at_prevalence, f1_at_prevalence])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [((0.5, 0.5, 0), "prevalence=0"), ((1.5, 0.5, 0.5), "recall is 1.5"), ((1, -1, 0.5), "specif")],
)
def test_rates_outside_their_range_are_refused(score, arguments, message):
    with pytest.raises(ValueError, match=message):
        score(*arguments)


def test_the_papers_accuracy_cannot_be_told_from_chance():
    np.testing.assert_allclose(wilson_interval(107, 200), [0.466, 0.603], atol=5e-4)
    assert binomial_p_value(107, 200) == pytest.approx(0.18, abs=0.005)
    # The best team on the same images.
    assert wilson_interval(162, 200)[0] > 0.5
    assert binomial_p_value(162, 200) < 1e-6


def test_wilsons_interval_holds_the_shares_whose_score_test_does_not_reject():
    low, high = wilson_interval(107, 200)
    for share in (low, high):
        z = (107 / 200 - share) / np.sqrt(share * (1 - share) / 200)
        assert abs(z) == pytest.approx(1.959964, abs=1e-5)


def test_the_exact_interval_covers_at_least_as_often_as_promised():
    counts = np.arange(31)
    intervals = np.array([clopper_pearson_interval(int(k), 30, confidence=0.9) for k in counts])
    for share in np.linspace(0.02, 0.98, 25):
        covered = (intervals[:, 0] <= share) & (share <= intervals[:, 1])
        assert binom.pmf(counts[covered], 30, share).sum() >= 0.9


def test_the_p_value_is_the_chance_of_guessing_so_well():
    assert binomial_p_value(8, 10) == pytest.approx(56 / 1024)
    assert binomial_p_value(0, 10) == 1
    assert binomial_p_value(9, 10, chance=0.9) == pytest.approx(binom.sf(8, 10, 0.9))


@pytest.mark.parametrize("function", [wilson_interval, clopper_pearson_interval, binomial_p_value])
@pytest.mark.parametrize(("n_correct", "n"), [(3, 2), (-1, 2), (0, 0), (1.5, 2)])
def test_impossible_counts_are_refused(function, n_correct, n):
    with pytest.raises(ValueError, match="no more right answers than answers"):
        function(n_correct, n)


def test_levels_outside_their_range_are_refused():
    with pytest.raises(ValueError, match=r"confidence=95; expected a number above 0 and below 1"):
        wilson_interval(1, 2, confidence=95)
    with pytest.raises(ValueError, match="chance=1"):
        binomial_p_value(1, 2, chance=1)


PIXELS = GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated())


def test_every_scorer_works_with_the_whole_method(leaky):
    result = cross_validate(
        PIXELS,
        leaky.real,
        leaky.used,
        scoring=make_scorers(fpr=0.25, prevalence=0.1),
        cv=4,
        params={"generated": (leaky.generated,)},
        return_estimator=True,
        return_indices=True,
    )
    names = list(all_scores(leaky.used, leaky.used, fpr=(), prevalence=0.1))
    assert {f"test_{name}" for name in [*names, "tpr_at_fpr"]} <= set(result)
    for k, model in enumerate(result["estimator"]):
        test = result["indices"]["test"][k]
        probability = model.predict_proba(leaky.real[test])[:, 1]
        expected = all_scores(leaky.used[test], probability, fpr=(), prevalence=0.1)
        for name in names:
            assert result[f"test_{name}"][k] == pytest.approx(expected[name])
    assert result["test_roc_auc"].mean() > 0.8


def test_scorers_know_which_label_means_used():
    """With string labels whose order misleads, every scorer gives what 0 and 1 give."""
    rng = np.random.default_rng(0)
    used = np.tile([0, 1], 30)
    X = rng.normal(size=(60, 3)) + 0.7 * used[:, None] * [1, 1, 0]
    named = np.where(used, "in", "out")
    pipe = make_pipeline(StandardScaler(), LogisticRegression())
    plain = cross_validate(pipe, X, used, scoring=make_scorers(prevalence=0.2), cv=3)
    text = cross_validate(
        pipe, X, named, scoring=make_scorers(pos_label="in", prevalence=0.2), cv=3
    )
    for name in make_scorers(prevalence=0.2):
        np.testing.assert_allclose(text[f"test_{name}"], plain[f"test_{name}"], err_msg=name)
    assert not np.allclose(plain["test_specificity"], plain["test_recall"])


def test_one_scorer_decides_a_search():
    rng = np.random.default_rng(0)
    used = np.tile([0, 1], 20)
    X = rng.normal(size=(40, 2)) + used[:, None]
    kappa = make_scorers()["kappa"]
    search = GridSearchCV(LogisticRegression(), {"C": [1e-9, 1]}, scoring=kappa, cv=2).fit(X, used)
    scores = cross_val_score(LogisticRegression(), X, used, scoring=kappa, cv=2)
    assert search.best_params_ == {"C": 1}
    assert scores.mean() == pytest.approx(search.best_score_)
