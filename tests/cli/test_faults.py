"""What befalls a command on its way: it is killed, the disk is full, files change under it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ganisi
from ganisi import GANISI, Intensity
from ganisi.baselines import NearestGenerated
from ganisi.cli import _attack, main

ROOT = Path(ganisi.__file__).parents[1]
SETS = ("generated", "used", "not_used", "query")


@pytest.fixture
def folders(tmp_path):
    """Four folders of twelve images each."""
    rng = np.random.default_rng(0)
    for name in SETS:
        (tmp_path / name).mkdir()
        for i in range(12):
            image = rng.integers(0, 256, (32, 32), dtype=np.uint8)
            Image.fromarray(image).save(tmp_path / name / f"{i:02d}.png")
    return tmp_path


@pytest.fixture
def quick(monkeypatch):
    """A quick attack in the place of the recommended one."""
    attack = GANISI(Intensity(grid=8, n_quantiles=1), identifier=NearestGenerated())
    monkeypatch.setattr(_attack, "recommended", lambda **_: attack)
    monkeypatch.setattr("ganisi.identification.baselines.__all__", [])


def describe(folders, *options):
    """Start a process that describes a folder."""
    words = ["describe", str(folders / "used"), "--descriptor", "Intensity", "--quiet", *options]
    return [sys.executable, "-m", "ganisi", *words]


def environment(folders):
    (folders / "temporary").mkdir(exist_ok=True)
    return {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folders / "temporary")}


@pytest.mark.skipif(os.name != "posix", reason="needs limits")
def test_where_no_file_can_grow_the_earlier_tables_stay_and_the_status_says_so(folders):
    tables = [folders / "a.csv", folders / "a.npz"]
    for table in tables:
        table.write_text("earlier")
    program = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))\n"
        "from ganisi.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    words = describe(folders, "--csv", str(tables[0]), "--npz", str(tables[1]))[3:]
    done = subprocess.run(
        [sys.executable, "-B", "-c", program, *words],
        env=environment(folders),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3, done.stderr
    assert done.stderr.count("could not be written: [Errno 27]") == 2
    assert done.stderr.count("nor to a folder for temporary files: [Errno 27]") == 2
    assert [table.read_text() for table in tables] == ["earlier"] * 2
    assert sorted(path.name for path in folders.iterdir() if path.is_file()) == ["a.csv", "a.npz"]


@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_a_command_that_is_killed_leaves_the_earlier_table(folders):
    table = folders / "a.csv"
    table.write_text("earlier")
    os.mkfifo(folders / "b.npz")  # The second table waits for a reader, so that there is a middle.
    process = subprocess.Popen(
        describe(folders, "--csv", str(table), "--npz", str(folders / "b.npz")),
        env=environment(folders),
    )
    try:
        for _ in range(600):
            if table.read_text() != "earlier":
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait()
    # The first is whole, and nothing half written lies beside it.
    lines = table.read_text().splitlines()
    assert len(lines) == 13
    assert len({line.count(",") for line in lines}) == 1
    assert not list(folders.glob(".ganisi-*"))


def test_ctrl_c_says_that_nothing_was_written(folders, quick, monkeypatch, capsys):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(Intensity, "transform", stop)
    report = folders / "report.json"
    paths = [str(folders / name) for name in SETS]
    for words in (
        ["audit", *paths[:3], "--each-image-a-patient", "--json", str(report)],
        ["identify", *paths, "--each-image-a-patient", "--csv", str(report)],
        ["describe", paths[0], "--descriptor", "Intensity", "--csv", str(report)],
    ):
        assert main([*words, "--quiet"]) == 130
        said = capsys.readouterr()
        assert "stopped; nothing was written" in said.err
        assert said.out == ""
        assert not report.exists()


@pytest.mark.parametrize("swap", ["another", "gone", "broken"])
def test_a_file_that_changes_under_an_audit_ends_it_by_name(
    folders, quick, swap, monkeypatch, capsys
):
    victim = folders / "used" / "11.png"
    transform = Intensity.transform

    def swap_and_transform(self, X):
        if victim.exists():
            victim.unlink()
        if swap == "another":
            shutil.copy(folders / "query" / "00.png", victim)
        elif swap == "broken":
            victim.write_bytes(b"no picture")
        return transform(self, X)

    monkeypatch.setattr(Intensity, "transform", swap_and_transform)
    report = folders / "report.json"
    paths = [str(folders / name) for name in SETS[:3]]
    words = ["audit", *paths, "--each-image-a-patient", "--json", str(report), "--quiet"]
    assert main(words) == 3
    said = capsys.readouterr()
    assert "11.png" in said.err
    assert "Traceback" not in said.err
    assert said.out == ""
    assert not report.exists()


def test_a_link_to_a_table_stays_one(folders):
    for option, name in (("--csv", "a.csv"), ("--npz", "a.npz")):
        (folders / "real").mkdir(exist_ok=True)
        (folders / name).symlink_to(folders / "real" / name)
        (folders / "real" / name).write_text("earlier")
        (folders / "real" / name).chmod(0o600)
        words = ["describe", str(folders / "used"), "--descriptor", "Intensity", "--quiet"]
        assert main([*words, option, str(folders / name)]) == 0
        assert (folders / name).is_symlink()
        assert (folders / "real" / name).stat().st_mode & 0o777 == 0o600
        assert (folders / "real" / name).read_bytes() != b"earlier"
