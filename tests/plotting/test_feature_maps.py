import numpy as np
import pytest
from sklearn.pipeline import make_union

from ganisi import GANISI, GaborBank, LocalStats, SteerableGaussian, classical_descriptors
from ganisi.baselines import NearestGenerated
from ganisi.plotting import FeatureMapsDisplay
from ganisi.plotting._maps import maps_of_image


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
