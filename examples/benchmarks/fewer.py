"""What fewer quantiles, and fewer generated images, do to the distances.

    python examples/benchmarks/fewer.py

First table: how much below the exact distance (one equal step a pixel) a distance lies, over all
pairs and maps, with steps of probability that are finer at both ends, and with equal ones. Second:
how well scores from a random share of the generated images agree with those from all, as the
correlation over queries; "mean" is the mean distance of a query to the generated images, as the
paper's fusion sees them, "nearest" the smallest. Third: the first again where a map has 49 values
only, as those of `ResNetFeatures` have, here samples at random, in equal steps.
"""

from itertools import product

import numpy as np

from ganisi import classical_descriptors
from ganisi.datasets import make_source_identification
from ganisi.descriptors import quantile_function
from ganisi.distances import wasserstein_distances


def main():
    print_quantiles()
    print_generated()
    print_small_maps()


def print_quantiles():
    size, exact = 96, 96 * 96
    data = make_source_identification(10, 10, 40, size=size, leakage=0.8, random_state=0)
    descriptor = classical_descriptors(n_quantiles=exact, steps="equal").fit(data.real)
    queries, generated = descriptor.transform(data.real), descriptor.transform(data.generated)
    n_maps = queries.shape[1] // exact
    reference = wasserstein_distances(queries, generated, n_maps, steps="equal")
    print(f"{n_maps} maps of {size} x {size} pixels, {reference[..., 0].size} pairs")
    print("steps  quantiles  kB an image  median error  95 %    largest")
    for steps, n_quantiles in product(("tails", "equal"), (256, 64, 32, 16, 8, 4, 1)):
        distances = wasserstein_distances(
            *(fewer(rows, n_maps, n_quantiles, steps) for rows in (queries, generated)),
            n_maps,
            steps=steps,
        )
        error = 100 * (1 - distances / reference)
        print(
            f"{steps}  {n_quantiles:9} {n_maps * n_quantiles * 4 / 1000:12.1f} "
            f"{np.median(error):11.3f} % {np.percentile(error, 95):6.2f} % {error.max():6.1f} %"
        )


def print_generated():
    data = make_source_identification(40, 40, 2000, size=64, leakage=0.8, random_state=0)
    descriptor = classical_descriptors(n_quantiles=16).fit(data.real)
    queries, generated = descriptor.transform(data.real), descriptor.transform(data.generated)
    n_maps = queries.shape[1] // 16
    distances = wasserstein_distances(queries, generated, n_maps)
    distances = (distances / distances.std(axis=(0, 1))).mean(axis=2)
    print(f"\n80 queries, {len(generated)} generated images of 64 x 64 pixels")
    print("share  correlation of mean  of nearest (least of 20 draws)")
    rng = np.random.default_rng(0)
    for share in (0.5, 0.2, 0.1, 0.05, 0.01):
        agreement = [
            [np.corrcoef(f(distances, axis=1), f(distances[:, some], axis=1))[0, 1]
             for f in (np.mean, np.min)]
            for some in (rng.choice(len(generated), int(share * len(generated)), replace=False)
                         for _ in range(20))
        ]  # fmt: skip
        mean, nearest = np.min(agreement, axis=0)
        print(f"{share:5} {mean:20.4f} {nearest:11.3f}")


def print_small_maps():
    n_values, n_pairs = 49, 2000
    rng = np.random.default_rng(0)
    print(f"\n{n_pairs} pairs of samples of {n_values} values, how much below exact in the mean")
    samples = {
        "normal": rng.standard_normal((2, n_pairs, n_values)),
        "Cauchy": rng.standard_cauchy((2, n_pairs, n_values)),
    }
    exact = {name: mean_difference(pair, n_values) for name, pair in samples.items()}
    print("quantiles" + "".join(f"{name:>10}" for name in samples))
    for n_quantiles in (64, 32, 16, 8):
        errors = [
            100 * (1 - mean_difference(pair, n_quantiles) / exact[name]).mean()
            for name, pair in samples.items()
        ]
        print(f"{n_quantiles:9}" + "".join(f"{error:8.1f} %" for error in errors))


def mean_difference(pair, n_quantiles):
    return np.abs(np.diff(quantile_function(pair, n_quantiles, "equal"), axis=0)[0]).mean(axis=1)


def fewer(rows, n_maps, n_quantiles, steps):
    maps = rows.reshape(len(rows), n_maps, -1)
    return quantile_function(maps, n_quantiles, steps).reshape(len(rows), -1)


if __name__ == "__main__":
    main()
