"""
Three audits: a leak, no leak, and two scanners
===============================================

An audit ends in one of three verdicts. Here are three data sets whose truth we know. In the first a
diffusion model was trained for long on the images labelled as used. In the second the same model
was trained in the same way on other patients altogether, so that "used" is only a label. The third
is made on the spot: its generator was trained on other patients too, but with the scanner of the
images labelled as used, and the rest come from another scanner: there an attack succeeds, and there
is no leak.
"""

import textwrap

import matplotlib.pyplot as plt
import pandas as pd

from ganisi.audit import audit, choose_planted, degrade, positive_control
from ganisi.baselines import pixels
from ganisi.datasets import load_phantom_diffusion, make_source_identification
from ganisi.plotting import DoseResponseDisplay

sets = {
    "a leak": load_phantom_diffusion("flips"),
    "no leak": load_phantom_diffusion("other"),
    "no leak, two scanners": make_source_identification(
        48, 48, 250, size=64, leakage=0, scanner_shift=2, random_state=1
    ),
}

# %%
# The attack
# ----------
# The simplest one, :func:`ganisi.baselines.pixels`: how near is the nearest generated image, in
# cells of 2 x 2 pixels, compared with how near that generated image is to others? Nothing is
# fitted, so 99 permutations take seconds. In earnest, audit :func:`~ganisi.recommended`, with all
# baselines and the default number of permutations.

attack = pixels()

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
# Three truths, and one generator of each: others may end in another verdict, and the evidence page
# has more generators, and the shares over many draws. Where nothing leaked the verdict is "cannot
# say" all the same, and its reason is a good one: an attack that compares pixels in their places
# finds no copies that were mirrored or moved further, so its silence says nothing of these.
# :func:`~ganisi.recommended` finds them.
#
# **Before you audit, look at the images, choose the bound, and plant the kind of copy that you are
# afraid of. If the verdict is "cannot say", do what its reason asks for: more patients, comparable
# groups, or a bound.**
