import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import auc, roc_auc_score
from sklearn.pipeline import make_union

import ganisi
from ganisi import (
    GANISI,
    GaborBank,
    Intensity,
    LocalStats,
    SourceIdentifier,
    SteerableGaussian,
    classical_descriptors,
)
from ganisi.audit import AuditReport, ControlResult, CrossFit, textures_alone
from ganisi.audit.report._sections import Attack, BlindCheck, BlindChecks, Copies, Images
from ganisi.baselines import NearestGenerated
from ganisi.descriptors import MapInfo
from ganisi.plotting import (
    CDFDisplay,
    DoseResponseDisplay,
    EvidenceDisplay,
    FeatureMapsDisplay,
    ProbabilityDisplay,
    RocDisplay,
)
from ganisi.plotting import __all__ as public_names
from ganisi.plotting._maps import maps_of_image

ROOT = Path(ganisi.__file__).parents[1]

RNG = np.random.default_rng(0)
USED = np.repeat([True, False], 20)
PROBABILITY = np.clip(0.5 + 0.2 * USED + 0.2 * RNG.standard_normal(40), 0, 1)
MAPS = [
    MapInfo("gabor orientation=0", "gabor"),
    MapInfo("gabor orientation=45", "gabor"),
    MapInfo("intensity", "intensity"),
]

DISPLAYS = {
    "feature maps": lambda: FeatureMapsDisplay([np.eye(4)], ["intensity"]),
    "CDFs": lambda: CDFDisplay([0, 1, 2], [[1, 2, 3]], "intensity"),
    "ROC": lambda: RocDisplay([[0, 0, 1]], [[0, 0.5, 1]], ["attack"]),
    "probabilities": lambda: ProbabilityDisplay([0.8, 0.3]),
    "evidence": lambda: EvidenceDisplay([7], [[-3, -1]], MAPS[1:]),
    "dose response": lambda: DoseResponseDisplay(["nothing", "exact"], [0.5, 1.0]),
}


@pytest.fixture
def plt(matplotlib):
    yield matplotlib.pyplot
    matplotlib.pyplot.close("all")


@pytest.fixture(scope="module")
def fitted(leaky):
    model = GANISI(
        make_union(LocalStats(n_quantiles=4), Intensity(n_quantiles=4)),
        identifier=SourceIdentifier(n_nearest=10),
    )
    return model.fit(leaky.real, leaky.used, generated=leaky.generated, groups=leaky.groups)


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


def report(**parts):
    """Make a report of which only some parts are looked at."""
    names = AuditReport.__dataclass_fields__
    return AuditReport(**{name: parts.get(name, {}) for name in names})


def legend_of(legend):
    return [text.get_text() for text in legend.get_texts()]


def line_labelled(ax, label):
    (line,) = [line for line in ax.lines if line.get_label() == label]
    return line


# What holds for all


@pytest.mark.parametrize("make", DISPLAYS.values(), ids=DISPLAYS)
def test_plot_returns_the_display_and_leaves_axes_and_figure(make, plt):
    display = make()
    assert display.plot() is display
    axes = np.ravel(display.ax_)
    assert all(ax.figure is display.figure_ for ax in axes)
    assert all(ax.get_title() or ax.get_xlabel() for ax in axes)
    display.figure_.canvas.draw()


@pytest.mark.parametrize("make", DISPLAYS.values(), ids=DISPLAYS)
def test_axes_given_are_drawn_on_and_no_figure_is_made(make, plt):
    display = make()
    number = 2 if isinstance(display, RocDisplay) else 1
    figure, axes = plt.subplots(1, number)
    display.plot(ax=axes)
    assert display.figure_ is figure
    assert np.ravel(display.ax_).tolist() == np.ravel(axes).tolist()
    assert plt.get_fignums() == [figure.number]


@pytest.mark.parametrize("make", DISPLAYS.values(), ids=DISPLAYS)
def test_another_number_of_axes_than_needed_is_refused(make, plt):
    with pytest.raises(ValueError, match=r"ax holds 3 axes and [12] are needed; make them by plt"):
        make().plot(ax=plt.subplots(1, 3)[1])


