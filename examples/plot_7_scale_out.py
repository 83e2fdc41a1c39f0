"""
More than one machine
=====================

All parallel work goes through joblib, so the same call runs on one core, on all of them, or on a
cluster of Dask. Describing images is most of the work; here a cluster of two processes on this
machine does it, and we see whether the bits are the same as without.

Needs the extras ``plot`` and ``scale``: ``pip install "ganisi[plot,scale]"``.
"""

import tempfile
from pathlib import Path
from timeit import repeat

import joblib
import matplotlib.pyplot as plt
import numpy as np
from distributed import Client, LocalCluster
from PIL import Image

from ganisi import GANISI, ProfileIdentifier, classical_descriptors
from ganisi.datasets import make_source_identification


def seconds(work):
    """Time some work: the least of three, since the others were disturbed."""
    return min(repeat(work, number=1, repeat=3))


def draw_costs(n, costs):
    """Draw measured seconds against n, both logarithmic; a slope of 1 is linear, 2 quadratic."""
    _, ax = plt.subplots(layout="constrained")
    for (stage, times), style in zip(costs.items(), ("o-", "s--"), strict=True):
        slope = np.polyfit(np.log(n), np.log(times), 1)[0]
        ax.loglog(n, times, style, label=f"{stage} (~ n^{slope:.1f})")
    ax.set_xticks(n, [str(size) for size in n])
    ax.minorticks_off()
    ax.set(xlabel="generated images", ylabel="time (s)", title="Measured time against n")
    ax.legend()


def save(images, folder):
    """Write images as PNG and return their paths."""
    folder.mkdir()
    paths = [str(folder / f"{i:04d}.png") for i in range(len(images))]
    for path, image in zip(paths, images, strict=True):
        Image.fromarray(image).save(path)
    return paths


# %%
# What grows with what
# --------------------
# Before you rent a cluster, measure. Describing is linear in the number of images, and each image
# is on its own: that is the work to share. Distances of all pairs cost little beside it, so little
# that at these sizes their slope is not yet that of large ones.
#
# The processes of a cluster read this script when they start. The line ``if __name__ ...`` keeps
# them from doing the work all over again; every script that starts processes needs it, a notebook
# does not.

if __name__ == "__main__":
    data = make_source_identification(16, 16, 64, size=64, random_state=0)
    texture, pairer, _ = GANISI().stages()
    real = texture.fit_transform(data.real)
    generated = texture.transform(data.generated)
    sizes = [8, 16, 32, 64]
    costs = {
        "describe": [seconds(lambda n=n: texture.transform(data.generated[:n])) for n in sizes],
        "distances to 32 real images": [
            seconds(lambda n=n: pairer.fit(real, generated=(generated[:n],)).transform(real))
            for n in sizes
        ],
    }
    draw_costs(sizes, costs)

# %%
# The same bits on a cluster
# --------------------------
# One model is fitted here, on arrays and in one process, the other on a cluster. Give that one
# *paths*: they are shipped, not the images, and the workers read the files, which they must be able
# to see. Inside ``joblib.parallel_config("dask")`` the call stays as it is; with a scheduler of
# your own, write ``Client("scheduler:8786")`` and leave the ``LocalCluster`` out.

if __name__ == "__main__":
    here = GANISI(identifier=ProfileIdentifier())
    here.fit(data.real, data.used, generated=(data.generated,), groups=data.groups)
    there = GANISI(classical_descriptors(n_jobs=2), identifier=ProfileIdentifier())
    with tempfile.TemporaryDirectory() as folder:
        real = save(data.real, Path(folder, "real"))
        generated = save(data.generated, Path(folder, "generated"))
        with (
            LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster,
            Client(cluster),
            joblib.parallel_config("dask"),
        ):
            there.fit(real, data.used, generated=(generated,), groups=data.groups)
    same = np.array_equal(here.predict_proba(data.real), there.predict_proba(data.real))
    print(f"{len(real) + len(generated)} images described by two processes")
    print(f"the same probabilities, to the last bit: {same}")

# %%
# For so few images a cluster is slower than one process, since starting it takes seconds; and these
# times were measured where this page was made, not on your machine. The page on speed has the costs
# of larger sets. **Time a hundred of your own images: only if describing all of them with**
# ``n_jobs=-1`` **takes longer than you can wait do you need more than one machine.**
