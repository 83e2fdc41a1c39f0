"""Images published nearly as they are: named, whatever was done to them, and no others."""

import io
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from ganisi import GANISI, Intensity
from ganisi.audit import audit
from ganisi.audit._copies import Identities
from ganisi.audit._near_copies import find_near_copies, shrunk
from ganisi.audit.report._sections import Copies
from ganisi.baselines import NearestGenerated
from ganisi.datasets import load_phantom_diffusion, make_source_identification

NONE = Copies((), (), ())


@pytest.fixture(scope="module")
def data():
    return make_source_identification(16, 16, 40, size=64, leakage=0, random_state=0)


def find(data, generated, exact=NONE, queries=None, **changes):
    given = SimpleNamespace(
        images=data.real,
        sets=[generated],
        queries=queries,
        identities=Identities.of(data.real, generated, queries),
    )
    used = data.used == 1
    facts = {"used": used, "not_used": ~used, "groups": data.groups, **changes}
    return find_near_copies(given, SimpleNamespace(**facts), exact)


def published(data, image):
    return np.concatenate([data.generated, [image]])


def jpeg(image):
    file = io.BytesIO()
    Image.fromarray(image).save(file, "JPEG", quality=40)
    return np.asarray(Image.open(file))


def resized(image):
    small = Image.fromarray(image).resize((40, 40), Image.BILINEAR)
    return np.asarray(small.resize(image.shape, Image.BILINEAR))


def one_pixel(image):
    other = image.copy()
    other[20, 30] = 255 - other[20, 30]
    return other


CHANGES = {
    "one grey level": lambda image: np.where(image < 255, image + 1, image).astype(np.uint8),
    "one pixel": one_pixel,
    "mirrored": lambda image: image[:, ::-1],
    "upside down": lambda image: image[::-1],
    "turned by 90 degrees": lambda image: np.rot90(image, 3),
    "mirrored and turned by 90 degrees": lambda image: np.rot90(image, 3)[:, ::-1],
    "turned by 270 degrees": lambda image: np.rot90(image),
    "JPEG": jpeg,
    "resized": resized,
    "of less contrast": lambda image: (image // 2 + 40).astype(np.uint8),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("used", [1, 0])
def test_what_a_publisher_may_do_to_an_image_does_not_hide_it(data, change, used):
    i = np.flatnonzero(data.used == used)[3]
    found = find(data, published(data, CHANGES[change](data.real[i])))
    names, others = (found.used, found.not_used)[:: 1 if used else -1]
    assert not others
    (name,) = names
    assert name.startswith(f"X[{i}], like generated image 40 ")
    if "turned" in change or change in ("mirrored", "upside down"):
        assert name.endswith(f" 40 {change}")
    assert find(data, data.generated) == NONE


@pytest.mark.parametrize("side", [20, 32, 48, 50, 77])
def test_a_small_image_turns_with_the_large_one(side):
    image = np.random.default_rng(0).uniform(size=(side, side))
    small = shrunk(image, 32)
    for turn in (np.rot90, lambda one: one[:, ::-1], lambda one: one[::-1]):
        np.testing.assert_allclose(shrunk(turn(image), 32), turn(small), atol=1e-6)
    assert small.mean() == pytest.approx(image.mean())
    if side == 32:
        np.testing.assert_allclose(small, image, rtol=1e-6)


def test_queries_are_named_too_and_exact_copies_are_not_named_again(data):
    queries = data.real[:3][:, ::-1] // 2
    found = find(data, published(data, queries[2]), queries=queries)
    assert found.queries == ("queries[2], like generated image 40 as it is",)
    assert not found.used
    assert not found.not_used
    i = np.flatnonzero(data.used == 1)[0]
    exact = Copies((f"X[{i}]",), (), ())
    assert find(data, published(data, data.real[i]), exact) == NONE


def test_a_generated_image_is_a_copy_of_the_nearest_slice_only(data):
    """Slices of one patient are alike; the copy of one is not a copy of the others."""
    real = data.real.copy()
    real[1] = np.maximum(data.real[0], 3)
    groups = np.r_[0, 0, data.groups[2:] + 1]
    used = np.r_[1, 0, data.used[2:]]
    other = SimpleNamespace(real=real, used=used, groups=groups)
    found = find(other, published(data, CHANGES["one pixel"](real[0])))
    assert [name.split(",")[0] for name in found.used] == ["X[0]"]
    assert not found.not_used


def test_blank_slices_and_those_with_a_marker_only_are_no_copies(data):
    marked = np.zeros((64, 64), np.uint8)
    marked[2:6, 2:8] = 255
    real = data.real.copy()
    real[3], real[4] = marked, 0
    other = SimpleNamespace(real=real, used=data.used, generated=data.generated, groups=data.groups)
    assert find(other, published(data, marked)) == NONE
    assert find(other, published(data, real[4])) == NONE
    report = audit(
        GANISI(Intensity(grid=4, n_quantiles=1), identifier=NearestGenerated()),
        real,
        data.used,
        generated=(published(data, marked),),
        n_permutations=19,
        cv=2,
        baselines={},
        random_state=0,
    )
    assert report.images.exact_copies == NONE


def test_the_same_image_under_two_patients_says_nothing_of_how_near_patients_are(data):
    i, j = np.flatnonzero(data.used == 1)[[0, 5]]
    real = data.real.copy()
    real[j] = real[i]
    twice = SimpleNamespace(real=real, used=data.used, groups=np.arange(len(real)))
    found = find(twice, published(data, CHANGES["one grey level"](real[i])))
    assert [name.split(",")[0] for name in found.used] == [f"X[{i}]"]


def test_images_too_small_or_patients_too_few_are_not_judged(data):
    small = SimpleNamespace(real=data.real[:, :8, :8], used=data.used, groups=data.groups)
    assert find(small, small.real.copy()) == NONE
    assert find(data, data.real.copy(), groups=np.zeros(len(data.real), int)) == NONE


def test_memory_is_named_and_a_generator_trained_on_others_has_none():
    for kind, many in (("flips", True), ("other", False)):
        memory = load_phantom_diffusion(kind)
        found = find(memory, memory.generated)
        assert not found.not_used
        assert (len(found.used) > 10) == many
        assert many or not found.used


def test_a_near_copy_decides_the_verdict_and_stands_in_the_report(data):
    i = np.flatnonzero(data.used == 1)[3]
    report = audit(
        GANISI(Intensity(grid=4, n_quantiles=1), identifier=NearestGenerated()),
        data.real,
        data.used,
        generated=(published(data, CHANGES["mirrored"](data.real[i])),),
        groups=data.groups,
        n_permutations=19,
        cv=2,
        max_auc=0.99,
        baselines={},
        random_state=0,
    )
    assert report.verdict == "leakage detected"
    assert "1 of the used images are among the synthetic images nearly as they are" in report.reason
    for text in (str(report), report.to_html()):
        assert f"X[{i}], like generated image 40 mirrored" in text
        assert "Whoever has the synthetic images has these real images too" in " ".join(
            text.split()
        )
