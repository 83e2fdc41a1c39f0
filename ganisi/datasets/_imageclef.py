"""The data of the ImageCLEFmedical GANs task, as released and as participants keep it."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.utils import Bunch

from .._compat._hints import FilePath
from ..images._folders import holds_images, load_image_folder
from ..images._listing import image_id
from ._data_bunch import DataBunch

#: Folder names, compared without regard to case, spaces and hyphens.
_FOLDERS = {
    "used": ("real_used", "used"),
    "not_used": ("real_not_used", "real_unused", "not_used"),
    "generated": ("generated", "generated_1"),
    "queries": ("real_unknown", "real_unknown_1", "real_all"),
}


def load_imageclef_gans(root: FilePath) -> Bunch:
    """Find the images of the ImageCLEFmedical GANs task [1]_ below a folder.

    Parameters
    ----------
    root : str or path-like
        A folder that holds, at any depth, a folder of used, one of not used and one of generated
        images; and, for a run, one of queries, with generated images of their own beside them or
        not.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        Dictionary-like object with the attributes

        used, not_used : list of str
            Paths of the real images known to be used to train the generator, and known not to be.
        real : list of str
            Both, first the used ones.
        target : ndarray of shape (n_used + n_not_used,), int
            1 for the used images in `real`, 0 for the others.
        generated : list of str
            Paths of the generated images that belong to them.
        queries : list of str
            Paths of the images to be identified; empty where there is no such folder.
        ids : list of str
            The queries' file names without the extension, as a run file wants them.
        query_generated : list of str
            Paths of the generated images that belong to the queries: those nearest to them in the
            tree of folders, which may be `generated`; empty where there are no queries.
        folders : dict of str to str
            The folder that each list comes from.
        target_names : list of str
            What the values of `target` mean.
        DESCR : str
            What was found, in a paragraph.

    Raises
    ------
    NotADirectoryError
        If there is no folder `root`.
    ValueError
        If a folder is missing or empty, if there are several for one purpose, or if two queries
        have the same id.

    Notes
    -----
    Folder names understood, without regard to case, and with hyphens or spaces for underscores:
    used ``real_used``, ``used``; not used ``real_not_used``, ``real_unused``, ``not_used``;
    generated ``generated``, ``generated_1``; queries ``real_unknown``, ``real_unknown_1``,
    ``real_all``. Folders that hold no image themselves are passed through, hidden ones left alone.

    The development and the test part have generated images each. Those whose path shares most with
    the used images' are `generated`, those whose path shares most with the queries' are
    `query_generated`; side by side, ``generated_1`` belongs to ``real_unknown_1``.

    The data need a registration with ImageCLEF.

    References
    ----------
    .. [1] Andrei, A., Radzhabov, A., Coman, I., Kovalev, V., Ionescu, B., Mueller, H. (2023).
       Overview of ImageCLEFmedical GANs 2023 task. CLEF 2023 Working Notes, CEUR-WS Vol. 3497.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from ganisi.datasets import load_imageclef_gans
    >>> from PIL import Image
    >>> with tempfile.TemporaryDirectory() as root:
    ...     for folder in ("real_used", "real_not_used", "generated"):
    ...         Path(root, folder).mkdir()
    ...         Image.new("L", (8, 8)).save(Path(root, folder, "1.png"))
    ...     data = load_imageclef_gans(root)
    >>> len(data.real), data.target, data.ids
    (2, array([1, 0]), [])
    """
    root = Path(root)
    if not root.is_dir():
        raise NotADirectoryError(f"{root} is no folder; give the folder that the data lie in.")
    found, empty, every = _find_folders(root)
    used = _only(root, "used", found, empty, every)
    not_used = _only(root, "not_used", found, empty, every)
    if not found["generated"]:
        raise ValueError(_missing_message(root, "generated", found, empty, every))
    folders = {
        "used": used,
        "not_used": not_used,
        "generated": _nearest(found["generated"], used, "used"),
    }
    if found["queries"]:
        queries = _only(root, "queries", found, empty, every)
        folders["queries"] = queries
        folders["query_generated"] = _nearest(found["generated"], queries, "queries")
    elif empty["queries"]:
        raise ValueError(_missing_message(root, "queries", found, empty, every))
    paths = {name: load_image_folder(folder)[0] for name, folder in folders.items()}
    ids = [image_id(os.path.basename(path)) for path in paths.get("queries", [])]
    doubles = [name for name, count in Counter(ids).items() if count > 1]
    if doubles:
        raise ValueError(
            f"{folders['queries']} holds several images named {doubles[0]!r}, which would be one "
            "id of a run; keep one of them."
        )
    counts = ", ".join(f"{len(paths[name])} {name} ({folders[name]})" for name in folders)
    description = f"ImageCLEFmedical GANs: {counts}."
    if not ids:
        description += f" No queries: no folder is named {_listed(_FOLDERS['queries'])}."
    unused = [folder for folder in found["generated"] if folder not in folders.values()]
    if unused:
        description += f" Left alone, as others are nearer: {_listed(unused)}."
    return DataBunch(
        used=paths["used"],
        not_used=paths["not_used"],
        real=paths["used"] + paths["not_used"],
        target=np.repeat([1, 0], [len(paths["used"]), len(paths["not_used"])]),
        generated=paths["generated"],
        queries=paths.get("queries", []),
        ids=ids,
        query_generated=paths.get("query_generated", []),
        folders={name: str(folder) for name, folder in folders.items()},
        target_names=["not used", "used"],
        DESCR=description,
    )


def _find_folders(root):
    """Folders of images by purpose, those of such a name without images, and every folder."""
    found = {purpose: [] for purpose in _FOLDERS}
    empty = {purpose: [] for purpose in _FOLDERS}
    every = []
    for directory, inside, _ in os.walk(root):
        inside[:] = sorted(name for name in inside if not name.startswith("."))
        for name in inside:
            path = Path(directory, name)
            every.append(path)
            plain = name.lower().replace("-", "_").replace(" ", "_")
            purpose = next((key for key, names in _FOLDERS.items() if plain in names), None)
            if purpose is not None:
                (found if holds_images(path) else empty)[purpose].append(path)
    return found, empty, every


def _only(root, purpose, found, empty, every):
    """Return the one folder for a purpose."""
    if not found[purpose]:
        raise ValueError(_missing_message(root, purpose, found, empty, every))
    if len(found[purpose]) > 1:
        raise ValueError(
            f"{root} holds {len(found[purpose])} folders of {purpose.replace('_', ' ')} images: "
            f"{_listed(found[purpose])}; give the folder above one of them, or move the others "
            "away."
        )
    return found[purpose][0]


def _nearest(candidates, folder, purpose):
    """Return the generated images that share most of their path with a folder.

    Of several, the least deep ones, and of these those with the folder's suffix.
    """

    def closeness(candidate):
        shared = len(Path(os.path.commonpath([candidate, folder])).parts)
        same_suffix = candidate.name.endswith("_1") == folder.name.endswith("_1")
        return shared, -len(candidate.parts), same_suffix

    closest = max(map(closeness, candidates))
    nearest = [candidate for candidate in candidates if closeness(candidate) == closest]
    if len(nearest) > 1:
        raise ValueError(
            f"the folders of generated images {_listed(nearest)} are equally near to "
            f"{folder}; move those away that do not belong to the {purpose}."
        )
    return nearest[0]


def _missing_message(root, purpose, found, empty, every):
    message = (
        f"{root} holds no folder of {purpose.replace('_', ' ')} images; looked at any depth for "
        f"folders named {_listed(_FOLDERS[purpose])} that hold images."
    )
    if empty[purpose]:
        message += f" Without any image: {_listed(empty[purpose])}."
    shown = _listed(every[:20]) or "none"
    return message + f" Folders found: {shown}{', ...' if len(every) > 20 else '.'}"


def _listed(names):
    return ", ".join(map(str, names))
