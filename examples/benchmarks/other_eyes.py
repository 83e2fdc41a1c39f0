"""What pixels, SSIM and correlation see of copies that lie in place, and of those that do not.

Each figure is the ROC AUC of used against unused images over 5 folds that share no patient (mean
over the folds) by the nearest generated image, and by a ProfileIdentifier of it; 0.5 is chance.
Columns: the generated images as stored, all mirrored left-right, all moved by 4 pixels down and
right with the edge repeated.

    python examples/benchmarks/other_eyes.py                # images of diffusion models (phantoms)
    python examples/benchmarks/other_eyes.py --data DIR     # your images
    python examples/benchmarks/other_eyes.py --time         # 200 queries, 10,000 generated images

DIR holds the folders real_used, real_not_used and generated, with images of one size, and, where
patients are known, groups.csv with the columns folder, file, group.
"""

import argparse
import resource
import time
from pathlib import Path

import _generator_sets as sets
import numpy as np
from _transforms import STORED, transformed
from skimage.metrics import structural_similarity

from ganisi import (
    CDFWassersteinPairer,
    CorrelationPairer,
    Intensity,
    ProfileIdentifier,
    SSIMPairer,
)
from ganisi.audit import CrossFit
from ganisi.baselines import NearestGenerated

IDENTIFIERS = {"nearest": NearestGenerated(), "profile": ProfileIdentifier(pool_maps=True)}
COLUMNS = {"as stored": STORED, "mirrored": "all mirrored", "moved by 4": "moved 4"}


def eyes(grid):
    """Name to pairer."""
    cells = {"n_quantiles": 1, "grid": grid}
    return {
        "pixels": CDFWassersteinPairer(**cells),
        "pixels, relative": CDFWassersteinPairer(**cells, relative=True),
        "SSIM, not relative": SSIMPairer(grid, relative=False),
        "SSIM": SSIMPairer(grid),
        "correlation in place": CorrelationPairer(grid, max_shift=0, mirrors=False, whiten=False),
        "correlation, not whitened": CorrelationPairer(grid, whiten=False),
        "correlation, without mirrors": CorrelationPairer(grid, mirrors=False),
        "correlation, relative": CorrelationPairer(grid, relative=True),
        "correlation": CorrelationPairer(grid),
    }


def labelled(arrays):
    """Real images of known status, labels, generated images and patients."""
    return [sets.labelled(arrays)[name] for name in ("images", "used", "generated", "groups")]


def print_scores(name, real, used, generated, groups, grid):
    """The table of one set of images."""
    describe = Intensity(grid=grid, n_quantiles=1).fit(real).transform
    rows = describe(real)
    print(f"\n{name}, ROC AUC ({', '.join(IDENTIFIERS)})")
    print(" " * 28 + "".join(f"{column:>16s}" for column in COLUMNS), flush=True)
    for eye, pairer in eyes(grid).items():
        cells = []
        for transform in COLUMNS.values():
            seen = (describe(transformed(generated, transform)),)
            fit = CrossFit(
                pairer, IDENTIFIERS["nearest"], rows, used, generated=seen, groups=groups
            )
            fits = (fit.with_identifier(one) for one in IDENTIFIERS.values())
            cells.append(" ".join(f"{one.roc_auc(one.out_of_fold()):.3f}" for one in fits))
        print(f"{eye:28s}" + "".join(f"{cell:>16s}" for cell in cells), flush=True)


def print_times(grid):
    """What 200 queries and 10,000 generated images take, on one core."""
    rng = np.random.default_rng(0)
    queries, generated = (rng.random((n, grid**2), dtype=np.float32) for n in (200, 10_000))
    print(f"CPU seconds and peak memory (MB) for 200 x 10,000 images of {grid} x {grid} cells")
    for eye, pairer in eyes(grid).items():
        start = time.process_time()
        pairer.fit_transform(queries, generated=(generated,))
        seconds = time.process_time() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{eye:28s}{seconds:7.1f}{peak:7.0f}", flush=True)
    images = generated[:500].reshape(-1, grid, grid)
    start = time.process_time()
    for image in images:
        structural_similarity(images[0], image, data_range=1)
    seconds = (time.process_time() - start) / len(images) * len(queries) * len(generated)
    print(f"{'SSIM by scikit-image':28s}{seconds:7.1f}, from 500 pairs", flush=True)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of images instead of phantoms")
    parser.add_argument("--grid", type=int, default=64, help="cells a side (default: %(default)s)")
    parser.add_argument("--time", action="store_true", help="print times instead")
    options = parser.parse_args()
    if options.time:
        print_times(options.grid)
    elif options.data is not None:
        arrays = sets.in_memory(sets.from_folders(options.data))
        print_scores(str(options.data), *labelled(arrays), options.grid)
    else:
        for kind in ("flips", "other"):
            arrays = sets.from_package(kind, queries=False)
            print_scores(f"load_phantom_diffusion({kind!r})", *labelled(arrays), options.grid)


if __name__ == "__main__":
    main()
