"""The rules that won the challenge, from images to decisions."""

import numpy as np
import pytest
from skimage.metrics import structural_similarity

from ganisi import GANISI, CDFWassersteinPairer, Intensity
from ganisi.baselines import NearestGenerated, pixels, similarity_rules
from ganisi.distances import ReferencePairer
from ganisi.identification import SimilarityRules


@pytest.fixture(scope="module")
def images(leaky):
    """A few real images, and generated ones of which some are nearly those."""
    real = leaky.real[:16].astype(np.uint8)
    rng = np.random.default_rng(0)
    noisy = real[:5].astype(float) + rng.normal(0, 2, size=real[:5].shape)
    return real, np.concatenate([np.clip(noisy, 0, 255).astype(np.uint8), leaky.real[16:22]])


@pytest.mark.parametrize("rule", ["threshold", "retrieval"])
def test_the_challenge_s_answers_are_those_of_ssim_at_the_size_of_the_images(images, rule):
    real, generated = images
    side = real.shape[1]
    model = similarity_rules(rule, grid=side, data_range=255).fit(real, generated=(generated,))

    def similarity(one, other):
        return np.array([[structural_similarity(a, b) for b in other] for a in one])

    among, seen = similarity(real, real), similarity(generated, real)
    np.fill_diagonal(among, among.mean(axis=1))
    expected = {
        "threshold": seen.max(axis=0) > among.max(),
        "retrieval": np.isin(np.arange(len(real)), seen.argmax(axis=1)),
    }[rule]
    assert 0 < expected.sum() < len(real)
    np.testing.assert_array_equal(model.predict(real) == 1, expected)


def test_no_label_is_needed_and_none_changes_a_score(images):
    real, generated = images
    plain = similarity_rules(grid=16).fit(real, generated=(generated,))
    used = np.arange(len(real)) % 2
    labelled = similarity_rules(grid=16).fit(real, used, generated=(generated,))
    np.testing.assert_array_equal(plain.decision_function(real), labelled.decision_function(real))
    with pytest.raises(ValueError, match="GANISI requires y"):
        pixels(16).fit(real, generated=(generated,))


def test_evidence_is_of_generated_images_only(images):
    real, generated = images
    # Of one range: the real images have a say in that which the pairer would find.
    model = similarity_rules(grid=16, data_range=255).fit(real, generated=(generated,))
    plain = GANISI(
        Intensity(grid=16, n_quantiles=1),
        pairer=model.pairer.pairer,
        identifier=NearestGenerated(),
    ).fit(real, np.arange(len(real)) % 2, generated=(generated,))
    assert model.n_generated_ == len(generated)
    for one, other in zip(
        (model.evidence(real).index, model.evidence(real).z),
        (plain.evidence(real).index, plain.evidence(real).z),
        strict=True,
    ):
        np.testing.assert_allclose(one, other, rtol=1e-5)
    with pytest.raises(ValueError, match="from 1 to the 11 generated images"):
        model.evidence(real, n_nearest=12)


def test_the_pairer_inside_is_matched_with_the_descriptor():
    cells = Intensity(grid=8, n_quantiles=2)
    rules = GANISI(cells, pairer=ReferencePairer(), identifier=SimilarityRules())
    inside = rules.stages()[1].pairer
    assert (inside.grid, inside.n_quantiles) == (8, 2)
    wrong = ReferencePairer(CDFWassersteinPairer(grid=4))
    with pytest.raises(ValueError, match="the pairer has grid=4"):
        rules.set_params(pairer=wrong).stages()