@pytest.mark.parametrize("make", DISPLAYS.values(), ids=DISPLAYS)
def test_without_matplotlib_one_sentence_says_what_to_install(make, monkeypatch):
    display = make()
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r'pip install "ganisi\[plot\]"'):
        display.plot()


def test_importing_the_displays_and_making_one_loads_no_matplotlib():
    code = (
        "import sys; from ganisi.plotting import CDFDisplay; CDFDisplay([0], [[1]], 'a map'); "
        "print('matplotlib' in sys.modules)"
    )
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "False"


def test_the_reference_lists_every_display():
    listed = (ROOT / "docs" / "api.rst").read_text(encoding="utf-8").split()
    assert set(public_names) <= set(listed)


# Feature maps


def test_every_map_of_the_paper_s_filters_has_a_unit(leaky):
    infos = maps_of_image(classical_descriptors(), leaky.real[0])[1]
    units = {info.name: info.unit for info in infos}
    assert "units of the map" not in units.values()
    assert units["hessian sigma=1.5 curvature"] == "grey levels² / pixel⁴"


def test_feature_maps_of_a_union_have_names_units_and_values(leaky, plt):
    union = make_union(LocalStats(), SteerableGaussian())
    display = FeatureMapsDisplay.from_estimator(union, leaky.real[0]).plot(n_columns=5)
    assert display.ax_.shape == (11,)
    for ax, values in zip(display.ax_, display.maps, strict=True):
        np.testing.assert_array_equal(ax.images[0].get_array(), values)
    titles = [ax.get_title() for ax in display.ax_]
    assert titles[0] == "local range"
    assert titles[3] == "gaussian order=1\norientation=0"
    assert display.units[2:4] == ["bits", "grey levels / pixel"]
    bars = [ax.get_ylabel() for ax in display.figure_.axes if ax not in set(display.ax_)]
    assert bars[-11:] == display.units
    assert display.ax_[5].get_ylabel() == "row (pixels)"
    assert [bool(ax.get_xlabel()) for ax in display.ax_] == [False] * 6 + [True] * 5
    np.testing.assert_array_equal(display.maps[3:], SteerableGaussian().feature_maps(leaky.real[0]))


def test_signed_maps_are_white_at_zero_and_others_are_not_signed(leaky, plt):
    display = FeatureMapsDisplay([np.array([[-1.0, 3.0]]), np.eye(2)], ["a", "b"]).plot()
    assert display.ax_[0].images[0].get_clim() == (-3, 3)
    assert display.ax_[1].images[0].get_clim() == (0, 1)


def test_feature_maps_of_a_model_are_those_of_its_descriptor(fitted, leaky):
    names = ["local std", "intensity"]
    display = FeatureMapsDisplay.from_estimator(fitted, leaky.real[0], maps=names)
    np.testing.assert_array_equal(display.maps[1], leaky.real[0])
    unfitted = FeatureMapsDisplay.from_estimator(GANISI(GaborBank()), leaky.real[0])
    assert len(unfitted.map_names) == 12


def test_feature_maps_that_cannot_be_drawn_are_refused(leaky, plt):
    with pytest.raises(ValueError, match="no map 'tartan'; expected some of"):
        FeatureMapsDisplay.from_estimator(LocalStats(), leaky.real[0], maps=["tartan"])
    with pytest.raises(TypeError, match="NearestGenerated, which has no feature maps; give a"):
        FeatureMapsDisplay.from_estimator(NearestGenerated(), leaky.real[0])
    with pytest.raises(ValueError, match=r"arrays \(height, width\), such as"):
        FeatureMapsDisplay(np.eye(3), ["a"] * 3)
    with pytest.raises(ValueError, match="1 maps, 2 names and 2 units; give"):
        FeatureMapsDisplay([np.eye(3)], ["a", "b"])
    with pytest.raises(ValueError, match="n_columns=0; expected at least 1"):
        FeatureMapsDisplay([np.eye(3)], ["a"]).plot(n_columns=0)


# CDFs


