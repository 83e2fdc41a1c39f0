"""Files are there whole or not at all, and nothing beside them is left."""

import os
import signal
import stat
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ganisi._compat import _writing
from ganisi._compat._writing import check_target, same_target, write_text

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def everything(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_what_is_written_is_read_back_as_it_is(tmp_path):
    @settings(max_examples=30, deadline=None)
    @given(st.text(st.characters(codec="utf-8")))
    def law(text):
        write_text(tmp_path / "file", text)
        assert everything(tmp_path) == {"file": text.encode()}

    law()


def test_a_name_may_be_as_long_as_names_can_be(tmp_path):
    name = "n" * 255
    check_target(tmp_path / name)
    write_text(tmp_path / name, "text")
    assert everything(tmp_path) == {name: b"text"}


def test_a_name_that_is_no_utf8_is_written(tmp_path):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.html"))
    try:
        path.touch()
    except OSError:
        pytest.skip("this file system has UTF-8 names only")
    check_target(path)
    write_text(path, "text")
    assert path.read_text() == "text"


@pytest.mark.parametrize(
    ("earlier", "step"),
    [(None, "fsync"), (None, "replace"), *(("earlier", s) for s in ("fsync", "replace", "chmod"))],
)
@pytest.mark.parametrize("error", [OSError(28, "No space left"), KeyboardInterrupt()], ids=repr)
def test_what_fails_midway_leaves_all_as_it_was(tmp_path, monkeypatch, earlier, step, error):
    def fail(*_):
        raise error

    path = tmp_path / "file"
    if earlier is not None:
        path.write_text(earlier)
    before = everything(tmp_path)
    monkeypatch.setattr(_writing.os, step, fail)
    with pytest.raises(type(error)):
        write_text(path, "new")
    assert everything(tmp_path) == before


def test_text_that_is_no_utf8_leaves_all_as_it_was(tmp_path):
    (tmp_path / "file").write_text("earlier")
    with pytest.raises(UnicodeEncodeError):
        write_text(tmp_path / "file", "half \udcff")
    assert everything(tmp_path) == {"file": b"earlier"}


def test_a_link_stays_one_and_a_file_keeps_its_permissions(tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("earlier")
    real.chmod(0o600)
    link.symlink_to("real")
    write_text(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert stat.S_IMODE(real.stat().st_mode) == 0o600


def test_what_is_no_file_is_written_to(tmp_path):
    write_text(os.devnull, "text")
    check_target(os.devnull)
    assert not Path(os.devnull).is_file()


def test_trying_changes_nothing(tmp_path):
    (tmp_path / "file").write_text("earlier")
    before = everything(tmp_path)
    check_target(tmp_path / "file")
    check_target(tmp_path / "other")
    assert everything(tmp_path) == before


def test_a_folder_and_a_missing_folder_are_refused(tmp_path):
    with pytest.raises(ValueError, match="it is a folder; name a file in it"):
        check_target(tmp_path)
    with pytest.raises(ValueError, match="its folder does not exist; make it first"):
        check_target(tmp_path / "no" / "file")
    with pytest.raises(IsADirectoryError, match="it is a folder"):
        write_text(tmp_path, "text")
    assert everything(tmp_path) == {}


@pytest.mark.skipif(ROOT, reason="root may write where nobody may")
def test_a_folder_and_a_file_that_are_read_only_are_refused(tmp_path):
    (tmp_path / "file").write_text("earlier")
    (tmp_path / "file").chmod(0o400)
    with pytest.raises(ValueError, match="read-only; name another file"):
        check_target(tmp_path / "file")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ValueError, match="cannot be written"):
            check_target(tmp_path / "other")
    finally:
        tmp_path.chmod(0o700)


def test_a_folder_that_takes_no_file_is_refused(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_writing.os, "fsync", full)
    with pytest.raises(ValueError, match=r"cannot be written.*No space left.*another file"):
        check_target(tmp_path / "file")
    assert everything(tmp_path) == {}


@pytest.mark.skipif(os.name != "posix", reason="needs limits of processes")
def test_a_disk_that_takes_half_of_it_keeps_what_was_there(tmp_path):
    path = tmp_path / "file"
    path.write_text("earlier")
    code = (
        "import resource, sys; from ganisi._compat._writing import write_text\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "write_text(sys.argv[1], 100_000 * 'x')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False
    )
    assert "OSError" in done.stderr
    assert everything(tmp_path) == {"file": b"earlier"}


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs a folder that takes no file")
def test_a_folder_that_takes_no_file_of_anybody_is_refused():
    with pytest.raises(ValueError, match="cannot be written"):
        check_target("/proc/self/report.html")


def test_one_file_is_known_by_other_spellings_and_links(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "alias").symlink_to("folder")
    (tmp_path / "link").symlink_to("folder/a")
    for other in ("folder/a", "./folder//a", tmp_path / "folder" / "a", "alias/a", "link",
                  "folder/../folder/a", "folder/A"):  # fmt: skip
        assert same_target("folder/a", other), other
    assert not same_target("folder/a", "folder/b")
    assert not same_target("folder/a", "a")
    Path("folder/a").touch()
    os.link("folder/a", "hard")
    assert same_target("folder/a", "hard")


def _write_for_ever(path, sign):
    while True:
        write_text(path, sign * 3_000_000)


def test_a_process_killed_midway_leaves_a_whole_file(tmp_path):
    path = tmp_path / "file"
    for pause in (0.05, 0.1, 0.2):
        writer = get_context("fork" if sys.platform == "linux" else "spawn").Process(
            target=_write_for_ever, args=(path, "b")
        )
        path.write_text("a")
        writer.start()
        time.sleep(pause)
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        text = path.read_text()
        assert text in ("a", "b" * 3_000_000)


def test_of_two_writers_one_is_last_and_nobody_sees_a_mixture(tmp_path):
    path = tmp_path / "file"
    code = (
        "import sys; from ganisi._compat._writing import write_text\n"
        "for _ in range(5): write_text(sys.argv[1], sys.argv[2] * 200_000)"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(path), sign]) for sign in "ab"]
    seen = set()
    while any(writer.poll() is None for writer in writers):
        if path.exists():
            seen.add(path.read_text())
    assert [writer.returncode for writer in writers] == [0, 0]
    assert seen <= {sign * 200_000 for sign in "ab"}
    assert list(everything(tmp_path)) == ["file"]
