"""The same work by other libraries: same images, results compared, one thread, times side by side.

    python examples/benchmarks/speed.py --peers           # small images
    python examples/benchmarks/speed.py --peers --full    # 256 x 256
    python examples/benchmarks/speed.py --peers --full --plain    # ours without numba

Times are CPU seconds, the least of several runs, ours and theirs in turn. What a library can
prepare once for all images (kernels, their spectra) is prepared before the clock starts, as ours
is. A result that differs is an error; a library that is not installed is a line that says how to
install it. What is compared with what stands in `_peer_banks.py` and `_peer_distances.py`.
"""

import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

import _peer_banks as banks
import _peer_distances as distances
import numpy as np

from ganisi.datasets import make_source_identification

#: Runs of each, but one of what takes longer than so many seconds.
_RUNS, _LONG = 5, 5
_ENVIRONMENT = {
    # OpenBLAS, OpenMP and torch; MKL; numba.
    **dict.fromkeys(["OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"], "1"),
    # When imported it compiles for minutes, most of it not needed here.
    "PICTOLOGICS_DISABLE_WARMUP": "1",
}


class Peer(NamedTuple):
    """Somebody else's way to do a work."""

    name: str
    #: What has to be installed.
    packages: str
    #: From the inputs of the work to a function of no arguments that does it. Maps come first in
    #: its result; where it does not do all maps as ours do, it returns only the first ones.
    prepare: Callable


class Work(NamedTuple):
    """What is done, by us and by others."""

    title: str
    #: From images (n_images, side, side), uint8, to the inputs of all who do it.
    inputs: Callable
    prepare: Callable
    peers: list
    #: By how much each map may differ, as a share of its largest value, and which is the first
    #: map of which this is asked.
    tolerance: float
    first: int = 0


WORKS = [
    Work(
        "Gabor bank of an image",
        lambda images: images[0],
        banks.our_bank,
        [
            Peer("scikit-image, SciPy", "scikit-image scipy", banks.bank_by_hand),
            Peer("SciPy, spectra kept", "scipy", banks.bank_of_scipy),
            Peer("PyTorch, spectra kept", "torch", banks.bank_of_torch),
            Peer("PyTorch conv2d", "torch", banks.bank_of_conv2d),
            Peer("kornia fft_conv", "kornia", banks.bank_of_kornia),
            Peer("pictologics gabor_filter", "pictologics", banks.bank_of_pictologics),
            Peer("MIRP extract_images", "mirp", banks.bank_of_mirp),
        ],
        tolerance=0.01,
        first=4,
    ),
    Work(
        "64 quantiles of 65 maps",
        lambda images: distances.maps_of(images[0]),
        distances.our_quantiles,
        [
            Peer("NumPy sort", "numpy", distances.quantiles_of_numpy),
            Peer("PyTorch sort", "torch", distances.quantiles_of_torch),
        ],
        tolerance=1e-6,
    ),
    Work(
        "exact W1 of two images, 65 maps",
        lambda images: [distances.maps_of(image) for image in images[:2]],
        distances.our_exact_distances,
        [
            Peer("scipy.stats, a loop", "scipy", distances.exact_distances_of_scipy),
            Peer("POT wasserstein_1d", "POT", distances.exact_distances_of_pot),
            Peer("POT, of torch tensors", "POT torch", distances.exact_distances_of_pot_and_torch),
            Peer("PyTorch sort", "torch", distances.exact_distances_of_torch),
        ],
        tolerance=1e-4,
    ),
    Work(
        "W1 of all pairs, 64 quantiles",
        distances.rows_of,
        distances.our_pairs,
        [
            Peer("SciPy cdist", "scipy", distances.pairs_of_cdist),
            Peer("scipy.stats, a loop", "scipy", distances.pairs_of_scipy),
            Peer("POT wasserstein_1d", "POT", distances.pairs_of_pot),
            Peer("POT, of torch tensors", "POT torch", distances.pairs_of_pot_and_torch),
            Peer("PyTorch cdist", "torch", distances.pairs_of_torch),
        ],
        tolerance=1e-5,
    ),
]


def difference(work, peer, ours, theirs):
    """Largest difference of a map, as a share of its largest value; too large is an error."""
    if theirs.shape[1:] != ours.shape[1:] or not work.first < len(theirs) <= len(ours):
        raise AssertionError(f"{peer.name}: shape {theirs.shape}, ours is {ours.shape}")
    n_maps, axes = len(theirs), tuple(range(1, ours.ndim))
    shares = abs(theirs - ours[:n_maps]).max(axis=axes) / abs(ours[:n_maps]).max(axis=axes)
    largest = shares[work.first :].max()
    if not largest <= work.tolerance:
        raise AssertionError(
            f"{peer.name}: differs by {largest:.2g} of a map, more than {work.tolerance:.2g}"
        )
    return largest


def timed(work):
    start = time.process_time()
    result = work()
    return result, time.process_time() - start


def side_by_side(ours, theirs):
    """Return both results, after a run that warms up, and the least CPU seconds of each."""
    expected, _ = timed(ours)
    result, first = timed(theirs)
    if first > _LONG:
        return expected, result, min(timed(ours)[1] for _ in range(_RUNS)), first
    turns = [(timed(ours)[1], timed(theirs)[1]) for _ in range(_RUNS)]
    return expected, result, *np.min(turns, axis=0)


def print_table(works, images):
    """Print a line a peer: its time, ours, the ratio, and how far results are apart."""
    print(f"{'CPU ms, one thread':34} {'theirs':>10} {'ganisi':>10} {'ratio':>8}  difference")
    for work in works:
        print(work.title)
        inputs = work.inputs(images)
        ours = work.prepare(inputs)
        for peer in work.peers:
            try:
                theirs = peer.prepare(inputs)
            except ImportError as error:
                print(f"  {peer.name:32} skipped: pip install {peer.packages} ({error})")
                continue
            expected, result, of_ours, of_theirs = side_by_side(ours, theirs)
            share = difference(work, peer, expected, np.asarray(result))
            print(
                f"  {peer.name:32} {1e3 * of_theirs:10.2f} {1e3 * of_ours:10.2f}",
                f"{of_theirs / of_ours:8.2f}  {share:.1e}",
                flush=True,
            )


def in_own_process(full, plain):
    """Print the table in a process whose libraries have one thread each."""
    arguments = [sys.executable, __file__] + ["--full"] * full + ["--plain"] * plain
    subprocess.run(arguments, env={**os.environ, **_ENVIRONMENT}, check=True)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    if "--plain" in sys.argv:
        sys.modules["numba"] = None
    side, n_images = (256, 120) if "--full" in sys.argv else (64, 12)
    print_table(
        WORKS, make_source_identification(2, 2, n_images, size=side, random_state=0).generated
    )
