"""One kind of file, and what happens to it."""

import re
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ganisi.datasets import load_image_folder
from ganisi.images._checks import check_images, read_image


@dataclass(frozen=True)
class Kind:
    """Something that a folder may hold."""

    what: str
    make: Callable  # called with the folder
    options: dict = field(default_factory=dict)  # of load_image_folder
    levels: object = None  # grey levels that the last image must have, where they are known
    needs: str | None = None  # the package that makes or reads it, with >= and a version or not
    inside: str = ""  # what is loaded, in the folder


def outcome(kind, folder):
    """Return the grey levels of the images of a folder, and what was left alone in it."""
    with warnings.catch_warnings():
        # Libraries warn of what is odd in odd files.
        warnings.simplefilter("ignore")
        kind.make(folder)
        found = load_image_folder(folder / kind.inside, **kind.options)
        return [read_image(image) for image in check_images(found.images)], found.left_alone


def what_happens(kind, folder):
    """Return what happens to a kind in a few words, and the grey levels read."""
    try:
        images, left_alone = outcome(kind, folder)
    except Exception as error:
        return _refusal(str(error), folder), []
    types = ", ".join(sorted({str(image.dtype) for image in images}))
    number = "" if len(images) == 1 else f"{len(images)} images, "
    alone = ", ".join(sorted({why for _, why in left_alone}))
    return f"read: {number}{types}{f'; left alone: {alone}' if alone else ''}", images


def _refusal(message, folder):
    """Say in a few words why something was refused: the first clause, without paths."""
    text = message.replace(f"{folder}/", "").replace(str(folder), "the folder")
    if "holds no image; looked for" in text:
        return f"error: no image; {text[text.index('left alone') :].rstrip('.')}"
    name, cannot, why = text.partition(" cannot be read as an image: ")
    # What a library says changes with its version; what we say begins with "it".
    if cannot and not why.startswith("it "):
        return f"error: {name} cannot be read"
    text = f"{name} cannot be read, {why}" if cannot else name
    return "error: " + re.split(r"; |\. |: |\n|\.$", text, maxsplit=1)[0]


def table(sections):
    """Return a table in Markdown of every kind of every section."""
    lines = []
    for title, kinds in sections.items():
        lines += [f"### {title}", "", "| what | options | what happens |", "|---|---|---|"]
        for kind in kinds:
            with tempfile.TemporaryDirectory() as folder:
                happens, _ = what_happens(kind, Path(folder))
            lines.append(row(kind, happens))
        lines.append("")
    return "\n".join(lines)


def row(kind, happens):
    """Return the line of a kind in the table."""
    options = ", ".join(f"{name}={value!r}" for name, value in kind.options.items())
    return f"| {kind.what} | {f'`{options}`' if options else ''} | {happens} |"


def as_floats(levels):
    """Return grey levels to compare with."""
    return np.asarray(levels, dtype=np.float64)
