"""
Three audits: a leak, no leak, and two scanners
===============================================

An audit ends in one of three verdicts. We make three data sets whose truth we know. In the first
the generator gives its training images away. In the second it was trained on other patients
altogether, so that "used" is only a label. In the third it was trained on other patients too, but
with the scanner of the images labelled as used, and the rest come from another scanner: there an
attack succeeds, and there is no leak.
"""

import textwrap

import matplotlib.pyplot as plt
import pandas as pd

from ganisi import GANISI, CDFWassersteinPairer, Intensity
from ganisi.audit import audit, choose_planted, degrade, positive_control
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification
from ganisi.plotting import DoseResponseDisplay

truth = {
    "a leak": {"leakage": 0.8},
    "no leak": {"leakage": 0},
    "no leak, two scanners": {"leakage": 0, "scanner_shift": 2},
}
sets = {
    name: make_source_identification(60, 60, 120, size=32, **dials, random_state=1)
    for name, dials in truth.items()
}

# %%
# The attack
# ----------
# The simplest one: how near, pixel by pixel, is the nearest generated image, compared with how near
# that generated image is to others? Nothing is fitted, so 99 permutations take seconds. In earnest,
# audit :func:`~ganisi.recommended`, with all baselines and the default number of permutations.

attack = GANISI(
    Intensity(grid=32, n_quantiles=1),
    pairer=CDFWassersteinPairer(n_quantiles=1, grid=32, relative=True),
    identifier=NearestGenerated(),
)

# %%
# Before we look, we have to say what we would tolerate: here, an attacker who tells used images
# from others with a ROC AUC below ``max_auc=0.75``. No library can choose that for you.

reports = {
    name: audit(
        attack,
        data.real,
        data.used,
        generated=(data.generated,),
        groups=data.groups,
        n_permutations=99,
        baselines={},
        max_auc=0.75,
        random_state=0,
    )
    for name, data in sets.items()
}
for name, report in reports.items():
    print(f"{name}: {report.verdict.upper()}")
    print(textwrap.fill(f"because {report.reason}.", 90), end="\n\n")

# %%
# Why the third is not a leak
# ---------------------------
# The attack is far better than chance, and so is a *blind check*: a classifier that sees the real
# images and no generated one. It cannot see training, so what it reaches is subtracted, and the
# *excess* is what remains. Its interval must lie above 0.

rows = {}
for name, report in reports.items():
    row = report.attacks["main attack"]
    low, high = row["excess_interval"]
    rows[name] = {
        "attack": row["scores"]["roc_auc"],
        **{key: check["roc_auc"] for key, check in report.eye.blind_checks["checks"].items()},
        "excess": row["excess"],
        "its interval": f"{low:.2f} to {high:.2f}",
        "p": row["p_value"],
    }
pd.DataFrame.from_dict(rows, orient="index").round(2)

# %%
# One look at the images would have told: the used ones have less noise and less contrast.

data = sets["no leak, two scanners"]
figure, axes = plt.subplots(1, 6, figsize=(11, 2.3), layout="constrained")
chosen = [*data.real[data.used == 1][:3], *data.real[data.used == 0][:3]]
for ax, image, name in zip(axes, chosen, ["used"] * 3 + ["not used"] * 3, strict=True):
    ax.imshow(image, cmap="gray", vmin=0, vmax=255)
    ax.set(title=name, xticks=[], yticks=[])

# %%
# Why silence is an answer in the second
# --------------------------------------
# "Nothing found" is worth something only if the attack would have found a leak. So the audit plants
# copies of half of the not-used images among the generated ones, and the attack must tell that half
# from the other.

report = reports["no leak"]
print(f"minimum detectable ROC AUC: {report.power['minimum_detectable_auc']:.2f}")
DoseResponseDisplay.from_report(report).plot()

# %%
# How faint a copy is still found? We plant other doses, with the parts that the audit is made of.

data = sets["no leak"]
hidden, groups = data.real[data.used == 0], data.groups[data.used == 0]
planted = choose_planted(len(hidden), groups, random_state=0)
doses = {"noise": [0.5, 1, 2], "blur": [1, 2], "shift": [1, 2]}
descriptor, pairer, identifier = attack.stages()
rows = descriptor.fit_transform(hidden)
copies = {
    f"{kind} {dose:g}": descriptor.transform(
        [degrade(image, kind, dose, random_state=i) for i, image in enumerate(hidden[planted])]
    )
    for kind, strengths in doses.items()
    for dose in strengths
}
results = positive_control(
    pairer,
    identifier,
    rows,
    planted,
    {"exact": rows[planted], **copies},
    generated=descriptor.transform(data.generated),
    groups=groups,
    random_state=0,
)
# sphinx_gallery_thumbnail_number = 3
DoseResponseDisplay.from_results(results).plot()

# %%
# What this shows, and what not
# -----------------------------
# Three truths, and one seeded draw of each: other draws may end in another verdict, and the
# evidence page has the shares over many. The attack that compares pixels lost the copies that had
# moved, which is a reason to audit one that compares textures too.
#
# **Before you audit, look at the images, choose the bound, and plant the kind of copy that you are
# afraid of. If the verdict is "cannot say", do what its reason asks for: more patients, comparable
# groups, or a bound.**
