"""How alike are images of different patients, and of one? Where the audit's thresholds come from.

    python examples/benchmarks/alike_patients.py --data FOLDER FOLDER --slices FOLDER

A folder of --data has folders `real_used` and `real_not_used` and a table `groups.csv`; that of
--slices holds one slice of each patient. Phantoms are measured anyway.
"""

import argparse
from pathlib import Path

import numpy as np

from ganisi import Intensity
from ganisi.audit._alike import what_is_compared
from ganisi.datasets import (
    load_groups,
    load_image_folder,
    load_phantom_diffusion,
    make_source_identification,
)


def likeness(images, patients):
    """Return how alike each image is to the most alike of another patient, and of its own."""
    rows = Intensity(n_quantiles=1, grid=32).fit_transform(images).astype(float)
    alike = np.minimum(*(each @ each.T for each in what_is_compared(rows)))
    patients = np.asarray(patients)
    own = patients[:, None] == patients
    others = np.where(own, -1, alike).max(axis=1)
    np.fill_diagonal(own, False)
    return others, np.where(own, alike, -1).max(axis=1)[own.any(axis=1)]


def sets(folders, slices):
    """Yield the name, the images and the patients of every set."""
    for seed in range(3):
        data = make_source_identification(40, 40, 10, size=64, random_state=seed)
        yield f"make_source_identification, seed {seed}", data.real, data.groups
    data = load_phantom_diffusion("flips")
    images = np.concatenate([data.real, data.unused_slices])
    yield "load_phantom_diffusion", images, np.concatenate([data.groups, data.unused_groups])
    for folder in map(Path, folders):
        images = [
            load_image_folder(folder / part).images for part in ("real_used", "real_not_used")
        ]
        images = images[0] + images[1]
        yield folder.name, images, load_groups(folder / "groups.csv", images)
    if slices is not None:
        images = load_image_folder(slices).images
        yield Path(slices).name, images, range(len(images))


def main():
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", nargs="*", default=(), metavar="FOLDER")
    parser.add_argument("--slices", metavar="FOLDER")
    chosen = parser.parse_args()
    print(
        "| | other patients: 50 %, 90 %, largest | same patient: 10 %, 50 %, 90 % |\n|---|---|---|"
    )
    for name, images, patients in sets(chosen.data, chosen.slices):
        others, own = likeness(images, patients)
        high = np.quantile(others, [0.5, 0.9, 1])
        low = np.quantile(own, [0.1, 0.5, 0.9]) if len(own) else []
        print(f"| {name} |", *(f"{x:.2f}" for x in high), "|", *(f"{x:.2f}" for x in low), "|")


if __name__ == "__main__":
    main()
