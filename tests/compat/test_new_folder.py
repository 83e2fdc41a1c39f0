"""A folder is there whole or not at all, and nothing is replaced but an empty one."""

import os

import pytest

from ganisi._compat import _writing
from ganisi._compat._writing import check_new_folder, is_within, new_folder


def fill(path):
    with new_folder(path) as folder:
        (folder / "a").write_text("a")
        assert not (path / "a").exists()


def test_a_folder_appears_when_it_is_full(tmp_path):
    fill(tmp_path / "out")
    assert os.listdir(tmp_path) == ["out"]
    assert os.listdir(tmp_path / "out") == ["a"]


def test_an_empty_folder_keeps_its_name_link_and_permissions(tmp_path):
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "out").symlink_to("real")
    check_new_folder(tmp_path / "out")
    fill(tmp_path / "out")
    assert (tmp_path / "out").is_symlink()
    assert os.listdir(tmp_path / "real") == ["a"]
    assert (tmp_path / "real").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_where_something_goes_wrong_there_is_nothing(tmp_path, error):
    def write(folder):
        (folder / "a").write_text("a")
        raise error

    with pytest.raises(error), new_folder(tmp_path / "out") as folder:
        write(folder)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_what_came_in_meanwhile_is_not_replaced(tmp_path, kind):
    out = tmp_path / "out"

    def come_in():
        if kind == "folder":
            out.mkdir()
            (out / "b").write_text("b")
        elif kind == "file":
            out.write_text("b")
        else:
            out.symlink_to("nowhere")

    with pytest.raises(OSError, match=r"not empty|is there by now"), new_folder(out):
        come_in()
    assert os.listdir(tmp_path) == ["out"]


def test_the_check_leaves_everything_as_it_was(tmp_path):
    check_new_folder(tmp_path / "out")
    (tmp_path / "empty").mkdir()
    check_new_folder(tmp_path / "empty")
    assert os.listdir(tmp_path) == ["empty"]


def test_the_check_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("a")
    for name, why in [
        ("full", "is not empty, and nothing in it is replaced; name another"),
        ("full/a", "is there, and no folder; name another"),
        ("none/out", "its folder does not exist; make it first"),
    ]:
        with pytest.raises(ValueError, match=why):
            check_new_folder(tmp_path / name)

    def refuse(path):
        raise PermissionError("read-only")

    monkeypatch.setattr(_writing, "_folder_beside", refuse)
    with pytest.raises(ValueError, match="cannot be made, read-only; name another folder"):
        check_new_folder(tmp_path / "out")


def test_within_follows_links_and_takes_no_beginning_of_a_name(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert is_within(tmp_path / "link" / "a", tmp_path / "real")
    assert is_within(tmp_path / "real", tmp_path / "link")
    assert is_within(tmp_path / "REAL" / "a", tmp_path / "real")
    assert not is_within(tmp_path / "realm", tmp_path / "real")
    assert not is_within(tmp_path / "real", tmp_path / "real" / "a")
