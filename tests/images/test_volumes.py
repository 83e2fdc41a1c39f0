"""Volumes: slices along an axis, as radiologists look at them, one volume in memory at a time."""

import gzip
import shutil

import numpy as np
import pytest

from ganisi import ImageFile, Intensity
from ganisi.datasets import load_image_folder
from ganisi.images import _volumes
from ganisi.images._checks import check_images, read_image

#: Intensity of a voxel that lies x mm to the left, y to the back and z to the feet.
WEIGHTS = np.array([1, 100, 1000])
SHAPE = (3, 4, 5)


def body(shape=SHAPE):
    """A volume whose axes run to the left, back and feet, as intensities."""
    return np.einsum("iabc,i->abc", np.indices(shape), WEIGHTS).astype(np.int16)


@pytest.fixture
def write_nifti(nibabel, tmp_path):
    """Write a volume whose axes run to the left, back and feet, stored with axes of any names."""

    def write(name="scan.nii.gz", voxels=None, axes="LPI", zooms=(1.0, 1.0, 1.0), kind=None):
        voxels = body() if voxels is None else voxels
        # An affine goes to the right, front and head.
        affine = np.diag([*(-np.array(zooms, float)), 1.0])
        kind = kind or nibabel.Nifti1Image
        image = kind(voxels, affine)
        image = image.as_reoriented(
            nibabel.orientations.ornt_transform(
                nibabel.orientations.axcodes2ornt("LPI"),
                nibabel.orientations.axcodes2ornt(tuple(axes)),
            )
        )
        nibabel.save(image, tmp_path / name)
        return tmp_path / name

    return write


def stored(path, axis, index, **options):
    """Levels of a slice, in the unit of the file."""
    low, high = -4000.0, 6000.0
    grey = ImageFile(path, axis=axis, index=index, window=(low, high), **options).read()
    return np.rint(grey.astype(np.float64) * (high - low) + low)


EXPECTED = {
    "axial": lambda k: body()[:, :, k].T,
    "coronal": lambda k: body()[:, k, :].T,
    "sagittal": lambda k: body()[k, :, :].T,
}


@pytest.mark.parametrize("axes", ["LPI", "RAS", "LAS", "ILA", "PLI", "SPR"])
@pytest.mark.parametrize(("axis", "n"), [("axial", 5), ("coronal", 4), ("sagittal", 3)])
def test_slices_lie_as_radiologists_look_at_them_however_they_are_stored(
    write_nifti, tmp_path, axes, axis, n
):
    path = write_nifti(axes=axes)
    folder = load_image_folder(tmp_path, axis=axis, window=(-4000, 6000))
    assert len(folder.images) == n
    for k in range(n):
        np.testing.assert_allclose(stored(path, axis, k), EXPECTED[axis](k), atol=1)
    with pytest.raises(ValueError, match=rf"has {n} slices along axis='{axis}', so none of"):
        stored(path, axis, n)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_an_axis_by_its_number_is_as_it_is_stored(write_nifti, axis):
    path = write_nifti(axes="PIR")
    turned = body().transpose(1, 2, 0)[:, :, ::-1]
    np.testing.assert_allclose(stored(path, axis, 1), turned.take(1, axis), atol=1)


@pytest.mark.parametrize("name", ["a.nii", "a.nii.gz", "A.NII.GZ", "a.mgz", "a.mgh", "IM1"])
def test_every_format_gives_the_same_slices(write_nifti, nibabel, tmp_path, name):
    is_mgh = name.endswith(("mgz", "mgh"))
    kind = nibabel.MGHImage if is_mgh else nibabel.Nifti1Image
    written = write_nifti(name.lower() if name != "IM1" else "a.nii", kind=kind)
    written.rename(tmp_path / name)
    folder = load_image_folder(tmp_path, axis="axial", window=(0, 6000), bits=16)
    assert folder.names == [f"{'IM1' if name == 'IM1' else name[0]} {k}" for k in range(5)]
    for k, image in enumerate(check_images(folder.images)):
        expected = np.rint(EXPECTED["axial"](k) / 6000 * 65535)
        np.testing.assert_array_equal(image.read(), expected)
    assert folder.groups.tolist() == [str(tmp_path / name)] * 5


