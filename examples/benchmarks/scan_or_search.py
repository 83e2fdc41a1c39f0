"""Whether a search for nearest generated images, exact by a bound, beats looking at all of them.

    python examples/benchmarks/scan_or_search.py
    python examples/benchmarks/scan_or_search.py --sizes 100 200 --side 64

Two places ask for the nearest only. `evidence` wants the generated images of smallest mean z of a
query: the distance of coarse quantile functions is never above that of the fine ones, so coarse
rows give a z below the true one, and only images whose coarse z is low enough are looked at in
full. Near copies in an audit want thumbnails next to each other: the product of two unit vectors
is at most that of their pooled parts and that of the lengths of the rest, so pooled thumbnails
tell which cannot be near enough. Both searches find what the scan finds, or the script stops.
`recommended()` looks for the nearest by correlation too; last, what a pair of that costs, how large
the correlations are, and how small the bound by the moduli of spectra, which knows no shift.

Times are CPU seconds. Rows of so many generated images are mixtures of two of 200 described
phantoms; thumbnails are of phantoms, moved.
"""

import argparse
import time

import numpy as np

from ganisi import classical_descriptors
from ganisi.audit._near_copies import _VIEWS, MARGIN, _nearest_pairs, _Thumbnails
from ganisi.datasets import make_source_identification
from ganisi.distances import correlation_distances, wasserstein_distances
from ganisi.distances._relative import RelativeScale

#: Quantiles of coarse rows, and cells a side of pooled thumbnails. Fewer bound so badly that the
#: search of evidence takes longer than the scan, and that of near copies leaves all images.
_COARSE, _POOLED = 32, 16
_N_QUANTILES, _N_NEAREST, _N_QUERIES, _N_REAL = 64, 5, 10, 160
#: Means of equal steps are the steps of fewer.
_STEPS = "equal"
#: Larger than the rounding of float32.
_SLACK = 1e-5


def timed(work, *arguments):
    start = time.process_time()
    result = work(*arguments)
    return result, time.process_time() - start


def mixtures(rows, n, rng):
    mixed = np.empty((n, rows.shape[1]), np.float32)
    for row in mixed:
        one, other = rows[rng.integers(len(rows), size=2)]
        row[:] = one + np.float32(rng.random()) * (other - one)
    return mixed


def coarse(rows, n_maps):
    blocks = rows.reshape(len(rows), n_maps, _COARSE, -1)
    return blocks.mean(axis=3, dtype=np.float64).astype(np.float32).reshape(len(rows), -1)


def mean_z(query, rows, scale, n_maps):
    distances = wasserstein_distances(query[np.newaxis], rows, n_maps, steps=_STEPS)[0]
    return scale.standardise(distances, out=distances).mean(axis=1)


def scale_of(queries, rows, n_maps):
    """What images typically are from queries, as evidence of `GANISI` standardises by it."""
    return RelativeScale.fit(
        lambda columns: wasserstein_distances(queries, rows[columns], n_maps, steps=_STEPS),
        len(rows),
    )


def part_of(scale, which):
    return RelativeScale(scale.offset, scale.location[which], scale.scale[which])


def nearest_by_scan(query, rows, scale, n_maps):
    return np.argsort(mean_z(query, rows, scale, n_maps), kind="stable")[:_N_NEAREST]


def nearest_by_search(query, rows, coarse_rows, scale, n_maps):
    bound = mean_z(coarse(query[np.newaxis], n_maps)[0], coarse_rows, scale, n_maps)
    first = np.argpartition(bound, _N_NEAREST)[:_N_NEAREST]
    enough = mean_z(query, rows[first], part_of(scale, first), n_maps).max() + _SLACK
    left = np.flatnonzero(bound <= enough)
    z = mean_z(query, rows[left], part_of(scale, left), n_maps)
    return left[np.argsort(z, kind="stable")[:_N_NEAREST]], len(left)


def print_evidence(sizes, side, rng):
    n_described = 200 if side > 64 else 40
    data = make_source_identification(
        _N_QUERIES, _N_QUERIES, n_described, size=side, random_state=0
    )
    descriptor = classical_descriptors(n_quantiles=_N_QUANTILES, steps=_STEPS).fit(data.generated)
    descriptor.transform(data.generated[:1])  # compiles what is compiled
    rows, seconds = timed(descriptor.transform, data.generated)
    queries = descriptor.transform(data.real)
    n_maps = rows.shape[1] // _N_QUANTILES
    print(f"evidence of a query, {n_maps} maps of {side} x {side} pixels")
    print(f"{'generated':>9} {'describe s':>10} {'scan ms':>8} {'search ms':>9} {'looked at':>9}")
    for n in sizes:
        generated = mixtures(rows, n, rng)
        coarse_rows = coarse(generated, n_maps)
        scale = scale_of(queries, generated, n_maps)
        spent, looked_at = np.zeros(2), 0
        for query in queries[:_N_QUERIES]:
            found, scan = timed(nearest_by_scan, query, generated, scale, n_maps)
            (again, n_left), search = timed(
                nearest_by_search, query, generated, coarse_rows, scale, n_maps
            )
            np.testing.assert_array_equal(found, again)
            spent += scan, search
            looked_at += n_left / (_N_QUERIES * n)
        scan, search = 1e3 * spent / _N_QUERIES
        describing = n * seconds / n_described
        print(f"{n:9,} {describing:10.0f} {scan:8.1f} {search:9.1f} {looked_at:9.1%}", flush=True)


