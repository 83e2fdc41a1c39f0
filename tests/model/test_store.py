"""`GANISI(store=)`: what of many generated images would not fit into memory lies in a folder."""

import os
import subprocess
import sys

import joblib
import numpy as np
import pytest
from PIL import Image
from sklearn.base import clone

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    GaborBank,
    ImagePairer,
    Intensity,
    LocalStats,
    ProfileIdentifier,
)
from ganisi import recommended as recommended_model
from ganisi.model import _row_files

#: Rows of three images a file, so that six are two files.
PER_FILE = 3


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Sizes at which six generated images are many."""
    monkeypatch.setattr(_row_files, "_IMAGES_PER_FILE", PER_FILE)
    monkeypatch.setattr("ganisi.distances._large._SMALLEST_IN_FILE", 0)
    monkeypatch.setattr("ganisi.distances._views_of_queries._GENERATED_PER_BLOCK", 4)


@pytest.fixture
def described(monkeypatch):
    """A list of how many images were described for each file that was written."""
    done, describe = [], _row_files.rows_in_blocks

    def counting(descriptor, images):
        done.append(len(images))
        return describe(descriptor, images)

    monkeypatch.setattr(_row_files, "rows_in_blocks", counting)
    return done


def fitted(model, data, **changes):
    given = {"X": data.real, "y": data.used, "generated": (data.generated,), "groups": data.groups}
    return model.fit(**{**given, **changes})


def textures(store, **dials):
    return GANISI(
        LocalStats(grid=4, n_quantiles=2),
        identifier=ProfileIdentifier(ranks=(1,)),
        views="mirrors",
        store=store,
        **dials,
    )


def recommended(store, **dials):
    return recommended_model(grid=16, store=store, **dials)


def with_rivals(store, **dials):
    return recommended(store, rivals=True, **dials)


def files(folder):
    return sorted((folder / "ganisi-generated").iterdir())


@pytest.mark.parametrize("make", [textures, recommended, with_rivals])
def test_the_store_changes_no_bit(tiny, tmp_path, make):
    within, without = fitted(make(tmp_path), tiny), fitted(make(None), tiny)
    queries = tiny.real[:5]
    assert (within.predict_proba(queries) == without.predict_proba(queries)).all()
    one, other = within.evidence(queries, 3), without.evidence(queries, 3)
    for name in ("index", "z", "view"):
        assert (getattr(one, name) == getattr(other, name)).all()


def test_distances_of_an_image_pairer_are_the_same_bits(tiny, tmp_path):
    given = {"generated": (tiny.generated,), "groups": tiny.groups}
    for pairer in (None, recommended(None).pairer):
        within, without = (
            ImagePairer(GaborBank(n_quantiles=1, grid=16), pairer=pairer, store=store)
            for store in (tmp_path, None)
        )
        assert (
            within.fit_transform(tiny.real, **given) == without.fit_transform(tiny.real, **given)
        ).all()
        assert (within.transform(tiny.real) == without.transform(tiny.real)).all()


def test_rows_and_distances_are_mapped_and_distances_have_no_name(tiny, tmp_path):
    pairing = ImagePairer(LocalStats(), store=tmp_path)
    distances = pairing.fit_transform(tiny.real, generated=(tiny.generated,))
    for array in (distances, *pairing.pairer_.generated_rows_):
        assert type(array) is np.ndarray
        while isinstance(array.base, np.ndarray):
            array = array.base
        assert isinstance(array, np.memmap)
    assert [path.name for path in tmp_path.iterdir()] == ["ganisi-generated"]
    assert len(files(tmp_path)) == len(tiny.generated) / PER_FILE


def test_small_distances_stay_in_memory(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("ganisi.distances._large._SMALLEST_IN_FILE", 10**9)
    pairing = ImagePairer(LocalStats(), store=tmp_path)
    assert pairing.fit_transform(tiny.real, generated=(tiny.generated,)).base is None


def test_each_image_is_described_once(tiny, tmp_path, described):
    first = fitted(textures(tmp_path), tiny).predict_proba(tiny.real)
    assert described == [PER_FILE, PER_FILE]
    again = fitted(textures(tmp_path), tiny).predict_proba(tiny.real)
    assert described == [PER_FILE, PER_FILE]
    assert (again == first).all()


def test_a_fit_that_was_killed_goes_on_where_it_was(tiny, tmp_path, described, monkeypatch):
    write, written = _row_files.write_bytes, []

    def killed(path, *parts):
        if written:
            raise KeyboardInterrupt
        written.append(path)
        write(path, *parts)

    with monkeypatch.context() as patch:
        patch.setattr(_row_files, "write_bytes", killed)
        with pytest.raises(KeyboardInterrupt):
            fitted(textures(tmp_path), tiny)
    assert files(tmp_path) == written
    described.clear()
    resumed = fitted(textures(tmp_path), tiny)
    assert described == [PER_FILE]
    whole = fitted(textures(None), tiny)
    assert (resumed.predict_proba(tiny.real) == whole.predict_proba(tiny.real)).all()


def longer(data):
    return data + b"\0"


def shorter(data):
    return data[:-1]


def changed(data):
    return data[:200] + bytes([data[200] ^ 1]) + data[201:]


@pytest.mark.parametrize("harm", [longer, shorter, changed, lambda data: b""])
def test_a_damaged_file_is_described_again(tiny, tmp_path, described, harm):
    first = fitted(textures(tmp_path), tiny).predict_proba(tiny.real)
    path = files(tmp_path)[1]
    whole = path.read_bytes()
    path.write_bytes(harm(whole))
    described.clear()
    again = fitted(textures(tmp_path), tiny).predict_proba(tiny.real)
    assert described == [PER_FILE]
    assert path.read_bytes() == whole
    assert (again == first).all()


def test_a_file_of_other_images_is_not_taken_for_these(tiny, tmp_path, described):
    fitted(textures(tmp_path), tiny)
    one, other = files(tmp_path)
    one.write_bytes(other.read_bytes())
    described.clear()
    fitted(textures(tmp_path), tiny)
    assert described == [PER_FILE]


def test_a_file_of_rows_is_one_that_numpy_opens(tiny, tmp_path):
    model = fitted(textures(tmp_path), tiny)
    kept = [np.load(path, allow_pickle=False) for path in files(tmp_path)]
    rows = model.pairer_.generated_rows_
    assert all(any((one == part).all() for one in kept) for part in rows)
    assert kept[0].dtype == np.float32


def test_other_images_settings_and_orders_have_other_files(tiny, tmp_path, described):
    fitted(textures(tmp_path), tiny)
    other_level = tiny.generated.copy()
    other_level[0, 0, 0] ^= 1
    for model, changes, n_new in [
        (textures(tmp_path), {"generated": (other_level,)}, 1),
        (textures(tmp_path), {"generated": (tiny.generated[::-1],)}, 2),
        # One more image has a file of its own, and those before it are found.
        (
            textures(tmp_path),
            {"generated": (np.concatenate([tiny.generated, other_level[:1]]),)},
            1,
        ),
        (textures(tmp_path).set_params(descriptor__grid=2), {}, 2),
        (textures(tmp_path).set_params(descriptor__n_jobs=2), {}, 0),
    ]:
        described.clear()
        fitted(model, tiny, **changes)
        assert len(described) == n_new


def test_workers_write_their_files_themselves(tiny, tmp_path, monkeypatch):
    returned = []

    class Seen(joblib.Parallel):
        def __call__(self, tasks):
            returned.extend(answers := super().__call__(tasks))
            return answers

    monkeypatch.setattr(_row_files, "Parallel", Seen)
    within = fitted(textures(tmp_path).set_params(descriptor__n_jobs=2), tiny)
    # Nothing is sent back, and so no row.
    assert returned == [None, None]
    without = fitted(textures(None), tiny)
    assert (within.predict_proba(tiny.real) == without.predict_proba(tiny.real)).all()


def test_a_file_that_changes_meanwhile_is_not_kept(tiny, tmp_path, monkeypatch):
    paths = [str(tmp_path / f"{i}.png") for i in range(len(tiny.generated))]
    for path, image in zip(paths, tiny.generated, strict=True):
        Image.fromarray(image).save(path)
    describe = _row_files.rows_in_blocks

    def late(descriptor, images):
        Image.fromarray(255 - tiny.generated[0]).save(paths[0])
        return describe(descriptor, images)

    monkeypatch.setattr(_row_files, "rows_in_blocks", late)
    with pytest.raises(ValueError, match="another image than when it was first looked at"):
        fitted(textures(tmp_path / "kept"), tiny, generated=(paths,))
    assert files(tmp_path / "kept") == []


def test_a_fitted_model_that_was_pickled_needs_no_store(tiny, tmp_path):
    model = fitted(textures(tmp_path / "kept"), tiny)
    expected = model.predict_proba(tiny.real)
    joblib.dump(model, tmp_path / "model")
    del model
    for path in files(tmp_path / "kept"):
        path.unlink()
    loaded = joblib.load(tmp_path / "model")
    assert (loaded.predict_proba(tiny.real) == expected).all()


@pytest.mark.skipif(os.name != "posix", reason="no such modes")
def test_what_is_kept_is_for_nobody_else(tiny, tmp_path):
    fitted(textures(tmp_path / "new" / "kept"), tiny)
    folder = tmp_path / "new" / "kept" / "ganisi-generated"
    assert folder.stat().st_mode & 0o077 == 0


def refused(model, data, described, match):
    with pytest.raises(ValueError, match=match):
        fitted(model, data)
    assert described == []


def test_what_can_hold_no_files_is_refused_before_anything_is_described(tiny, tmp_path, described):
    (tmp_path / "file").write_text("")
    refused(textures(tmp_path / "file"), tiny, described, "store=.*name a folder")
    refused(textures(3), tiny, described, "store")


def test_memory_beside_a_store_is_refused(tiny, tmp_path, described):
    model = textures(tmp_path, memory=tmp_path)
    refused(model, tiny, described, "memory and store are both given")


class WithLambda(Intensity):
    """A descriptor that cannot be pickled."""

    def _fit_shapes(self, shapes):
        self.nameless_ = lambda: shapes


def test_a_descriptor_that_cannot_be_known_again_is_refused(tiny, tmp_path, described):
    model = textures(tmp_path).set_params(descriptor=WithLambda())
    refused(model, tiny, described, "cannot be pickled; give it functions that have a name")


@pytest.mark.parametrize("make", [textures, recommended])
def test_half_precision_halves_files_and_changes_next_to_nothing(tiny, tmp_path, make):
    models = {half: fitted(make(tmp_path / str(half), half=half), tiny) for half in (False, True)}
    sizes = {half: files(tmp_path / str(half))[0].stat().st_size for half in models}
    # But for the header and the checksum.
    assert 2 * sizes[True] - sizes[False] == 128 + 32
    whole, halved = (model.predict_proba(tiny.real)[:, 1] for model in models.values())
    assert (whole != halved).any()
    np.testing.assert_allclose(whole, halved, atol=0.01)


def test_half_precision_is_that_of_the_rows_and_of_nothing_else(tiny, tmp_path):
    pairing = ImagePairer(GaborBank(n_quantiles=1, grid=4), views="mirrors")
    distances = []
    for view_grid in (None, 2):
        pairer = CDFWassersteinPairer(view_grid=view_grid)
        half = clone(pairing).set_params(store=tmp_path, half=True, pairer=pairer)
        distances.append(half.fit_transform(tiny.real, generated=(tiny.generated,)))
        (one, *_) = half.pairer_.generated_rows_
        assert one.dtype == np.float16
        # What views are compared by is not rounded a second time.
        coarse = half.pairer_._coarsen(one.astype(np.float32))
        assert (half.pairer_._coarsen(one) == coarse).all()
        rows = half.descriptor_.transform(tiny.generated)
        rounded = np.concatenate(half.pairer_.generated_rows_).astype(np.float32)
        assert (rounded == rows.astype(np.float16)).all()
        expected = clone(half.pairer_).fit_transform(half.describe(tiny.real), generated=(rounded,))
        assert (distances[-1] == expected).all()


def test_numbers_too_large_for_half_precision_are_refused(tiny, tmp_path):
    levels = tiny.generated.astype(np.uint16) * 257
    model = GANISI(Intensity(n_quantiles=1, grid=4), store=tmp_path, half=True)
    with pytest.raises(ValueError, match="half=True keeps no number above 65504, and rows have"):
        fitted(model, tiny, X=tiny.real.astype(np.uint16) * 257, generated=(levels | 0xFFFF,))
    assert files(tmp_path) == []


def test_half_without_a_store_is_refused(tiny, described):
    refused(textures(None, half=True), tiny, described, "half is of rows in files; give store=")


BOUNDED = """
import resource, sys
import numpy as np
from sklearn.linear_model import LogisticRegression
from ganisi import GANISI, CDFWassersteinPairer, LocalStats, ProfileIdentifier
from ganisi.datasets import make_source_identification
from ganisi.distances import _large
from ganisi.model import _row_files

