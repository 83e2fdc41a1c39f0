"""What a Pipeline from pixels says where a word is missing."""

import numpy as np
import pytest
import sklearn
from sklearn.pipeline import make_pipeline

from ganisi import GANISI, CDFWassersteinPairer, GaborBank, SourceIdentifier


def pipeline(**dials):
    return make_pipeline(GaborBank(), CDFWassersteinPairer(), SourceIdentifier(), **dials)


WORDS = r"transform_input=\['generated'\].*enable_metadata_routing=True"


@pytest.mark.parametrize("given", ["stack", "images", "paths"])
def test_images_that_nobody_described_are_called_that(tiny, given):
    sets = {"stack": tiny.generated, "images": list(tiny.generated), "paths": ["a.png", "b.png"]}
    with pytest.raises(ValueError, match=WORDS):
        pipeline().fit(tiny.real, tiny.used, cdfwassersteinpairer__generated=(sets[given],))
    with (
        sklearn.config_context(enable_metadata_routing=True),
        pytest.raises(ValueError, match=WORDS),
    ):
        pipeline().fit(tiny.real, tiny.used, generated=(sets[given],))


def test_with_both_words_it_works(tiny):
    with sklearn.config_context(enable_metadata_routing=True):
        model = pipeline(transform_input=["generated"])
        model.fit(tiny.real, tiny.used, generated=(tiny.generated,))
    assert model.predict_proba(tiny.real).shape == (20, 2)


def test_a_list_of_stacks_is_not_called_colour(tiny):
    for sets in ([tiny.generated], [tiny.generated] * 2):
        with pytest.raises(ValueError, match=r"a stack of images.*generated=\(stack,\)"):
            GANISI(GaborBank()).fit(tiny.real, tiny.used, generated=sets)
    colour = [np.zeros((32, 32, 3), np.uint8)]
    with pytest.raises(ValueError, match="looks like a colour image"):
        GANISI(GaborBank()).fit(tiny.real, tiny.used, generated=colour)
