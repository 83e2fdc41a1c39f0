import numpy as np
import pytest
from displays import legend_of, line_labelled

from ganisi import Intensity, LocalStats
from ganisi.descriptors import step_edges
from ganisi.plotting import CDFDisplay

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("steps", ["tails", "equal"])
def test_the_shaded_area_is_the_distance_in_the_title(plt, steps):
    query, generated = np.sort(RNG.normal(size=16)), np.sort(RNG.normal(1, 2, size=(3, 16)))
    display = CDFDisplay(query, generated, "local std", unit="grey levels", steps=steps).plot()
    edges = step_edges(16, steps)
    vertices = display.ax_.collections[0].get_paths()[0].vertices
    # One side of the polygon is the query, the other the nearest generated image.
    distance = (np.diff(edges) * np.abs(query - generated[display.nearest])).sum()
    assert display.distances.min() == pytest.approx(distance)
    assert {*query, *generated[display.nearest]} <= set(vertices[:, 0])
    title = display.ax_.get_title()
    assert title == (
        f"local std\nWasserstein distance to the nearest of 3: {distance:.3g} grey levels"
    )
    x, y = line_labelled(display.ax_, "query").get_data()
    np.testing.assert_array_equal(x[::2], query)
    np.testing.assert_allclose(y[1::2], edges[1:])
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
        Intensity(), leaky.real[0], leaky.generated[:3], n_quantiles=32 * 32, steps="equal"
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
