import numpy as np
import pytest
from displays import DISPLAYS, PROBABILITY, USED, legend_of, line_labelled, report
from sklearn import config_context
from sklearn.metrics import auc, roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold, cross_validate

from ganisi import GANISI, Intensity, SourceIdentifier
from ganisi.audit import CrossFit, textures_alone
from ganisi.audit.report._sections import (
    Attack,
    BlindCheck,
    BlindChecks,
    Copies,
    Images,
    SeenBy,
)
from ganisi.baselines import NearestGenerated
from ganisi.plotting import RocDisplay


@pytest.fixture(scope="module")
def cross_fit(leaky):
    pixels = GANISI(Intensity(grid=8, n_quantiles=1), identifier=NearestGenerated())
    descriptor, pairer, identifier = pixels.stages()
    X = descriptor.fit_transform(leaky.real)
    generated = descriptor.transform(leaky.generated)
    fit = CrossFit(
        pairer, identifier, X, leaky.used, generated=(generated,), groups=leaky.groups, cv=4
    )
    return fit, textures_alone(fit, X)


def test_the_curve_over_folds_has_the_mean_auc_of_the_folds(cross_fit):
    fit, blind = cross_fit
    display = RocDisplay.from_cross_fit(
        fit,
        name="nearest",
        baselines={"twin": fit},
        blind_checks={"textures": blind},
        n_resamples=20,
        random_state=0,
    )
    expected = [one.roc_auc(one.raw_scores()) for one in (fit, fit, blind)]
    np.testing.assert_allclose(display.roc_auc, expected)
    assert display.kinds == ["attack", "baseline", "blind check"]
    for fpr, tpr in zip(display.fpr, display.tpr, strict=True):
        assert (fpr[0], tpr[0], fpr[-1], tpr[-1]) == (0, 0, 1, 1)
        assert (np.diff(fpr) >= 0).all()
        assert (np.diff(tpr) >= -1e-12).all()


def test_ties_inside_folds_keep_the_area():
    probability = np.round(PROBABILITY, 1)
    folds = [(None, np.arange(start, 40, 3)) for start in range(3)]
    display = RocDisplay.from_predictions(USED, probability, folds=folds, n_resamples=0)
    expected = np.mean([roc_auc_score(USED[test], probability[test]) for _, test in folds])
    np.testing.assert_allclose(display.roc_auc, [expected])
    assert display.band is None


def test_roc_is_drawn_on_linear_and_log_axes_with_all_curves_and_the_band(plt):
    display = RocDisplay.from_predictions(
        USED,
        PROBABILITY,
        name="ours",
        baselines={"other": 1 - PROBABILITY},
        blind_checks={"blind": np.roll(PROBABILITY, 3)},
        groups=np.arange(40) // 2,
        n_resamples=50,
        random_state=0,
    ).plot()
    linear, log = display.ax_
    assert (linear.get_xscale(), log.get_xscale(), log.get_yscale()) == ("linear", "log", "log")
    for ax in display.ax_:
        assert len(ax.lines) == 4
        assert len(ax.collections) == 1
        line = line_labelled(ax, f"ours: AUC {display.roc_auc[0]:.2f}")
        np.testing.assert_array_equal(line.get_xdata(), display.fpr[0])
        np.testing.assert_array_equal(line.get_ydata(), display.tpr[0])
        assert "false positive rate" in ax.get_xlabel()
    entries = legend_of(display.figure_.legends[0])
    assert [entry.partition(":")[0] for entry in entries] == [
        "ours",
        "band of ours, pointwise",
        "other",
        "blind (blind check)",
        "chance",
    ]
    assert len({line.get_linestyle() for line in linear.lines[1:]}) >= 2
    assert len({line.get_color() for line in linear.lines}) == 4
    fpr, low, high = display.band
    assert (low <= high).all()
    middle = np.interp(0.5, fpr, low), np.interp(0.5, fpr, high)
    assert middle[0] <= np.interp(0.5, display.fpr[0], display.tpr[0]) <= middle[1]


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_one_scale_needs_one_axes(scale, plt):
    _, ax = plt.subplots()
    display = DISPLAYS["ROC"]().plot(ax=ax, scale=scale)
    assert display.ax_.tolist() == [ax]
    assert ax.get_xscale() == scale
    assert legend_of(ax.get_legend())[0] == "attack: AUC 0.75"


def test_a_report_says_that_its_curves_are_pooled_and_its_auc_is_not(plt):
    half = np.full(40, 0.5)
    check = BlindCheck(0.52, (0, 1), half, 1 - PROBABILITY)
    checks = BlindChecks({"textures alone": check}, None)
    scores = {"roc_auc": 0.61}
    display = RocDisplay.from_report(
        report(
            images=Images(USED, None, None, None, *2 * [Copies((), (), ())], ()),
            attack=Attack("", "", "", scores, (0, 1), {}, None, 0.5, None, None, half, PROBABILITY),
            eye=SeenBy("", "", checks),
            other_eyes={"pixels": SeenBy("", "", checks)},
        ),
        n_resamples=0,
    ).plot()
    assert display.ax_[0].get_title() == "ROC, linear axes (folds pooled)"
    assert legend_of(display.figure_.legends[0]) == [
        "main attack: mean AUC in folds 0.61",
        "textures alone (blind check): mean AUC in folds 0.52",
        "textures alone (pixels) (blind check): mean AUC in folds 0.52",
        "chance: AUC 0.50",
    ]
    areas = [auc(*curve) for curve in zip(display.fpr, display.tpr, strict=True)]
    expected = roc_auc_score(USED, PROBABILITY)
    assert areas == pytest.approx([expected, 1 - expected, 1 - expected])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], [], []), "at least one curve"),
        (([[0, 1]], [[0, 1]], ["a", "b"]), "give one of each for every curve"),
        (([[0, 1]], [[0, 0.5, 1]], ["a"]), "give two arrays of one length"),
        (([[0, 1]], [[0, 2]], ["a"]), "must rise from 0 to 1"),
    ],
)
def test_rates_that_are_none_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        RocDisplay(*arguments)