def test_the_shaded_area_is_the_distance_in_the_title(plt):
    query, generated = np.sort(RNG.normal(size=16)), np.sort(RNG.normal(1, 2, size=(3, 16)))
    display = CDFDisplay(query, generated, "local std", unit="grey levels").plot()
    vertices = display.ax_.collections[0].get_paths()[0].vertices
    # One side of the polygon is the query, the other the nearest generated image.
    distance = np.abs(query - generated[display.nearest]).mean()
    assert display.distances.min() == pytest.approx(distance)
    assert {*query, *generated[display.nearest]} <= set(vertices[:, 0])
    title = display.ax_.get_title()
    assert title == (
        f"local std\nWasserstein distance to the nearest of 3: {distance:.3g} grey levels"
    )
    x, y = line_labelled(display.ax_, "query").get_data()
    np.testing.assert_array_equal(x[::2], query)
    np.testing.assert_allclose(y[1::2], np.arange(1, 17) / 16)
    assert len(display.ax_.lines) == 4
    assert legend_of(display.ax_.get_legend()) == [
        "area = distance",
        "other generated images (2)",
        "nearest generated image",
        "query",
    ]
    assert display.ax_.get_xlabel() == "local std (grey levels)"


def test_a_shift_of_every_pixel_is_a_rectangle(plt):
    display = CDFDisplay([0, 0], [[3, 3]], "my map", unit="mm").plot()
    assert display.ax_.get_title() == "my map\nWasserstein distance: 3 mm"
    vertices = display.ax_.collections[0].get_paths()[0].vertices
    assert {tuple(point) for point in vertices} == {(x, y) for x in (0, 3) for y in (0, 0.5, 1)}


def test_cdfs_of_images_are_their_quantile_functions(leaky):
    display = CDFDisplay.from_estimator(
        Intensity(), leaky.real[0], leaky.generated[:3], n_quantiles=32 * 32
    )
    np.testing.assert_array_equal(display.query, np.sort(leaky.real[0].ravel()))
    assert display.generated.shape == (3, 1024)
    named = CDFDisplay.from_estimator(
        LocalStats(), leaky.real[0], leaky.generated[:1], map_name="local entropy"
    )
    assert named.unit == "bits"
    with pytest.raises(ValueError, match="no map 'tartan'"):
        CDFDisplay.from_estimator(Intensity(), leaky.real[0], leaky.generated, map_name="tartan")


@pytest.mark.parametrize(
    ("query", "generated", "message"),
    [
        ([0, 1], [[0, 1, 2]], r"give \(n_quantiles,\) and \(n_generated, n_quantiles\)"),
        ([1, 0], [[0, 1]], "falls; sort the values"),
        ([0, 1], np.empty((0, 2)), "give at least one"),
    ],
)
def test_cdfs_that_are_none_are_refused(query, generated, message):
    with pytest.raises(ValueError, match=message):
        CDFDisplay(query, generated, "intensity")


# ROC


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
    expected = [one.roc_auc(one.out_of_fold()) for one in (fit, fit, blind)]
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
    display = RocDisplay.from_report(
        report(
            images=Images(USED, None, None, Copies((), (), ())),
            attack=Attack("", "", {"roc_auc": 0.61}, (0, 1), 0.5, None, None, PROBABILITY),
            blind_checks=BlindChecks(
                {"textures alone": BlindCheck(0.52, (0, 1), 1 - PROBABILITY)}, None
            ),
        ),
        n_resamples=0,
    ).plot()
    assert display.ax_[0].get_title() == "ROC, linear axes (folds pooled)"
    assert legend_of(display.figure_.legends[0]) == [
        "main attack: mean AUC in folds 0.61",
        "textures alone (blind check): mean AUC in folds 0.52",
        "chance: AUC 0.50",
    ]
    areas = [auc(*curve) for curve in zip(display.fpr, display.tpr, strict=True)]
    expected = roc_auc_score(USED, PROBABILITY)
    assert areas == pytest.approx([expected, 1 - expected])


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


# Probabilities


