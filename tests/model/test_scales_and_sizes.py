"""Grey levels of different scales, and images of different sizes."""

import warnings

import numpy as np
import pytest
from skimage.io import imsave
from sklearn.metrics import roc_auc_score

from ganisi import GANISI, CDFWassersteinPairer, GaborBank, Intensity, recommended
from ganisi.audit import audit
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification
from ganisi.images._survey import check_sets


def pixels(**params):
    return GANISI(Intensity(grid=32, n_quantiles=1), identifier=NearestGenerated(), **params)


def test_queries_of_another_size_are_compared_where_the_maps_allow(leaky):
    model = GANISI(GaborBank([3.0, 6.0])).fit(leaky.real, leaky.used, generated=leaky.generated)
    with pytest.warns(UserWarning, match="of fit have 32 x 32 pixels, those of X 24 x 32"):
        assert model.predict_proba(leaky.real[:, :24]).shape == (40, 2)


@pytest.fixture(scope="module")
def subtle():
    return make_source_identification(40, 40, 80, size=32, leakage=0.55, random_state=3)


def _as_uint16(images, bits):
    return images.astype(np.uint16) * ((2**bits - 1) // 255)


SCALES = [
    (lambda x: x / 255, lambda x: x.astype(float)),
    (lambda x: _as_uint16(x, 12), lambda x: _as_uint16(x, 16)),
    (lambda x: x.astype(np.float32), lambda x: (x / 255).astype(np.float32)),
]


@pytest.mark.parametrize(("scale", "other"), SCALES)
def test_grey_levels_of_different_scales_are_refused_and_of_one_scale_are_not(
    subtle, scale, other, monkeypatch
):
    real, generated = scale(subtle.real), (other(subtle.generated),)
    message = r"of X typically span [\d.]+ grey level\(s\), those of generated .*one scale.*--bits"
    with monkeypatch.context() as patch:
        patch.setattr(Intensity, "_maps", None)  # Nothing is described before.
        with pytest.raises(ValueError, match=message):
            pixels().fit(real, subtle.used, generated=generated)
        with pytest.raises(ValueError, match=message):
            audit(pixels(), real, subtle.used, generated=generated)
    for both in (scale, other):
        real, generated = both(subtle.real), (both(subtle.generated),)
        model = pixels().fit(real, subtle.used, generated=generated)
        assert roc_auc_score(subtle.used, model.predict_proba(real)[:, 1]) > 0.6


def test_a_different_scale_is_refused_from_files_too(leaky, tmp_path):
    paths = [tmp_path / f"{i}.tif" for i in range(40)]
    for path, image in zip(paths, leaky.real / 255, strict=True):
        imsave(path, image.astype(np.float32), check_contrast=False)
    with pytest.raises(ValueError, match="typically span"):
        pixels().fit(paths, leaky.used, generated=leaky.generated.astype(np.float32))


def test_scales_of_several_generators_are_compared_with_each_other(leaky):
    real, generated = leaky.real.astype(float), leaky.generated.astype(float)
    with pytest.raises(ValueError, match=r"of X typically .* those of generated\[1\] "):
        pixels().fit(real, leaky.used, generated=(generated, generated / 9))
    with pytest.raises(ValueError, match=r"of generated\[0\] typically .* of generated\[1\] "):
        pixels().fit(real, leaky.used, generated=(generated / 3, 3 * generated))


def test_blank_and_marked_images_do_not_move_the_scale(leaky):
    real = leaky.real / 255
    real[:9] = 0
    real[9:18, 0, 0] = 255
    model = pixels().fit(real, leaky.used, generated=leaky.generated / 255)
    assert 0.5 < model.image_pairer_.grey_span_ <= 1
    assert model.image_pairer_.grey_span_ == pytest.approx(
        np.median(np.ptp(real, axis=(1, 2))), rel=1e-6
    )
    blank = pixels().fit(0 * real, leaky.used, generated=leaky.generated / 255)
    assert blank.image_pairer_.grey_span_ == 0
    assert blank.predict(255 * real).shape == (40,)


def test_darker_images_of_less_contrast_are_accepted(leaky):
    model = pixels().fit(leaky.real // 3, leaky.used, generated=leaky.generated)
    assert model.predict(leaky.real).shape == (40,)


@pytest.mark.parametrize("factor", [1 / 255, 255])
def test_queries_of_another_scale_are_scored_with_a_warning(leaky, factor):
    real = leaky.real.astype(float)
    model = pixels().fit(real, leaky.used, generated=leaky.generated.astype(float))
    with pytest.warns(UserWarning, match="of fit typically span .* those of X .*one scale first"):
        assert model.predict(real[:5] * factor).shape == (5,)
    with pytest.warns(UserWarning, match="typically span"):
        model.evidence(real[:5] * factor)


def test_a_blank_query_is_scored_without_a_word_and_a_dark_one_with_one(leaky):
    model = pixels().fit(leaky.real, leaky.used, generated=leaky.generated)
    assert model.predict_proba(np.zeros_like(leaky.real[:1])).shape == (1, 2)
    with pytest.warns(UserWarning, match="typically span"):
        assert model.predict_proba(leaky.real[:1] // 64).shape == (1, 2)


def test_queries_of_an_audit_are_only_warned_about(leaky):
    sets = [
        ("X", leaky.real),
        ("generated", leaky.generated),
        ("queries", leaky.real[:1] // 64),
    ]
    with pytest.warns(UserWarning, match="of X typically span .* those of queries"):
        facts = check_sets(sets, CDFWassersteinPairer())
    assert facts.depth == "uint8"
    with pytest.warns(UserWarning, match="of X have 32 x 32 pixels, those of queries 32 x 20;"):
        check_sets([*sets[:2], ("queries", leaky.real[:, :, :20])], CDFWassersteinPairer())


def test_sets_without_a_size_in_common_are_warned_about(leaky):
    smaller = leaky.generated[:, ::2, ::2]
    model = GANISI(Intensity())
    message = "X have 32 x 32 pixels, those of generated 16 x 16; .*one size first"
    with pytest.warns(UserWarning, match=message):
        model.fit(leaky.real, leaky.used, generated=smaller)
    assert model.image_pairer_.shapes_ == {(32, 32)}
    with pytest.warns(UserWarning, match="fit have 32 x 32 pixels, those of X 16 x 16;"):
        model.predict(leaky.real[:3, ::2, ::2])


def test_one_size_in_common_is_enough(leaky):
    real = [image[: 32 - i % 5] for i, image in enumerate(leaky.real)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = GANISI(Intensity()).fit(real, leaky.used, generated=leaky.generated)
        model.predict(leaky.real[:2])
    with pytest.warns(UserWarning, match=r"fit have 28 x 32, 29 x 32, 30 x 32, \.\.\. pixels"):
        model.predict(leaky.real[:2, :9])


def test_too_small_images_are_refused_with_the_grid_that_they_allow(tiny):
    real, generated = tiny.real[:, ::2, ::2], tiny.generated[:, ::2, ::2]
    message = "an image of 16 pixels a side.* use grid <= 16, the same in every descriptor"
    with pytest.raises(ValueError, match=message):
        recommended().fit(real, tiny.used, generated=generated)


def test_what_recommended_advises_for_small_images_suits_them(tiny):
    real, generated = tiny.real[:, ::2, ::2], tiny.generated[:, ::2, ::2]
    assert "images need ``2 * grid`` pixels a side" in recommended.__doc__
    model = recommended(grid=8).fit(real, tiny.used, generated=generated)
    assert model.predict(real).shape == (20,)


def test_used_and_not_used_images_of_different_scales_are_refused(leaky, monkeypatch):
    real = leaky.real.astype(float)
    real[leaky.used == 1] /= 255
    generated = (leaky.generated.astype(float),)
    message = r"of X labelled {} typically span [\d.]+ .* those of X labelled {} .*one scale"
    with monkeypatch.context() as patch:
        patch.setattr(Intensity, "_maps", None)  # Nothing is described before.
        with pytest.raises(ValueError, match=message.format(0, 1)):
            pixels().fit(real, leaky.used, generated=generated)
        with pytest.raises(ValueError, match=message.format("not used", "used")):
            audit(pixels(), real, leaky.used, generated=generated)
        words = np.where(leaky.used == 1, "in", "out")
        with pytest.raises(ValueError, match=message.format("(?:in|out)", "(?:in|out)")):
            pixels().fit(real, words, generated=generated)
    real = leaky.real / 255
    real[leaky.used == 1] = 2 * real[leaky.used == 1] - 1
    with pytest.raises(ValueError, match=r"of X labelled 1 typically begin at -.*, those of X lab"):
        pixels().fit(real, leaky.used, generated=(leaky.generated / 255,))


def test_used_and_not_used_images_without_a_size_in_common_are_warned_about(leaky):
    real = [
        image[:, :30] if used else image for image, used in zip(leaky.real, leaky.used, strict=True)
    ]
    message = "of X labelled 0 have 32 x 32 pixels, those of X labelled 1 32 x 30;"
    with pytest.warns(UserWarning, match=message):
        GANISI(Intensity()).fit(real, leaky.used, generated=leaky.generated)
    facts = check_sets([("X", real)], None)
    assert facts.shapes == {(32, 32), (32, 30)}
