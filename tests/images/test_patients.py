"""Whose an image is: from its header, from a folder, under a pseudonym."""

import hashlib
import hmac
import importlib.util
from pathlib import Path

import numpy as np
import pytest
from image_files import GREY, save

from ganisi.datasets import load_image_folder
from ganisi.images import _pseudonyms
from ganisi.images._patients import numbered


def add(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    return save(path, GREY)


@pytest.fixture
def tree(tmp_path):
    """Two patients, the first with two studies."""
    for name in ("Doe/s1/1.png", "Doe/s2/1.png", "Roe/s1/1.png"):
        add(tmp_path / name)
    return tmp_path


def same(groups):
    return np.unique(groups, return_inverse=True)[1].tolist()


def load(folder, patient, **options):
    return load_image_folder(folder, recursive=True, patient=patient, **options).groups


def test_a_folder_level_names_the_patient(tree):
    assert same(load(tree, 1)) in ([0, 0, 1], [1, 1, 0])
    assert len(set(same(load(tree, 2)))) == 2
    np.testing.assert_array_equal(load(tree, 2)[[0, 1]] == load(tree, -1)[[2, 1]], [True, True])
    np.testing.assert_array_equal(load(tree, -2), load(tree, 1))
    assert load_image_folder(tree, recursive=True).groups is None


@pytest.mark.parametrize("level", [3, -3])
def test_a_level_that_an_image_does_not_lie_in_is_named(tree, level):
    with pytest.raises(ValueError, match=rf"1\.png lies 2 folders deep, so none of level {level}"):
        load(tree, level)


@pytest.mark.parametrize("patient", [0, 1.5, True, "", " ", ["PatientID"]])
def test_what_names_no_patient_is_refused_before_anything_is_read(tmp_path, patient):
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match="expected the keyword of a DICOM element"):
        load(tmp_path, patient)


def test_a_pseudonym_is_a_keyed_hash_and_names_nobody(tree):
    groups = load(tree, 1, key=b"secret")
    digest = hmac.new(b"secret", b"Doe", hashlib.sha256).hexdigest()
    assert groups[0] == f"patient-{digest[:16]}"
    np.testing.assert_array_equal(load(tree, 1, key="secret"), groups)
    assert set(load(tree, 1, key=b"other")).isdisjoint(groups)
    assert set(load(tree, 1)).isdisjoint(groups)
    np.testing.assert_array_equal(load(tree, 1), load(tree, 1))
    assert not any("oe" in name for name in groups)


def test_without_a_key_every_process_has_one_of_its_own():
    # The module as another process would load it.
    spec = importlib.util.spec_from_file_location("ganisi.images._twin", _pseudonyms.__file__)
    twin = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(twin)
    assert twin.pseudonym("Doe") != _pseudonyms.pseudonym("Doe")
    assert twin.pseudonym("Doe", b"k") == _pseudonyms.pseudonym("Doe", b"k")


def test_an_element_names_the_patient_across_folders(write_dicom, tmp_path):
    for folder, name, patient in [
        ("used", "1.dcm", " 007 "),
        ("used", "2.dcm", "P8"),
        ("not_used", "1.dcm", "007"),
    ]:
        (tmp_path / folder).mkdir(exist_ok=True)
        write_dicom(Path(folder, name), PatientID=patient, PatientName="Doe^Jane")
    used, not_used = (load(tmp_path / name, "PatientID") for name in ("used", "not_used"))
    assert used[0] == not_used[0] != used[1]
    np.testing.assert_array_equal(load(tmp_path / "used", "(0010,0020)"), used)
    names = load(tmp_path / "used", "PatientName")
    assert names[0] == names[1]
    assert "Doe" not in names[0]


@pytest.mark.parametrize("value", ["", " ", None])
def test_an_image_without_a_patient_is_named(write_dicom, tmp_path, value):
    write_dicom("scan.dcm", **({} if value is None else {"PatientID": value}))
    with pytest.raises(ValueError, match=r"scan\.dcm gives no patient, 'PatientID' is .*--groups"):
        load(tmp_path, "PatientID")


def test_a_picture_has_no_element_and_an_unknown_element_is_refused(write_dicom, tmp_path):
    write_dicom("scan.dcm")
    with pytest.raises(ValueError, match="patient='PatientsID' is no keyword of a DICOM element"):
        load(tmp_path, "PatientsID")
    add(tmp_path / "a.png")
    with pytest.raises(ValueError, match=r"a\.png is no DICOM file, so it has no PatientID"):
        load(tmp_path, "PatientID")


def test_numbers_do_not_depend_on_names():
    assert numbered(["b", "a", "b"], ["c", "a"]) == [[1, 2, 1], [3, 2]]
    assert numbered(["x", "y", "x"], ["a", "y"]) == [[1, 2, 1], [3, 2]]
