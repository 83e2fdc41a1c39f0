"""Feature maps of a ResNet trained on photographs."""

import copy
import hashlib
import os
from contextlib import contextmanager
from functools import lru_cache
from numbers import Integral
from pathlib import Path
from weakref import WeakKeyDictionary

from sklearn.exceptions import NotFittedError
from threadpoolctl import ThreadpoolController

from .._compat._sklearn import HasMethods, Interval
from ..images._checks import read_image
from ..images._grey_levels import black_and_white, check_range, rescale_intensities
from ._base import TextureDescriptor
from ._map_info import MapInfo

_NODE = "layer4.0.add"
_SIDE = 224
_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)
#: Names of weights of torchvision's ResNet-50, known without importing it.
_RESNET50_WEIGHTS = ("DEFAULT", "IMAGENET1K_V1", "IMAGENET1K_V2")


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
    n_quantiles : int, default=64
        Steps of probability at which the empirical CDF of each map is kept.
    grid : int, default=1
        Maps are cut into ``grid x grid`` cells, each with its own CDF; at most 7 at the default
        node; 1 is the paper.
    n_jobs : int or None, default=None
        Workers of joblib; None means 1. Each uses one core, and each process loads the model once.
        Leave it where an accelerator computes.
    memory : str, joblib.Memory or None, default=None
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

    Notes
    -----
    The paper's network is MATLAB's ResNet-50. Bit parity with it is impossible: its weights are
    others, and it has the stride of a block in another convolution. The paper does not say how
    images were resized.

    *The same rows.* On the CPU images pass one by one and on one thread, so a row depends on its
    image alone, to the bit, whatever `batch_size`, `n_jobs` or the order; larger batches may give
    other last bits. On an accelerator the batch is what makes it fast, and libraries choose their
    algorithm by its shape: rows of different batch sizes, or of the CPU, agree up to rounding.
    TF32 is switched off, as it keeps three digits only.

    *49 values.* A 7 x 7 map has fewer values than the default `n_quantiles`, which is the one that
    the other descriptors have and that a FeatureUnion shares. The distance is exact for
    ``n_quantiles=49``, so take that where these maps stand alone. For pairs of random samples of
    49 normal or Cauchy values it was too small by 1.7 and 2.1 % at 64, and by 11.4 and 10.5 % at 8
    (mean over pairs; ``examples/benchmarks/fewer.py``, third table). A row of 64 has 131,072
    columns (524 kB an image: 5 GB for 10,000), one of 8 an eighth.

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
    (16384, 'resnet layer4.0.add 2047 q7')
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
        weights="DEFAULT",
        *,
        node=_NODE,
        intensity_range=None,
        device=None,
        batch_size=32,
        n_quantiles=64,
        grid=1,
        n_jobs=None,
        memory=None,
    ):
        self.weights = weights
        self.node = node
        self.intensity_range = intensity_range
        self.device = device
        self.batch_size = batch_size
        self.n_quantiles = n_quantiles
        self.grid = grid
        self.n_jobs = n_jobs
        self.memory = memory

    @property
    def map_info_(self):
        """What the maps are, in the order of the node's channels."""
        n_maps = getattr(self, "n_maps_", None)
        if n_maps is None:
            other_model = _is_module(self.weights) or _is_full_name(self.weights)
            if other_model or self.node != _NODE:
                raise NotFittedError(
                    f"the number of maps of node {self.node!r} is not known before fit; call fit."
                )
            n_maps = 2048
        return list(_infos(self.node, n_maps))

    def _maps(self, image):
        return self._extractor().maps([self._unit(image)])[0]

    def _images_at_once(self):
        return 1 if self._extractor().on_cpu else self.batch_size

    def _maps_of_many(self, images):
        if not images or self._images_at_once() == 1:
            return super()._maps_of_many(images)
        return self._extractor().maps([self._unit(read_image(image)) for image in images])

    def _fit_shapes(self, shapes):
        if self.intensity_range is not None:
            check_range(self.intensity_range)
        if _is_module(self.weights):
            _digests.pop(self.weights, None)  # It may have changed since.
        self.n_maps_ = self._extractor().shape[0]

    def _map_shape(self, shape):
        return self._extractor().shape[1:]

    def _settings(self):
        name, params, *others = super()._settings()
        extractor = self._extractor()
        params |= {"weights": extractor.digest, "device": extractor.device}
        del params["batch_size"]
        return name, params, *others

    def _unit(self, image):
        """Grey levels in [0, 1], float32."""
        return rescale_intensities(image, *black_and_white(image, self.intensity_range))

    def _extractor(self):
        """Return the model up to the node, built once per process."""
        _import_torch()
        return _build(_source(self.weights), self.node, _best_device(self.device))


