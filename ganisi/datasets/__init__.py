"""Data with a known leak, the images of folders and their patients, and the ImageCLEF task."""

from ..images import ImageFolder, load_groups, load_image_folder
from ._imageclef import load_imageclef_gans
from ._phantom_diffusion import load_phantom_diffusion
from ._run_files import read_run, write_run
from ._synthetic import make_source_identification

__all__ = [
    "ImageFolder",
    "load_groups",
    "load_image_folder",
    "load_imageclef_gans",
    "load_phantom_diffusion",
    "make_source_identification",
    "read_run",
    "write_run",
]
