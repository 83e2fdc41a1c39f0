"""
What the Wasserstein distance sees
==================================

Two images are compared map by map, by the 1-Wasserstein distance of the values in the map. It has a
picture: draw for both images which share of the pixels is not above each value (the CDF), and the
distance is the **area between the two curves**, in the unit of the map. Here we change one image in
ways we know, and watch what that area makes of it.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from ganisi import CDFWassersteinPairer, Intensity, LocalStats
from ganisi.datasets import make_source_identification
from ganisi.plotting import CDFDisplay

data = make_source_identification(4, 4, 1, size=64, random_state=0)
# Half the contrast leaves room above and below, so that no grey level is cut off.
images = data.real.astype(float) / 2 + 40
image = images[0]
other = images[data.groups != data.groups[0]][0]

# %%
# Four changes
# ------------
# Brighter everywhere; more contrast; the same pixels in other places, the upper half of the image
# and the lower one exchanged; and, for comparison, a slice of another patient.

changed = {
    "brighter by 10": image + 10,
    "contrast x 1.2": image.mean() + 1.2 * (image - image.mean()),
    "halves exchanged": np.roll(image, 32, axis=0),
    "another patient": other,
}
figure, axes = plt.subplots(1, 5, figsize=(12, 2.8), layout="constrained")
for ax, (name, picture) in zip(axes, {"the image": image, **changed}.items(), strict=True):
    ax.imshow(picture, cmap="gray", vmin=0, vmax=200)
    ax.set(title=name, xticks=[], yticks=[])

# %%
# The distance of the grey levels
# -------------------------------
# The solid line is the image, the dashed one what it was changed into (the display calls them what
# they usually are, the query and a generated image). Brightness moves the whole curve to the right,
# so the area is the shift itself. Contrast tilts the curve. Exchanging the halves changes nothing:
# the values are the same, only their places differ, and a CDF knows no places.

# sphinx_gallery_thumbnail_number = 2
figure, axes = plt.subplots(2, 2, figsize=(10, 8), layout="constrained")
for ax, (name, picture) in zip(axes.flat, changed.items(), strict=True):
    display = CDFDisplay.from_estimator(Intensity(), image, [picture]).plot(ax)
    ax.set_title(f"{name}\ndistance {display.distances[0]:.3g} grey levels")

# %%
# The same of a texture
# ---------------------
# The local standard deviation does not care how bright an image is, and grows with contrast. That
# is why the method looks at many maps: each is blind to something.

figure, axes = plt.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
for ax, name in zip(axes, ["brighter by 10", "contrast x 1.2"], strict=True):
    display = CDFDisplay.from_estimator(
        LocalStats(intensity_range=(0, 255)), image, [changed[name]], map_name="local std"
    ).plot(ax)
    ax.set_title(f"{name}\ndistance {display.distances[0]:.3g} grey levels")

# %%
# Cells of a grid
# ---------------
# Cut the map into cells, compare each cell with the cell in the same place, and average: now places
# count. The finer the grid, the more the distance is about *where* a texture is, and the less it
# forgives a patient who lies two pixels further down.

changed["moved down by 2"] = np.roll(image, 2, axis=0)
table = pd.DataFrame(index=changed)
for grid in (1, 4, 16):
    descriptor = Intensity(grid=grid, n_quantiles=16).fit([image])
    pairer = CDFWassersteinPairer(n_quantiles=16, grid=grid)
    pairer.fit(
        descriptor.transform([image]), generated=(descriptor.transform(list(changed.values())),)
    )
    distances = pairer.transform(descriptor.transform([image]))
    table[f"{grid} x {grid} cells"] = distances[0, :, 0].astype(float)
table.round(2)

# %%
# A whole-map distance cannot tell an image from the same image in pieces; one of cells can. A
# generator that gives a training image away returns it where it was, so **if whole maps find
# nothing, try a grid before you conclude that there is nothing**: ``grid=`` of the descriptor and
# of the pairer.
