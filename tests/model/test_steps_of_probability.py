"""Descriptor and pairer have the same steps of probability, whoever wrote the descriptor."""

import numpy as np
import pytest
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    ImagePairer,
    Intensity,
    LocalStats,
    classical_descriptors,
    recommended,
)
from ganisi.descriptors import MapInfo, TextureDescriptor, step_edges
from ganisi.distances import wasserstein_distances


class Theirs(TextureDescriptor):
    """A descriptor of somebody who knows of no steps."""

    def __init__(self, n_quantiles=64, grid=1, n_jobs=None, memory=None):
        self.n_quantiles, self.grid, self.n_jobs, self.memory = n_quantiles, grid, n_jobs, memory

    map_info_ = [MapInfo("theirs", "theirs", "grey levels")]  # noqa: RUF012

    def _maps(self, image):
        return image[np.newaxis].astype(np.float32)


class TheirsOfEqualSteps(Theirs):
    steps = "equal"


def distances_of(descriptor, data, **pairer):
    images = ImagePairer(descriptor, pairer=CDFWassersteinPairer(**pairer))
    return images.fit_transform(data.real, generated=data.generated)


def steps_by_hand(data, steps, n_quantiles=16):
    """The formula, from grey levels: means between the edges, weighted by what lies between."""
    edges = step_edges(n_quantiles, steps)

    def means(image):
        ordered = np.sort(image.ravel()).astype(float)
        integral = np.append(0, np.cumsum(ordered)) / ordered.size
        at_edges = np.interp(edges, np.arange(ordered.size + 1) / ordered.size, integral)
        return np.diff(at_edges) / np.diff(edges)

    real, generated = (np.array([means(x) for x in xs]) for xs in (data.real, data.generated))
    changes = np.abs(real[:, np.newaxis] - generated)
    return (changes * np.diff(edges)).sum(axis=2)


@pytest.mark.parametrize("steps", ["tails", "equal"])
def test_distances_of_images_are_those_of_the_formula(leaky, steps):
    descriptor = Intensity(n_quantiles=16, steps=steps)
    expected = steps_by_hand(leaky, steps)
    np.testing.assert_allclose(distances_of(descriptor, leaky)[..., 0], expected, rtol=1e-4)
    # With a grid, of each cell.
    cells = descriptor.set_params(grid=2)
    rows = [cells.fit_transform(images) for images in (leaky.real, leaky.generated)]
    np.testing.assert_array_equal(
        distances_of(cells, leaky), wasserstein_distances(*rows, 1, n_quantiles=16, steps=steps)
    )


def test_the_default_is_finer_at_both_ends(leaky):
    for descriptor in (*[d for _, d in classical_descriptors().transformer_list], Intensity()):
        assert descriptor.steps == "tails"
    assert GANISI().stages()[1].steps == "tails"
    assert GANISI(classical_descriptors(steps="equal")).stages()[1].steps == "equal"
    expected = steps_by_hand(leaky, "tails", 64)
    np.testing.assert_allclose(distances_of(Intensity(), leaky)[..., 0], expected, rtol=1e-4)


def test_a_search_may_set_the_steps_of_all_descriptors(leaky):
    model = GANISI().set_params(descriptor__local__steps="equal")
    with pytest.raises(ValueError, match=r"different steps: \['equal', 'tails'\]; one pairer"):
        model.stages()
    others = {f"descriptor__{name}__steps": None for name in ("gabor", "steerable", "hessian")}
    descriptor, pairer, _ = model.set_params(**others).stages()
    assert [part.steps for _, part in descriptor.transformer_list] == 4 * ["equal"]
    assert pairer.steps == "equal"


def test_other_steps_of_the_pairer_are_refused_with_what_to_write():
    for own, given in (("tails", "equal"), ("equal", "tails")):
        model = GANISI(Intensity(steps=given), pairer=CDFWassersteinPairer(steps=own))
        message = rf"steps='{own}' .* steps='{given}'; .*CDFWassersteinPairer\(steps='{given}'\)"
        with pytest.raises(ValueError, match=message):
            model.stages()


def test_a_descriptor_that_knows_of_no_steps_has_the_default_ones(leaky):
    expected = steps_by_hand(leaky, "tails")
    found = distances_of(Theirs(n_quantiles=16), leaky)[..., 0]
    np.testing.assert_allclose(found, expected, rtol=1e-4)
    assert Theirs(n_quantiles=16).get_feature_names_out()[-1] == "theirs tails q15"
    # None of ours is theirs, and others than theirs cannot stand beside them.
    union = FeatureUnion([("theirs", Theirs()), ("ours", LocalStats(steps=None))])
    assert GANISI(union).stages()[0].transformer_list[1][1].steps == "tails"
    union = FeatureUnion([("theirs", Theirs()), ("ours", LocalStats(steps="equal"))])
    with pytest.raises(ValueError, match=r"different steps.* One without this parameter has"):
        GANISI(union).stages()


def test_steps_that_a_class_of_others_says_are_known_to_the_pairer(leaky):
    found = distances_of(TheirsOfEqualSteps(n_quantiles=16), leaky)[..., 0]
    np.testing.assert_allclose(found, steps_by_hand(leaky, "equal"), rtol=1e-4)


def test_the_steps_of_a_pipeline_are_something_else(leaky):
    """A Pipeline has a parameter of the same name."""
    descriptor = make_pipeline(FunctionTransformer(), Intensity(n_quantiles=16, steps="equal"))
    assert GANISI(descriptor).stages()[1].steps == "equal"
    found = distances_of(descriptor, leaky)[..., 0]
    np.testing.assert_allclose(found, steps_by_hand(leaky, "equal"), rtol=1e-4)


def test_a_bare_pipeline_says_the_steps_to_the_pairer(leaky):
    descriptor = Intensity(steps="equal").fit(leaky.real)
    rows, fakes = map(descriptor.transform, (leaky.real, leaky.generated))
    pairer = CDFWassersteinPairer(steps="equal").fit(rows, generated=(fakes,))
    np.testing.assert_array_equal(pairer.transform(rows), distances_of(descriptor, leaky))


def test_what_is_recommended_has_one_step_and_so_no_choice_of_them():
    textures, image = recommended().stages()[0].transformer_list
    for part in (*[p for _, p in textures[1].transformer_list], image[1]):
        assert part.n_quantiles == 1
