"""Real images of one patient that count as of several."""

import numpy as np
import pytest
from scipy import ndimage
from skimage.measure import block_reduce

from ganisi import GANISI, Intensity
from ganisi.audit import audit
from ganisi.audit._alike import alike_patients
from ganisi.baselines import NearestGenerated
from ganisi.datasets import load_phantom_diffusion, make_source_identification
from ganisi.images._checks import check_images


def alike(images, groups=None):
    names = [f"image {i}" for i in range(len(images))]
    return alike_patients(check_images(images), names, groups)


@pytest.fixture(scope="module")
def phantoms():
    """One slice of each of 40 patients."""
    data = make_source_identification(40, 40, 10, size=64, random_state=0)
    first = np.unique(data.groups, return_index=True)[1]
    return data.real[first]


def test_slices_of_different_patients_are_not_alike(phantoms):
    assert alike(phantoms) == ()
    for which in ("flips", "other"):
        data = load_phantom_diffusion(which)
        assert alike(data.real, data.groups) == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image,
        lambda image: np.clip(
            image + np.random.default_rng(0).normal(scale=8, size=image.shape), 0, 255
        ).astype(np.uint8),
        lambda image: np.clip(image * 0.8 + 20, 0, 255).astype(np.uint8),
        lambda image: block_reduce(image, (2, 2), np.mean).astype(np.uint8),
    ],
    ids=["copied", "noisy", "darker", "smaller"],
)
def test_a_copy_in_another_patient_is_named_and_in_the_same_one_is_not(phantoms, change):
    images = [*phantoms, change(phantoms[3])]
    (pair,) = alike(images)
    assert (pair.first, pair.second) == ("image 3", f"image {len(phantoms)}")
    assert pair.likeness > 0.95
    assert alike(images, [*range(len(phantoms)), 3]) == ()


def test_neighbouring_slices_are_named_once_where_there_are_many():
    """Below the likeness that a single pair needs."""
    data = load_phantom_diffusion("flips")
    near = [pair for pair in alike(data.real) if pair.likeness < 0.95]
    assert near
    named = {(pair.first, pair.second) for pair in alike(data.real)}
    assert len(named) == len(alike(data.real))
    patients = {f"image {i}": group for i, group in enumerate(data.groups)}
    assert all(patients[one] == patients[other] for one, other in named)
    likeness = [pair.likeness for pair in alike(data.real)]
    assert likeness == sorted(likeness, reverse=True)


def test_blank_images_and_those_too_small_to_judge_are_like_nothing(phantoms):
    marked = np.zeros((64, 64), np.uint8)
    marked[2:8, 2:8] = 255
    assert alike([*phantoms, marked, marked, np.zeros_like(marked), np.zeros_like(marked)]) == ()
    assert alike(np.repeat(phantoms[:5, :8, :8], 2, axis=0)) == ()
    assert alike(phantoms[:1]) == ()
    assert alike([np.full((32, 32), 7.0), np.full((32, 32), 9.0)]) == ()


def test_bodies_of_one_shape_are_not_one_patient():
    """Alike but for what a smoothed copy shows: the shape, and no texture."""
    rng = np.random.default_rng(0)
    shapes = ndimage.gaussian_filter(rng.normal(size=(2, 64, 64)), (0, 16, 16)).repeat(20, axis=0)
    images = 40 * shapes + 0.2 * rng.normal(size=shapes.shape)
    assert alike(images) == ()
    assert len(alike(np.concatenate([images, images[:1]]))) == 1


def test_an_audit_of_slices_says_whose_they_are_or_nothing():
    """The phantoms leak; without their patients nothing can be said of it."""
    data = make_source_identification(24, 24, 40, size=32, leakage=1.0, random_state=0)
    pixels = GANISI(Intensity(grid=16, n_quantiles=1), identifier=NearestGenerated())
    dials = {"generated": (data.generated,), "n_permutations": 19, "cv": 2, "baselines": {}}
    known = audit(pixels, data.real, data.used, groups=data.groups, random_state=0, **dials)
    assert known.images.alike == ()
    assert "--patient" not in known.reason
    unknown = audit(pixels, data.real, data.used, random_state=0, **dials)
    assert unknown.images.alike
    assert unknown.verdict == "cannot say"
    assert "--patient" in unknown.reason
