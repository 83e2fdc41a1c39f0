"""``ganisi describe``: the textures of a folder of images as a table."""

from functools import partial
from io import BytesIO

import numpy as np
from sklearn.pipeline import FeatureUnion

from .. import descriptors
from .._compat._writing import write_file, write_text
from ..descriptors._steps import DEFAULT_STEPS, STEPS
from ..model._describing import described
from ._inputs import load_folders
from ._options import add_reading, add_running
from ._reports import check_targets, write_or_rescue
from ._tables import table

NAME = "describe"
HELP = "write the textures of a folder of images as a table"
DESCRIPTION = """\
Describe each image of a folder by the quantile functions of its feature maps: a row an image, a
column each step of probability of each map, in each cell."""
EPILOG = """\
example:
  ganisi describe real_used --descriptor LocalStats GaborBank --n-quantiles 16 --csv textures.csv

An .npz file holds rows (n_images, n_columns) as float32, ids and columns, for numpy.load. In a CSV
file the first column is the id, and numbers are written so that they are read back as they were.
"""
_STACK = "classical"
_DESCRIPTORS = (
    "LocalStats",
    "GaborBank",
    "SteerableGaussian",
    "MultiscaleHessian",
    "Intensity",
    "ResNetFeatures",
)


def add_to(parser):
    """Give the parser of the command its options."""
    parser.add_argument("folder", metavar="FOLDER", help="folder of images")
    parser.add_argument(
        "--descriptor",
        metavar="D",
        nargs="+",
        choices=(_STACK, *_DESCRIPTORS),
        default=[_STACK],
        help=f"{_STACK}, which is the first four that follow, or one or more of "
        f"{', '.join(_DESCRIPTORS)}. Write it after the folder (default: {_STACK})",
    )
    parser.add_argument(
        "--n-quantiles",
        metavar="N",
        type=int,
        default=64,
        help="steps of probability at which each CDF is kept (default: 64)",
    )
    parser.add_argument(
        "--grid", metavar="K", type=int, default=1, help="cut maps into K x K cells (default: 1)"
    )
    parser.add_argument(
        "--steps",
        choices=STEPS,
        default=DEFAULT_STEPS,
        help="where steps of probability begin and end: finer at both ends, or equally wide "
        f"(default: {DEFAULT_STEPS})",
    )
    parser.add_argument("--csv", metavar="F", help="write the table as text to this file")
    parser.add_argument("--npz", metavar="F", help="write the table as NumPy arrays to this file")
    add_reading(parser)
    add_running(parser)


def run(chosen, arguments):
    """Describe the images, and write the table."""
    if chosen.csv is None and chosen.npz is None:
        raise ValueError("there is nothing to write to; give --npz FILE or --csv FILE.")
    check_targets(chosen, ["csv", "npz"])
    (folder,) = load_folders(chosen, [chosen.folder])
    descriptor = _descriptor(chosen).fit(folder.images)
    rows = described(descriptor, folder.images, verbose=0 if chosen.quiet else 1)
    columns = descriptor.get_feature_names_out().astype(str)
    written = []
    if chosen.csv is not None:
        # Nine digits tell any two numbers of 32 bits apart.
        cells = ([f"{value:.9g}" for value in row] for row in rows)
        text = table(["id", *columns], folder.names, cells)
        written.append(write_or_rescue(partial(write_text, text=text), chosen.csv, NAME))
    if chosen.npz is not None:
        data = BytesIO()
        np.savez(data, rows=rows, ids=np.array(folder.names, dtype=str), columns=columns)
        data = data.getvalue()
        written.append(write_or_rescue(partial(write_file, data=data), chosen.npz, NAME))
    return 0 if all(written) else 3


def _descriptor(chosen):
    """Make what was asked for; several stand side by side."""
    shared = {name: getattr(chosen, name) for name in ("n_quantiles", "grid", "steps", "n_jobs")}
    if _STACK in chosen.descriptor:
        if len(chosen.descriptor) > 1:
            raise ValueError(
                f"--descriptor {_STACK} holds others already; name it alone, or the others."
            )
        return descriptors.classical_descriptors(**shared)
    if len(set(chosen.descriptor)) < len(chosen.descriptor):
        raise ValueError("--descriptor names one twice; name each once.")
    made = [(name, getattr(descriptors, name)(**shared)) for name in chosen.descriptor]
    if len(made) == 1:
        return made[0][1]
    return FeatureUnion(made, verbose_feature_names_out=False)
