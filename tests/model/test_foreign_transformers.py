"""Transformers of others in the descriptor's place get what the user gave."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.io import imread, imsave
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.preprocessing import FunctionTransformer

from ganisi import GANISI, CDFWassersteinPairer, ImageFile
from ganisi.audit import audit
from ganisi.baselines import NearestGenerated

KEPT = []


class Keeper(TransformerMixin, BaseEstimator):
    """Mean and spread of what `read` makes of each image; keeps what it got."""

    def __init__(self, read=np.asarray):
        self.read = read

    def fit(self, X, y=None):
        KEPT.extend(X)
        return self

    def transform(self, X):
        KEPT.extend(X)
        images = [self.read(image) for image in X]
        return np.array([[np.mean(image), np.std(image)] for image in images])


def model_with(transformer):
    pairer = CDFWassersteinPairer(n_quantiles=1)
    return GANISI(transformer, pairer=pairer, identifier=NearestGenerated())


@pytest.fixture
def files(leaky, tmp_path):
    """The images of the data as files."""
    sets = {"real": leaky.real, "generated": leaky.generated}
    paths = {name: [str(tmp_path / f"{name}{i}.png") for i in range(50)] for name in sets}
    for name, images in sets.items():
        for path, image in zip(paths[name], images, strict=False):
            imsave(path, image, check_contrast=False)
    return paths["real"][:40], paths["generated"]


def of_arrays(leaky):
    model = model_with(FunctionTransformer(Keeper().transform))
    return model.fit(leaky.real, leaky.used, generated=leaky.generated).predict_proba(leaky.real)


def test_paths_come_as_paths(leaky, files):
    KEPT.clear()
    real, generated = files
    model = model_with(Keeper(imread)).fit(real, leaky.used, generated=generated)
    np.testing.assert_array_equal(model.predict_proba(real), of_arrays(leaky))
    assert {type(one) for one in KEPT if not isinstance(one, np.ndarray)} == {str}
    assert {one for one in KEPT if isinstance(one, str)} == {*real, *generated}


@pytest.mark.parametrize("settings", [{}, {"as_gray": True}])
def test_files_behave_as_arrays(leaky, files, settings):
    KEPT.clear()
    real, generated = ([ImageFile(path, **settings) for path in some] for some in files)
    read = imread if not settings else np.asarray
    model = model_with(Keeper(read)).fit(real, leaky.used, generated=generated)
    np.testing.assert_array_equal(model.predict_proba(real), of_arrays(leaky))
    np.testing.assert_array_equal(np.asarray(real[0]), leaky.real[0])
    assert np.asarray(real[0], dtype=float).dtype == float


def open_by_pillow(path):
    """What many transformers do: the path as text, a file of Python, Pillow."""
    # Copies that an audit plants are arrays.
    if isinstance(path, np.ndarray):
        return path
    assert path.endswith(".png")
    with open(path, "rb") as file, Image.open(file) as image:
        return np.array(image)


def audited(read, real, generated, leaky):
    return audit(
        model_with(Keeper(read)),
        real,
        leaky.used,
        generated=(generated,),
        n_permutations=19,
        baselines={},
        random_state=0,
    )


def test_an_audit_gives_paths_as_paths_too(leaky, files):
    KEPT.clear()
    real, generated = files
    report = audited(open_by_pillow, real, generated, leaky)
    assert {one for one in KEPT if isinstance(one, str)} == {*real, *generated}
    assert {type(one) for one in KEPT} == {str, np.ndarray}
    assert report.attack == audited(np.asarray, leaky.real, leaky.generated, leaky).attack


def test_files_with_settings_can_be_opened_in_an_audit(leaky, files):
    def read(image):
        if not isinstance(image, np.ndarray):
            # Before 11, Pillow knows paths of pathlib only.
            with open(image, "rb"), Image.open(Path(image)) as opened:
                np.testing.assert_array_equal(np.array(opened), np.asarray(image))
            assert Path(image).suffix == ".png"
        return np.asarray(image)

    real, generated = ([ImageFile(path, as_gray=True) for path in some] for some in files)
    assert audited(read, real, generated, leaky).attack.scores["roc_auc"] > 0.5


@pytest.mark.parametrize("which", ["before", "meanwhile"])
def test_a_file_that_another_reads_by_its_path_must_still_be_the_same(leaky, files, which):
    real, generated = files

    def swap(path):
        if isinstance(path, str) and path in (real[:-1] if which == "before" else real[-1:]):
            shutil.copy(generated[0], real[-1])
        return imread(path) if isinstance(path, str) else path

    with pytest.raises(ValueError, match="holds another image than when it was first"):
        audited(swap, real, generated, leaky)


def test_arrays_come_as_arrays(leaky):
    KEPT.clear()
    model_with(Keeper()).fit(leaky.real, leaky.used, generated=leaky.generated)
    assert {type(one) for one in KEPT} == {np.ndarray}
    assert {one.dtype for one in KEPT} == {leaky.real.dtype}
