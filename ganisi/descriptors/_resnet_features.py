"""Feature maps of a ResNet trained on photographs."""

from __future__ import annotations

import os
from functools import lru_cache
from numbers import Integral

from sklearn.exceptions import NotFittedError

from .._compat._hints import FilePath, Module
from .._compat._sklearn import HasMethods, Interval
from ..images._checks import read_image
from ..images._grey_levels import black_and_white, check_levels, rescale_intensities
from ._base import TextureDescriptor
from ._map_info import MapInfo
from ._resnet_model import extractor, is_full_name, is_module, look_again
from ._steps import Steps

_NODE = "layer4.0.add"


class ResNetFeatures(TextureDescriptor):
    """Feature maps of a ResNet-50 at its 14th addition: 2048 maps of 7 x 7.

    The sum of the first block of the last stage, before its ReLU [1]_ [2]_. The image is scaled to
    [0, 1], resized to 224 x 224 whatever its shape (bilinear, antialiased), replicated to three
    channels and standardised by the mean and standard deviation of ImageNet's.

    Needs torch and torchvision, which come with the extra: ``pip install "ganisi[deep]"``.

    Parameters
    ----------
    weights : str, path-like, torch.nn.Module or None, default="DEFAULT"
        - ``"DEFAULT"``, ``"IMAGENET1K_V1"``, ``"IMAGENET1K_V2"``: torchvision's weights of
          ResNet-50, downloaded once by torchvision;
        - the full name of other weights of a ResNet, such as ``"ResNet18_Weights.DEFAULT"``;
        - path to a state dict of torchvision's ResNet-50, as ``torch.save`` writes it; the last
          layer, ``fc``, may be missing or of another size;
        - a loaded module that takes an array of shape (n_images, 3, 224, 224). It is copied as it
          is in `fit`, and never changed; as every parameter it is cloned and pickled with the
          descriptor;
        - None: an untrained ResNet-50, its weights drawn with seed 0.
    node : str, default="layer4.0.add"
        Node of the model whose output the maps are, as
        ``torchvision.models.feature_extraction.get_graph_node_names`` lists them.
    intensity_range : tuple of (low, high) or None, default=None
        Grey levels that become 0 and 1; values beyond are clipped. None means: uint8 divided by
        255, uint16 by 65535, floats in [0, 1] as they are; floats outside are then refused.
    device : str or None, default=None
        Where torch computes, such as ``"cpu"`` or ``"cuda:1"``. None is the best available:
        CUDA, then Apple's MPS, then the CPU.
    batch_size : int, default=32
        Images that an accelerator describes at a time. On the CPU they are described one by one.
    n_quantiles : int or None, default=64
        Steps of probability at which the empirical CDF of each map is kept.
        None is that of the other descriptors of a union, in `GANISI` and `ImagePairer`.
    grid : int or None, default=1
        Maps are cut into ``grid x grid`` cells, each with its own CDF; at most 7 at the default
        node; 1 is the paper.
        None is as with `n_quantiles`.
    steps : {"tails", "equal"} or None, default="tails"
        Where the steps of probability begin and end: finer at both ends, or equally wide; see
        :func:`ganisi.descriptors.step_edges`. None is as with `n_quantiles`.
    n_jobs : int or None, default=None
        Workers of joblib; None means 1. Each uses one core, and each process loads the model once.
        Leave it where an accelerator computes.
    memory : str, path-like or None, default=None
        Where to keep the rows of images already described, keyed by the content of the images and
        of the weights.

    Attributes
    ----------
    map_info_ : list of MapInfo
        What the maps are. Those of a model that is not torchvision's ResNet-50, or of another
        node, are known after `fit`.
    map_names_ : list of str
        Their names.
    n_maps_ : int
        Number of maps. Only after `fit`.
    depth_ : {"uint8", "uint16", "float"}
        Bit depth of the images seen in `fit`.
    bits_ : {8, 10, 12, 16} or None
        Bits that the grey levels of `fit` fill where the depth is uint16.

    Notes
    -----
    The paper names neither the weights nor the software that it took, nor how images were resized.
    "14th addition layer" is a name of MATLAB's, whose ResNet-50 has weights of its own and the
    stride of a block in another convolution: with torchvision's weights the paper's figures cannot
    be met bit for bit.

    *The same rows.* On the CPU images pass one by one and on one thread, so a row depends on its
    image alone, to the bit, whatever `batch_size`, `n_jobs` or the order; larger batches may give
    other last bits. On an accelerator the batch is what makes it fast, and libraries choose their
    algorithm by its shape: rows of different batch sizes, or of the CPU, agree up to rounding.
    TF32 is switched off, as it keeps three digits only.

    *49 values.* A 7 x 7 map has fewer values than the default `n_quantiles`, which is the one that
    the other descriptors have and that a FeatureUnion shares. The distance is exact for
    ``n_quantiles=49, steps="equal"``, so take that where these maps stand alone. For pairs
    of random samples of 49 normal or Cauchy values it was too small by 1.7 and 2.1 % at 64 equal
    steps, and by 11.4 and 10.5 % at 8 (mean over pairs; ``examples/benchmarks/fewer.py``, third
    table). A row of 64 has 131,072 columns (524 kB an image: 5 GB for 10,000), one of 8 an eighth.

    *The model* is built once per process for each set of weights, node and device (the last two
    are kept), and never pickled with the descriptor.

    References
    ----------
    .. [1] Mehdipour Ghazi, M., Mehdipour Ghazi, M. (2023). GAN-ISI. CLEF 2023 Working Notes,
       CEUR-WS Vol. 3497, pp. 1588-1595, section 3.3.
    .. [2] He, K., Zhang, X., Ren, S., Sun, J. (2016). Deep residual learning for image
       recognition. CVPR, pp. 770-778.

    Examples
    --------
    >>> from ganisi import ResNetFeatures
    >>> names = ResNetFeatures(n_quantiles=8).get_feature_names_out()
    >>> len(names), names[-1]
    (16384, 'resnet layer4.0.add 2047 tails q7')
    """

    _parameter_constraints = {  # noqa: RUF012
        **TextureDescriptor._parameter_constraints,
        "weights": [str, os.PathLike, HasMethods(["state_dict", "eval"]), None],
        "node": [str],
        "intensity_range": [tuple, list, None],
        "device": [str, None],
        "batch_size": [Interval(Integral, 1, None, closed="left")],
    }

    def __init__(
        self,
        weights: FilePath | Module | None = "DEFAULT",
        *,
        node: str = _NODE,
        intensity_range: tuple[float, float] | None = None,
        device: str | None = None,
        batch_size: int = 32,
        n_quantiles: int | None = 64,
        grid: int | None = 1,
        steps: Steps | None = "tails",
        n_jobs: int | None = None,
        memory: FilePath | None = None,
    ) -> None:
        self.weights = weights
        self.node = node
        self.intensity_range = intensity_range
        self.device = device
        self.batch_size = batch_size
        self.n_quantiles = n_quantiles
        self.grid = grid
        self.steps = steps
        self.n_jobs = n_jobs
        self.memory = memory

    def in_plain_words(self) -> str:
        """Say what is looked at, to somebody who reads a report and no code."""
        return "what a network trained on photographs sees in them"

    @property
    def map_info_(self) -> list[MapInfo]:
        """What the maps are, in the order of the node's channels."""
        n_maps = getattr(self, "n_maps_", None)
        if n_maps is None:
            other_model = is_module(self.weights) or is_full_name(self.weights)
            if other_model or self.node != _NODE:
                raise NotFittedError(
                    f"the number of maps of node {self.node!r} is not known before fit; call fit."
                )
            n_maps = 2048
        return list(_infos(self.node, n_maps))

    def _fit_levels(self, lowest, highest):
        check_levels(self.intensity_range, self.depth_, lowest, highest)

    def _maps(self, image):
        return self._extractor().maps([self._unit(image)])[0]

    def _images_at_once(self):
        return 1 if self._extractor().on_cpu else self.batch_size

    def _maps_of_many(self, images):
        if not images or self._images_at_once() == 1:
            return super()._maps_of_many(images)
        return self._extractor().maps([self._unit(read_image(image)) for image in images])

    def _fit_shapes(self, shapes):
        look_again(self.weights)
        self.n_maps_ = self._extractor().shape[0]

    def _map_shape(self, shape):
        return self._extractor().shape[1:]

    def _settings(self):
        name, params, *others = super()._settings()
        network = self._extractor()
        params |= {"weights": network.digest, "device": network.device}
        del params["batch_size"]
        return name, params, *others

    def _unit(self, image):
        """Grey levels in [0, 1], float32."""
        white = black_and_white(image, self.intensity_range, self.bits_)
        return rescale_intensities(image, *white)

    def _extractor(self):
        """Return the model up to the node, built once per process."""
        return extractor(self.weights, self.node, self.device)


# Asked for with every image, and many.
@lru_cache(maxsize=2)
def _infos(node, n_maps):
    """What each map of a node is; no map is another's relative in scale or orientation."""
    names = [f"resnet {node} {i:04d}" for i in range(n_maps)]
    return tuple(MapInfo(name, family=name, unit="activation") for name in names)
