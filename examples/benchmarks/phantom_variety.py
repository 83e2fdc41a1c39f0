"""Are phantoms of different patients as unlike each other as real slices of different patients?

    python examples/benchmarks/phantom_variety.py
    python examples/benchmarks/phantom_variety.py --data ct256 ddpm-ct/real_not_used
    python examples/benchmarks/phantom_variety.py --data ct256 --figure phantom_variety.png

Euclidean distances of pixels, images reduced to 64 x 64 by means of blocks. "pairs" is the mean
distance of two slices of different patients, as the root mean square of the difference in grey
levels; the other columns are in units of it: the distance of each slice to its nearest of another
patient, and to its nearest of the same patient, where there is one; 10 %, median, 90 % over slices.
Patients of real slices are read from groups.csv in the folder or the one above it; without such a
table every image is taken for a patient of its own.
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


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="folders of real images")
    parser.add_argument("--patients", type=int, default=64)
    parser.add_argument("--slices", type=int, default=4, help="of each phantom patient")
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2])
    parser.add_argument("--figure", type=Path, help="draw the distances; needs matplotlib")
    options = parser.parse_args(arguments)
    for folder in options.data:
        if not folder.is_dir():
            parser.error(f"argument --data: there is no folder {folder}")
    for name in ("patients", "slices"):
        if getattr(options, name) < 2:
            parser.error(f"argument --{name}: at least 2, got {getattr(options, name)}")
    print(f"{'':44}{'pairs':>6}  nearest of another patient  nearest of the same patient")
    found = {name: [] for name in PHANTOMS}
    for name, dials in PHANTOMS.items():
        for seed in options.seeds:
            found[name].append(nearest_distances(*draw(options, seed, dials)))
            print_row(f"{name}, seed {seed}", found[name][-1])
    for k, folder in enumerate(options.data, 1):
        found[f"real slices {k}"] = [nearest_distances(*read_real(folder))]
        print_row(f"real slices {k}, {folder.name}", found[f"real slices {k}"][0])
    if options.figure:
        draw_figure(found, options.figure)


def draw(options, seed, dials):
    """Slices of phantom patients, and whose they are."""
    rng = np.random.RandomState(seed)
    slices = [draw_chest(options.slices, SIZE, rng, **dials) for _ in range(options.patients)]
    return np.concatenate(slices), np.repeat(np.arange(options.patients), options.slices)


def read_real(folder):
    """Images of a folder at 64 x 64, and their patients."""
    files, _ = load_image_folder(folder)
    images = [np.asarray(Image.open(f).convert("L").resize((SIZE, SIZE), Image.BOX)) for f in files]
    tables = [at / "groups.csv" for at in (folder, folder.resolve().parent)]
    table = next((path for path in tables if path.is_file()), None)
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


def print_row(name, found):
    mean, *nearest = found
    cells = [
        "   ".join(f"{q:.3f}" for q in np.quantile(distances, [0.1, 0.5, 0.9]))
        if len(distances)
        else "-"
        for distances in nearest
    ]
    print(f"{name:44}{mean:6.1f}  {cells[0]:>26}  {cells[1]:>27}", flush=True)


def draw_figure(found, path):
    """Shares of slices up to each distance: phantoms in colour, a line a seed; real ones black."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True, layout="constrained")
    dashes = iter(["solid", "dashed", "dotted", "dashdot"] * len(found))
    for k, (name, sets) in enumerate(found.items()):
        phantoms = name in PHANTOMS
        style = {"color": f"C{k}"} if phantoms else {"color": "black", "linestyle": next(dashes)}
        for label, (_, *nearest) in zip([name] + [None] * len(sets), sets, strict=False):
            for ax, distances in zip(axes, nearest, strict=True):
                if len(distances):
                    shares = (np.arange(len(distances)) + 1) / len(distances)
                    ax.step(np.sort(distances), shares, where="post", label=label, **style)
    for ax, whose in zip(axes, ("another patient", "the same patient"), strict=True):
        ax.set(
            xlabel=f"to the nearest slice of {whose}\n(mean distance between patients = 1)",
            xlim=(0, 1),
        )
    axes[0].set(ylabel="share of slices", ylim=(0, 1))
    axes[0].legend(fontsize=7, loc="upper left")
    figure.savefig(path, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
