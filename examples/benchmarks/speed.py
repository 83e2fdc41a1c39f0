"""How long the work takes, beside the same work written by hand, and how much memory.

Prints a table. Every figure is measured in a process of its own, so that its peak memory is its
own; the hand-written script (`handwritten.py`, in this folder) runs in the same process on the
same images. What it would need for the whole work is extrapolated from the part that it does here:
linearly in images and pairs, with the square of the number of pairs for the fit of a support
vector machine. Both are asserted to give the same answers.

    python examples/benchmarks/speed.py --quick            # under a minute; small images
    python examples/benchmarks/speed.py --full             # the paper's and the challenge's sizes
    python examples/benchmarks/speed.py --full --only distances fit
    python examples/benchmarks/speed.py --full --only challenge --scale 0.1
    python examples/benchmarks/speed.py --full --only memory
    python examples/benchmarks/speed.py --full --peers     # against other libraries

The floor of describing is the time of the Fourier transforms of the Gabor responses, one sort of
each map by NumPy, one writing and one reading of it. Where numba is installed nothing is sorted
but a few values of each map, so what remains of the floor without sorts is told too. `--plain`
leaves numba (the extra `fast`) out of the process, but not out of its workers.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import _peers
import handwritten
import numpy as np
from PIL import Image
from scipy import fft
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

import ganisi
from ganisi.audit import CrossFit, audit
from ganisi.datasets import make_source_identification, write_run
from ganisi.descriptors import quantile_function
from ganisi.distances import wasserstein_distances
from ganisi.metrics import table_one


def seconds(work, repeat=3):
    """Least CPU time of several runs after one that warms up: cores may be shared."""
    work()
    times = []
    for _ in range(repeat):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def measured(work):
    """What the work returns, CPU seconds (those of finished child processes too) and clock."""
    cpu, clock = sum(os.times()[:4]), time.perf_counter()
    result = work()
    return result, sum(os.times()[:4]) - cpu, time.perf_counter() - clock


def images(n, size):
    return make_source_identification(2, 2, n, size=size, random_state=0).generated


def describe(full, _scale):
    """65 maps and their quantile functions of an image, one core"""
    size, n = (256, 16) if full else (64, 4)
    some = images(n, size)
    descriptor = ganisi.classical_descriptors().fit(some)
    parts = [part for _, part in descriptor.transformer_list]
    maps = np.concatenate([part.feature_maps(some[0]) for part in parts])
    by_hand = handwritten.all_maps(some[0])
    error = abs(maps - by_hand).max(axis=(1, 2)) / abs(by_hand).max(axis=(1, 2))
    gabor = slice(3, len(maps) - 38)
    # How far kernels are followed matters to the shortest waves; see ganisi.descriptors.filters.
    assert (error[gabor][4:] < 0.01).all()
    error[gabor] = 0
    assert (error < 1e-5).all()

    row = descriptor.transform(some[:1]).reshape(len(maps), 64)
    np.testing.assert_array_equal(row, quantile_function(maps.reshape(len(maps), -1), 64))
    ours = seconds(lambda: descriptor.transform(some)) / n
    hand = seconds(lambda: handwritten.all_maps(some[0]), 1)
    passes, sorts = floor_of_describing(some[0], maps)
    floor = f"floor {1e3 * (passes + sorts):.1f} ms, without sorts {1e3 * passes:.1f} ms"
    return {"ours": ours, "hand": hand, "note": f"{1e3 * ours:.1f} ms; {floor}"}


def floor_of_describing(image, maps):
    """Seconds for transforms and passes over memory, and for sorts."""
    spectrum = fft.fft2(image.astype(np.float32))
    copies, n_gabor = np.empty_like(maps), len(maps) - 41
    transforms = seconds(lambda: fft.rfft2(image.astype(np.float32)))
    transforms += n_gabor * seconds(lambda: fft.ifft2(spectrum))
    sorts = seconds(lambda: [np.sort(values, axis=None) for values in maps])
    return transforms + seconds(lambda: np.copyto(copies, maps)), sorts


def recommended(full, _scale):
    """Quantile functions of an image for recommended(), one core"""
    some = images(16 if full else 4, 256 if full else 64)
    descriptor = ganisi.recommended().stages()[0].fit(some)
    ours = seconds(lambda: descriptor.transform(some)) / len(some)
    return {"ours": ours, "note": f"{1e3 * ours:.1f} ms"}


def workers(full, _scale):
    """Describing with two workers"""
    some = images(64 if full else 8, 256 if full else 64)
    one = ganisi.classical_descriptors().fit(some)
    two = ganisi.classical_descriptors(n_jobs=2).fit(some)
    two.transform(some[:2])
    single, _, clock_one = measured(lambda: one.transform(some))
    double, _, clock_two = measured(lambda: two.transform(some))
    np.testing.assert_array_equal(single, double)
    note = f"{clock_one / clock_two:.2f} times as fast as one"
    return {"ours": clock_two / len(some), "note": note}


def cached(full, _scale):
    """Second run with memory=, an image from its file"""
    some = images(32 if full else 4, 256 if full else 64)
    with tempfile.TemporaryDirectory() as folder:
        paths = write_images(some, Path(folder))
        descriptor = ganisi.classical_descriptors(memory=str(Path(folder, "cache")))
        first = descriptor.fit_transform(paths)
        script = (
            "import sys, time, numpy, ganisi; folder, *paths = sys.argv[1:];"
            "d = ganisi.classical_descriptors(memory=folder); t = time.process_time();"
            "rows = d.fit_transform(paths); t = time.process_time() - t;"
            "rows.tofile(sys.stdout.buffer); print(t, file=sys.stderr)"
        )
        arguments = [sys.executable, "-c", script, str(Path(folder, "cache")), *paths]
        done = subprocess.run(arguments, capture_output=True, check=True)
    assert done.stdout == first.tobytes()
    ours = float(done.stderr) / len(some)
    return {"ours": ours, "note": f"{1e3 * ours:.1f} ms, in a new process"}


def distances(full, _scale):
    """Distances of 200 x 10,000 pairs of 65 maps, one core"""
    n_queries, n_generated = (200, 10000) if full else (3, 5)
    rng = np.random.default_rng(0)
    samples = rng.gamma(2, size=(2, 65, 4096 if full else 64))
    hand = seconds(lambda: handwritten.pair_distances(*samples), 1) * (16 if full else 1)
    rows = quantile_function(samples, samples.shape[2], "equal").reshape(2, 1, -1)
    np.testing.assert_allclose(
        wasserstein_distances(*rows, n_maps=65, steps="equal")[0, 0],
        handwritten.pair_distances(*samples),
        rtol=1e-5,
    )
    queries, generated = random_quantiles(n_queries, rng), random_quantiles(n_generated, rng)
    ours = seconds(lambda: wasserstein_distances(queries, generated, 65), 1)
    n_pairs = n_queries * n_generated
    # A user's 65,536 values a map take 16 times as long as 4,096.
    return {"ours": ours, "hand": hand * n_pairs, "note": f"{n_pairs / ours:,.0f} pairs/s"}


def random_quantiles(n, rng):
    values = rng.gamma(2, size=(n, 65, 64)).astype(np.float32)
    values += rng.random((n, 65, 1), dtype=np.float32)
    return np.sort(values, axis=2).reshape(n, -1)


def random_distances(n_queries, n_generated, seed):
    """Of queries whose used half is a little nearer."""
    rng, used = np.random.default_rng(seed), np.arange(n_queries) % 2
    d = rng.standard_gamma(8, size=(n_queries, n_generated, 65), dtype=np.float32)
    d *= 1 + 0.2 * rng.random((n_queries, 1, 65), dtype=np.float32)
    d *= 1 - 0.05 * used[:, np.newaxis, np.newaxis].astype(np.float32)
    return d, used


def fit(full, _scale):
    """Fit of the default SourceIdentifier on 144 x 500 pairs"""
    return fit_identifier(full, ganisi.SourceIdentifier(random_state=0))


def fit_exact(full, _scale):
    """The same on all pairs, by the SVC of scikit-learn-intelex, two cores"""
    try:
        from sklearnex import svm
    except ImportError:
        return {"note": "scikit-learn-intelex is not installed"}
    return fit_identifier(full, ganisi.SourceIdentifier(svm.SVC(), max_pairs=None))


def fit_identifier(full, identifier):
    d, used = random_distances(*((144, 500) if full else (12, 10)), seed=0)
    _, cpu, clock = measured(lambda: identifier.fit(d, used))
    n_pairs, part = d.shape[0] * d.shape[1], 5000 if full else 100
    some = np.random.default_rng(0).permutation(n_pairs)[:part]
    rows, labels = d.reshape(n_pairs, -1)[some], used.repeat(d.shape[1])[some]
    by_hand = SVC().fit(StandardScaler().fit_transform(rows), labels)
    hand = seconds(lambda: by_hand.fit(rows, labels), 1) * (n_pairs / part) ** 2
    return {"ours": clock, "hand": hand, "note": f"CPU {cpu:.1f} s"}


def score(full, scale):
    """Score 200 x 10,000 pairs with the default, two threads"""
    d, used = random_distances(*((144, 100) if full else (12, 10)), seed=0)
    identifier = ganisi.SourceIdentifier(random_state=0, n_jobs=2).fit(d, used)
    new, _ = random_distances(*((200, int(10000 * scale)) if full else (4, 10)), seed=1)
    machine, some = identifier.classifier_, new[:2, :500]
    rows = identifier.scaler_.transform(some.reshape(-1, 65))
    by_hand, hand, _ = measured(lambda: machine.predict_proba(rows))
    ours = identifier.predict_pair_proba(some).reshape(by_hand.shape)
    np.testing.assert_allclose(ours, by_hand, atol=1e-6)
    _, cpu, clock = measured(lambda: identifier.predict_proba(new))
    n_pairs = new.shape[0] * new.shape[1]
    note = f"{n_pairs / clock:,.0f} pairs/s; CPU {cpu:.0f} s"
    return {"ours": clock, "hand": hand * n_pairs / len(rows), "note": note}


def paper(full, _scale):
    """The paper's experiment: 160 real, 500 generated, 5 folds, from pixels to Table 1"""
    sizes = {"size": 256} if full else {"size": 32}
    numbers = (80, 80, 500) if full else (10, 10, 12)
    data = make_source_identification(*numbers, **sizes, random_state=0)
    descriptor = ganisi.classical_descriptors(n_jobs=2).fit(data.real)

    def experiment():
        folds = CrossFit(
            ganisi.CDFWassersteinPairer(n_jobs=2),
            ganisi.SourceIdentifier(random_state=0, n_jobs=2),
            descriptor.transform(data.real),
            data.used,
            generated=descriptor.transform(data.generated),
            groups=data.groups,
        )
        return table_one(data.used, folds.out_of_fold())

    table, cpu, clock = measured(experiment)
    return {"ours": clock, "note": f"CPU {cpu:.0f} s; accuracy {table['accuracy']:.3f}"}


