"""Volumes, arrays and archives."""

import tarfile
import warnings
import zipfile
from io import BytesIO

import numpy as np
from dicom_files import write_dicom
from image_files import GREY, save
from PIL import Image

from ._kind import Kind
from .pictures import changed, cut, written

BODY = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
AXIAL = {"axis": "axial", "window": (0, 59)}
#: The last slice, that nearest to the feet, of an affine to the left, back and feet.
FEET = BODY[:, :, -1].T / 59
STACK = np.stack([GREY, 255 - GREY])


def nifti(name="a.nii.gz", voxels=BODY, says=True):
    """A function that saves a volume whose axes run to the left, back and feet."""

    def make(folder):
        import nibabel

        kind = nibabel.MGHImage if name.endswith(("mgh", "mgz")) else nibabel.Nifti1Image
        image = kind(voxels, np.diag([-1.0, -1.0, -1.0, 1.0]) if says else None)
        nibabel.save(image, folder / name)

    return make


def volume(what, make, options=None, levels=None):
    return Kind(what, make, options or {}, levels, needs="nibabel")


def series(places=(0, 1, 2, 3), tilt=0.0):
    """A function that writes the slices of a series."""

    def make(folder):
        import pydicom  # noqa: F401 - the test skips where it is not installed

        for i in places:
            write_dicom(
                folder / f"{i}.dcm",
                np.full((4, 5), i, np.uint16),
                SeriesInstanceUID="1.2.3",
                ImagePositionPatient=[0.0, tilt * i, 2.0 * i],
                ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
                PixelSpacing=[1.0, 1.0],
            )

    return make


def array(pixels, name="a.npy"):
    return lambda folder: np.save(folder / name, pixels)


def archive(folder, *, name="real.zip"):
    """A zip archive of two images, a text and what macOS puts into one."""
    save(folder / "a.png", GREY)
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as file:
        for member in ("p1/1.png", "p2/1.png", "__MACOSX/p1/._1.png"):
            file.write(folder / "a.png", member)
    (folder / "a.png").unlink()


def with_member(name, content):
    def make(folder):
        archive(folder)
        with zipfile.ZipFile(folder / "real.zip", "a") as file:
            file.writestr(name, content)

    return make


def encrypted(content):
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + b"\x01" + content[at + 1 :]


def tar(folder):
    with tarfile.open(folder / "real.tar", "w"):
        pass


