"""The feature maps of an image by any descriptor, their names and their units."""

import re

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import FeatureUnion

from ..descriptors._base import TextureDescriptor
from ..images._checks import read_image
from ..model._ganisi import GANISI

#: What the names of maps say about the unit of their values.
_UNITS = {
    "entropy": "bits",
    "order=1": "grey levels / pixel",
    "order=2": "grey levels / pixel²",
    "intensity|range|std|gabor": "grey levels",
    "gradient": "grey levels / pixel",
    "curvature": "grey levels² / pixel⁴",
    "hessian": "grey levels / pixel²",
}


def maps_of_image(estimator, image):
    """Compute the feature maps of one image.

    Parameters
    ----------
    estimator : descriptor, FeatureUnion of descriptors, or GANISI
        Fitted or not.
    image : array of shape (height, width), or path
        A grey image.

    Returns
    -------
    maps : list of n_maps ndarrays of shape (height, width)
        Those of a union in its order; deep features have a size of their own.
    names : list of str
        Of the maps.

    Raises
    ------
    TypeError
        If `estimator` has no feature maps.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi import Intensity, LocalStats
    >>> from ganisi.plotting._maps import maps_of_image
    >>> from sklearn.pipeline import make_union
    >>> image = np.random.default_rng(0).integers(256, size=(32, 32)).astype(np.uint8)
    >>> maps_of_image(make_union(LocalStats(), Intensity()), image)[1]
    ['local range', 'local std', 'local entropy', 'intensity']
    """
    maps, names = [], []
    image = read_image(image)
    for descriptor in _descriptors(estimator):
        # Names and wavelengths may depend on the size of the image.
        fitted = descriptor if hasattr(descriptor, "depth_") else clone(descriptor).fit([image])
        maps.extend(np.asarray(fitted.feature_maps(image)))
        names.extend(fitted.map_names_)
    return maps, names


def unit_of_map(name):
    """Unit of the values of a map, by its name.

    Parameters
    ----------
    name : str
        From `map_names_`.

    Returns
    -------
    unit : str
        "units of the map" where the name does not tell.

    Examples
    --------
    >>> from ganisi.plotting._maps import unit_of_map
    >>> unit_of_map("local entropy")
    'bits'
    """
    for words, unit in _UNITS.items():
        if re.search(words, name):
            return unit
    return "units of the map"


def _descriptors(estimator):
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
