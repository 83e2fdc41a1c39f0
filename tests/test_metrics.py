import numpy as np
import pytest
from sklearn.metrics import recall_score

from ganisi.metrics import TABLE_ONE, naive_answers, specificity_score, table_one


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
    assert all(scores["roc_auc"] == 0.5 for scores in naive.values())


def test_a_tossed_coin_scores_its_expectation_at_any_prevalence():
    used = np.repeat([1, 0], [30_000, 70_000])
    tossed = table_one(used, np.random.default_rng(0).integers(0, 2, 100_000))
    expected = naive_answers(used)["coin toss"]
    np.testing.assert_allclose(
        [tossed[name] for name in TABLE_ONE], [expected[name] for name in TABLE_ONE], atol=0.01
    )


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