def test_probabilities_stand_in_order_over_the_spread_of_their_pairs(plt):
    pairs = RNG.uniform(size=(40, 30))
    pairs[:, 20:] = np.nan
    display = ProbabilityDisplay(PROBABILITY, pairs, USED).plot()
    used = line_labelled(display.ax_, "used query, fused (20)")
    others = line_labelled(display.ax_, "not-used query, fused (20)")
    for line, which in [(used, USED), (others, ~USED)]:
        x, y = line.get_data()
        np.testing.assert_array_equal(np.sort(y), np.sort(PROBABILITY[which]))
        np.testing.assert_array_equal(PROBABILITY[display.order][x - 1], y)
    assert used.get_marker() != others.get_marker()
    thin, thick = display.ax_.collections
    first = pairs[display.order[0], :20]
    for lines, shares in [(thin, (0.1, 0.9)), (thick, (0.25, 0.75))]:
        ends = lines.get_segments()[0][:, 1]
        np.testing.assert_allclose(ends, np.quantile(first, shares))
    assert legend_of(display.ax_.get_legend())[0] == "pairs: middle 80 %"
    assert display.ax_.get_ylabel() == "probability of having been used"


def test_probabilities_of_a_model_are_those_it_predicts(fitted, leaky, plt):
    queries = leaky.real[:4]
    display = ProbabilityDisplay.from_estimator(fitted, queries)
    np.testing.assert_array_equal(display.probability, fitted.predict_proba(queries)[:, 1])
    pairs = fitted.predict_pair_proba(queries)[:, :, 1]
    np.testing.assert_array_equal(display.pair_probability, pairs)
    assert legend_of(display.plot().ax_.get_legend())[-1] == "query, fused (4)"


def test_a_model_without_pairs_shows_fused_probabilities_alone(plt):
    distances = RNG.gamma(3, size=(12, 9, 2))
    model = NearestGenerated().fit(distances, np.arange(12) % 2)
    display = ProbabilityDisplay.from_estimator(model, distances).plot()
    assert display.pair_probability is None
    assert len(display.ax_.collections) == 0
    assert display.ax_.get_title() == "Probability of each query"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[0.1, 0.9]],), "give one number a query"),
        (([],), "give one number a query"),
        (([1.5],), "must be between 0 and 1"),
        (([np.nan],), "holds NaN; leave these queries out"),
        (([0.5], [0.5]), r"give \(n_queries, n_generated\)"),
        (([0.5], [[np.nan]]), "no pair that is not NaN"),
        (([0.5, 0.5], [[0.5]]), "pair_probability has 1 rows for 2 queries"),
        (([0.5, 0.5], None, [True]), "used has 1 rows for 2 queries; give one each"),
    ],
)
def test_probabilities_that_are_none_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        ProbabilityDisplay(*arguments)


# Evidence


def test_evidence_shows_the_images_and_the_mean_of_each_family(fitted, leaky, plt):
    query = leaky.real[0]
    display = EvidenceDisplay.from_estimator(fitted, query, leaky.generated, n_nearest=2).plot()
    evidence = fitted.evidence([query], n_nearest=2)
    assert display.ax_.shape == (2, 3)
    np.testing.assert_array_equal(display.ax_[0, 0].images[0].get_array(), query)
    for i, place in enumerate(evidence.index[0]):
        shown = display.ax_[0, i + 1].images[0]
        np.testing.assert_array_equal(shown.get_array(), leaky.generated[place])
        assert f"generated {place}" in display.ax_[0, i + 1].get_title()
        bars = display.ax_[1, i + 1]
        widths = {round(bar.get_y() + 0.3): bar.get_width() for bar in bars.patches}
        np.testing.assert_allclose([widths[k] for k in range(4)], evidence.z[0, i], rtol=1e-6)
        assert bars.get_title() == f"mean z = {evidence.z[0, i].mean():.2f}"
    names = [label.get_text() for label in display.ax_[1, 1].get_yticklabels()]
    assert names == display.families
    assert "standard deviations" in display.ax_[1, 1].get_xlabel()


def test_a_family_of_several_maps_has_a_bar_and_a_dot_for_each(plt):
    display = EvidenceDisplay([7, 3], [[-3, -1, -2], [-1, 0, 1]], MAPS).plot()
    assert display.ax_.shape == (1, 2)
    first, second = display.ax_[0]
    assert sorted(bar.get_width() for bar in first.patches) == [-2, -2]
    np.testing.assert_array_equal(first.lines[0].get_xdata(), [-3, -1])
    # Far is hatched, close is not.
    assert {bar.get_width() > 0: bool(bar.get_hatch()) for bar in second.patches} == {
        False: False,
        True: True,
    }
    assert first.get_title() == "nearest: generated 7\nmean z = -2.00"


