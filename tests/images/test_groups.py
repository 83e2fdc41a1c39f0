import os
from pathlib import Path

import pytest

from ganisi import ImageFile
from ganisi.datasets import load_groups

IMAGES = ["data/real_used/1.png", "data/real_used/2.png", "data/real_not_used/1.png"]
ROWS = ["real_used,1.png,a", "real_used,2.png,b", "real_not_used,1.png,c", "query,9.png,"]


@pytest.fixture
def table(tmp_path):
    """A function that writes a table of these rows."""

    def write(rows=ROWS, head="folder,file,group", encoding="utf-8"):
        path = tmp_path / "groups.csv"
        path.write_text("\n".join([head, *rows]) + "\n", encoding=encoding)
        return path

    return write


def test_groups_come_in_the_order_of_the_images(table):
    assert load_groups(table(), IMAGES).tolist() == ["a", "b", "c"]
    assert load_groups(str(table()), IMAGES[::-1]).tolist() == ["c", "b", "a"]


def test_the_order_of_rows_and_columns_and_further_columns_change_nothing(table):
    rows = ["c,x,1.png,real_not_used", "b,x,2.png,real_used", "a,x,1.png,real_used"]
    assert load_groups(table(rows, "group,scanner,file,folder"), IMAGES).tolist() == ["a", "b", "c"]


def test_images_may_be_paths_of_any_kind(table, tmp_path, monkeypatch):
    images = [Path(IMAGES[0]), ImageFile(IMAGES[1]), tmp_path / "real_not_used" / "1.png"]
    assert load_groups(table(), images).tolist() == ["a", "b", "c"]
    (tmp_path / "real_used").mkdir()
    monkeypatch.chdir(tmp_path / "real_used")
    assert load_groups(table(), [os.path.join(".", "1.png"), "2.png"]).tolist() == ["a", "b"]


def test_a_table_may_begin_with_the_byte_order_mark_of_a_spreadsheet(table):
    assert load_groups(table(encoding="utf-8-sig"), IMAGES).tolist() == ["a", "b", "c"]


@pytest.mark.parametrize("rows", [ROWS[:2], [*ROWS[:2], "real_not_used,1.png,"]])
@pytest.mark.parametrize("optional", [False, True])
def test_an_image_without_a_group_is_named(table, rows, optional):
    with pytest.raises(ValueError, match=r"no patient for the file 1.png of the folder real_not_"):
        load_groups(table(rows), IMAGES, optional=optional)


@pytest.mark.parametrize("rows", [[], ROWS])
def test_where_groups_are_optional_none_for_all_is_none(table, rows):
    assert load_groups(table(rows), ["query/9.png", "query/10.png"], optional=True) is None


def test_a_missing_column_is_named(table):
    with pytest.raises(ValueError, match="lacks the columns file, group"):
        load_groups(table([], "folder,name"), IMAGES)


def test_an_empty_table_lacks_its_columns(tmp_path):
    (tmp_path / "groups.csv").write_text("")
    with pytest.raises(ValueError, match="lacks the columns file, folder, group"):
        load_groups(tmp_path / "groups.csv", IMAGES)


def test_a_file_named_twice_is_refused(table):
    with pytest.raises(ValueError, match=r"file 2.png of the folder real_used twice.* line 6"):
        load_groups(table([*ROWS, "real_used,2.png,b"]), IMAGES)


def test_a_missing_table_says_what_it_should_be(tmp_path):
    with pytest.raises(FileNotFoundError, match="the columns folder, file, group"):
        load_groups(tmp_path / "groups.csv", IMAGES)
