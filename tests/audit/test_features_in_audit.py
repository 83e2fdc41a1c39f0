"""An audit of a table: it sees the images, and says which copies it could not plant."""

from dataclasses import replace

import numpy as np
import pytest
from skimage.io import imsave

from ganisi import GANISI, GaborBank, Intensity
from ganisi.audit import audit
from ganisi.baselines import NearestGenerated, pixels
from ganisi.datasets import make_source_identification
from ganisi.descriptors import Precomputed
from ganisi.distances import FeaturePairer

CELLS = Intensity(grid=8, n_quantiles=1)
MAPS = {"top": list(range(32)), "bottom": list(range(32, 64))}


@pytest.fixture(scope="module")
def data():
    return make_source_identification(16, 16, 40, size=32, leakage=1.0, random_state=0)


@pytest.fixture(scope="module")
def rows(data):
    images = [*data.real, *data.generated]
    return CELLS.fit_transform(images), images


def attack(rows, images):
    descriptor = Precomputed.from_images(rows, images)
    return GANISI(
        descriptor, pairer=FeaturePairer(MAPS, relative=True), identifier=NearestGenerated()
    )


def audited(data, estimator, real=None, **params):
    dials = {"baselines": {}, "n_permutations": 19, "random_state": 0, **params}
    return audit(
        estimator,
        data.real if real is None else real,
        data.used,
        generated=(data.generated,),
        groups=data.groups,
        **dials,
    )


def test_an_audit_takes_a_table_with_files_and_a_second_eye(data, rows, tmp_path):
    paths = [str(tmp_path / f"{i}.png") for i in range(len(data.real))]
    for path, image in zip(paths, data.real, strict=True):
        imsave(path, image, check_contrast=False)
    report = audited(data, attack(*rows), paths, baselines={"pixels": pixels()})
    assert report.attack.scores["roc_auc"] > 0.9
    assert report.image_itself is not None
    assert report.eye.meaning == (
        "64 features of a table that was given, group by group (top, bottom)"
    )
    # The rows are those that the descriptor would have made.
    computed = GANISI(
        CELLS, pairer=FeaturePairer(MAPS, relative=True), identifier=NearestGenerated()
    )
    assert report.attack == replace(audited(data, computed).attack, eye=report.attack.eye)


def test_copies_without_rows_are_named_and_forbid_a_clearance(data, rows):
    report = audited(data, attack(*rows), max_auc=0.9)
    assert [one.name for one in report.controls.results] == ["nothing", "exact"]
    assert report.controls.found is False
    assert "could not be planted since the table of features has no rows of them (with noise" in (
        " ".join(str(report).split())
    )
    fresh = make_source_identification(16, 16, 40, size=32, leakage=0.0, random_state=1)
    images = [*fresh.real, *fresh.generated]
    report = audited(fresh, attack(CELLS.fit_transform(images), images), max_auc=0.99)
    assert report.verdict == "cannot say"


def test_other_descriptors_have_all_copies(data):
    computed = GANISI(GaborBank(n_quantiles=1), identifier=NearestGenerated())
    controls = audited(data, computed).controls
    assert controls.reason is None
    assert "noise 0.25" in {one.name for one in controls.results}


@pytest.mark.parametrize("which", ["X", "generated", "queries"])
def test_an_image_without_a_row_ends_an_audit_before_it_begins(data, rows, which, monkeypatch):
    values, images = rows
    keep = np.ones(len(images), dtype=bool)
    keep[{"X": 5, "generated": -3, "queries": 0}[which]] = False
    queries = (255 - data.real[:2]) if which == "queries" else None
    keep |= which == "queries"
    estimator = attack(values[keep], [images[i] for i in np.flatnonzero(keep)])
    monkeypatch.setattr("ganisi.audit._door.Identities.of", None)
    with pytest.raises(ValueError, match=rf"images of {which} have no row in the table"):
        audited(data, estimator, queries=queries)
    with pytest.raises(ValueError, match=rf"\['mine'\]: .* images of {which} have no row"):
        audited(data, pixels(), baselines={"mine": estimator}, queries=queries)
