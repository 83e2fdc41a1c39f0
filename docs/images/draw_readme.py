"""Draw the picture of the README: what a diffusion model drew nearest to two of the queries.

Run ``python docs/images/draw_readme.py``; a test compares its figures with what is said of them.
"""

from pathlib import Path

from ganisi import recommended
from ganisi.datasets import load_phantom_diffusion
from ganisi.plotting import EvidenceDisplay

N_NEAREST = 3


def find_nearest():
    """Yield status, probability of use and evidence of the first query of each kind.

    Nothing is picked by its look, and no query's patient is seen in the fit.
    """
    data = load_phantom_diffusion()
    model = recommended().fit(data.real, data.used, generated=data.generated, groups=data.groups)
    for role in ("used", "not used"):
        query = data.queries[data.query_roles == role][0]
        probability = model.predict_proba(query[None])[0, 1]
        nearest = EvidenceDisplay.from_estimator(model, query, data.generated, n_nearest=N_NEAREST)
        yield f"was {role}", probability, nearest


def main():
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(2, N_NEAREST + 1, figsize=(8, 4.6), layout="constrained")
    for row, (status, probability, nearest) in zip(axes, find_nearest(), strict=True):
        titles = [f"real image, {status}:\nprobability of use {probability:.2f}"]
        titles += [
            f"generated, {ordinal}nearest:\n{-z:.1f} sd closer than usual"
            for ordinal, z in zip(("", "2nd ", "3rd "), nearest.mean_z, strict=True)
        ]
        images = [nearest.query_images[0], *nearest.generated_images]
        for ax, image, title in zip(row, images, titles, strict=True):
            ax.imshow(image, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
            ax.set_title(title, fontsize=9)
            ax.set(xticks=[], yticks=[])
    figure.savefig(Path(__file__).with_name("readme.png"), dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
