"""How well the pixel nearest neighbour tells used from not used images, for each level of leakage.

Prints the table in the docstring of ganisi.datasets.make_source_identification. The score of a
real image is minus its smallest distance to a generated image; nothing is fitted, so no image is
held out. Each figure is the ROC AUC, mean and standard error over the seeds.

    python examples/benchmarks/leakage_levels.py
    python examples/benchmarks/leakage_levels.py --size 64 --seeds 0 1 2 --levels 0 0.5 1
"""

import argparse

import numpy as np
from sklearn.metrics import pairwise_distances_argmin_min, roc_auc_score

from ganisi.datasets._synthetic import make_source_identification


def nearest_neighbour_auc(data, metric):
    real = data.real.reshape(len(data.real), -1).astype(np.float32)
    generated = data.generated.reshape(len(data.generated), -1).astype(np.float32)
    _, distance = pairwise_distances_argmin_min(real, generated, metric=metric)
    return roc_auc_score(data.used, -distance)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--levels", type=float, nargs="+", default=[0, 0.01, 0.25, 0.5, 0.75, 0.8, 1]
    )
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(10)))
    parser.add_argument("--size", type=int, default=64, help="pixels (default: %(default)s)")
    parser.add_argument("--metric", default="euclidean", choices=["euclidean", "manhattan"])
    options = parser.parse_args()

    print(
        f"ROC AUC of the pixel nearest neighbour ({options.metric}), size {options.size}, "
        f"80 used, 80 not used, 500 generated, seeds {' '.join(map(str, options.seeds))}\n"
    )
    print("leakage  bandwidth   mean   standard error")
    for level in options.levels:
        scores = []
        for seed in options.seeds:
            data = make_source_identification(size=options.size, leakage=level, random_state=seed)
            scores.append(nearest_neighbour_auc(data, options.metric))
        bandwidth = np.sqrt(1 / level**2 - 1) if level else np.inf
        error = np.std(scores, ddof=1) / np.sqrt(len(scores)) if len(scores) > 1 else np.nan
        print(f"{level:7.2f} {bandwidth:10.2f} {np.mean(scores):6.3f} {error:16.3f}", flush=True)


if __name__ == "__main__":
    main()
