"""Time and memory of `recommended()` with many large generated images, on the cores there are.

    python examples/benchmarks/large_set.py                    # 200 queries, 10,000 generated
    python examples/benchmarks/large_set.py --generated 500    # fewer
    python examples/benchmarks/large_set.py --side 64 --store FOLDER --limit 1.5

Phantoms of 256 x 256 pixels, or of --side, are written as PNG files; generated ones are 500
phantoms, repeated with other noise and moved by a few pixels. The model is fitted on 80 used and 80
not-used images and asked about the queries. Times are wall clock, and CPU time of the process;
memory is the largest that it took. With --store that counts mapped files too, which the system
takes back where memory is needed: --limit stops the process where it asks for more GB of its own.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

from ganisi import recommended
from ganisi.datasets import make_source_identification

N_PHANTOMS = 500


def write(images, folder):
    """Write images of 8 bits to files; their paths."""
    folder.mkdir()
    paths = [folder / f"{i:05d}.png" for i in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        Image.fromarray(image).save(path, compress_level=1)
    return paths


def repeated(images, n):
    """Yield n images: those given, again and again, moved and with other noise."""
    rng = np.random.default_rng(0)
    for i in range(n):
        moved = np.roll(images[i % len(images)], rng.integers(-3, 4, 2), axis=(0, 1))
        noisy = moved + rng.normal(scale=4, size=moved.shape)
        yield np.clip(noisy, 0, 255).astype(np.uint8)


def measure(n_queries, n_generated, folder, n_jobs, size, store, limit):
    """Print how long each part takes, and the memory of the process."""
    data = make_source_identification(
        80, 80, min(n_generated, N_PHANTOMS), size=size, leakage=0.8, random_state=0
    )
    others = make_source_identification(
        n_queries // 2, n_queries // 2, 1, size=size, random_state=1
    )
    real = write(data.real, folder / "real")
    queries = write(others.real, folder / "queries")
    generated = write(list(repeated(data.generated, n_generated)), folder / "generated")
    used, groups = data.used, data.groups
    del data, others
    before = peak()
    if limit is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (int(limit * 1e9),) * 2)
    model = recommended(n_jobs=n_jobs, verbose=1, store=store)
    start, cpu = time.perf_counter(), time.process_time()
    model.fit(real, used, generated=(generated,), groups=groups)
    fitted, cpu_fitted = time.perf_counter(), time.process_time()
    model.predict_proba(queries)
    end, cpu_end = time.perf_counter(), time.process_time()
    print(f"{len(real)} real images, {n_generated} generated: fit {fitted - start:.0f} s")
    print(f"{n_queries} queries: {end - fitted:.0f} s; together {end - start:.0f} s")
    print(f"CPU time {cpu_fitted - cpu:.1f} and {cpu_end - cpu_fitted:.1f} s")
    print(f"{peak():.1f} GB at most, {before:.1f} GB before the fit")


def peak():
    """Largest memory of the process so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--generated", type=int, default=10_000)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--side", type=int, default=256, help="pixels a side")
    parser.add_argument("--store", help="folder for what would not fit into memory")
    parser.add_argument("--limit", type=float, help="GB of memory that the process may ask for")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(
            options.queries,
            options.generated,
            Path(folder),
            options.n_jobs,
            options.side,
            options.store,
            options.limit,
        )


if __name__ == "__main__":
    main()
