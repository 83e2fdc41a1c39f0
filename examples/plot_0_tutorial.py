"""
Tutorial: was this image used?
==============================

A hospital trains a generator on private scans and publishes the synthetic images it makes. Has the
generator given its training images away? In ten minutes we go from images to an answer, ask how
sure it is, look at what it rests on, and end with what it cannot say.

We need the generated images, some real images known to have been used for training, and some real
images of the same kind known not to have been used. We do not need the generator.
"""

import matplotlib.pyplot as plt
import numpy as np

from ganisi import ImagePairer, recommended
from ganisi.audit import CrossFit, auc_interval, audit, permutation_test
from ganisi.baselines import NearestGenerated
from ganisi.datasets import load_phantom_diffusion
from ganisi.metrics import naive_answers, table_one
from ganisi.plotting import EvidenceDisplay, ProbabilityDisplay

# %%
# The data
# --------
# Here the real images are phantoms of chest CT slices, and the generator is a real diffusion model,
# trained on half of them for long, each flipped left-right at random. Each patient has two slices,
# and ``groups`` says whose slice each image is. ``queries`` are images of further patients, that we
# keep for the end.

data = load_phantom_diffusion("flips")
print(f"{len(data.real)} real images of {len(set(data.groups))} patients, {data.used.sum()} used")
print(f"{len(data.generated)} generated images of {data.generated.shape[1:]} pixels")

# %%
# Always look first. The generated images may look worse than the real ones; but do the used ones
# differ from those not used, in brightness, in noise, in a border or a caption? Then anything will
# tell them apart, and that would be no leak.

rows = {
    "used": data.real[data.used == 1],
    "not used": data.real[data.used == 0],
    "generated": data.generated,
}
figure, axes = plt.subplots(3, 6, figsize=(9, 4.8), layout="constrained")
for line, (name, images) in zip(axes, rows.items(), strict=True):
    line[0].set_ylabel(name)
    for ax, image in zip(line, images, strict=False):
        ax.imshow(image, cmap="gray", vmin=0, vmax=255)
        ax.set(xticks=[], yticks=[])

# %%
# Describe, and compare
# ---------------------
# :func:`~ganisi.recommended` is a scikit-learn estimator in three stages. The first describes each
# image by its textures, cell by cell, and by itself; the second computes the distance of every real
# image to every generated one, in every texture, and last by how well the two images correlate. So
# that a mirrored or turned copy is found too, the real image is mirrored and turned, and what is
# nearest counts.

model = recommended()
pairing = ImagePairer(model.descriptor, pairer=model.pairer, views=model.views)
distances = pairing.fit(data.real, generated=(data.generated,)).transform(data.real)
print(f"each real image is looked at in {len(model.views)} ways, such as {model.views.names[1]}")
print(f"distances (real, generated, maps): {distances.shape}")

# %%
# If the generator gives its training images away, a used image has a generated image that is
# unusually close. So for each real image we draw the distance of its nearest one, in all textures
# together. These distances are relative: 0 is what the generated image usually has, -3 is three
# standard deviations closer.

nearest = distances[:, :, :-1].mean(axis=2).min(axis=1)
figure, ax = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
bins = np.linspace(nearest.min(), nearest.max(), 26)
ax.hist(nearest[data.used == 1], bins=bins, label="used", alpha=0.8)
ax.hist(nearest[data.used == 0], bins=bins, label="not used", histtype="step", hatch="//")
ax.set(xlabel="distance of the nearest generated image (relative)", ylabel="real images")
ax.legend()

# %%
# An honest answer
# ----------------
# A model that is asked about images it was fitted on always looks good; so does one that has seen
# another slice of the same patient. :class:`~ganisi.audit.CrossFit` fits it five times, each time
# without a fifth of the patients, and asks it about those.

fit = CrossFit.from_images(
    model, data.real, data.used, generated=(data.generated,), groups=data.groups
)
probability = fit.out_of_fold()
print(f"ROC AUC {fit.roc_auc(probability):.2f}")

