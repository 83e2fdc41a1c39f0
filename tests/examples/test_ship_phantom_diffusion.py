"""What the package has of the sets of generators.py."""

import hashlib

import numpy as np
import pytest

import ganisi.datasets._phantom_diffusion as shipped


@pytest.fixture
def ship(folder):
    import ship_phantom_diffusion

    return ship_phantom_diffusion


@pytest.fixture
def sets(ship, tmp_path):
    """Stored sets of two kinds, of 8 patients whose roles are as in generators.py."""
    folder, rng = tmp_path / "sets", np.random.default_rng(0)
    folder.mkdir()
    data = ship.data
    for kind in ("flips", "other"):
        real = {
            "images": rng.integers(0, 256, (24, 8, 8), dtype=np.uint8),
            "role": np.tile(np.repeat([data.USED, data.SIBLING, data.NOT_USED], 2), 4),
            "used": np.tile([1, 1, 0, 0, 0, 0], 4),
            "groups": np.tile([0, 0, 0, 0, 1, 1], 4) + 2 * np.arange(4).repeat(6),
            "held_out": np.repeat([False, False, False, True], 6),
        }
        generated = rng.integers(0, 256, (20, 8, 8), dtype=np.uint8)
        data.store(folder, f"{kind}-0", real, generated, real["images"], {"kind": kind})
    return folder


def run(ship, sets, out, *more):
    ship.main(["--sets", str(sets), "--out", str(out), "--n-generated", "20", *more])


def test_files_hold_the_first_generated_images_and_every_real_one(ship, sets, tmp_path):
    run(ship, sets, tmp_path / "out", "--n-generated", "7")
    for kind in ("flips", "other"):
        with (
            np.load(sets / f"{kind}-0.npz") as whole,
            np.load(tmp_path / "out" / f"phantom_diffusion_{kind}.npz") as packed,
        ):
            assert set(packed) == set(whole)
            for name in whole:
                kept = whole[name][:7] if name == "generated" else whole[name]
                np.testing.assert_array_equal(packed[name], kept)


def test_checksums_are_printed_as_the_loader_wants_them(ship, sets, tmp_path, capsys, monkeypatch):
    run(ship, sets, tmp_path)
    *lines, total = capsys.readouterr().out.splitlines()
    checksums = eval("{" + "".join(lines) + "}")
    sizes = 0
    for kind, digest in checksums.items():
        content = (tmp_path / f"phantom_diffusion_{kind}.npz").read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
        sizes += len(content)
    assert total == f"{sizes} bytes together"
    monkeypatch.setattr(shipped, "_CHECKSUMS", checksums)
    monkeypatch.setattr(shipped, "_FOLDER", tmp_path)
    data = shipped.load_phantom_diffusion("other")
    assert len(data.real) == len(data.queries) * 2 == 12
    assert len(data.generated) == 20


def test_files_do_not_depend_on_when_they_are_made(ship, sets, tmp_path):
    for out in ("one", "two"):
        run(ship, sets, tmp_path / out)
    for kind in ("flips", "other"):
        one, two = (tmp_path / out / f"phantom_diffusion_{kind}.npz" for out in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def test_too_large_files_are_not_written(ship, sets, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(ship, "LIMIT", 1000)
    with pytest.raises(SystemExit, match="2"):
        run(ship, sets, tmp_path / "out")
    assert "bytes are more than 1000; give a smaller --n-generated" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_is_not_there_or_not_whole_is_said(ship, sets, tmp_path):
    (sets / "other-0.npz").write_bytes(b"half")
    with pytest.raises(SystemExit, match="their checksums differ"):
        run(ship, sets, tmp_path / "out")
    (sets / "flips-0.json").unlink()
    with pytest.raises(SystemExit, match=r"There is no .*flips-0\.json; generators\.py makes it"):
        run(ship, sets, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("n_generated", ["0", "-3", "21"])
def test_more_generated_images_than_there_are_or_none_are_refused(
    ship, sets, tmp_path, n_generated
):
    with pytest.raises(SystemExit, match="flips-0 has 20 generated images, so give a number"):
        run(ship, sets, tmp_path / "out", "--n-generated", n_generated)
    assert not (tmp_path / "out").exists()


def test_the_files_of_the_package_stay_below_the_limit(ship):
    sizes = [path.stat().st_size for path in ship.DATA.glob("*.npz")]
    assert len(sizes) == 2
    assert sum(sizes) <= ship.LIMIT == 3_000_000