# Asked for with every image, and many.
@lru_cache(maxsize=2)
def _infos(node, n_maps):
    """What each map of a node is; no map is another's relative in scale or orientation."""
    names = [f"resnet {node} {i:04d}" for i in range(n_maps)]
    return tuple(MapInfo(name, family=name, unit="activation") for name in names)


class _Extractor:
    """A model up to one node, on a device; what it gives, and a digest of what it is."""

    def __init__(self, model, node, device):
        torch, feature_extraction = _import_torch()
        try:
            self._model = feature_extraction.create_feature_extractor(model, {node: "maps"})
        except ValueError as error:
            nodes = feature_extraction.get_graph_node_names(model)[1]
            sums = [name for name in nodes if name.endswith("add")] or nodes
            raise ValueError(
                f"node={node!r} is no node of the model; it has {len(nodes)}, among them {sums}."
            ) from error
        self.digest = _digest(model)
        self.device = device
        try:
            self.on_cpu = torch.device(device).type == "cpu"
            self._model = self._model.eval().to(device)
        except (RuntimeError, AssertionError) as error:
            raise ValueError(
                f"device={device!r} cannot be used: {error}. Use device=None for the best "
                "available."
            ) from error
        with _one_thread():
            maps = self._forward(torch.zeros(1, 3, _SIDE, _SIDE))
        if maps.ndim != 4:
            raise ValueError(
                f"node={node!r} gives an array of shape {tuple(maps.shape)}; expected maps, "
                "(n_images, n_maps, height, width)."
            )
        self.shape = tuple(maps.shape[1:])

    def maps(self, images):
        """Maps ``(n_images, n_maps, height, width)`` of images in [0, 1] of any size."""
        torch, _ = _import_torch()
        with _one_thread():
            batch = torch.cat([self._prepare(image) for image in images])
            return self._forward(batch).numpy()

    def _prepare(self, image):
        torch, _ = _import_torch()
        grey = torch.nn.functional.interpolate(
            torch.from_numpy(image)[None, None],
            size=(_SIDE, _SIDE),
            mode="bilinear",
            antialias=True,
            align_corners=False,
        )
        mean, std = (torch.tensor(values).reshape(1, 3, 1, 1) for values in (_MEAN, _STD))
        return (grey - mean) / std

    def _forward(self, batch):
        torch, _ = _import_torch()
        # TF32 keeps three digits; a benchmark would choose another algorithm in another run.
        exact = torch.backends.cudnn.flags(
            enabled=True, benchmark=False, deterministic=True, allow_tf32=False
        )
        with torch.inference_mode(), exact:
            return self._model(batch.to(self.device))["maps"].cpu()


@lru_cache(maxsize=1)
def _thread_controller():
    return ThreadpoolController()


@contextmanager
def _one_thread():
    """Limit the threads that this thread starts: other numbers of them add in another order."""
    torch, _ = _import_torch()
    torch.get_num_threads()  # Where a thread uses torch for the first time, torch sets the number.
    with _thread_controller().limit(limits=1, user_api="openmp"):
        yield


#: Digests of users' modules, as they were in the last fit.
_digests = WeakKeyDictionary()


class _Module:
    """A user's module as a key: known by its content, so that clones share what is built."""

    def __init__(self, module):
        if module not in _digests:
            _digests[module] = _digest(module)
        self.module = module
        self._digest = _digests[module]

    def __eq__(self, other):
        return isinstance(other, _Module) and self._digest == other._digest

    def __hash__(self):
        return hash(self._digest)


