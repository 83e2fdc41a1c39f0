"""The rules of similarity against the letter of their definition, and what a query stands with."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import roc_auc_score

from ganisi import CDFWassersteinPairer
from ganisi.distances import ReferencePairer
from ganisi.identification import SimilarityRules

RULES = [
    SimilarityRules("threshold"),
    SimilarityRules("threshold", threshold="mean + 3 sd"),
    SimilarityRules("retrieval"),
    SimilarityRules("ranking"),
    SimilarityRules("ensemble"),
    SimilarityRules("ensemble", threshold="mean + 3 sd"),
]
over_all = pytest.mark.parametrize("rules", RULES, ids=repr)


def draw(seed=0, n_real=14, leaked=5, noise=0.2, n_cells=12):
    """Points; the generated ones lie near the first few real ones, or anywhere."""
    rng = np.random.default_rng(seed)
    real, generated = rng.normal(size=(n_real, n_cells)), rng.normal(size=(9, n_cells))
    generated[:leaked] = real[:leaked] + noise * rng.normal(size=(leaked, n_cells))
    return real, generated


def between(queries, *others):
    """Distances of points as one map, ``(n_queries, n_others, 1)``: the mean over coordinates."""
    return np.abs(queries[:, None] - np.concatenate(others)).mean(axis=2, keepdims=True)


def by_the_letter(real, generated, rules):
    """All real images stand together; used or not, by loops over images."""
    n, m = len(real), len(generated)
    real_to_real, generated_to_real = np.zeros((n, n)), np.zeros((m, n))
    for i in range(n):
        for j in range(n):
            real_to_real[i, j] = 1 - np.abs(real[i] - real[j]).mean()
        for g in range(m):
            generated_to_real[g, i] = 1 - np.abs(generated[g] - real[i]).mean()
    for i in range(n):
        real_to_real[i, i] = np.average(real_to_real[i])

    def mean_rank(similarities, r):
        ranks = []
        for row in similarities:
            rank = 1
            for i in range(n):
                rank += (row[i] > row[r]) + (row[i] == row[r] and i != r) / 2
            ranks.append(rank)
        return np.mean(ranks)

    limit = {
        "max": real_to_real.max(),
        "mean + 3 sd": real_to_real.mean() + 3 * real_to_real.std(),
    }[rules.threshold]
    exceeds = [max(generated_to_real[:, r]) > limit for r in range(n)]
    retrieved = [any(np.argmax(row) == r for row in generated_to_real) for r in range(n)]
    ahead = [mean_rank(generated_to_real, r) < mean_rank(real_to_real, r) for r in range(n)]
    if rules.rule == "ensemble":
        return [(ahead[r] or exceeds[r]) and retrieved[r] for r in range(n)]
    return {"threshold": exceeds, "retrieval": retrieved, "ranking": ahead}[rules.rule]


@over_all
def test_all_asked_at_once_are_answered_by_the_letter(rules):
    answers = []
    for seed in range(12):
        real, generated = draw(seed, noise=(0.1, 0.4, 1)[seed % 3])
        distances = between(real, generated, real)
        answers.append(clone(rules).fit(distances).predict(distances))
        np.testing.assert_array_equal(answers[-1], by_the_letter(real, generated, rules))
    assert 20 < np.sum(answers) < 12 * 14 - 20


@over_all
def test_each_new_query_is_answered_by_the_letter_beside_those_of_fit(rules):
    real, generated = draw(3, n_real=30, noise=0.1)
    known, new = real[15:], real[:15]
    fitted = clone(rules).fit(between(known, generated, known))
    answers = fitted.predict(between(new, generated, known))
    assert 0 < sum(answers) < 15
    for answer, query in zip(answers, new, strict=True):
        *_, expected = by_the_letter(np.vstack([known, query]), generated, rules)
        assert answer == expected


def test_the_pairer_makes_what_the_rules_need_of_maps_of_different_spreads():
    real, generated = draw(1, n_cells=2, noise=0.02)
    stretched = [1, 100]
    pairer = ReferencePairer(CDFWassersteinPairer(n_quantiles=1))
    distances = pairer.fit_transform(real * stretched, generated=(generated * stretched,))
    scale = distances.reshape(-1, 2).std(axis=0) / stretched
    for rules in RULES:
        answers = clone(rules).fit(distances).predict(distances)
        expected = by_the_letter(real / scale, generated / scale, rules)
        np.testing.assert_array_equal(answers, expected)


@over_all
def test_labels_are_names_and_have_no_say(rules):
    real, generated = draw(2)
    assert 0 < by_the_letter(real, generated, rules).count(True) < 14
    distances = between(real, generated, real)
    plain = clone(rules).fit(distances)
    assert plain.classes_.tolist() == [0, 1]
    labels = np.tile(["in", "out"], 7)
    named = clone(rules).set_params(pos_label="in").fit(distances, labels)
    other = clone(rules).set_params(pos_label="in").fit(distances, labels[::-1])
    scores = plain.decision_function(distances)
    np.testing.assert_array_equal(named.decision_function(distances), -scores)
    np.testing.assert_array_equal(other.decision_function(distances), -scores)
    used = plain.predict(distances) == 1
    np.testing.assert_array_equal(named.predict(distances) == "in", used)
    np.testing.assert_array_equal(scores > 0, used)
    probability = plain.predict_proba(distances)
    np.testing.assert_allclose(probability.sum(axis=1), 1)
    np.testing.assert_array_equal(probability[:, 1] > 0.5, used)
    np.testing.assert_array_equal(probability, named.predict_proba(distances)[:, ::-1])
    order = np.argsort(scores, kind="stable")
    assert (np.diff(probability[order, 1]) >= 0).all()
    assert roc_auc_score(used, scores) == roc_auc_score(used, probability[:, 1]) == 1


def test_on_the_boundary_a_query_is_not_used_whichever_label_comes_first():
    rows = np.zeros((1, 1))
    for pos_label, not_used in ((1, 0), (0, 1)):
        _, decision = SimilarityRules(pos_label=pos_label).stages()
        assert decision.fit(rows.repeat(2, axis=0), [0, 1]).predict(rows) == [not_used]


@over_all
def test_an_answer_does_not_depend_on_what_else_is_asked_nor_on_any_order(rules):
    real, generated = draw(4, n_real=20)
    known, new = real[10:], real[:10]
    distances = between(new, generated, known)
    fitted = clone(rules).fit(between(known, generated, known))
    scores = fitted.decision_function(distances)
    each = [fitted.decision_function(one[np.newaxis])[0] for one in distances]
    np.testing.assert_array_equal(scores, each)
    mixed, others = known[::-1], generated[::-1]
    again = clone(rules).fit(5 * between(mixed, others, mixed))
    np.testing.assert_allclose(again.decision_function(5 * between(new, others, mixed)), scores)


@over_all
def test_copies_of_a_real_image_are_one(rules):
    real, generated = draw(5)
    twice = np.vstack([real, real[:3], real[:1]])
    distances = between(real, generated, real)
    once = clone(rules).fit(distances).decision_function(distances)
    distances = between(twice, generated, twice)
    again = clone(rules).fit(distances).decision_function(distances)
    np.testing.assert_allclose(again[:14], once)
    np.testing.assert_array_equal(again[14:], again[[0, 1, 2, 0]])


@over_all
def test_while_scores_are_learned_from_a_patient_is_no_reference_of_its_own(rules):
    real, generated = draw(6, n_real=12)
    real[1::3], real[2::3] = real[::3] + 0.1, real[::3] - 0.1
    groups = np.arange(12) // 3
    summary, _ = rules.stages()
    scores = summary.fit_transform(between(real, generated, real), groups=groups)
    for i in range(12):
        others = real[groups != groups[i]]
        beside = clone(rules).fit(between(others, generated, others))
        expected = beside.decision_function(between(real[[i]], generated, others))
        np.testing.assert_allclose(scores[i], expected)
    alone = summary.fit_transform(between(real, generated, real))
    assert not np.allclose(alone, scores)


@over_all
def test_what_a_few_generated_images_remember_is_found(rules):
    aucs = []
    for seed in range(5):
        real, generated = draw(seed, n_real=40, leaked=9, noise=0.1)
        distances = between(real, generated, real)
        scores = clone(rules).fit(distances).decision_function(distances)
        aucs.append(roc_auc_score(np.arange(40) < 9, scores))
    # A mean rank over all generated images sees little of each.
    assert np.mean(aucs) > (0.6 if rules.rule == "ranking" else 0.95)


def test_distances_without_those_among_the_real_images_are_refused():
    real, generated = draw()
    with pytest.raises(ValueError, match="ReferencePairer gives them"):
        SimilarityRules().fit(between(real, generated))
    with pytest.raises(ValueError, match="ReferencePairer gives them"):
        SimilarityRules().fit(between(real, real))
    fitted = SimilarityRules().fit(between(real, generated, real))
    with pytest.raises(ValueError, match="distances to 9 images, but fit was given 23"):
        fitted.predict(between(real, generated))
    summary, _ = SimilarityRules().stages()
    with pytest.raises(ValueError, match="at least 2 groups"):
        summary.fit_transform(between(real, generated, real), groups=np.zeros(14))
    for wrong in ({"rule": "vote"}, {"threshold": "min"}):
        with pytest.raises(ValueError, match=f"The '{next(iter(wrong))}' parameter"):
            SimilarityRules(**wrong).fit(between(real, generated, real))