def pooled(thumbnails):
    """Means of cells, as unit vectors have them, and the length of what they leave."""
    cells = thumbnails.reshape(len(thumbnails), _POOLED, 32 // _POOLED, _POOLED, 32 // _POOLED)
    means = cells.sum(axis=(2, 4)) * (_POOLED / 32)
    return means, np.sqrt(np.maximum(1 - (means**2).sum(axis=(1, 2)), 0))


def candidates(real, shown, threshold):
    """Return those that may be nearer than the threshold to a real image, under any view."""
    (means, rest), (others, of_others) = pooled(real.rows), pooled(shown.rows)
    flat, may_be = np.c_[means.reshape(len(means), -1), rest], np.zeros(len(others), bool)
    for start in range(0, len(others), 256):
        some, tail = others[start : start + 256], of_others[start : start + 256]
        for _, view in _VIEWS:
            block = np.c_[np.array([view(one).ravel() for one in some]), tail]
            alike = (flat @ block.T).max(axis=0)
            may_be[start : start + 256] |= 1 - alike < threshold + _SLACK
    left = _Thumbnails((), ())
    left.n_images, left.kept, left.rows = shown.n_images, shown.kept[may_be], shown.rows[may_be]
    return left


def moved(images, n, rng):
    for image in images[rng.integers(len(images), size=n)]:
        yield np.roll(image, rng.integers(-3, 4, size=2), axis=(0, 1))


def print_near_copies(sizes, rng):
    half = _N_REAL // 2
    data = make_source_identification(half, half, 500, size=64, random_state=0)
    real = _Thumbnails(data.real, [False] * len(data.real))
    ((_, between, _),) = real.apart(real)
    threshold = MARGIN**2 * between[~np.eye(len(between), dtype=bool)].min()
    print(f"near copies of {_N_REAL} real images")
    print(f"{'generated':>9} {'shrink s':>10} {'scan s':>8} {'search s':>9} {'looked at':>9}")
    for n in sizes:
        images = list(moved(data.generated, n, rng))
        images[:20] = [np.rot90(image) for image in data.real[:20]]
        shown, shrinking = timed(_Thumbnails, images, [False] * n)
        found, scan = timed(_nearest_pairs, real, shown, threshold)
        left, bounding = timed(candidates, real, shown, threshold)
        again, search = timed(_nearest_pairs, real, left, threshold)
        if found != again or len(found) < 20:
            raise AssertionError(
                f"the scan found {len(found)} near copies, the search {len(again)}"
            )
        search, looked_at = bounding + search, len(left.kept) / n
        print(f"{n:9,} {shrinking:10.1f} {scan:8.2f} {search:9.2f} {looked_at:9.1%}", flush=True)


def print_correlation():
    """As in `recommended()`: 64 x 64 cells, moved by up to an eighth of a side, mirrored."""
    data = make_source_identification(20, 20, 100, size=64, random_state=0)
    distances, seconds = timed(
        lambda: correlation_distances(data.real, data.generated, max_shift=8)
    )
    print(f"correlation: {1e6 * seconds / distances.size:.0f} us a pair")
    # Whatever the shift, two unit vectors correlate at most as the moduli of their spectra do.
    real, generated = (
        abs(np.fft.fft2(some - some.mean(axis=(1, 2), keepdims=True))).reshape(len(some), -1)
        for some in (data.real, data.generated)
    )
    amplitudes = np.sqrt((generated**2).mean(axis=0))
    amplitudes[0] = 1
    real, generated = (
        some / amplitudes / np.linalg.norm(some / amplitudes, axis=1, keepdims=True)
        for some in (real, generated)
    )
    alike, bound = 1 - distances.min(axis=1), (real @ generated.T).min()
    print(f"nearest to a query {np.median(alike):.2f}, at most {alike.max():.2f}", end="; ")
    print(f"the least bound of a pair {bound:.2f}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10000, 50000])
    parser.add_argument("--side", type=int, default=256, help="of described images, in pixels")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    print_evidence(options.sizes, options.side, rng)
    print_near_copies(options.sizes, rng)
    print_correlation()


if __name__ == "__main__":
    main()
