"""DICOM files that are slices of one volume."""

import numpy as np
import pytest

from ganisi.datasets import load_image_folder
from ganisi.images import _series
from ganisi.images._checks import check_images

#: Rows to the back, columns to the left, slices to the head.
VOLUME = np.einsum("iabc,i->abc", np.indices((4, 5, 6)), [100, 10, 1]).astype(np.uint16)
AXIAL = (1, 0, 0, 0, 1, 0)


@pytest.fixture
def write_series(write_dicom, nibabel, tmp_path):
    """Write the slices of a series, in disorder."""

    def write(folder="s", volume=VOLUME, step=(0, 0, 2.5), directions=AXIAL, **attributes):
        (tmp_path / folder).mkdir()
        rng = np.random.default_rng(0)
        for name, i in enumerate(rng.permutation(len(volume))):
            write_dicom(
                f"{folder}/{name}.dcm",
                volume[i],
                **{
                    "SeriesInstanceUID": "1.2.3",
                    "ImagePositionPatient": [float(i * one) for one in step],
                    "ImageOrientationPatient": list(directions),
                    "PixelSpacing": [0.5, 1.5],
                    **attributes,
                },
            )
        return tmp_path / folder

    return write


def slices(folder, axis, **options):
    images = load_image_folder(folder, axis=axis, window=(0, 1000), **options).images
    return [np.rint(image.read() * 1000) for image in check_images(images)]


def test_a_series_is_one_volume_whatever_its_files_are_called(write_series):
    folder = write_series()
    axial = slices(folder, "axial")
    assert len(axial) == 4
    for k, image in enumerate(axial):
        np.testing.assert_allclose(image, VOLUME[3 - k], atol=1)
    for k, image in enumerate(slices(folder, "coronal")):
        np.testing.assert_allclose(image, VOLUME[::-1, k], atol=1)
    for k, image in enumerate(slices(folder, "sagittal")):
        np.testing.assert_allclose(image, VOLUME[::-1, :, k], atol=1)
    for k, image in enumerate(slices(folder, 1)):
        np.testing.assert_allclose(image, VOLUME[:, k], atol=1)


@pytest.mark.parametrize(
    "directions", [(1, 0, 0, 0, 0, -1), (0, 1, 0, 0, 0, -1), (0, 1, 0, 1, 0, 0)]
)
def test_it_does_not_matter_how_the_scanner_sliced(write_series, write_dicom, nibabel, directions):
    # The same body, sliced across another axis: what lies at a point stays there.
    row, column = np.array(directions[:3]), np.array(directions[3:])
    normal = np.cross(row, column)
    folder = write_series(step=tuple(2.0 * normal), directions=directions, PixelSpacing=[2.0, 2.0])
    affine = np.stack([normal, column, row], axis=1)
    for number, axis in enumerate(("sagittal", "coronal", "axial")):
        images = slices(folder, axis)
        # The array's axis that runs along this one of the patient.
        along = int(np.abs(affine[number]).argmax())
        assert len(images) == VOLUME.shape[along]
        wanted = {"sagittal": (2, 1), "coronal": (2, 0), "axial": (1, 0)}[axis]
        for k, image in enumerate(images):
            towards = affine[number, along] * (-1 if axis == "axial" else 1)
            index = k if towards > 0 else len(images) - 1 - k
            plane = VOLUME.take(index, along)
            rest = [i for i in range(3) if i != along]
            order = [int(np.abs(affine[side]).argmax()) for side in wanted]
            plane = plane.transpose([rest.index(i) for i in order])
            for way, side in enumerate(wanted):
                runs = affine[side, order[way]] * (-1 if side == 2 else 1)
                plane = np.flip(plane, way) if runs < 0 else plane
            np.testing.assert_allclose(image, plane, atol=1)


