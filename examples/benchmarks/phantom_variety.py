"""Are phantoms of different patients as unlike each other as real slices of different patients?

    python examples/benchmarks/phantom_variety.py
    python examples/benchmarks/phantom_variety.py --data ct256
    python examples/benchmarks/phantom_variety.py --data ddpm-ct/real_not_used --groups groups.csv

Euclidean distances of pixels, images reduced to 64 x 64 by means of blocks. "pairs" is the mean
distance of two slices of different patients, as the root mean square of the difference in grey
levels; the other columns are in units of it: the distance of each slice to its nearest of another
patient, and to its nearest of the same patient, where there is one; 10 %, median, 90 % over slices.
Without groups every image of the folder is taken for a patient of its own.
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.metrics import pairwise_distances

from ganisi.datasets import load_groups, load_image_folder
from ganisi.datasets._phantom import draw_chest

SIZE = 64
#: `draw_chest` as it is used by make_source_identification, and by generators.py.
PHANTOMS = {
    "phantoms": {},
    "phantoms, variety=1, spacing=0.4": {"variety": 1.0, "spacing": 0.4},
}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of real images; left out if absent")
    parser.add_argument("--groups", type=Path, help="table of their patients")
    parser.add_argument("--patients", type=int, default=64)
    parser.add_argument("--slices", type=int, default=4, help="of each phantom patient")
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    options = parser.parse_args()
    print(f"{'':44}{'pairs':>6}  nearest of another patient  nearest of the same patient")
    for name, dials in PHANTOMS.items():
        for seed in options.seeds:
            rng = np.random.RandomState(seed)
            patients = [
                draw_chest(options.slices, SIZE, rng, **dials) for _ in range(options.patients)
            ]
            groups = np.repeat(np.arange(options.patients), options.slices)
            print_row(f"{name}, seed {seed}", np.concatenate(patients), groups)
    if options.data is not None and not options.data.is_dir():
        print(f"no folder {options.data}: no real slices to compare with")
    elif options.data is not None:
        print_row(options.data.name, *read_real(options.data, options.groups))


def read_real(folder, table):
    """Images of a folder at 64 x 64, and their patients."""
    files, _ = load_image_folder(folder)
    images = [np.asarray(Image.open(f).convert("L").resize((SIZE, SIZE), Image.BOX)) for f in files]
    groups = np.arange(len(files)) if table is None else load_groups(table, files)
    return np.stack(images), np.asarray(groups)


def nearest_distances(images, groups):
    """Mean distance between patients, and nearest distances between and within patients.

    The first in grey levels (root mean square), the others in units of it; the last only for the
    images whose patient has another.
    """
    rows = images.reshape(len(images), -1).astype(float)
    distances = pairwise_distances(rows) / np.sqrt(rows.shape[1])
    same = groups[:, None] == groups
    mean = distances[~same].mean()
    others = np.where(same, np.inf, distances).min(axis=1)
    np.fill_diagonal(same, False)
    siblings = np.where(same, distances, np.inf).min(axis=1)[same.any(axis=1)]
    return mean, others / mean, siblings / mean


def print_row(name, images, groups):
    mean, others, siblings = nearest_distances(images, groups)
    cells = [
        "   ".join(f"{q:.3f}" for q in np.quantile(distances, [0.1, 0.5, 0.9]))
        if len(distances)
        else "-"
        for distances in (others, siblings)
    ]
    print(f"{name:44}{mean:6.1f}  {cells[0]:>26}  {cells[1]:>27}", flush=True)


if __name__ == "__main__":
    main()
