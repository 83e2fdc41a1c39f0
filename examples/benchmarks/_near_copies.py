"""Are changed copies of one image named, and no others? A study of `audit_simulations.py`."""

from types import SimpleNamespace

import numpy as np
from _audit_points import many, rate
from PIL import Image

from ganisi.audit import degrade
from ganisi.audit._copies import Identities
from ganisi.audit._near_copies import find_near_copies
from ganisi.audit.report._sections import Copies
from ganisi.datasets import make_source_identification


def _one_grey_level(image):
    return np.where(image < 255, image + 1, image).astype(np.uint8)


def _one_pixel(image):
    other = image.copy()
    other[20, 30] = 255 - other[20, 30]
    return other


def _resized(image):
    small = Image.fromarray(image).resize((40, 40), Image.BILINEAR)
    return np.asarray(small.resize(image.shape, Image.BILINEAR))


#: What is done to the one training image that is published; the last two are not promised.
CHANGES = {
    "one grey level": _one_grey_level,
    "one pixel": _one_pixel,
    "mirrored": lambda image: image[:, ::-1],
    "turned by 90 degrees": np.rot90,
    "JPEG of quality 50": lambda image: degrade(image, "JPEG", 50),
    "to 40 of 64 pixels and back": _resized,
    "contrast of 70 %": lambda image: degrade(image, "contrast", 0.7),
    "moved by 1 pixel": lambda image: degrade(image, "shift", 1),
    "moved by 4 pixels": lambda image: degrade(image, "shift", 4),
}


def _named(data, generated):
    """Names of used and of not-used images with a near copy."""
    given = SimpleNamespace(
        images=data.real,
        sets=[generated],
        queries=None,
        identities=Identities.of(data.real, generated, None),
    )
    used = data.used == 1
    design = SimpleNamespace(used=used, not_used=~used, groups=data.groups)
    found = find_near_copies(given, design, Copies((), (), ()))
    return [name.split(",")[0] for name in (*found.used, *found.not_used)]


def named_of(seed):
    """Whether the image is named after each change, and whether any other is; first nobody's."""
    data = make_source_identification(20, 20, 40, size=64, leakage=0, random_state=seed)
    i = np.flatnonzero(data.used == 1)[seed % 20]
    found = [[False, bool(_named(data, data.generated))]]
    for change in CHANGES.values():
        names = _named(data, np.concatenate([data.generated, [change(data.real[i])]]))
        found.append([f"X[{i}]" in names, bool(set(names) - {f"X[{i}]"})])
    return found


def near_copies(n, n_jobs):
    """One used phantom is published, changed: how often it is named, and how often another is."""
    found = np.array(many(named_of, n, n_jobs))
    answers = {"nothing published: any image named": rate(found[:, 0, 1])}
    for k, change in enumerate(CHANGES, 1):
        answers[f"{change}: named"] = rate(found[:, k, 0])
        answers[f"{change}: another one named"] = rate(found[:, k, 1])
    return answers


STUDIES = {"near_copies": near_copies}
DRAWS = {"near_copies": (100, 10)}