def twice(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with_member("p1/1.png", b"")(folder)


def empty(folder):
    zipfile.ZipFile(folder / "real.zip", "w").close()


def of_table(folder):
    with zipfile.ZipFile(folder / "real.zip", "w") as file:
        file.writestr("labels.csv", "scan,1")


def _png():
    file = BytesIO()
    Image.fromarray(GREY).save(file, "png")
    return file.getvalue()


PNG = _png()

VOLUMES = [
    volume("NIfTI", nifti("a.nii"), AXIAL, FEET),
    volume("NIfTI, packed", nifti(), AXIAL, FEET),
    volume("NIfTI, across another axis", nifti(), {**AXIAL, "axis": "coronal"},
           BODY[:, -1, :].T / 59),
    volume("NIfTI, no axis", nifti(), {"window": (0, 59)}),
    volume("NIfTI of signed integers, no window", nifti(), {"axis": "axial"}),
    volume("NIfTI of 8 bits", nifti(voxels=BODY.astype(np.uint8)), {"axis": "axial"},
           BODY[:, :, -1].T),
    volume("NIfTI brought to 0.5 mm", nifti(), {**AXIAL, "spacing": 0.5}),
    volume("NIfTI that does not say how the patient lies", nifti(says=False), AXIAL),
    volume("NIfTI that does not say how the patient lies", nifti(says=False),
           {**AXIAL, "axis": 2}, BODY[:, :, -1] / 59),
    volume("NIfTI of four axes", nifti(voxels=np.stack([BODY, BODY], axis=-1)), AXIAL),
    volume("NIfTI of complex numbers", nifti(voxels=BODY.astype(np.complex64)), AXIAL),
    volume("NIfTI, cut off", changed(nifti("a.nii"), "a.nii", cut(0.95)), AXIAL),
    volume("NIfTI of more slices than any volume has",
           nifti(voxels=np.zeros((2, 2, 9000), np.uint8)), {"axis": "axial"}),
    volume("NIfTI in two files", written("a.hdr", bytes(348)), AXIAL),
    volume("MGH", nifti("a.mgz"), AXIAL, FEET),
    volume("NRRD", written("a.nrrd", b"NRRD0004"), AXIAL),
    volume("MetaImage", written("a.mha", b"ObjectType = Image"), AXIAL),
    volume("a series of DICOM", series(), {"axis": "axial", "window": (0, 3)}, np.zeros((4, 5))),
    volume("a series of DICOM", series(), {"axis": "coronal", "window": (0, 3)},
           np.repeat([[1], [2 / 3], [1 / 3], [0]], 5, axis=1)),
    volume("a series of DICOM, no axis", series(), {"window": (0, 3)}, np.ones((4, 5))),
    volume("a series with a gap", series((0, 1, 3)), {"axis": "axial"}),
    volume("a series with a tilted gantry", series(tilt=1.0), {"axis": "axial"}),
    volume("a series of one image", series((0,)), {"axis": "axial"}),
    Kind("NumPy, several images", array(STACK), levels=STACK[1]),
    Kind("NumPy, one image", array(GREY), levels=GREY),
    Kind("NumPy, three equal channels", array(np.stack([STACK] * 3, -1)), levels=STACK[1]),
    Kind("NumPy, three channels, first", array(np.stack([STACK] * 3, 1)), levels=STACK[1]),
    Kind("NumPy, floats in Fortran's order", array(np.asfortranarray(STACK / 255)),
         levels=STACK[1] / 255),
    Kind("NumPy, one image with channels, or many narrow ones", array(np.dstack([GREY] * 3))),
    Kind("NumPy, 16 bits", array(STACK.astype(np.uint16) * 257), levels=STACK[1] * 257.0),
    Kind("NumPy, bytes in the other order", array(STACK.astype(">u2")), levels=STACK[1]),
    Kind("NumPy, signed, 8 bits", array(STACK.view(np.int8))),
    Kind("NumPy, signed, 16 bits", array(STACK.astype(np.int16))),
    Kind("NumPy, signed, 16 bits", array(STACK.astype(np.int16)), {"window": (0, 255), "bits": 8},
         STACK[1]),
    Kind("NumPy, 64 bits", array(STACK.astype(np.int64))),
    Kind("NumPy, floats from -1 to 1", array(STACK / 127.5 - 1), levels=STACK[1] / 127.5 - 1),
    Kind("NumPy, floats that exceed 1 by rounding", array(STACK / 255 + 4e-16), {"bits": 8},
         STACK[1]),
    Kind("NumPy, floats from -1 to 1", array(STACK / 127.5 - 1), {"bits": 8}),
    Kind("NumPy, floats from -1 to 1", array(STACK / 127.5 - 1), {"window": (-1, 1), "bits": 8},
         STACK[1]),
    Kind("NumPy, floats of 16 bits", array((STACK / 255).astype(np.float16))),
    Kind("NumPy, floats with a NaN", array(np.where(GREY[0, 0] == STACK, np.nan, STACK))),
    Kind("NumPy, floats beyond what float32 holds", array(STACK * 1e300)),
    Kind("NumPy, complex", array(STACK * 1j)),
    Kind("NumPy, no image", array(STACK[:0])),
    Kind("NumPy, a list of numbers", array(np.arange(9))),
    Kind("NumPy, a pickle of that name", written("a.npy", b"\x80\x04N.")),
    Kind("NumPy, bits", array(STACK > 99)),
    Kind("NumPy, objects", array(np.array([None, 1]))),
    Kind("NumPy, cut off", changed(array(STACK), "a.npy", cut(0.8))),
    Kind("NumPy, several arrays", lambda folder: np.savez(folder / "a.npz", a=STACK, b=GREY),
         levels=GREY),
    Kind("a zip archive, given as the folder", archive, levels=GREY, inside="real.zip"),
    Kind("a zip archive in a folder", archive),
    Kind("a zip archive in a folder", archive, {"recursive": True}, GREY),
    Kind("a zip archive, encrypted", changed(archive, "real.zip", encrypted), inside="real.zip"),
    Kind("a zip archive, cut off", changed(archive, "real.zip", cut(0.7)), inside="real.zip"),
    Kind("a zip archive with a broken image", with_member("p3/1.png", b"no picture"),
         inside="real.zip"),
    Kind("a zip archive with an archive in it", with_member("more.zip", b"PK"),
         inside="real.zip"),
    Kind("a zip archive with one name twice", twice, inside="real.zip"),
    Kind("a zip archive with a name that leads out of it", with_member("../../1.png", PNG),
         inside="real.zip", levels=GREY),
    Kind("a zip archive of a table", of_table, inside="real.zip"),
    Kind("an empty zip archive", empty, inside="real.zip"),
    Kind("a file of that name", written("real.zip", b"not an archive"), inside="real.zip"),
    Kind("a tar archive", tar),
    Kind("images in HDF5", written("a.h5", b"\x89HDF\r\n\x1a\n")),
]  # fmt: skip