def test_roc_arguments_that_do_not_fit_are_refused(plt):
    curve = ([[0, 1]], [[0, 1]], ["a"])
    with pytest.raises(ValueError, match="kinds has 'friend'; expected 'attack'"):
        RocDisplay(*curve, kinds=["friend"])
    with pytest.raises(ValueError, match="2 roc_auc for 1 curves"):
        RocDisplay(*curve, roc_auc=[0.5, 0.6])
    with pytest.raises(ValueError, match=r"band must be \(fpr, low, high\)"):
        RocDisplay(*curve, band=([0, 1], [0, 1], [1]))
    with pytest.raises(ValueError, match="scale='square'; expected 'both'"):
        RocDisplay(*curve).plot(scale="square")
    with pytest.raises(ValueError, match="both needed, in every fold; give fewer folds"):
        RocDisplay.from_predictions([1, 1, 1], [0.1, 0.2, 0.3])
    with pytest.raises(ValueError, match="confidence=95; expected a share"):
        RocDisplay.from_predictions(USED, PROBABILITY, confidence=95)


@pytest.fixture(scope="module")
def cross_validated(leaky):
    """What scikit-learn makes of a model, by patient."""
    with config_context(enable_metadata_routing=True):
        return cross_validate(
            GANISI(Intensity(grid=8, n_quantiles=1), identifier=NearestGenerated()),
            leaky.real,
            leaky.used,
            params={"generated": (leaky.generated,), "groups": leaky.groups},
            cv=StratifiedGroupKFold(4),
            scoring="roc_auc",
            return_estimator=True,
            return_indices=True,
        )


def test_the_curve_of_cross_validate_has_its_mean_score(cross_validated, leaky):
    given = leaky.real, leaky.used
    display = RocDisplay.from_cv_results(
        cross_validated, *given, groups=leaky.groups, name="nearest", n_resamples=20, random_state=0
    )
    np.testing.assert_allclose(display.roc_auc, [cross_validated["test_score"].mean()])
    assert (display.names, display.kind_of_curve) == (["nearest"], "mean of 4 folds")
    assert display.band is not None
    listed = RocDisplay.from_cv_results(
        cross_validated, list(leaky.real), leaky.used, n_resamples=0
    )
    np.testing.assert_array_equal(listed.tpr[0], display.tpr[0])


def test_folds_that_share_images_count_each_by_the_model_that_left_it_out(cross_validated, leaky):
    twice = {
        "estimator": cross_validated["estimator"] * 2,
        "indices": {"test": [*cross_validated["indices"]["test"]] * 2},
    }
    once, both = (
        RocDisplay.from_cv_results(one, leaky.real, leaky.used, n_resamples=0)
        for one in (cross_validated, twice)
    )
    np.testing.assert_allclose(both.roc_auc, once.roc_auc)


def test_results_without_estimators_are_refused(leaky):
    with pytest.raises(ValueError, match="return_estimator=True, return_indices=True"):
        RocDisplay.from_cv_results({"test_score": [1.0]}, leaky.real, leaky.used)


@pytest.mark.parametrize("identifier", [NearestGenerated, SourceIdentifier])
def test_a_fitted_model_is_drawn_as_scikit_learn_scores_it(leaky, identifier):
    model = GANISI(Intensity(grid=8, n_quantiles=1), identifier=identifier())
    model.fit(leaky.real[:30], leaky.used[:30], generated=leaky.generated)
    rest = leaky.real[30:], leaky.used[30:]
    display = RocDisplay.from_estimator(model, *rest, n_resamples=0)
    expected = roc_auc_score(rest[1], model.predict_proba(rest[0])[:, 1])
    np.testing.assert_allclose(display.roc_auc, [expected])
    with pytest.raises(ValueError, match="y has the label 2"):
        RocDisplay.from_estimator(model, rest[0], rest[1] + 1)


def test_the_curve_is_that_of_the_label_that_means_used(leaky):
    words = np.where(leaky.used, "in", "out")
    model = GANISI(
        Intensity(grid=8, n_quantiles=1), identifier=NearestGenerated(pos_label="in")
    ).fit(leaky.real[:30], words[:30], generated=leaky.generated)
    named = RocDisplay.from_estimator(
        model, leaky.real[30:], words[30:], pos_label="in", n_resamples=0
    )
    probability = model.predict_proba(leaky.real[30:])[:, 0]
    np.testing.assert_allclose(named.roc_auc, [roc_auc_score(leaky.used[30:], probability)])


class Says:
    classes_ = (0, 1)

    def __init__(self, sign):
        self.sign = sign

    def decision_function(self, X):
        return self.sign * np.asarray(X, dtype=float)


def test_each_fold_is_scored_by_its_own_model():
    y = np.tile([0, 1], 4)
    folds = {"estimator": [Says(1), Says(-1)], "indices": {"test": np.arange(8).reshape(2, 4)}}
    display = RocDisplay.from_cv_results(folds, y, y, n_resamples=0)
    assert display.roc_auc == [0.5]