def _is_module(weights):
    return hasattr(weights, "state_dict")


def _is_full_name(weights):
    return isinstance(weights, str) and "_Weights." in weights


def _source(weights):
    """Where the weights come from, as a key that changes when they do."""
    if _is_module(weights):
        return _Module(weights)
    if weights is None or weights in _RESNET50_WEIGHTS or _is_full_name(weights):
        return weights
    path = Path(weights)
    if not path.is_file():
        raise ValueError(
            f"weights={os.fspath(weights)!r} is neither a file nor a name of weights; expected a "
            f"path to a state dict, one of {', '.join(_RESNET50_WEIGHTS)}, or a full name such as "
            "ResNet18_Weights.DEFAULT."
        )
    stat = path.stat()
    return path, stat.st_mtime_ns, stat.st_size


@lru_cache(maxsize=2)
def _build(source, node, device):
    if isinstance(source, _Module):
        model = copy.deepcopy(source.module)
    elif isinstance(source, tuple):
        model = _load_state_dict(source[0])
    else:
        model = _load_named(source)
    return _Extractor(model.eval(), node, device)


def _load_named(name):
    """Build torchvision's model with the weights of this name; None is untrained."""
    torch, _ = _import_torch()
    from torchvision import models

    if name is None:
        return _untrained()
    full_name = name if "." in name else f"ResNet50_Weights.{name}"
    try:
        weights = models.get_weight(full_name)
    except (KeyError, ValueError) as error:
        raise ValueError(f"weights={name!r}: torchvision has no weights of this name.") from error
    builder = full_name.partition("_Weights.")[0].lower()
    try:
        # A model is drawn at random before its weights are filled in.
        with torch.random.fork_rng(devices=[]):
            return models.get_model(builder, weights=weights)
    except OSError as error:
        raise OSError(
            f"weights={name!r} could not be downloaded ({error}); where there is no network, give "
            "the path of a state dict saved elsewhere."
        ) from error


def _untrained():
    torch, _ = _import_torch()
    from torchvision import models

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return models.resnet50(weights=None)


def _load_state_dict(path):
    torch, _ = _import_torch()
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
        state = {key: value for key, value in state.items() if not key.startswith("fc.")}
    except Exception as error:
        reason = str(error).partition("\n")[0]
        raise ValueError(
            f"{path} cannot be read as a state dict: {reason}. Save one with "
            "torch.save(model.state_dict(), path)."
        ) from error
    model = _untrained()
    try:
        missing, unexpected = model.load_state_dict(state, strict=False)
    except RuntimeError as error:
        raise ValueError(f"{path} is no state dict of torchvision's ResNet-50: {error}") from error
    missing = [key for key in missing if not key.startswith("fc.")]
    if missing or unexpected:
        raise ValueError(
            f"{path} is no state dict of torchvision's ResNet-50: {len(missing)} entries are "
            f"missing {missing[:3]}, {len(unexpected)} are unknown {unexpected[:3]}. Rename them, "
            "or give a loaded module as weights."
        )
    return model


def _digest(module):
    """Digest of what a module computes: its layers and every value of its state dict."""
    torch, _ = _import_torch()
    digest = hashlib.sha256(f"{type(module)} {module!r}".encode())
    for key, tensor in sorted(module.state_dict().items()):
        digest.update(f"{key} {tensor.dtype} {tuple(tensor.shape)}".encode())
        values = tensor.detach().cpu().reshape(-1).contiguous()
        digest.update(values.view(torch.uint8).numpy())
    return digest.hexdigest()


def _best_device(device):
    torch, _ = _import_torch()
    if device is not None:
        return device
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _import_torch():
    """Return torch and torchvision's feature extraction, or say what to install."""
    try:
        import torch
        from torchvision.models import feature_extraction
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        advice = "install them with"
        if not isinstance(error, ModuleNotFoundError):
            # A torchvision built for another torch raises whatever comes first.
            advice = "what is installed does not work; remove both and run"
        raise ImportError(
            f"ResNetFeatures needs torch and torchvision ({reason}); {advice}: "
            'pip install "ganisi[deep]"'
        ) from error
    return torch, feature_extraction
