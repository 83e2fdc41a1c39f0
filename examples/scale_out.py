"""Describe and score on a cluster: the same call, inside ``joblib.parallel_config("dask")``.

All parallel work goes through joblib, so its dask backend is all it takes. Here the cluster is two
processes of this machine; give `Client` the address of a scheduler to use another one. Files
travel by name, so the workers must see the same folder. Needs the extra `scale`.

    python examples/scale_out.py
"""

import tempfile
from pathlib import Path

import joblib
import numpy as np
from distributed import Client, LocalCluster
from PIL import Image

from ganisi import GANISI, SourceIdentifier, classical_descriptors
from ganisi.datasets import make_source_identification


def save(images, folder):
    folder.mkdir()
    paths = [str(folder / f"{i:04d}.png") for i in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        Image.fromarray(image).save(path)
    return paths


def main():
    data = make_source_identification(20, 20, 100, size=64, random_state=0)
    model = GANISI(
        classical_descriptors(n_jobs=2),
        identifier=SourceIdentifier(random_state=0, n_jobs=2),
    )
    with tempfile.TemporaryDirectory() as folder:
        real = save(data.real, Path(folder, "real"))
        generated = save(data.generated, Path(folder, "generated"))
        known = {"generated": (generated,), "groups": data.groups}
        here = model.fit(real, data.used, **known).predict_proba(real)
        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
            Client(cluster),
            joblib.parallel_config("dask"),
        ):
            there = model.fit(real, data.used, **known).predict_proba(real)
    print("the same bits:", np.array_equal(here, there))


if __name__ == "__main__":
    main()