def test_evidence_that_does_not_fit_together_is_refused(fitted, leaky):
    with pytest.raises(ValueError, match="of one query"):
        EvidenceDisplay([7], [[-3, -1]], MAPS[:1])
    with pytest.raises(ValueError, match="give both query_image and generated_images, or neither"):
        EvidenceDisplay([7], [[-3]], MAPS[:1], query_image=np.eye(3))
    with pytest.raises(ValueError, match="2 generated_images for 1 in index"):
        EvidenceDisplay(
            [7], [[-3]], MAPS[:1], query_image=np.eye(3), generated_images=[np.eye(3)] * 2
        )
    with pytest.raises(ValueError, match="generated has 3 images and fit had 50; give the same"):
        EvidenceDisplay.from_estimator(fitted, leaky.real[0], leaky.generated[:3])


# Positive control


RESULTS = [
    ControlResult("nothing", 0, 0.52, 0.4),
    ControlResult("shift 2", 10, 0.6, 0.2),
    ControlResult("noise 0.5", 10, 0.7, 0.05),
    ControlResult("exact", 10, 1.0, 0.025),
    ControlResult("noise 0.25", 10, 0.9, 0.025),
]


def test_the_positive_control_shows_what_was_found_at_which_dose(plt):
    display = DoseResponseDisplay.from_results(RESULTS, null_interval=(0.3, 0.7)).plot()
    ax = display.ax_
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert ticks == [
        "nothing\n(null control)",
        "shift\n2 px",
        "noise\n0.25 SD",
        "noise\n0.5 SD",
        "exact\ncopies",
    ]
    null = line_labelled(ax, "null control")
    assert null.get_xydata().tolist() == [[0, 0.52]]
    found = line_labelled(ax, "found (p <= 0.05)")
    assert found.get_xydata().tolist() == [[2, 0.9], [3, 0.7], [4, 1.0]]
    missed = line_labelled(ax, "not found (p > 0.05)")
    assert missed.get_xydata().tolist() == [[1, 0.6]]
    assert missed.get_markerfacecolor() != found.get_markerfacecolor()
    assert [text.get_text() for text in ax.texts] == ["0.52", "0.60", "0.90", "0.70", "1.00"]
    assert legend_of(ax.get_legend())[:3] == ["chance", "null interval", "null control"]
    assert "ROC AUC" in ax.get_ylabel()
    joined = [line for line in ax.lines if line.get_linestyle() == ":"]
    assert [line.get_ydata().tolist() for line in joined] == [[0.9, 0.7]]


def test_the_positive_control_of_a_report_is_its_results():
    display = DoseResponseDisplay.from_report(
        report(
            controls={"results": [vars(result) for result in RESULTS], "reason": None},
            settings={"alpha": 0.03},
        )
    )
    assert display.names == [result.name for result in RESULTS]
    assert display.alpha == 0.03
    assert display.null_interval is None
    with pytest.raises(ValueError, match="no positive control to draw: too few patients"):
        DoseResponseDisplay.from_report(
            report(controls={"results": None, "reason": "too few patients"})
        )


def test_a_positive_control_without_p_values_is_drawn_without_judgement(plt):
    ax = DISPLAYS["dose response"]().plot().ax_
    assert legend_of(ax.get_legend()) == ["chance", "null control", "planted copies"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"roc_auc": [0.5]}, "roc_auc has shape"),
        ({"roc_auc": [0.5, 1.5]}, "roc_auc must be between 0 and 1"),
        ({"roc_auc": [0.5, 1], "p_values": [0.1]}, "p_values has shape"),
        ({"roc_auc": [0.5, 1], "null_interval": (0.7, 0.3)}, r"expected \(low, high\)"),
    ],
)
def test_controls_that_are_none_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        DoseResponseDisplay(["nothing", "exact"], **arguments)
