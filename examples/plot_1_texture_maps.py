"""
The texture maps of an image
============================

The paper's method never compares pixels. It passes each image through a bank of filters, and every
filter answers with a picture of the same size: a *texture map*. Here we look at some of them,
because an answer that rests on maps is easier to trust once one has seen what they show.
"""

# %%
# One slice
# ---------
# A phantom of a chest CT slice: fat, muscle, ribs, lungs with their vessels, heart, table.
# :class:`~ganisi.Intensity` is the simplest descriptor, whose only map is the image itself.

from ganisi import (
    GaborBank,
    Intensity,
    LocalStats,
    MultiscaleHessian,
    SteerableGaussian,
    classical_descriptors,
)
from ganisi.datasets import make_source_identification
from ganisi.plotting import FeatureMapsDisplay

data = make_source_identification(2, 2, 1, size=128, random_state=0)
image = data.real[0]
FeatureMapsDisplay.from_estimator(Intensity(), image).plot(cmap="gray")

# %%
# How much the grey level changes nearby
# --------------------------------------
# :class:`~ganisi.LocalStats` looks at a small window round each pixel: the range and the standard
# deviation of its grey levels, and their entropy. They see noise and edges, whatever the direction.

FeatureMapsDisplay.from_estimator(LocalStats(), image).plot()

# %%
# Stripes of one width and one direction
# --------------------------------------
# :class:`~ganisi.GaborBank` asks how strongly the image is striped at one wavelength, in pixels
# from crest to crest, and at one orientation. Short wavelengths see vessels and noise, long ones
# organs.

gabor = GaborBank().fit([image])
print(f"{len(gabor.map_names_)} maps, among them {gabor.map_names_[5]!r}")
upright = [name for name in gabor.map_names_ if "orientation=0" in name]
lying = [name for name in gabor.map_names_ if "orientation=90" in name]
FeatureMapsDisplay.from_estimator(gabor, image, maps=upright[:4] + lying[:2]).plot()

# %%
# Slopes and ridges
# -----------------
# :class:`~ganisi.SteerableGaussian` gives the first and second derivative of the slightly smoothed
# image in four directions. These maps have a sign, and so another colour map: purple is above 0,
# orange is below, white is 0. In the first row purple climbs, going right at orientation 0 and up
# at 90 degrees.

# sphinx_gallery_thumbnail_number = 4
FeatureMapsDisplay.from_estimator(SteerableGaussian(), image).plot()

# %%
# Blobs, tubes and saddles
# ------------------------
# :class:`~ganisi.MultiscaleHessian` describes the curvature of the grey-level surface at several
# scales. We show one scale.

hessian = MultiscaleHessian().fit([image])
finest = hessian.map_names_[:6]
FeatureMapsDisplay.from_estimator(hessian, image, maps=finest).plot(n_columns=3)

# %%
# What is kept of them
# --------------------
# :func:`~ganisi.classical_descriptors` stacks all four families, as the paper does. Of each map
# only its distribution of values is kept, as 64 quantiles; the maps are forgotten. So a described
# image is one row of numbers.

texture = classical_descriptors().fit(data.real)
rows = texture.transform(data.real)
names = texture.get_feature_names_out()
print(f"{len(data.real)} images become an array of shape {rows.shape}")
print(f"first column: {names[0]}")
print(f"last column: {names[-1]}")

# %%
# If your images carry a stripe, a caption or a border that is no anatomy, it will show in these
# maps before it shows in any score. **Look at the maps of a few images of your own, used and not
# used, before you fit anything.**
