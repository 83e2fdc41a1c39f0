import numpy as np
import pytest
from displays import MAPS

from ganisi.plotting import EvidenceDisplay


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
