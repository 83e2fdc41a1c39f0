"""Images that say nothing: the report says so, and nothing is cleared."""

import numpy as np
import pytest

from ganisi import GANISI, Intensity
from ganisi.audit import audit, minimum_detectable_auc
from ganisi.audit._copies import Identities
from ganisi.audit._degenerate import empty_sets
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification

USED = np.tile([1, 0], 14)


def phrases(real, generated):
    return empty_sets(Identities.of(real, generated, None), USED == 1)


@pytest.fixture(scope="module")
def images():
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (28, 8, 8), np.uint8), rng.integers(0, 256, (20, 8, 8), np.uint8)


def test_blank_and_repeated_images_say_nothing_where_they_are_more_than_half(images):
    real, generated = images
    assert phrases(real, generated) == ()
    black = generated.copy()
    black[:10] = np.arange(10)[:, None, None]
    assert phrases(real, black) == ()
    black[10] = 0
    (phrase,) = phrases(real, black)
    assert phrase.startswith(
        "of the 20 synthetic images 11 are of a single grey level or nearly, and the "
    )
    assert phrase.endswith("9 different images")
    repeated = generated[np.r_[np.arange(9), np.zeros(11, int)]]
    assert "show 9 different" in phrases(real, repeated)[0]
    for label, name in ((1, "used"), (0, "not-used")):
        empty = real.copy()
        empty[label == USED] = 0
        (phrase,) = phrases(empty, generated)
        assert phrase.startswith(f"of the 14 {name} images 14 are of a single grey level or nearly")


@pytest.mark.parametrize("which", ["black", "equal", "real of one grey level", "black real"])
def test_a_report_says_which_images_say_nothing(which):
    data = make_source_identification(14, 14, 30, size=32, random_state=0)
    real, generated = data.real, data.generated
    if which == "black":
        generated = np.zeros_like(generated)
    elif which == "equal":
        generated = np.repeat(generated[:1], len(generated), axis=0)
    elif which == "black real":
        real = np.zeros_like(real)
    else:
        real = np.broadcast_to(np.arange(28, dtype=np.uint8)[:, None, None] + 9, real.shape)
    report = audit(
        GANISI(Intensity(grid=4, n_quantiles=1), identifier=NearestGenerated()),
        real,
        data.used,
        generated=(generated,),
        groups=data.groups,
        n_permutations=19,
        cv=2,
        max_auc=0.99,
        baselines={"second": NearestGenerated(k=2)},
        random_state=0,
    )
    assert report.verdict == "cannot say"
    assert "such images say nothing" in report.reason
    assert ("real" in which) == ("14 not-used images" in report.reason)
    assert "say nothing" in str(report)


def test_an_image_under_both_labels_is_no_contradiction_where_it_is_blank(images):
    real, generated = (one.copy() for one in images)
    real[:2] = 0
    one = GANISI(Intensity(grid=4, n_quantiles=1), identifier=NearestGenerated())
    dials = {"n_permutations": 19, "cv": 2, "baselines": {}, "random_state": 0}
    report = audit(one, real, USED, generated=(generated,), **dials)
    assert (report.counts.used, report.counts.not_used) == (14, 14)
    real[:2] = real[5]
    with pytest.raises(ValueError, match="are the same image, one labelled used"):
        audit(one, real, USED, generated=(generated,), **dials)


def test_an_attack_that_says_the_same_whatever_the_labels_finds_nothing():
    assert minimum_detectable_auc(np.full(199, 0.5), 0.0) == np.inf
