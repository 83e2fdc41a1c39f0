"""The script that trains generators, run and read."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np

USED, NOT_USED, SIBLING = "used", "not used", "unused slice of a used patient"
FOLDER = Path(__file__).parents[1] / "examples" / "benchmarks"


def run(*arguments, **options):
    command = [sys.executable, str(FOLDER / "generators.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=3600, **options)


def read(folder, name):
    with np.load(folder / f"{name}.npz") as arrays:
        return dict(arrays), json.loads((folder / f"{name}.json").read_text())


def rows(images):
    return {image.tobytes() for image in np.asarray(images)}


def store(data, folder, name, arrays):
    """Write a set as generators.py does, with _generator_data as `data`."""
    real = {key: values for key, values in arrays.items() if key != "generated"}
    folder.mkdir(exist_ok=True)
    return data.store(folder, name, real, arrays["generated"], arrays["images"], {})
