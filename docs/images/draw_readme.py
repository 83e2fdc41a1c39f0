"""Draw the picture of the README: what lies nearest to the phantoms that its code makes.

Run ``python docs/images/draw_readme.py``; a test compares its figures with what is said of them.
"""

from pathlib import Path

import numpy as np

from ganisi import recommended
from ganisi.datasets import make_source_identification
from ganisi.plotting import EvidenceDisplay

N_NEAREST = 3


def find_nearest():
    """Yield status, probability of use and evidence of the first image of each kind.

    Nothing is picked by its look, and the patients shown are left out of the fit.
    """
    data = make_source_identification(40, 40, 100, size=64, leakage=0.8, random_state=1)
    shown = [int(np.flatnonzero(data.used == label)[0]) for label in (1, 0)]
    fitted = ~np.isin(data.groups, data.groups[shown])
    model = recommended().fit(
        data.real[fitted],
        data.used[fitted],
        generated=(data.generated,),
        groups=data.groups[fitted],
    )
    probability = model.predict_proba(data.real[shown])[:, 1]
    for i, p, status in zip(shown, probability, ("was used", "was not used"), strict=True):
        nearest = EvidenceDisplay.from_estimator(
            model, data.real[i], data.generated, n_nearest=N_NEAREST
        )
        yield status, p, nearest


def main():
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, N_NEAREST + 1, figsize=(8, 4.6), layout="constrained")
    for row, (status, probability, nearest) in zip(axes, find_nearest(), strict=True):
        titles = [f"real image, {status}:\nprobability of use {probability:.2f}"]
        titles += [
            f"generated, {ordinal}nearest:\n{-z:.1f} sd closer than usual"
            for ordinal, z in zip(("", "2nd ", "3rd "), nearest.z.mean(axis=1), strict=True)
        ]
        images = [nearest.query_images[0], *nearest.generated_images]
        for ax, image, title in zip(row, images, titles, strict=True):
            ax.imshow(image, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
            ax.set_title(title, fontsize=9)
            ax.set(xticks=[], yticks=[])
    figure.savefig(Path(__file__).with_name("readme.png"), dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
