"""Distances to the real images of `fit` beside those to the generated ones."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline

from ganisi import CDFWassersteinPairer
from ganisi.distances import ReferencePairer
from ganisi.identification import SimilarityRules

RNG = np.random.default_rng(0)
REAL, NEW = RNG.random((6, 4)), RNG.random((3, 4))
SETS = (RNG.random((5, 4)), RNG.random((2, 4)))
PLAIN = CDFWassersteinPairer(n_quantiles=1, grid=2)


@pytest.fixture
def fitted():
    return ReferencePairer(PLAIN).fit(REAL, generated=SETS)


def test_the_references_stand_behind_the_generated_images(fitted):
    expected = clone(PLAIN).fit(REAL, generated=(*SETS, REAL)).transform(NEW)
    np.testing.assert_array_equal(fitted.transform(NEW), expected)
    both = clone(fitted).fit_transform(REAL, generated=SETS)
    np.testing.assert_array_equal(both, fitted.transform(REAL))
    assert both.shape == (6, 7 + 6, 1)
    assert (fitted.n_generated_, fitted.n_references_, fitted.n_features_in_) == (7, 6, 4)
    np.testing.assert_array_equal(np.diagonal(both[:, 7:, 0]), 0)
    np.testing.assert_array_equal(both[:, 7:, 0], both[:, 7:, 0].T)


def test_the_references_of_views_have_none():
    wide = np.hstack([REAL, REAL[:, ::-1]])
    pairer = ReferencePairer(CDFWassersteinPairer(n_quantiles=1, grid=2, n_views=2))
    distances = pairer.fit_transform(wide, generated=SETS)
    expected = clone(pairer.pairer).fit_transform(wide, generated=(*SETS, REAL))
    np.testing.assert_array_equal(distances, expected)


def test_the_pairer_given_stays_unfitted_and_shows_what_it_reads(fitted):
    assert not hasattr(fitted.pairer, "n_generated_")
    assert fitted.grid == 2
    assert fitted.in_plain_words() == "in each of 2 x 2 cells"


def test_a_relative_pairer_is_refused():
    with pytest.raises(ValueError, match="relative=False"):
        ReferencePairer(CDFWassersteinPairer(relative=True)).fit(REAL, generated=SETS)
    with pytest.raises(ValueError, match="as many images as X"):
        ReferencePairer(PLAIN).fit(REAL, generated=REAL)


def test_pairer_and_rules_stand_in_a_pipeline():
    pipe = make_pipeline(ReferencePairer(PLAIN), SimilarityRules("retrieval"))
    pipe.fit(REAL, referencepairer__generated=(REAL[:2] + 0.001,))
    np.testing.assert_array_equal(pipe.predict(REAL), [1, 1, 0, 0, 0, 0])
