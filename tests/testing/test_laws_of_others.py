"""Ours obey what is asked of others, and one that breaks a law is told which."""

import numpy as np
import pytest
from all_descriptors import EXPORTED

from ganisi import (
    CDFWassersteinPairer,
    CorrelationPairer,
    GaborBank,
    Intensity,
    ProfileIdentifier,
    SourceIdentifier,
    SSIMPairer,
)
from ganisi.baselines import NearestGenerated
from ganisi.descriptors import MapInfo, TextureDescriptor
from ganisi.distances import FeaturePairer, Pairer
from ganisi.identification import baselines
from ganisi.testing import (
    check_descriptor,
    check_identifier,
    check_pairer,
    descriptor_checks,
    identifier_checks,
    pairer_checks,
)

PAIRERS = [
    CDFWassersteinPairer(n_quantiles=4),
    CDFWassersteinPairer(n_quantiles=1, grid=3),
    CorrelationPairer(grid=9, max_shift=2),
    CorrelationPairer(grid=9, max_shift=2, mirrors=False, whiten=False),
    SSIMPairer(grid=9),
    FeaturePairer(),
    FeaturePairer({"one": [1], "two": [0, 1]}, metric="cityblock", standardise=False),
    FeaturePairer(metric="cosine"),
]
IDENTIFIERS = [
    SourceIdentifier(),
    SourceIdentifier(calibration="query"),
    ProfileIdentifier(),
    ProfileIdentifier(pool_maps=True),
    ProfileIdentifier(rivals=True),
    *(getattr(baselines, name)() for name in baselines.__all__),
]


def name_of(check):
    return check.__name__


@pytest.mark.parametrize("check", [name_of(c) for c in pairer_checks(PAIRERS[0])])
@pytest.mark.parametrize("pairer", PAIRERS, ids=repr)
def test_every_pairer_obeys(pairer, check):
    {name_of(one): one for one in pairer_checks(pairer)}[check]()


@pytest.mark.parametrize("check", [name_of(c) for c in identifier_checks(IDENTIFIERS[0])])
@pytest.mark.parametrize("identifier", IDENTIFIERS, ids=repr)
def test_every_identifier_obeys(identifier, check):
    {name_of(one): one for one in identifier_checks(identifier)}[check]()


def test_the_laws_are_of_every_descriptor():
    assert set(EXPORTED) > {"GaborBank", "Intensity"}
    check_descriptor(GaborBank([3.0, 6.0], n_quantiles=2))


class Broken(TextureDescriptor):
    """The image, and how many have been seen before."""

    def __init__(self, n_quantiles=4, grid=1, n_jobs=None, memory=None):
        self.n_quantiles = n_quantiles
        self.grid = grid
        self.n_jobs = n_jobs
        self.memory = memory

    @property
    def map_info_(self):
        return [MapInfo("seen", "seen", "images")]

    def _maps(self, image):
        self.n_seen = getattr(self, "n_seen", 0) + 1
        return np.full((1, *image.shape), self.n_seen)


class Nameless(Broken):
    def _maps(self, image):
        return np.zeros((1, *image.shape))

    @property
    def map_info_(self):
        return [MapInfo("constant", "", "")]


def test_a_descriptor_that_breaks_a_law_is_told_which():
    with pytest.raises(AssertionError, match=r"^Broken does not obey the law 'rows are the quanti"):
        check_descriptor(Broken())
    with pytest.raises(AssertionError, match=r"^Nameless does not obey the law 'every map is nam"):
        check_descriptor(Nameless())


class OfTheFirst(Pairer):
    """The largest difference, minus that of the first query of the call."""

    def __init__(self, relative=False, n_views=1, n_jobs=None):
        self.relative = relative
        self.n_views = n_views
        self.n_jobs = n_jobs

    def _count_maps(self, n_features):
        return 1

    def _compare(self, queries, generated, distances):
        for query, written in zip(queries, distances, strict=True):
            written[:, 0] = abs(generated - query).max(axis=1)
        distances += distances[:1].max()


class Largest(OfTheFirst):
    def _compare(self, queries, generated, distances):
        for query, written in zip(queries, distances, strict=True):
            written[:, 0] = abs(generated - query).max(axis=1)


class Farthest(OfTheFirst):
    def _compare(self, queries, generated, distances):
        for query, written in zip(queries, distances, strict=True):
            written[:, 0] = np.exp(-abs(generated - query).max(axis=1))


def test_a_pairer_that_breaks_a_law_is_told_which():
    check_pairer(Largest())
    with pytest.raises(AssertionError, match=r"^OfTheFirst does not obey the law"):
        check_pairer(OfTheFirst())
    with pytest.raises(AssertionError, match=r"^Farthest .* 'an image is at least as near"):
        check_pairer(Farthest())


def test_rows_of_the_user_are_taken():
    rows = np.random.default_rng(0).normal(size=(26, 5))
    check_pairer(Largest(), rows)
    with pytest.raises(ValueError, match="rows has 25 images; expected at least 26"):
        check_pairer(Largest(), rows[:25])


class Farther(NearestGenerated):
    def _scores(self, pairs):
        return pairs.min(axis=1)


class Neighbourly(NearestGenerated):
    def predict_proba(self, X):
        found = super().predict_proba(X)
        return (found + found.mean(axis=0)) / 2


class OfOneSide(NearestGenerated):
    def predict_proba(self, X):
        return super().predict_proba(X)[:, 1:]


class Ordered(NearestGenerated):
    def _scores(self, pairs):
        return -pairs[:, ::2].min(axis=1)


@pytest.mark.parametrize(
    ("make", "law"),
    [
        (Farther, "a planted leak is found"),
        (Neighbourly, "a row depends on its own query only"),
        (OfOneSide, "probabilities are in the order"),
        (Ordered, "the order of generated images"),
    ],
)
def test_an_identifier_that_breaks_a_law_is_told_which(make, law):
    with pytest.raises(AssertionError, match=f"^{make.__name__} does not obey the law '{law}"):
        check_identifier(make())


@pytest.mark.parametrize(
    ("check", "ours"),
    [
        (check_descriptor, Intensity),
        (check_pairer, SSIMPairer),
        (check_identifier, NearestGenerated),
        (descriptor_checks, NearestGenerated()),
        (pairer_checks, Intensity()),
        (identifier_checks, Intensity()),
    ],
)
def test_what_is_no_such_object_is_refused(check, ours):
    with pytest.raises(TypeError, match=r"expected (an object|a classifier)"):
        check(ours)
