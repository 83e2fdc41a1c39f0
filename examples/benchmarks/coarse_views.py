"""What a coarse search for the nearest view loses and saves: `view_grid` of CDFWassersteinPairer.

    python examples/benchmarks/coarse_views.py                # the shipped generator
    python examples/benchmarks/coarse_views.py --data DIR     # your images, of one size

The textures of `recommended()` alone, on a grid of 32, real images under its 14 views, of which it
compares all cells itself. Each cell is the ROC AUC of used images against those of other
patients over 5 folds by patient (mean over the folds), and the CPU seconds that all five took. DIR
holds the folders real_used, real_not_used and generated, and groups.csv.
"""

import argparse
import time
from pathlib import Path

import _generator_sets as sets
from _transforms import STORED, transformed
from sklearn.base import clone

from ganisi import GANISI, recommended
from ganisi.audit import CrossFit
from ganisi.model._describing import described

ROWS = [STORED, "all mirrored", "turned 10", "zoomed 1.1", "cropped to 0.8, resized"]
VIEW_GRIDS = [None, 16, 8, 4]


def textures():
    """The first eye of `recommended()`, without the other."""
    both = recommended()
    return GANISI(
        both.descriptor,
        pairer=dict(both.pairer.pairers)["textures"],
        identifier=both.identifier.set_params(ranks=(1, 0.1), pool_maps=True),
        views=both.views,
    )


def measure(arrays, rows, transform, view_grid, model):
    """ROC AUC and CPU seconds of one way to search."""
    descriptor, pairer, identifier = model.stages()
    generated = descriptor.fit(arrays["images"]).transform(
        transformed(arrays["generated"], transform)
    )
    start = time.process_time()
    fit = CrossFit(
        clone(pairer).set_params(view_grid=view_grid),
        identifier,
        rows,
        arrays["used"],
        generated=(generated,),
        groups=arrays["groups"],
    )
    return fit.roc_auc(fit.out_of_fold()), time.process_time() - start


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of images instead of phantoms")
    options = parser.parse_args()
    arrays = sets.labelled(sets.of_folder(options.data, "flips"))
    model = textures()
    rows = described(model.stages()[0].fit(arrays["images"]), arrays["images"], views=model.views)
    print("| generated images | " + " | ".join(f"view_grid={one}" for one in VIEW_GRIDS) + " |")
    print("|---" * (1 + len(VIEW_GRIDS)) + "|")
    for transform in ROWS:
        found = [measure(arrays, rows, transform, one, model) for one in VIEW_GRIDS]
        cells = [f"{auc:.3f}, {seconds:.0f} s" for auc, seconds in found]
        print(f"| {transform} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
