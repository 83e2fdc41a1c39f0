"""Time and memory of `recommended()` with many generated images, on the cores there are.

    python examples/benchmarks/large_set.py                    # 200 queries, 10,000 generated
    python examples/benchmarks/large_set.py --generated 500    # fewer
    python examples/benchmarks/large_set.py --work audit       # instead of fit and queries
    python examples/benchmarks/large_set.py --side 64 --generated 100000 --store FOLDER

Phantoms of 256 x 256 pixels, or of --side, are written as PNG files; generated ones are 500
phantoms, repeated with other noise and moved by a few pixels. 80 images are used and 80 are not.
--work says what is done with them, in this order: "fit" a model and ask for the probabilities of
the queries, their "evidence" (with "fit"), an "audit" with all defaults, a "release" list.

Times are wall clock, and CPU time of the process without its workers. Memory is what the processes
hold of their own, all workers together, looked at ten times a second; files that are mapped are
not counted, since the system takes them back where memory is needed. It is read from /proc: Linux.
"""

import argparse
import hashlib
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from _own_memory import OwnMemory
from PIL import Image

from ganisi import recommended
from ganisi.audit import audit, release_list
from ganisi.datasets import make_source_identification

N_PHANTOMS = 500
WORK = ("fit", "evidence", "audit", "release")


def write(images, folder):
    """Write images of 8 bits to files; their paths."""
    folder.mkdir()
    paths = []
    for i, image in enumerate(images):
        paths.append(folder / f"{i:07d}.png")
        Image.fromarray(image).save(paths[-1], compress_level=1)
    return paths


def repeated(images, n):
    """Yield n images: those given, again and again, moved and with other noise."""
    rng = np.random.default_rng(0)
    for i in range(n):
        moved = np.roll(images[i % len(images)], rng.integers(-3, 4, 2), axis=(0, 1))
        noisy = moved + rng.normal(scale=4, size=moved.shape)
        yield np.clip(noisy, 0, 255).astype(np.uint8)


@contextmanager
def measured(what):
    """Print how long something takes, and the most memory that it holds."""
    start, cpu = time.perf_counter(), time.process_time()
    with OwnMemory() as memory:
        yield
    clock, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(f"{what}: {clock:.0f} s, {cpu:.1f} s CPU, {memory.most:.2f} GB at most", flush=True)


def bits(array):
    """Return the beginning of a digest, to compare runs by."""
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()[:16]


def measure(options, folder):
    """Print how long each part takes, and the memory of the processes."""
    side, n_queries = options.side, options.queries
    data = make_source_identification(
        80, 80, min(options.generated, N_PHANTOMS), size=side, leakage=0.8, random_state=0
    )
    others = make_source_identification(
        n_queries // 2, n_queries // 2, 1, size=side, random_state=1
    )
    real = write(data.real, folder / "real")
    queries = write(others.real, folder / "queries")
    generated = write(repeated(data.generated, options.generated), folder / "generated")
    given = {"generated": (generated,), "groups": data.groups}
    used = data.used
    del data, others
    print(f"{len(real)} real images, {len(generated)} generated, of {side} x {side}", flush=True)
    model = recommended(n_jobs=options.n_jobs, verbose=options.verbose, store=options.store)
    if "fit" in options.work:
        with measured("fit"):
            model.fit(real, used, **given)
        with measured(f"probabilities of {n_queries} queries"):
            probability = model.predict_proba(queries)
        print(f"bits of the probabilities: {bits(probability)}")
        if "evidence" in options.work:
            with measured(f"evidence of {n_queries} queries"):
                evidence = model.evidence(queries)
            print(f"bits of the evidence: {bits(evidence.index)}")
        del model
    model = recommended(n_jobs=options.n_jobs, store=options.store)
    if "audit" in options.work:
        dials = {"max_auc": 0.75, "random_state": 0, "n_jobs": options.n_jobs}
        with measured("audit"):
            report = audit(model, real, used, **given, **dials, verbose=options.verbose)
        print(f"{report.verdict}; bits of the scores: {bits(report.attack.score)}")
    if "release" in options.work:
        with measured("release list"):
            found = release_list(model, real, used, **given, random_state=0)
        print(f"{(found.reason != '').sum()} withheld; bits of the margins: {bits(found.margin)}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--work", nargs="+", choices=WORK, default=["fit"])
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--generated", type=int, default=10_000)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--side", type=int, default=256, help="pixels a side")
    parser.add_argument("--store", help="folder for what would not fit into memory")
    parser.add_argument("--verbose", type=int, default=0)
    options = parser.parse_args()
    if "evidence" in options.work and "fit" not in options.work:
        parser.error("evidence is of a fitted model; --work fit evidence.")
    with tempfile.TemporaryDirectory() as folder:
        measure(options, Path(folder))


if __name__ == "__main__":
    main()
