"""
Deep features, with random weights
==================================

.. only:: not torch

   .. note::

      This page was made where torch is not installed, so its code is shown but **was not run**, and
      there are neither figures nor output. Run it yourself:
      ``pip install "ganisi[deep,plot]"``, then ``python examples/plot_8_deep_features.py``.

Beside the classical textures the paper tries deep ones: 2048 maps of 7 x 7 values from inside a
ResNet-50. :class:`~ganisi.ResNetFeatures` gives them. Trained weights have to be downloaded, which
a page of a documentation should not do, so we take **random weights: the shapes are right and the
figures mean nothing**.
"""

import numpy as np

from ganisi import CDFWassersteinPairer, ResNetFeatures
from ganisi.datasets import make_source_identification
from ganisi.plotting import CDFDisplay, FeatureMapsDisplay

data = make_source_identification(6, 6, 12, size=64, leakage=1, random_state=0)

# %%
# The maps of one image
# ---------------------
# ``weights=None`` is an untrained network, the same at every call. The image is resized to 224 x
# 224 whatever its size, and each of the 2048 maps has 49 values, so 49 equal steps of probability
# keep them all. ``device="cpu"`` gives the same bits on every run; leave it out to use a graphics
# card.

descriptor = ResNetFeatures(weights=None, n_quantiles=49, steps="equal", device="cpu").fit(
    data.real
)
print(f"{descriptor.n_maps_} maps, the first is {descriptor.map_names_[0]!r}")
first = descriptor.map_names_[:4]
FeatureMapsDisplay.from_estimator(descriptor, data.real[0], maps=first).plot()

# %%
# From maps to distances
# ----------------------
# From here on everything is as with the classical descriptors: rows of quantiles, then one distance
# for each real image, generated image and map.

real, generated = descriptor.transform(data.real), descriptor.transform(data.generated)
pairer = CDFWassersteinPairer(n_quantiles=49, steps="equal")
pairer.fit(real, generated=(generated,))
distances = pairer.transform(real)
print(f"real images: {real.shape}, {real[0].nbytes / 1000:.0f} kB each")
print(f"distances: {distances.shape} (real, generated, maps)")
print(f"finite: {np.isfinite(distances).all()}")

# %%
# The distance on the first map, to the nearest generated image:

CDFDisplay.from_estimator(
    descriptor,
    data.real[0],
    data.generated,
    map_name=first[0],
    n_quantiles=49,
    steps="equal",
).plot()

# %%
# In earnest, leave ``weights`` out, or give the path to a state dict of your own; nothing else
# changes, and ``GANISI(ResNetFeatures(n_quantiles=49, steps="equal"))`` is the whole model. The
# weights that torchvision downloads were trained on photographs; the paper does not say which
# weights it had, so its figures cannot be met exactly. **Cross-validate deep features beside**
# :func:`~ganisi.recommended` **on your own data before you prefer them.**