def challenge(full, scale):
    """The challenge's test: 200 queries, 10,000 generated, from files to a run file"""
    n_real, n_queries, n_generated, size = (160, 200, int(10000 * scale), 256)
    if not full:
        n_real, n_queries, n_generated, size = 20, 4, 24, 32
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        data = make_source_identification(n_real // 2, n_real // 2, 24, size=size, random_state=0)
        rng = np.random.default_rng(0)
        noisy = (
            np.clip(data.generated[i % 24] + rng.normal(0, 3, (size, size)), 0, 255)
            for i in range(n_generated)
        )
        real = write_images(data.real, folder / "real")
        generated = write_images(noisy, folder / "generated")
        queries = write_images(
            (data.real[i % n_real] for i in range(n_queries)), folder / "queries"
        )
        used = data.used
        del data

        def run():
            descriptor = ganisi.classical_descriptors(n_jobs=2)
            model = ganisi.GANISI(
                descriptor,
                pairer=ganisi.CDFWassersteinPairer(n_jobs=2),
                identifier=ganisi.SourceIdentifier(random_state=0, n_jobs=2),
            ).fit(real, used, generated=generated)
            ids = [Path(path).stem for path in queries]
            write_run(folder / "run.csv", ids, model.predict(queries))
            return len((folder / "run.csv").read_text().splitlines())

        lines, cpu, clock = measured(run)
        assert lines == n_queries
    return {"ours": clock, "note": f"CPU {cpu:.0f} s; {n_generated} generated"}


def write_images(some, folder):
    folder.mkdir(exist_ok=True)
    paths = []
    for i, image in enumerate(some):
        paths.append(str(folder / f"{i:05d}.png"))
        Image.fromarray(np.asarray(image, dtype=np.uint8)).save(paths[-1])
    return paths


def memory(full, _scale):
    """Peak memory by generated image of 64 x 64: audit of recommended(), and its fit alone"""
    few, many = (500, 1500) if full else (16, 32)
    slopes = []
    # Refits of the audit take a minute, however few the images are.
    for name in PEAKS if full else ["fit"]:
        peaks = [peak_in_own_process(name, n, full) for n in (few, many)]
        slope = (peaks[1] - peaks[0]) / (many - few)
        slopes.append(f"{name} {slope:.3f} MB an image ({peaks[0]:.0f} and {peaks[1]:.0f} MB)")
    return {"note": "; ".join(slopes) + f" with {few} and {many}"}


def audit_recommended(data):
    parts = {"generated": (data.generated,), "groups": data.groups}
    # As few refits as an audit can have: distances are kept for all of them.
    few = {"n_permutations": 3, "alpha": 0.25, "random_state": 0}
    audit(ganisi.recommended(), data.real, data.used, **parts, **few)


def fit_recommended(data):
    ganisi.recommended().fit(data.real, data.used, generated=data.generated, groups=data.groups)


PEAKS = {"audit": audit_recommended, "fit": fit_recommended}


def peak_in_own_process(name, n_generated, full):
    arguments = [sys.executable, __file__, "--peak", name, str(n_generated)]
    done = subprocess.run(
        arguments + ["--full"] * full, stdout=subprocess.PIPE, check=True, text=True
    )
    return float(done.stdout.splitlines()[-1])


def print_peak(name, n_generated, full):
    n_real, size = (160 if full else 40), 64
    halves = (n_real // 2, n_real // 2)
    PEAKS[name](make_source_identification(*halves, n_generated, size=size, random_state=0))
    print(peak())


def peak(who=resource.RUSAGE_SELF):
    """Largest memory so far, in MB."""
    return resource.getrusage(who).ru_maxrss / 1024


WORK = {
    work.__name__: work
    for work in (
        describe, recommended, workers, cached, distances, fit, fit_exact, score, paper, challenge,
        memory,
    )
}  # fmt: skip


def in_own_process(name, options):
    arguments = [sys.executable, __file__, "--child", name, "--scale", str(options.scale)]
    # Times are those of one core, unless workers are asked for.
    done = subprocess.run(
        arguments + ["--full"] * options.full + ["--plain"] * options.plain,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true")
    size.add_argument("--full", action="store_true")
    parser.add_argument("--peers", action="store_true", help="against other libraries, _peers.py")
    parser.add_argument("--only", nargs="+", choices=WORK, default=list(WORK))
    parser.add_argument("--plain", action="store_true", help="without numba")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the generated images")
    parser.add_argument("--child", choices=WORK, help=argparse.SUPPRESS)
    parser.add_argument("--peak", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()

    if options.peers:
        return _peers.in_own_process(options.full, options.plain)
    if options.peak:
        name, n_generated = options.peak
        print_peak(name, int(n_generated), options.full)
        return
    if options.child:
        if options.plain:
            sys.modules["numba"] = None
        figures = WORK[options.child](options.full, options.scale)
        worker = peak(resource.RUSAGE_CHILDREN)
        print(json.dumps({**figures, "peak": peak(), "worker": worker}))
        return
    if options.quick:
        print("Toy sizes, to see that both give the same answers; the titles name those of --full.")
    print(f"{'':12} {'ganisi':>10} {'by hand':>12} {'ratio':>9} {'peak MB':>8}")
    for name in options.only:
        figures = in_own_process(name, options)
        ours, hand = figures.get("ours"), figures.get("hand")
        print(
            f"{name:12} {ours:8.3f} s" if ours is not None else f"{name:12} {'':10}",
            f"{hand:10.1f} s {hand / ours:9.0f}" if hand is not None else " " * 22,
            f"{figures['peak']:8.0f}  {WORK[name].__doc__}: {figures.get('note', '')}",
            flush=True,
        )


if __name__ == "__main__":
    main()
