"""The images of a folder."""

from pathlib import Path

from ._dicom import DICOM_SUFFIXES, is_dicom
from ._file import ImageFile
from ._pictures import PICTURE_SUFFIXES


def load_image_folder(directory, *, as_gray=False, window=None):
    """List the images of a folder; they are read when a descriptor needs them.

    Parameters
    ----------
    directory : str or path-like
        The folder. Folders in it are not looked into.
    as_gray : bool, default=False
        Whether colour images become their luma; see :class:`ganisi.ImageFile`.
    window : tuple of (low, high) or None, default=None
        Intensities of DICOM images that become black and white; see :class:`ganisi.ImageFile`.

    Returns
    -------
    paths : list of str, or list of ImageFile
        The images; `ImageFile` where an option is given. Whatever takes images takes these.
    names : list of str
        Their file names without the extension. Names are not unique where a folder holds an image
        in two formats.

    Raises
    ------
    NotADirectoryError
        If there is no such folder.
    ValueError
        If no image is in it.

    Notes
    -----
    In the order of their file names, compared character by character: the same on every machine,
    "10.png" before "2.png". Images are files that end in .png, .jpg, .jpeg, .tif, .tiff, .bmp,
    .dcm or .dicom, in upper or lower case, and files of any other name that begin as DICOM does.
    Other files and hidden ones are left alone.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from ganisi.datasets import load_image_folder
    >>> from PIL import Image
    >>> with tempfile.TemporaryDirectory() as directory:
    ...     Image.new("L", (8, 8)).save(Path(directory, "scan 1.png"))
    ...     paths, names = load_image_folder(directory)
    >>> names
    ['scan 1']
    """
    directory = Path(directory)
    if not directory.is_dir():
        raise NotADirectoryError(
            f"{directory} is no folder; give the folder that holds the images."
        )
    files = image_files(directory)
    if not files:
        folders = sorted(path.name for path in directory.iterdir() if path.is_dir())
        inside = f" It holds the folders {', '.join(folders)}; name one of them." if folders else ""
        raise ValueError(
            f"{directory} holds no image; looked for files ending in "
            f"{', '.join(PICTURE_SUFFIXES + DICOM_SUFFIXES)}, and for files that begin as DICOM "
            f"does.{inside}"
        )
    names = [image_id(file) for file in files]
    if as_gray or window is not None:
        return [ImageFile(file, as_gray=as_gray, window=window) for file in files], names
    return [str(file) for file in files], names


def image_files(directory):
    """List the image files of a folder, in the order of their names."""
    files = (path for path in Path(directory).iterdir() if not path.name.startswith("."))
    files = (path for path in files if path.is_file() and (_has_suffix(path) or is_dicom(path)))
    return sorted(files, key=lambda path: path.name)


def image_id(path):
    """Name an image by its file; what follows the last point stays where it is no extension."""
    path = Path(path)
    return path.stem if _has_suffix(path) else path.name


def _has_suffix(path):
    """Tell an image file by its name."""
    return path.suffix.lower() in PICTURE_SUFFIXES + DICOM_SUFFIXES