_row_files._IMAGES_PER_FILE, _large._SMALLEST_IN_FILE = 256, 2**20
data = make_source_identification(30, 30, 40, size=32, random_state=0)
shades = np.arange(50, dtype=np.uint8)[:, None, None, None]
generated = (data.generated // 2 + shades).reshape(-1, 32, 32)

def ask(generated):
    model = GANISI(
        LocalStats(n_quantiles=4, grid=32),
        pairer=CDFWassersteinPairer(n_quantiles=4, grid=32, relative=True),
        identifier=ProfileIdentifier(LogisticRegression(), ranks=(1,), pool_maps=True),
        views="mirrors",
        store=sys.argv[1] or None,
    )
    model.fit(data.real, data.used, generated=(generated,), groups=data.groups)
    return model.predict_proba(data.real), model.evidence(data.real, 2)

ask(generated[:20])
with open("/proc/self/status") as status:
    (held,) = (int(line.split()[1]) * 1024 for line in status if line.startswith("VmData"))
# Rows alone are 2000 * 3 * 32 * 32 * 4 * 4 bytes: 98 MB.
resource.setrlimit(resource.RLIMIT_DATA, (held + 80 * 2**20,) * 2)
ask(generated)
print("done")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_with_a_store_memory_does_not_grow_with_the_generated_images(tmp_path):
    ends = []
    for store in (str(tmp_path), ""):
        command = [sys.executable, "-c", BOUNDED, store]
        ends.append(subprocess.run(command, capture_output=True, text=True, check=False))
    assert ends[0].stdout == "done\n", ends[0].stderr
    assert "MemoryError" in ends[1].stderr
