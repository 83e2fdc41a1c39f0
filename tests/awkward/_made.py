"""All kinds, by section."""

from .dicom import DICOM
from .entries import ENTRIES
from .pictures import PICTURES
from .tiffs import TIFFS
from .volumes import VOLUMES

SECTIONS = {
    "Pictures": PICTURES,
    "TIFF": TIFFS,
    "DICOM": DICOM,
    "Volumes, arrays and archives": VOLUMES,
    "Entries of a folder": ENTRIES,
}
