"""What has to be set is called by its name in the model, before anything is described."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import FeatureUnion, make_pipeline

from ganisi import GANISI, GaborBank, ImagePairer, LocalStats, ProfileIdentifier
from ganisi.audit import CrossFit, audit
from ganisi.descriptors import TextureDescriptor
from ganisi.images._grey_levels import NeedsParameterError

TWO = FeatureUnion([("fine", LocalStats()), ("coarse", LocalStats(grid=1))])


@pytest.fixture(autouse=True)
def nothing_is_described(monkeypatch):
    monkeypatch.setattr(TextureDescriptor, "transform", lambda *_: pytest.fail("described"))


def signed(images):
    """Grey levels of -1..1."""
    return (images / 127.5 - 1).astype(np.float32)


@pytest.mark.parametrize(
    ("descriptor", "names"),
    [
        (None, 'it by a name that ends in "descriptor__local__intensity_range".'),
        (LocalStats(), 'it by a name that ends in "descriptor__intensity_range".'),
        (
            TWO,
            'them by names that end in "descriptor__fine__intensity_range" and '
            '"descriptor__coarse__intensity_range".',
        ),
    ],
    ids=["default", "alone", "union"],
)
def test_floats_beyond_0_to_1_name_the_range_to_set(leaky, descriptor, names):
    real, generated = signed(leaky.real), (signed(leaky.generated),)
    model = GANISI(descriptor)
    with pytest.raises(ValueError, match=r"lie in \[0, 1\], got values in \[-0") as caught:
        model.fit(real, leaky.used, generated=generated)
    assert str(caught.value).endswith(names)
    pipeline = make_pipeline(ImagePairer(descriptor), ProfileIdentifier())
    with pytest.raises(ValueError, match="give intensity_range=") as caught:
        pipeline.fit(real, leaky.used, imagepairer__generated=generated)
    assert str(caught.value).endswith(names)
    for evaluate in (CrossFit.from_images, audit):
        with pytest.raises(ValueError, match="give intensity_range=") as caught:
            evaluate(model, real, leaky.used, generated=generated)
        assert str(caught.value).endswith(names.replace("descriptor__", ""))
    for name in names.split('"')[1::2]:
        clone(pipeline).set_params(**{f"imagepairer__{name}": (-1, 1)})


def test_sizes_that_differ_name_the_wavelengths_to_set(leaky):
    images = [*leaky.real[:-1], leaky.real[-1][:24]]
    with pytest.raises(
        ValueError, match=r'it by a name that ends in "descriptor__gabor__wavelengths"\.$'
    ):
        GANISI().fit(images, leaky.used, generated=(leaky.generated,))
    with pytest.raises(ValueError, match=r"wavelengths=\[[\d., ]+\]\.$"):
        GaborBank().fit(images)


def test_whole_numbers_with_a_sign_name_the_conversion_and_the_range(leaky):
    real = leaky.real.astype(np.int16) - 1000
    with pytest.raises(
        ValueError, match=r'astype\(np.float32\).* name that ends in "intensity_range"'
    ):
        GANISI().fit(real, leaky.used, generated=(leaky.generated,))


def test_the_error_comes_back_from_other_processes():
    error = pickle.loads(pickle.dumps(NeedsParameterError("give it", "it")))
    assert (str(error), error.parameter) == ("give it", "it")
