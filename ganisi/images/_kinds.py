"""What a file is, by its name and its first bytes."""

import re
from pathlib import PurePath

#: What a file may be.
DICOM, PICTURE, VOLUME, STACK = "DICOM", "picture", "volume", "stack"
ARCHIVE, OTHER_IMAGE = "archive", "other image"

#: How the names of files end that are DICOM without a look inside.
DICOM_SUFFIXES = (".dcm", ".dicom")
#: How the names of files end that Pillow reads, and reads as they are stored.
PICTURE_SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".tif", ".tiff", ".bmp", ".dib", ".webp"),
    *(".gif", ".jp2", ".j2k", ".j2c", ".pgm", ".ppm", ".pnm", ".pbm"),
)
VOLUME_SUFFIXES = (".nii", ".nii.gz", ".mgh", ".mgz")
STACK_SUFFIXES = (".npy",)
#: Looked into as folders are; the second holds arrays, each in a file of its own.
ARCHIVE_SUFFIXES = (".zip", ".npz")
#: All that is read.
SUFFIXES = PICTURE_SUFFIXES + DICOM_SUFFIXES + VOLUME_SUFFIXES + STACK_SUFFIXES + ARCHIVE_SUFFIXES
#: Images, or what holds images, that are not read: better refused than dropped.
OTHER_SUFFIXES = (
    *(".avif", ".heic", ".heif", ".jxl", ".jls", ".psd", ".exr", ".tga", ".pcx", ".svg", ".ico"),
    *(".pfm", ".pam", ".dds", ".ras", ".sgi", ".xpm", ".xbm", ".eps", ".fits", ".dng", ".qoi"),
    *(".mha", ".mhd", ".nrrd", ".nhdr", ".mnc", ".ima", ".img", ".hdr", ".svs", ".czi", ".ndpi"),
    *(".h5", ".hdf5", ".mat", ".parquet", ".tfrecord"),
    *(".tar", ".tgz", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar"),
)
#: Never images; so they may even be links to nowhere.
PROSE_SUFFIXES = (
    *(".txt", ".csv", ".tsv", ".json", ".xml", ".yaml", ".yml", ".html", ".md", ".rst", ".log"),
    *(".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".ods", ".ini", ".db", ".sqlite", ".py"),
    *(".md5", ".sha256", ".sh", ".toml", ".bval", ".bvec"),
)
#: As many first bytes as tell what a file is.
HEAD = 512

_PICTURE_STARTS = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",  # JPEG
    b"II*\0",  # TIFF, and big TIFF, of either byte order
    b"MM\0*",
    b"II+\0",
    b"MM\0+",
    b"GIF87a",
    b"GIF89a",
    b"\0\0\0\x0cjP  \r\n\x87\n",  # JPEG 2000, as a file and bare
    b"\xff\x4f\xff\x51",
)
#: BMP says little of itself: two letters, four bytes that are 0, and the length of what follows.
_BMP_HEADS = (12, 40, 52, 56, 64, 108, 124)
_PNM = re.compile(rb"P[1-6]\s+(#[^\n]*\n\s*)*\d+\s+\d+\s")
#: Images that are not read, and what may hold some, where no suffix says what they are.
_OTHER_STARTS = (
    b"\xff\x0a",  # JPEG XL, bare and as a file
    b"\0\0\0\x0cJXL ",
    b"\x89HDF\r\n\x1a\n",
    b"PK\x03\x04",  # zip, gzip, bzip2, xz, 7z
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\0",
    b"7z\xbc\xaf\x27\x1c",
    b"NRRD0",
)
_OTHER_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")

_BY_SUFFIX = {
    PICTURE: PICTURE_SUFFIXES,
    VOLUME: VOLUME_SUFFIXES,
    STACK: STACK_SUFFIXES,
    ARCHIVE: ARCHIVE_SUFFIXES,
    OTHER_IMAGE: OTHER_SUFFIXES,
}


def suffix_of(name):
    """Return how a name ends, in lower case."""
    suffixes = [suffix.lower() for suffix in PurePath(name).suffixes]
    twice = "".join(suffixes[-2:])
    return twice if twice in VOLUME_SUFFIXES else "".join(suffixes[-1:])


def kind_of(name, head):
    """Return what a file is, or None where neither its name nor its first bytes tell an image."""
    suffix = suffix_of(name)
    if suffix in DICOM_SUFFIXES or _begins_as_dicom(head):
        return DICOM
    named = next((kind for kind, suffixes in _BY_SUFFIX.items() if suffix in suffixes), None)
    if named is not None:
        return named
    if _begins_as_picture(head):
        return PICTURE
    if head[344:348] == b"n+1\0" or head[4:8] == b"n+2\0":
        return VOLUME
    if head.startswith(b"\x93NUMPY"):
        return STACK
    is_other = head.startswith(_OTHER_STARTS) or (
        head[4:8] == b"ftyp" and head[8:12] in _OTHER_BRANDS
    )
    # Numbers after a point, as in "IM.0001", are no suffix.
    return OTHER_IMAGE if is_other and not suffix.strip(".0123456789") else None


def _begins_as_picture(head):
    """Tell a picture by its first bytes."""
    is_webp = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    is_bmp = (
        head[:2] == b"BM"
        and head[6:10] == bytes(4)
        and int.from_bytes(head[14:18], "little") in _BMP_HEADS
    )
    return is_webp or is_bmp or head.startswith(_PICTURE_STARTS) or bool(_PNM.match(head))


def _begins_as_dicom(head):
    """Tell DICOM by its preamble, or by a first element of the group that old files begin with."""
    if head[128:132] == b"DICM":
        return True
    # (0008,0000), (0008,0001), (0008,0005), (0008,0008): a group's length, or the characters.
    element = int.from_bytes(head[2:4], "little")
    return len(head) >= 132 and head[:2] == b"\x08\0" and element in (0, 1, 5, 8)
