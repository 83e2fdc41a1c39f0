"""
What a probability means: calibration and fusion
================================================

:class:`~ganisi.SourceIdentifier` scores pairs of a real and a generated image, and *fuses* the
scores of all pairs of a real image into one probability. Is it a probability? Of the images that
get 0.8, eight in ten should have been used. That depends on where the scores are calibrated: on
pairs, as the paper does, or on images.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, roc_auc_score

from ganisi import CDFWassersteinPairer, GaborBank, SourceIdentifier
from ganisi.audit import CrossFit
from ganisi.datasets import make_source_identification
from ganisi.plotting import ProbabilityDisplay

data = make_source_identification(100, 100, 100, size=64, leakage=0.8, random_state=0)
descriptor = GaborBank(grid=8, n_quantiles=1)
real = descriptor.fit_transform(data.real)
generated = descriptor.transform(data.generated)

# %%
# Four ways
# ---------
# We look at the 10 nearest generated images of each real one, calibrate on pairs or on images (in
# the words of the parameter, on queries), and fuse by the mean or by the maximum. All four share
# folds and distances.

fit = CrossFit(
    CDFWassersteinPairer(grid=8, n_quantiles=1, relative=True),
    SourceIdentifier(),
    real,
    data.used,
    generated=(generated,),
    groups=data.groups,
)
ways = {
    (calibration, fusion): fit.with_identifier(
        SourceIdentifier(n_nearest=10, calibration=calibration, fusion=fusion, random_state=0)
    ).out_of_fold()
    for calibration in ("pair", "query")
    for fusion in ("mean", "max")
}

# %%
# Reliability
# -----------
# For each way we sort the images by their out-of-fold probability into five bins of 40, and draw
# the share that was used against the mean probability. On the diagonal a probability means what it
# says. The bars are two standard errors up and down, as if the 40 images of a bin were 40 patients.

figure, axes = plt.subplots(1, 4, figsize=(13, 3.8), sharey=True, layout="constrained")
for ax, ((calibration, fusion), probability) in zip(axes, ways.items(), strict=True):
    share, mean = calibration_curve(data.used, probability, n_bins=5, strategy="quantile")
    ax.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
    ax.errorbar(mean, share, yerr=2 * np.sqrt(share * (1 - share) / 40), marker="o", capsize=2)
    ax.set(
        title=f'calibration="{calibration}", fusion="{fusion}"',
        xlabel="mean probability of the bin",
        xlim=(-0.02, 1.02),
    )
    ax.title.set_fontsize("small")
axes[0].set_ylabel("share that was used")

# %%
# The order is one thing, the size another: the ROC AUC only sees the order of the images, the Brier
# score (smaller is better; saying 0.5 of everything gets 0.25) also sees whether 0.8 means 0.8.

rows = {
    f"{calibration}, {fusion}": {
        "ROC AUC": roc_auc_score(data.used, probability),
        "Brier score": brier_score_loss(data.used, probability),
        "mean probability": probability.mean(),
        "share said to be used": (probability >= 0.5).mean(),
    }
    for (calibration, fusion), probability in ways.items()
}
pd.DataFrame.from_dict(rows, orient="index").round(2)

# %%
# Half of the images were used, so the last two columns should be near 0.5. The maximum over the
# pairs of an image is no probability of the image: the more pairs, the higher it is. The mean over
# pairs is a timid one, since most pairs say little. Calibrated on images, either becomes a
# probability.
#
# From pairs to an image
# ----------------------
# For this picture we fit on two thirds of the patients and ask about the others. Thin and thick
# lines span the pairs of an image, the mark is the fused probability. With ``calibration="query"``
# the mark may lie outside of its pairs: those are scores, and only the mark is calibrated.

test = np.isin(data.groups, np.unique(data.groups)[::3])
pairer = CDFWassersteinPairer(grid=8, n_quantiles=1, relative=True)
distances = pairer.fit_transform(real[~test], generated=(generated,), groups=data.groups[~test])
identifier = SourceIdentifier(n_nearest=10, calibration="query", random_state=0)
identifier.fit(distances, data.used[~test], groups=data.groups[~test])
ProbabilityDisplay.from_estimator(identifier, pairer.transform(real[test]), data.used[test]).plot()

# %%
# A calibrated probability holds for images like those it was calibrated on: the same kind, the same
# scanner, and as large a share of used ones, here one half; among images of which fewer were used,
# :func:`ganisi.metrics.ppv_at_prevalence` gives the share of right accusations. **If you want to
# read a number as a probability, calibrate on images, and draw this reliability picture for your
# own data first.**