def test_nifti_2_and_scaled_voxels_are_read_in_their_unit(write_nifti, nibabel, tmp_path):
    path = write_nifti("two.nii", kind=nibabel.Nifti2Image)
    np.testing.assert_allclose(stored(path, "axial", 2), EXPECTED["axial"](2), atol=1)
    image = nibabel.Nifti1Image(body().astype(np.float64), np.diag([-1, -1, -1, 1]))
    image.set_data_dtype(np.int16)
    image.header.set_slope_inter(2.0, -1024.0)
    nibabel.save(image, tmp_path / "scaled.nii")
    np.testing.assert_allclose(
        stored(tmp_path / "scaled.nii", "axial", 2), 2.0 * EXPECTED["axial"](2) - 1024, atol=1
    )


def test_8_bit_volumes_need_no_window_and_others_say_so(write_nifti, tmp_path):
    path = write_nifti(voxels=body((2, 2, 2)).astype(np.uint8))
    assert load_image_folder(path, axis="axial", window=(0, 9), bits=8).images[0].window is None
    assert ImageFile(path, axis="axial", index=0).read().dtype == np.uint8
    path = write_nifti()
    with pytest.raises(ValueError, match=r"scan\.nii\.gz\[0\] has data type int16; .*--window"):
        ImageFile(path, axis="axial", index=0).read()


def test_the_window_of_the_header_and_windows_by_name_are_for_volumes_too(nibabel, tmp_path):
    image = nibabel.Nifti1Image(body(), np.diag([-1, -1, -1, 1]))
    image.header["cal_min"], image.header["cal_max"] = 100, 300
    nibabel.save(image, tmp_path / "a.nii")
    for window, ends in (("header", (100, 300)), ("bone", (-500, 1300))):
        both = [
            ImageFile(tmp_path / "a.nii", axis="axial", index=0, window=one).read()
            for one in (window, ends)
        ]
        np.testing.assert_array_equal(*both)


def test_an_axis_is_not_guessed(write_nifti, nibabel, tmp_path):
    path = write_nifti()
    with pytest.raises(ValueError, match=r"is a volume of 3 x 4 x 5 voxels; .*--axis axial"):
        load_image_folder(tmp_path)
    with pytest.raises(ValueError, match=r"is a volume; name a slice: ImageFile\(path, axis="):
        read_image(path)
    for axis in ("top", 3, True):
        with pytest.raises(ValueError, match=rf"axis={axis!r}; expected 'sagittal', 'coronal'"):
            load_image_folder(tmp_path, axis=axis)
    image = nibabel.Nifti1Image(body(), None)
    image.header["sform_code"] = image.header["qform_code"] = 0
    nibabel.save(image, path)
    with pytest.raises(ValueError, match=r"does not say how the patient lies in it; .*--axis 2"):
        load_image_folder(tmp_path, axis="axial")
    assert len(load_image_folder(tmp_path, axis=2).images) == 5


@pytest.mark.parametrize(
    ("voxels", "message"),
    [
        (np.zeros((2, 3, 4, 2), np.int16), "it has 2 x 3 x 4 x 2 voxels, expected three axes"),
        (np.zeros((2, 3, 4), np.complex64), "it has voxels of type complex64"),
        (np.zeros((2, 3, 4), [("R", "u1"), ("G", "u1"), ("B", "u1")]), "it has voxels of type"),
    ],
)
def test_what_is_no_volume_of_numbers_is_refused_by_name(nibabel, tmp_path, voxels, message):
    nibabel.save(nibabel.Nifti1Image(voxels, np.eye(4)), tmp_path / "odd.nii")
    with pytest.raises(ValueError, match=rf"odd\.nii cannot be read as an image: {message}"):
        load_image_folder(tmp_path, axis="axial")


def test_a_picture_stored_as_a_volume_is_one_slice(nibabel, tmp_path):
    affine = np.diag([-1, -1, -1, 1])
    nibabel.save(nibabel.Nifti1Image(body()[:, :, :1, None], affine), tmp_path / "flat.nii")
    assert load_image_folder(tmp_path, axis="axial").names == ["flat 0"]
    np.testing.assert_allclose(
        stored(tmp_path / "flat.nii", "axial", 0), EXPECTED["axial"](0), atol=1
    )


@pytest.mark.parametrize("share", [0.02, 0.6])
@pytest.mark.parametrize("packed", [False, True])
def test_a_truncated_volume_names_itself(write_nifti, tmp_path, share, packed):
    pixels = np.random.default_rng(0).integers(0, 999, (20, 20, 20)).astype(np.int16)
    content = write_nifti("whole.nii", pixels).read_bytes()
    content = content if not packed else gzip.compress(content)
    (tmp_path / "whole.nii").unlink()
    name = "cut.nii.gz" if packed else "cut.nii"
    (tmp_path / name).write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match=rf"{name} cannot be read as an image"):
        read_image(load_image_folder(tmp_path, axis="axial", window=(0, 9)).images[-1])


