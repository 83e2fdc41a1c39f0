"""Audits and release lists of a `GANISI` with a store: the same answers, of what lies in files."""

import tempfile
from types import SimpleNamespace

import numpy as np
import pytest
from audited_searches import run
from PIL import Image
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from ganisi import GANISI, GaborBank, ImagePairer, ProfileIdentifier
from ganisi.audit import CrossFit, release_list
from ganisi.audit._ways import EachWay
from ganisi.datasets import make_source_identification
from ganisi.distances import CorrelationPairer, PairerUnion
from ganisi.distances._large import large_distances_in
from ganisi.distances._pairer import CDFWassersteinPairer
from ganisi.model import _row_files


@pytest.fixture(scope="module")
def data():
    return make_source_identification(12, 12, 14, size=32, leakage=1.0, random_state=0)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Sizes at which these few generated images are many."""
    monkeypatch.setattr(_row_files, "_IMAGES_PER_FILE", 5)
    monkeypatch.setattr("ganisi.distances._large._SMALLEST_IN_FILE", 0)


@pytest.fixture
def mapped(monkeypatch):
    """A list that grows by one whenever distances are put into a file."""
    folders = []

    def counting(dir):
        folders.append(dir)
        return tempfile.TemporaryFile(dir=dir)

    by_name = SimpleNamespace(TemporaryFile=counting)
    monkeypatch.setattr("ganisi.distances._large.tempfile", by_name)
    return folders


def attack(store):
    return GANISI(
        GaborBank(n_quantiles=1, grid=8),
        pairer=PairerUnion(
            [
                ("textures", CDFWassersteinPairer(relative=True)),
                ("image", CorrelationPairer(16, max_shift=1)),
            ],
            views_for=["textures"],
        ),
        identifier=ProfileIdentifier(ranks=(1,), pool_maps=True),
        views="mirrors",
        store=store,
    )


def audited(data, store, model=None):
    model = attack(store) if model is None else model
    return run(model, data, cv=5, baselines=None, n_permutations=3, alpha=0.25)


def around(model):
    """The same attack as a Pipeline from images on, and as a search over one."""
    pairs = ImagePairer(
        model.descriptor, pairer=model.pairer, views=model.views, store=model.store, half=model.half
    )
    pipeline = Pipeline([("pairs", pairs), ("identifier", model.identifier)])
    grid = {"identifier__ranks": [(1,)]}
    return {
        "pipeline": pipeline,
        "search": GridSearchCV(pipeline, grid, cv=3),
        "search of a model": GridSearchCV(model, grid, cv=3),
    }


@pytest.mark.parametrize("which", list(around(GANISI())))
def test_what_is_around_a_model_keeps_its_rows_in_the_store_too(data, tmp_path, mapped, which):
    found = []
    for store in (None, tmp_path):
        mapped.clear()
        model = around(attack(store))[which]
        found.append(audited(data, store, model).attack.score)
        assert set(mapped) == ({store} if store else set())
    assert found[0] == found[1]
    assert len(list((tmp_path / "ganisi-generated").iterdir())) >= 3


@pytest.mark.parametrize("which", ["model", *around(GANISI())])
def test_a_cross_fit_from_images_keeps_its_rows_in_the_store(data, tmp_path, mapped, which):
    scores = []
    for store in (None, tmp_path):
        model = attack(store)
        model = model if which == "model" else around(model)[which]
        assert mapped == []
        fit = CrossFit.from_images(
            model, data.real, data.used, generated=(data.generated,), groups=data.groups, cv=3
        )
        scores.append(fit.raw_scores())
    np.testing.assert_array_equal(*scores)
    assert set(mapped) == {tmp_path}
    assert len(list((tmp_path / "ganisi-generated").iterdir())) == 3


def test_half_without_a_store_is_refused_wherever_it_is_said(data):
    by_half = attack(None).set_params(half=True)
    for model in (by_half, *around(by_half).values()):
        with pytest.raises(ValueError, match="half is of rows in files"):
            audited(data, None, model)


def listed(data, store):
    return release_list(
        attack(store),
        data.real,
        data.used,
        generated=(data.generated,),
        groups=data.groups,
        fdr=0.5,
    )


def test_an_audit_with_a_store_says_the_same(data, tmp_path, mapped):
    without = audited(data, None)
    assert mapped == []
    within = audited(data, tmp_path)
    assert within.to_json() == without.to_json()
    # Of both pairers, of the copy of each fold, and of what it fits and leaves out.
    assert len(mapped) > 2 + 5 * 3
    assert set(mapped) == {tmp_path}
    assert len(list((tmp_path / "ganisi-generated").iterdir())) >= 3


def test_audits_and_release_lists_of_files_have_stores_too(data, tmp_path):
    """Their files are known by what they held before they come to the store."""
    store = tmp_path / "store"
    of_files = SimpleNamespace(
        real=write(data.real, tmp_path / "real"),
        generated=write(data.generated, tmp_path / "generated"),
        used=data.used,
        groups=data.groups,
    )
    assert audited(of_files, store).attack.score == audited(data, None).attack.score
    n_files = len(list((store / "ganisi-generated").iterdir()))
    lists = [listed(one, kept) for one, kept in ((data, None), (of_files, store))]
    np.testing.assert_array_equal(lists[0].margin, lists[1].margin)
    # The list needs no rows that the audit did not need.
    assert len(list((store / "ganisi-generated").iterdir())) == n_files


def write(images, folder):
    """Write images to files; their paths."""
    folder.mkdir()
    paths = [folder / f"{i:02d}.png" for i in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        Image.fromarray(image).save(path)
    return paths


def test_an_audit_says_nothing_of_where_its_store_is(data, tmp_path):
    report = audited(data, tmp_path / "a-secret-place")
    assert "a-secret-place" not in report.to_json() + str(report)


def test_a_release_list_with_a_store_is_the_same(data, tmp_path, mapped):
    lists = [listed(data, store) for store in (None, tmp_path)]
    for name in ("margin", "q_value", "nearest", "view"):
        assert (getattr(lists[0], name) == getattr(lists[1], name)).all()
    # Of both pairers, of both together, and of those by which views are chosen.
    assert mapped == [tmp_path] * 4
    assert len(list((tmp_path / "ganisi-generated").iterdir())) == 3


def test_several_ways_to_look_have_their_distances_side_by_side_in_a_file(tmp_path, mapped):
    rows = np.random.default_rng(0).random((6, 4), np.float32)
    pairer = CDFWassersteinPairer(n_quantiles=1, grid=2)
    both = EachWay([("one", pairer), ("other", pairer)], [(0, [0]), (0, [0])])
    without = both.fit_transform(rows, generated=(rows,))
    with large_distances_in(tmp_path):
        within = both.fit_transform(rows, generated=(rows,))
    np.testing.assert_array_equal(within, without)
    # Those of each way, and those of both.
    assert mapped == [tmp_path] * 3


def test_a_store_that_can_hold_no_files_is_refused_before_anything_is_described(data, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="name a folder"):
        audited(data, tmp_path / "file")
