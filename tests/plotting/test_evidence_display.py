import numpy as np
import pytest
from displays import MAPS
from PIL import Image

from ganisi import GANISI, Intensity, Views
from ganisi.baselines import NearestGenerated
from ganisi.plotting import EvidenceDisplay


def test_evidence_shows_the_images_and_the_mean_of_each_family(fitted, leaky, plt):
    query = leaky.real[0]
    display = EvidenceDisplay.from_estimator(fitted, query, leaky.generated, n_nearest=2).plot()
    evidence = fitted.evidence([query], n_nearest=2)
    assert display.ax_.shape == (2, 2)
    for i, place in enumerate(evidence.index[0]):
        left, right = display.ax_[0, i].images
        np.testing.assert_array_equal(left.get_array(), query)
        np.testing.assert_array_equal(right.get_array(), leaky.generated[place])
        assert left.get_extent()[1] < right.get_extent()[0]
        assert left.get_clim() == right.get_clim()
        labels = [label.get_text() for label in display.ax_[0, i].get_xticklabels()]
        assert labels == ["query,\nas it is", f"generated {place}"]
        bars = display.ax_[1, i]
        widths = {round(bar.get_y() + 0.3): bar.get_width() for bar in bars.patches}
        np.testing.assert_allclose([widths[k] for k in range(4)], evidence.z[0, i], rtol=1e-6)
        assert bars.get_title() == f"mean z = {evidence.z[0, i].mean():.2f}"
    names = [label.get_text() for label in display.ax_[1, 0].get_yticklabels()]
    assert names == display.families
    assert "standard deviations" in display.ax_[1, 0].get_xlabel()
    probability = fitted.predict_proba([query])[0, 1]
    assert display.probability == probability
    assert f"(probability of use {probability:.2f})" in display.figure_._suptitle.get_text()


def test_the_query_is_shown_in_the_view_that_matches(leaky, plt):
    generated, query = leaky.generated.copy(), leaky.real[39]
    views = Views(mirrors=True, shifts=[(3, -2)])
    generated[7] = list(views.apply(query))[3]
    model = GANISI(
        Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated(pos_label="in"), views=views
    ).fit(leaky.real[:36], np.where(leaky.used[:36], "in", "out"), generated=(generated,))
    display = EvidenceDisplay.from_estimator(model, query, generated, n_nearest=2).plot()
    assert display.index[0] == 7
    left, right = display.ax_[0, 0].images
    np.testing.assert_array_equal(left.get_array(), right.get_array())
    label = display.ax_[0, 0].get_xticklabels()[0].get_text()
    assert label == "query,\nmirrored left-right,\nmoved down 3 and left 2"
    assert model.classes_.tolist() == ["in", "out"]
    assert display.probability == model.predict_proba([query])[0, 0]
    bare = EvidenceDisplay(display.index, display.z, display.maps, view_names=display.view_names)
    title = bare.plot().ax_[0, 0].get_title()
    assert title.startswith(f"nearest: generated 7, query {views.names[3]}\n")


def test_labels_that_nobody_has_ordered_have_no_probability_of_use(leaky):
    model = GANISI(Intensity(grid=4, n_quantiles=1)).fit(
        leaky.real, np.where(leaky.used, "in", "out"), generated=leaky.generated
    )
    display = EvidenceDisplay.from_estimator(model, leaky.real[0], leaky.generated)
    assert display.probability is None


def test_images_of_different_sizes_stand_side_by_side(plt):
    display = EvidenceDisplay(
        [7], [[-3]], MAPS[:1], query_images=[np.eye(3)], generated_images=[np.ones((5, 4))]
    ).plot()
    assert [image.get_extent()[:2] for image in display.ax_[0, 0].images] == [
        [0, 3],
        [pytest.approx(3.15), pytest.approx(7.15)],
    ]
    assert display.ax_[0, 0].get_ylim() == (5, 0)


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
    with pytest.raises(ValueError, match="give both query_images and generated_images, or neither"):
        EvidenceDisplay([7], [[-3]], MAPS[:1], query_images=[np.eye(3)])
    with pytest.raises(ValueError, match="2 generated_images for 1 in index"):
        EvidenceDisplay(
            [7], [[-3]], MAPS[:1], query_images=[np.eye(3)], generated_images=[np.eye(3)] * 2
        )
    with pytest.raises(ValueError, match="2 view_names for 1 in index"):
        EvidenceDisplay([7], [[-3]], MAPS[:1], view_names=["as it is"] * 2)
    with pytest.raises(ValueError, match="generated has 3 images and fit had 50; give the same"):
        EvidenceDisplay.from_estimator(fitted, leaky.real[0], leaky.generated[:3])


def test_pictures_call_generated_images_by_their_files(leaky, plt, tmp_path):
    paths = []
    for i, image in enumerate(leaky.generated):
        paths.append(tmp_path / f"generated_{i:04d}.png")
        Image.fromarray(image).save(paths[-1])
    model = GANISI(Intensity(grid=4, n_quantiles=1)).fit(leaky.real, leaky.used, generated=paths)
    display = EvidenceDisplay.from_estimator(model, leaky.real[0], paths).plot()
    expected = [f"generated_{i:04d}.png" for i in display.index]
    labels = [ax.get_xticklabels()[1].get_text() for ax in display.ax_[0]]
    assert labels == display.generated_names == expected
    bare = EvidenceDisplay([7], [[-3]], MAPS[2:], generated_names=["x" * 30 + "7.png"]).plot()
    assert bare.ax_[0, 0].get_title().startswith(f"nearest: {'x' * 30}7.png")
    with pytest.raises(ValueError, match="2 generated_names for 1 in index"):
        EvidenceDisplay([7], [[-3]], MAPS[2:], generated_names=["a", "b"])


def test_a_long_name_keeps_its_end_below_an_image(leaky, plt):
    images = {"query_images": [np.eye(8)], "generated_images": [np.eye(8)]}
    name = f"{'x' * 40}_0007.png"
    display = EvidenceDisplay([7], [[-3]], MAPS[2:], generated_names=[name], **images).plot()
    label = display.ax_[0, 0].get_xticklabels()[1].get_text()
    assert label == f"...{name[-19:]}"


@pytest.mark.parametrize("z", [[[-9, -7, -3]], [[-9, 2, 4]], [[3, 2, 4]], [[-0.1, 0, 0]]])
def test_no_half_of_the_bars_is_kept_empty(z, plt):
    display = EvidenceDisplay([7], z, MAPS).plot()
    low, high = display.ax_[0, 0].get_xlim()
    least, most = min(np.min(z), -1), max(np.max(z), 0)
    assert low < least <= 0 <= most < high
    assert high - low < 1.1 * (most - least)