def test_one_volume_at_a_time_is_read_and_once_for_all_its_slices(
    write_nifti, tmp_path, monkeypatch
):
    write_nifti("a.nii.gz")
    write_nifti("b.nii.gz", voxels=body() + np.int16(1))
    opened, really = [], _volumes.Volume
    monkeypatch.setattr(
        _volumes, "Volume", lambda *given, **named: opened.append(1) or really(*given, **named)
    )
    folder = load_image_folder(tmp_path, axis="axial", window=(0, 5000))
    assert opened == []
    Intensity(n_quantiles=1).fit(folder.images)
    assert len(opened) == 2
    _volumes._volume_of_file.cache_clear()
    Intensity(n_quantiles=1).fit(folder.images)  # Facts are kept.
    assert len(opened) == 2
    assert _volumes._volume_of_file.cache_info().maxsize == 1


def test_a_volume_that_changes_is_another(write_nifti):
    path = write_nifti()
    before = stored(path, "axial", 0)
    write_nifti(voxels=body() + np.int16(7))
    np.testing.assert_allclose(stored(path, "axial", 0), before + 7, atol=1)


def test_without_nibabel_one_sentence_names_the_extra(write_nifti, tmp_path, monkeypatch):
    import sys

    write_nifti()
    monkeypatch.setitem(sys.modules, "nibabel", None)
    with pytest.raises(ImportError, match=r'scan\.nii\.gz.*pip install "ganisi\[medical\]"'):
        load_image_folder(tmp_path, axis="axial")


def test_slices_are_brought_to_a_distance_of_pixels(write_nifti):
    x, y, z = np.indices((20, 30, 12)).astype(np.float32)
    path = write_nifti("wide.nii", voxels=x + 2 * y + 100 * z, zooms=(2.0, 1.0, 4.0))
    window = (0, 1500)
    axial = ImageFile(path, axis="axial", index=3, window=window, spacing=1.0).read()
    assert axial.shape == (30, 40)
    inside = np.s_[2:-2, 2:-2]
    row, column = np.indices(axial.shape)
    expected = ((column - 0.5) / 2 + 2 * row + 300) / 1500
    np.testing.assert_allclose(axial[inside], expected[inside], atol=1e-5)
    coronal = ImageFile(path, axis="coronal", index=5, window=window, spacing=2.0).read()
    assert coronal.shape == (24, 20)
    same = ImageFile(path, axis="coronal", index=5, window=window).read()
    assert same.shape == (12, 20)
    fewer = ImageFile(path, axis="axial", index=3, window=window, spacing=4.0).read()
    assert fewer.shape == (8, 10)
    for spacing in (0, -1, np.inf, "1"):
        with pytest.raises(ValueError, match="expected the distance of pixels in mm"):
            ImageFile(path, spacing=spacing)


def test_whole_levels_stay_whole_when_resampled(write_nifti):
    levels = (np.indices((20, 20, 2)).sum(axis=0) * 5).astype(np.uint8)
    path = write_nifti(voxels=levels, zooms=(1.0, 1.0, 1.0))
    image = ImageFile(path, axis="axial", index=0, spacing=0.5).read()
    assert image.dtype == np.uint8
    assert image.shape == (40, 40)
    assert image.max() <= levels.max()


@pytest.mark.parametrize("name", ["functional.nii", "example4d.nii.gz", "anatomical.nii"])
def test_the_samples_of_nibabel(nibabel, tmp_path, name):
    from nibabel.testing import data_path

    if not (sample := __import__("pathlib").Path(data_path, name)).is_file():
        pytest.skip("this nibabel brings no samples along")
    shutil.copy(sample, tmp_path)
    if name != "anatomical.nii":
        with pytest.raises(ValueError, match="expected three axes"):
            load_image_folder(tmp_path, axis="axial")
        return
    canonical = nibabel.as_closest_canonical(nibabel.load(sample)).get_fdata()
    low, high = canonical.min(), canonical.max()
    images = load_image_folder(tmp_path, axis="axial", window=(low, high)).images
    for k in (0, 7, len(images) - 1):
        # From the head down, rows to the back, columns to the left.
        expected = canonical[::-1, ::-1, len(images) - 1 - k].T
        np.testing.assert_allclose(images[k].read(), (expected - low) / (high - low), atol=1e-6)
