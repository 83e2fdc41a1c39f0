"""What an image is: a set of images with one identity, files, patients, grey levels."""

from ._file import ImageFile
from ._folders import load_image_folder
from ._patient_table import load_groups
from ._views import Views

__all__ = ["ImageFile", "Views", "load_groups", "load_image_folder"]