# %%
# This is how often an image that was used gets a higher probability than one that was not: 0.50 is
# guessing, 1.00 is always right.
#
# Two more figures say whether it could have been chance. The labels of the patients are shuffled
# and everything is fitted again: *p* is how often that does as well (with 19 shuffles it cannot be
# below 1/20). And the interval says how far off the figure may be, with so few patients.

result = permutation_test(fit, n_permutations=19, random_state=0)
low, high = auc_interval(fit, result, random_state=0)
print(f"ROC AUC {result.roc_auc:.2f}, 95 % interval {low:.2f} to {high:.2f}")
print(f"p = {result.p_value:.2f}")

# %%
# A score means little without what one gets for nothing. Saying "used" of every image already has a
# handsome F1.

scores = {"recommended()": table_one(data.used, probability), **naive_answers(data.used)}
for name, row in scores.items():
    print(f"{name:<15} accuracy {row['accuracy']:.2f}   F1 {row['f1']:.2f}")

# %%
# The probability of each image
# -----------------------------
# Out of fold, each image has a probability of having been used. A filled mark on the left or a
# hollow one on the right would be a mistake.

ProbabilityDisplay(probability, used=data.used).plot()

# %%
# Images that nobody has labelled
# -------------------------------
# To ask about other images, we fit the whole model at once, from pixels to probabilities. None of
# the queries' patients was seen in the fit. Their truth is known here: some were used, some are of
# patients of whom nothing was used, and some are other slices of the used patients, which the
# generator never saw.

model.fit(data.real, data.used, generated=(data.generated,), groups=data.groups)
asked = model.predict_proba(data.queries)[:, 1]
for role in np.unique(data.query_roles):
    print(f"{role}: {asked[data.query_roles == role].mean():.2f} in the mean")

# %%
# The patient is given away without fail, and hardly which of the neighbouring slices was used: what
# the generator keeps of an image, the next slice shares. So read a high probability as "this
# patient", and not as "this slice".
#
# The evidence of one image
# -------------------------
# Which generated images are unusually close to the query with the highest probability, and in which
# textures?

query = asked.argmax()
display = EvidenceDisplay.from_estimator(model, data.queries[query], data.generated).plot()
print(f"the query is: {data.query_roles[query]}")

# %%
# The whole evidence in one report
# --------------------------------
# :func:`ganisi.audit.audit` does all of this and more: it subtracts what the two groups of real
# images tell apart without any generator, and plants copies to see whether the attack would find
# them. So that this page is quick, the attack is the simplest one, how near the nearest generated
# image is, which fits nothing. In earnest give it ``recommended()``, and leave out
# ``n_permutations`` and ``baselines``. ``max_auc`` is yours to choose, before you look: how well
# may an attacker tell used images from others?

attack = recommended().set_params(identifier=NearestGenerated())
dials = {"n_permutations": 19, "baselines": {}, "max_auc": 0.75, "random_state": 0}
report = audit(
    attack, data.real, data.used, generated=(data.generated,), groups=data.groups, **dials
)
print(report)

# %%
# ``report.to_html("report.html")`` is the page for a data-protection officer.
#
# And a generator that saw none of them
# -------------------------------------
# ``"other"`` is the same model, trained in the same way on other patients. The real images and
# their labels are the same; only the generated images differ, so nothing can have leaked.

other = load_phantom_diffusion("other")
cleared = audit(
    attack, other.real, other.used, generated=(other.generated,), groups=other.groups, **dials
)
print(f"{cleared.verdict}: {cleared.reason}.")

# %%
# What it cannot say
# ------------------
# * *That there is no leak.* Another attack, or more generated images, may find one.
# * *That this image of this patient was used*, beyond doubt: a probability is only as good as the
#   images it was calibrated on, and among many images some come close by chance.
# * *Anything, if the used and the not-used images differ for other reasons*: another scanner,
#   another year, another crop. The blind checks look for that and may miss some.
# * *How often the method is right.* These were two generators; the evidence page of this
#   documentation has more, and simulations of many audits.

print(f"Verdicts: {report.verdict}; {cleared.verdict}.")

# %%
# **If your own report says "leakage detected", treat the synthetic images as personal data of the
# patients in the training set, and do not publish them. If it says "cannot say", the reason beside
# it tells what is missing.**
