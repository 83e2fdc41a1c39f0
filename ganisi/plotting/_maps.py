"""The feature maps of an image by any descriptor, and what each of them is."""

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import FeatureUnion

from ..descriptors._base import TextureDescriptor
from ..images._checks import read_image
from ..model import GANISI


def maps_of_image(estimator, image):
    """Compute the feature maps of one image, and list what each is; a union's in its order.

    A list of maps: those of deep features have a size of their own.
    """
    maps, infos = [], []
    image = read_image(image)
    for descriptor in _descriptors(estimator):
        # Names and wavelengths may depend on the size of the image.
        fitted = descriptor if hasattr(descriptor, "depth_") else clone(descriptor).fit([image])
        maps.extend(np.asarray(fitted.feature_maps(image)))
        infos.extend(fitted.map_info_)
    return maps, infos


def place_of(name, infos):
    """Return the place of a map among those of an image, by its name."""
    names = [info.name for info in infos]
    if name not in names:
        raise ValueError(f"there is no map {name!r}; expected some of {names}.")
    return names.index(name)


def _descriptors(estimator):
    """List the descriptors of a model or a union, in its order."""
    if isinstance(estimator, GANISI):
        fitted = hasattr(estimator, "descriptor_")
        estimator = estimator.descriptor_ if fitted else estimator.stages()[0]
    if isinstance(estimator, FeatureUnion):
        return [d for _, part in estimator.transformer_list for d in _descriptors(part)]
    if not isinstance(estimator, TextureDescriptor):
        raise TypeError(
            f"estimator is a {type(estimator).__name__}, which has no feature maps; give a "
            "descriptor of ganisi.descriptors, a FeatureUnion of them, or a GANISI."
        )
    return [estimator]
