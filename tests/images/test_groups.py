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


def test_spaces_and_the_case_of_the_first_line_do_not_matter(table):
    rows = [" real_used , 1.png,  a ", "real_used,2.png,b", "real_not_used,1.png,c", ",,"]
    groups = load_groups(table(rows, " Folder,FILE , Group", "utf-8-sig"), IMAGES)
    assert groups.tolist() == ["a", "b", "c"]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_a_spreadsheet_may_separate_by_other_signs(table, separator):
    rows = [row.replace(",", separator) for row in ROWS]
    head = separator.join(["folder", "file", "group"])
    assert load_groups(table(rows, head), IMAGES).tolist() == ["a", "b", "c"]


def test_a_column_that_is_there_twice_is_refused(table):
    with pytest.raises(ValueError, match="has the column group twice"):
        load_groups(table([], "folder,file,group, Group"), IMAGES)
    rows = [f"{row},x,y" for row in ROWS]
    groups = load_groups(table(rows, "folder,file,group,scanner,scanner"), IMAGES)
    assert groups.tolist() == ["a", "b", "c"]


def test_a_row_with_a_cell_too_many_is_refused(table):
    with pytest.raises(ValueError, match="line 3, has 4 cells for 3 columns; quote"):
        load_groups(table([ROWS[0], "real_used,2,5.png,b"]), IMAGES)
    assert load_groups(table([f"{row},," for row in ROWS]), IMAGES).tolist() == ["a", "b", "c"]
    rows = [*ROWS, 'real_used,"2,5.png",d']
    assert load_groups(table(rows), ["real_used/2,5.png"]).tolist() == ["d"]


def test_what_is_no_text_in_utf_8_is_refused(table):
    with pytest.raises(ValueError, match=r"groups\.csv is no table of text in UTF-8"):
        load_groups(table(encoding="utf-16"), IMAGES)
    with pytest.raises(ValueError, match="is no table of text in UTF-8"):
        load_groups(table(['real_used,"1.png,a']), IMAGES)


def test_two_folders_of_one_last_name_are_told_apart(table):
    images = ["a/images/1.png", "b/images/1.png"]
    with pytest.raises(ValueError, match=r"one row for .*a/images/1.png and for .*b/images/1.png"):
        load_groups(table(["images,1.png,p"]), images)
    rows = ["a/images,1.png,p", "b\\images\\,1.png,q", "images,2.png,r"]
    assert load_groups(table(rows), images).tolist() == ["p", "q"]
    assert load_groups(table(rows), [*images, "b/images/2.png"]).tolist() == ["p", "q", "r"]
    # Several images of one file, or a file named twice, are no two files.
    assert load_groups(table(["images,1.png,p"]), [images[0]] * 2).tolist() == ["p", "p"]


def test_a_row_may_name_a_file_in_a_folder_of_the_folder(table):
    rows = ["real,s1/1.png,p", "real,s2/1.png,q"]
    images = ["real/s1/1.png", "real/s2/1.png"]
    assert load_groups(table(rows), images).tolist() == ["p", "q"]


def test_letters_written_in_two_ways_are_one(table):
    rows = ["fu\u0308nf,e\u0301.png,p"]
    assert load_groups(table(rows), ["f\u00fcnf/\u00e9.png"]).tolist() == ["p"]
