"""The images of a folder, and an account of what else is in it."""

from __future__ import annotations

import os
from pathlib import Path

from .._compat._hints import FilePath
from ._entries import LOOK_INTO, PASS_BY, REFUSE, Fault, Found, LeftAlone, Wanted, entries
from ._file import ImageFile
from ._image_folder import ImageFolder, account_of
from ._kinds import ARCHIVE_SUFFIXES, STACK_SUFFIXES, SUFFIXES, VOLUME_SUFFIXES, suffix_of
from ._listing import groups_of, list_images
from ._pseudonyms import check_patient
from ._volumes import check_axis

#: Files that hold several images, and stand for a folder.
_SEVERAL = ARCHIVE_SUFFIXES + STACK_SUFFIXES + VOLUME_SUFFIXES

#: Entries that a message names.
_NAMED = 3


def load_image_folder(
    directory: FilePath,
    *,
    recursive: bool = False,
    as_gray: bool = False,
    window: tuple[float, float] | str | None = None,
    bits: int | None = None,
    axis: str | int | None = None,
    spacing: float | None = None,
    patient: str | int | None = None,
    key: bytes | str | None = None,
) -> ImageFolder:
    """List the images of a folder; they are read when a descriptor needs them.

    Every entry is looked at: it is an image, or is left alone for a reason that `left_alone` gives,
    or is an error. None is dropped in silence.

    Parameters
    ----------
    directory : str or path-like
        The folder; or a zip archive, which is read where it is, or one file of several images: an
        array saved by NumPy, or a volume.
    recursive : bool, default=False
        Whether to look into the folders and zip archives in it, at any depth. Otherwise one that
        holds images is an error.
    as_gray : bool, default=False
        Whether colour images become their luma; see :class:`ganisi.ImageFile`.
    window : tuple of (low, high), str or None, default=None
        Intensities that become black and white, or a window by name; see
        :class:`ganisi.ImageFile`. Pictures and arrays of 8 bits keep their grey levels.
    bits : {8, 16} or None, default=None
        Bits that grey levels are brought to; see :class:`ganisi.ImageFile`.
    axis : {"axial", "coronal", "sagittal", 0, 1, 2} or None, default=None
        Across which axis the slices of volumes lie, and of the volumes that DICOM series are put
        together to; a number is that of an axis as stored. Needed for volumes.
    spacing : float or None, default=None
        Distance of pixels in mm to which scans and slices are brought; see
        :class:`ganisi.ImageFile`. Pictures and arrays do not say theirs and stay as they are.
    patient : str, int or None, default=None
        What names the patient of each image, for `groups`: the keyword of a DICOM element, such as
        "PatientID", or its tag, "(0010,0020)"; or the level of a folder, 1 for the folders in
        `directory`, 2 for those in these, -1 for the folder that an image lies in.
    key : bytes, str or None, default=None
        Patients are called by pseudonyms, an HMAC-SHA256 of their names with this key, so that
        what is written names nobody. None is a random key for each process: the same patient has
        one pseudonym in all folders of a process, and another in the next.

    Returns
    -------
    folder : ImageFolder
        The pair ``images, names``: paths, or `ImageFile` where an option is given (whatever takes
        images takes these), and file names without the extension, with the folders in between.
        Frames, slices and images of an array are numbered. Names are not unique where a folder
        holds an image in two formats. Its attributes `left_alone` and `account` say what was not
        read, `groups` whose the images are.

    Raises
    ------
    NotADirectoryError
        If there is no such folder.
    ImportError
        If DICOM is in it and pydicom is not installed, or a volume and nibabel is not.
    ValueError
        If no image is in it; or if an entry should be an image and is not one that can be read: a
        file that is broken, empty, unreadable or of a kind that is not read, that holds several
        images, a link to nowhere or round in a circle, a folder of images not asked for; or if an
        image has no patient.

    Notes
    -----
    In the order of names, folder by folder, compared character by character: the same on every
    machine, "10.png" before "2.png". Images are files that end in .png, .jpg, .jpeg, .jpe, .jfif,
    .tif, .tiff, .bmp, .dib, .webp, .gif, .jp2, .j2k, .j2c, .pgm, .ppm, .pnm, .pbm, .dcm,
    .dicom, .nii, .nii.gz, .mgh, .mgz, .npy or .npz, in upper or lower case, and files of any other
    name that begin as these do.

    An array has the shape (height, width), (n_images, height, width), or one axis more, last or
    second, of one channel or three equal ones. Slices are numbered from the patient's head to the
    feet, front to back, or right to left; rows and columns run as radiologists look at them, to
    the feet or the back, and to the patient's left or back, along the axes of the volume that are
    nearest to these. One volume at a time is in memory.

    Left alone are hidden entries and those of the system, thumbnails (by their names), DICOM
    files that are no image of a body (DICOMDIR, structured reports, plans, doses, segmentations),
    folders without images, and files that neither by name nor by their first bytes are an image.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from ganisi.datasets import load_image_folder
    >>> from PIL import Image
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     Image.new("L", (8, 8)).save(Path(directory, "scan 1.png"))
    ...     _ = Path(directory, "notes.txt").write_text("of the scanner")
    ...     folder = load_image_folder(directory)
    >>> paths, names = folder
    >>> names
    ['scan 1']
    >>> [why for _, why in folder.left_alone]
    ['no image (.txt)']
    """
    if not os.fspath(directory):
        # Path("") is the folder that the program runs in.
        raise NotADirectoryError("the name of the folder is empty; give one that holds images.")
    directory = Path(directory)
    check_patient(patient)
    check_axis(axis)
    options = {"as_gray": as_gray, "window": window, "bits": bits, "spacing": spacing}
    ImageFile("", **options)  # Refused before anything is read.
    wanted = Wanted(LOOK_INTO if recursive else REFUSE, patient, axis)
    several = directory.is_file() and suffix_of(directory.name) in _SEVERAL
    if not directory.is_dir() and not several:
        raise NotADirectoryError(
            f"{directory} is no folder; give the folder that holds the images, or an archive, a "
            "volume or an array of images."
        )
    found, left_alone = _sorted_out(entries(directory, wanted))
    if not found:
        raise ValueError(
            f"{directory} holds no image; looked for files ending in {', '.join(SUFFIXES)}, and "
            f"for files that begin as these do; {account_of(left_alone)}"
        )
    is_container = directory.is_dir() or suffix_of(directory.name) in ARCHIVE_SUFFIXES
    base = directory if is_container else directory.parent
    listed = list_images(found, base, wanted, options)
    images = [image for each in listed for image in each.images]
    names = [name for each in listed for name in each.names]
    if images == [ImageFile(image.path) for image in images]:
        images = [image.path for image in images]
    groups = groups_of(listed, base, patient, key)
    return ImageFolder(images, names, directory, left_alone, groups)


def holds_images(directory):
    """Tell whether a folder holds images itself, or what should be one."""
    inside = entries(directory, Wanted(PASS_BY))
    return any(isinstance(one, (Found, Fault)) for one in inside)


def _sorted_out(judged):
    """Images and what was left alone; a ValueError that names faults."""
    outcomes = {Found: [], LeftAlone: [], Fault: []}
    for one in judged:
        outcomes[type(one)].append(one)
    faults = outcomes[Fault]
    if faults:
        named = "\n".join(fault.message for fault in faults[:_NAMED])
        more = f"\n... and {len(faults) - _NAMED} more." if len(faults) > _NAMED else ""
        raise ValueError(named + more)
    return outcomes[Found], outcomes[LeftAlone]
