"""A contact sheet of a list: private images on request only, and never among what may go."""

import io
import os

from .._compat._writing import write_file

_KINDS = (".png", ".pdf", ".svg")


def add_sheet(parser):
    """Add where a sheet goes, and what is on it."""
    parser.add_argument(
        "--sheet",
        metavar="F",
        help="draw a contact sheet to this file (.png, .pdf, .svg): what is withheld, by name, and "
        "some of what is not; needs matplotlib",
    )
    parser.add_argument(
        "--with-images",
        action="store_true",
        help="show private images on the sheet: each synthetic one beside the real one nearest to "
        "it, and the difference. Keep it as you keep the real images",
    )


def check_sheet(chosen):
    """Refuse a sheet that cannot be drawn, and private images for nothing."""
    if chosen.sheet is None:
        if chosen.with_images:
            raise ValueError(
                "--with-images says what is on the sheet; name it (--sheet F), or leave it out."
            )
        return
    if os.path.splitext(chosen.sheet)[1].lower() not in _KINDS:
        raise ValueError(
            f"--sheet {chosen.sheet} is no name of a picture; end it in {', '.join(_KINDS)}."
        )
    try:
        import matplotlib  # noqa: F401
    except ImportError as error:
        raise ImportError(
            '--sheet needs matplotlib; install it by `pip install "ganisi[plot]"`, or leave it out.'
        ) from error


def sheet_writer(chosen, found, generated, real, views):
    """Return what draws the sheet to a file, in one step."""

    def write(path):
        import matplotlib

        from ..plotting import ContactSheetDisplay

        matplotlib.use("agg")
        import matplotlib.pyplot as plt

        private = {"real": real, "with_images": True, "views": views} if chosen.with_images else {}
        figure = ContactSheetDisplay.from_list(found, generated, **private).plot().figure_
        drawn = io.BytesIO()
        figure.savefig(drawn, format=os.path.splitext(chosen.sheet)[1][1:].lower(), dpi=150)
        plt.close(figure)
        write_file(path, drawn.getvalue())

    return write