def test_the_distance_of_slices_counts_as_one_of_pixels(write_series):
    folder = write_series()
    assert {image.shape for image in slices(folder, "axial", spacing=0.5)} == {(5, 18)}
    assert {image.shape for image in slices(folder, "coronal", spacing=0.5)} == {(20, 18)}


def test_series_of_one_patient_are_of_one_group(write_series, tmp_path):
    for name, patient in (("s1", "P1"), ("s2", "P1"), ("s3", "P2")):
        write_series(name, SeriesInstanceUID=f"1.{name[1]}", PatientID=patient)
    folder = load_image_folder(tmp_path, recursive=True, axis="axial", window=(0, 1000))
    assert len(folder.images) == 12
    assert folder.names[:5] == [*(f"s1/0 {k}" for k in range(4)), "s2/0 0"]
    groups = folder.groups
    assert len(set(groups)) == 2
    assert set(groups[:8]) != set(groups[8:])
    assert not any("P1" in one for one in groups)
    by_folder = load_image_folder(
        tmp_path, recursive=True, axis="axial", window=(0, 1000), patient=1
    )
    assert len(set(by_folder.groups)) == 3
    assert load_image_folder(tmp_path, recursive=True, window=(0, 1000)).groups is None


def test_a_series_is_read_once_for_all_its_slices(write_series, monkeypatch):
    folder = write_series()
    reads, really = [], _series.read_dicom
    monkeypatch.setattr(_series, "read_dicom", lambda *given: reads.append(1) or really(*given))
    slices(folder, "coronal")
    assert len(reads) == 4


def test_padding_of_a_series_is_black_and_a_window_is_needed(write_series):
    volume = VOLUME.copy()
    volume[:, 0] = 999
    folder = write_series(volume=volume, PixelPaddingValue=999)
    assert max(image[0].max() for image in slices(folder, "axial")) == 0
    near = slices(folder, "axial", spacing=0.25)
    assert max(image.max() for image in near) <= VOLUME.max()
    with pytest.raises(ValueError, match="--window"):
        load_image_folder(folder, axis="axial").images[0].read()


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"ImagePositionPatient": None}, "say no places"),
        ({"ImagePositionPatient": [0.0, 0.0, 0.0]}, "with several images at one place"),
        ({"step": (0, 1.0, 2.5)}, "tilted gantry"),
    ],
)
def test_what_is_no_volume_is_refused_by_name(write_series, attributes, message):
    folder = write_series(**attributes)
    with pytest.raises(ValueError, match=rf"0\.dcm is one of a series .*{message}"):
        load_image_folder(folder, axis="axial")


def test_a_missing_slice_another_orientation_and_a_lone_image_are_refused(
    write_series, write_dicom
):
    folder = write_series()
    by_place = sorted(folder.iterdir(), key=load_position)
    by_place[1].unlink()
    with pytest.raises(ValueError, match=r"whose slices are 2\.5 to 5 mm apart"):
        load_image_folder(folder, axis="axial")
    for path in by_place[2:]:
        path.unlink()
    with pytest.raises(ValueError, match=r"a series of 1 images that .* too few"):
        load_image_folder(folder, axis="axial")
    write_dicom(
        "s/9.dcm",
        VOLUME[0],
        SeriesInstanceUID="1.2.3",
        ImagePositionPatient=[0, 0, 9],
        ImageOrientationPatient=[0, 1, 0, 0, 0, 1],
        PixelSpacing=[0.5, 1.5],
    )
    with pytest.raises(ValueError, match="of several orientations, sizes or spacings"):
        load_image_folder(folder, axis="axial")


def load_position(path):
    from pydicom import dcmread

    return float(dcmread(path).ImagePositionPatient[2])


def test_frames_are_not_put_together(write_dicom, tmp_path):
    write_dicom(pixels=VOLUME[0], NumberOfFrames=4, PixelData=VOLUME.tobytes())
    with pytest.raises(ValueError, match=r"holds 4 frames, which are not put together .*--axis"):
        load_image_folder(tmp_path, axis="axial")
