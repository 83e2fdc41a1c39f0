"""Make the files behind ganisi.datasets.load_phantom_diffusion from the sets of generators.py.

    python examples/benchmarks/generators.py --out generator_sets --only flips other
    python examples/benchmarks/ship_phantom_diffusion.py --sets generator_sets

Writes ganisi/datasets/data/phantom_diffusion_KIND.npz, with fewer generated images so that both
together stay small, and prints the checksums that stand in ganisi/datasets.
"""

import argparse
import io
from pathlib import Path

import _generator_data as data
import numpy as np

DATA = Path(__file__).parents[2] / "ganisi" / "datasets" / "data"
LIMIT = 3_000_000


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=Path, default=Path("generator_sets"), help="folder")
    parser.add_argument("--n-generated", type=int, default=250)
    parser.add_argument("--out", type=Path, default=DATA, help="folder (default: the package's)")
    options = parser.parse_args(arguments)
    packed = {kind: pack(options.sets, kind, options.n_generated) for kind in ("flips", "other")}
    size = sum(map(len, packed.values()))
    if size > LIMIT:
        parser.error(f"{size} bytes are more than {LIMIT}; give a smaller --n-generated")
    options.out.mkdir(parents=True, exist_ok=True)
    for kind, content in packed.items():
        data.write_atomically(options.out / f"phantom_diffusion_{kind}.npz", content)
        print(f'    "{kind}": "{data.checksum(content)}",')
    print(f"{size} bytes together")


def pack(folder, kind, n_generated):
    """The bytes of a set with its first generated images."""
    if data.stored(folder, f"{kind}-0") is None:
        raise SystemExit(f"There is no {folder / kind}-0.json; generators.py makes it.")
    with np.load(folder / f"{kind}-0.npz") as arrays:
        arrays = dict(arrays)
    if not 1 <= n_generated <= len(arrays["generated"]):
        raise SystemExit(
            f"--n-generated is {n_generated}; {kind}-0 has {len(arrays['generated'])} generated "
            "images, so give a number from 1 to that."
        )
    arrays["generated"] = arrays["generated"][:n_generated]
    packed = io.BytesIO()
    np.savez_compressed(packed, **arrays)
    return packed.getvalue()


if __name__ == "__main__":
    main()
