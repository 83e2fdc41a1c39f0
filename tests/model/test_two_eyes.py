"""A model that looks with two eyes: textures under views, and the image wherever it was moved."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    CorrelationPairer,
    GaborBank,
    ImagePairer,
    Intensity,
    ProfileIdentifier,
    recommended,
)
from ganisi.audit import CrossFit
from ganisi.distances import PairerUnion
from ganisi.images._survey import content_keys
from ganisi.model._describing import described

COARSE, FINE = {"n_quantiles": 1, "grid": 8}, {"n_quantiles": 1, "grid": 16}


def two_eyes(views="mirrors", rivals=False):
    return GANISI(
        FeatureUnion([("textures", GaborBank(**COARSE)), ("image", Intensity(**FINE))]),
        pairer=PairerUnion(
            [
                ("textures", CDFWassersteinPairer(**COARSE, relative=True)),
                ("image", CorrelationPairer(16, max_shift=0.25)),
            ],
            views_for=["textures"],
        ),
        identifier=ProfileIdentifier(
            LogisticRegression(),
            ranks=[(1, 0.1), (1,)],
            pool_maps=[slice(None, -1), slice(-1, None)],
            rivals=rivals,
        ),
        views=views,
    )


def fit(model, data, generated=None):
    generated = data.generated if generated is None else generated
    return model.fit(data.real, data.used, generated=(generated,), groups=data.groups)


@pytest.mark.parametrize("views", [None, "mirrors"])
def test_distances_are_those_of_each_eye_alone(tiny, views):
    model = fit(two_eyes(views), tiny)
    (_, texture), (_, image) = model.pairer.pairers
    alone = [
        ImagePairer(GaborBank(**COARSE), pairer=texture, views=views),
        ImagePairer(Intensity(**FINE), pairer=image),
    ]
    for pairing in alone:
        pairing.fit(tiny.real, generated=(tiny.generated,), groups=tiny.groups)
    expected = [pairing.transform(tiny.real[:3]) for pairing in alone]
    given = model.image_pairer_.transform(tiny.real[:3])
    np.testing.assert_array_equal(given, np.concatenate(expected, axis=2))


def test_what_was_moved_is_found_by_the_image_and_what_was_turned_by_textures(leaky):
    moved = np.roll(leaky.generated, 4, axis=(1, 2))
    for change, generated in (("moved", moved), ("turned", np.rot90(leaky.generated, axes=(1, 2)))):
        fit_of = CrossFit.from_images(
            two_eyes("dihedral"),
            leaky.real,
            leaky.used,
            generated=(generated,),
            groups=leaky.groups,
        )
        assert fit_of.roc_auc(fit_of.out_of_fold()) > 0.9, change


def test_evidence_of_a_moved_copy_is_the_copy(leaky):
    real, generated = leaky.real[4:], leaky.generated[:30].copy()
    generated[7] = np.roll(leaky.real[0], 4, axis=1)
    model = two_eyes().fit(real, leaky.used[4:], generated=(generated,))
    evidence = model.evidence(leaky.real[:1], n_nearest=3)
    assert evidence.index[0, 0] == 7
    assert evidence.weights[-1] == 0.5
    np.testing.assert_allclose(evidence.weights.sum(), 1)
    # Texture distances are relative already; correlation is judged in the same way.
    distances = model.image_pairer_.transform(leaky.real[:1])[0, evidence.index[0]]
    np.testing.assert_array_equal(evidence.z[0, :, :-1], distances[:, :-1])
    logarithm = np.log(distances[:, -1:] + model.relative_scale_.offset)
    location, scale = (
        getattr(model.relative_scale_, name)[evidence.index[0]] for name in ("location", "scale")
    )
    np.testing.assert_allclose(
        evidence.z[0, :, -1:], (logarithm - location) / scale, rtol=1e-3, atol=1e-3
    )
    assert evidence.maps[-1].family == "image__intensity"


def test_the_recommended_model_has_a_size_and_looks_as_it_is_where_asked(tiny):
    model = fit(recommended(grid=16).set_params(views=None), tiny)
    assert model.predict_proba(tiny.real).shape == (20, 2)
    assert [pairer.n_views for _, pairer in model.pairer_.pairers_] == [1, 1]
    model = fit(recommended(grid=16), tiny)
    assert [pairer.n_views for _, pairer in model.pairer_.pairers_] == [14, 1]
    for grid in (7, 16.0, "16"):
        with pytest.raises(ValueError, match="expected a whole number from 8"):
            recommended(grid=grid)


def test_cross_validation_from_images_is_that_of_rows(tiny):
    for rivals in (False, True):
        model = two_eyes(rivals=rivals)
        descriptor, pairer, identifier = model.stages()
        rows = described(descriptor.fit(tiny.real), tiny.real, views="mirrors")
        by_hand = CrossFit(
            pairer,
            identifier,
            rows,
            tiny.used,
            generated=(descriptor.transform(tiny.generated),),
            groups=tiny.groups,
            cv=3,
            keys=content_keys(tiny.real),
        )
        fits = CrossFit.from_images(
            model,
            tiny.real,
            tiny.used,
            generated=(tiny.generated,),
            groups=tiny.groups,
            cv=3,
        )
        np.testing.assert_array_equal(fits.out_of_fold(), by_hand.out_of_fold())
        np.testing.assert_array_equal(fits.groups, by_hand.groups)
        if rivals:
            assert list(fits.keys) == list(by_hand.keys)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"pairer__textures__grid": 4}, "the pairer has grid=4 and the descriptor grid=8"),
        ({"descriptor__image__grid": 8}, "the pairer has grid=16 and the descriptor grid=8"),
        ({"descriptor": FeatureUnion([("image", GaborBank())])}, "the pairers of the union are"),
        ({"pairer__views_for": ["texture"]}, "views_for names 'texture'"),
        ({"pairer__n_views": 3}, "the pairer has n_views=3, and the views asked for are 4"),
        ({"pairer__image__max_shift": 0.5}, "max_shift"),
    ],
)
def test_stages_that_do_not_suit_each_other_are_refused_before_any_image_is_described(
    tiny, monkeypatch, change, message
):
    monkeypatch.setattr(GaborBank, "_maps", None)
    with pytest.raises(ValueError, match=message):
        fit(two_eyes().set_params(**change), tiny)
