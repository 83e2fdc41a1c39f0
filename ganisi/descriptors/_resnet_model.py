"""A network up to one of its nodes: its weights from wherever they come, built once a process."""

import copy
import hashlib
import os
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from weakref import WeakKeyDictionary

from threadpoolctl import ThreadpoolController

_SIDE = 224
_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)
#: Names of weights of torchvision's ResNet-50, known without importing it.
_RESNET50_WEIGHTS = ("DEFAULT", "IMAGENET1K_V1", "IMAGENET1K_V2")


def extractor(weights, node, device):
    """Return the network up to a node on a device, the same object for the same content."""
    _import_torch()
    return _build(_source(weights), node, _best_device(device))


def look_again(weights):
    """Forget what a user's module was; it may have changed since."""
    if is_module(weights):
        _digests.pop(weights, None)


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
        """Resize an image, and standardise it as the network's training images were."""
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
        """Maps of a prepared batch, on the CPU."""
        torch, _ = _import_torch()
        # TF32 keeps three digits; a benchmark would choose another algorithm in another run.
        exact = torch.backends.cudnn.flags(
            enabled=True, benchmark=False, deterministic=True, allow_tf32=False
        )
        with torch.inference_mode(), exact:
            return self._model(batch.to(self.device))["maps"].cpu()


@lru_cache(maxsize=1)
def _thread_controller():
    """Find the libraries that start threads; that takes long, and they stay the same."""
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


def is_module(weights):
    """Tell a loaded module from names and paths."""
    return hasattr(weights, "state_dict")


def is_full_name(weights):
    """Tell a name such as "ResNet18_Weights.DEFAULT" from others."""
    return isinstance(weights, str) and "_Weights." in weights


def _source(weights):
    """Where the weights come from, as a key that changes when they do."""
    if is_module(weights):
        return _Module(weights)
    if weights is None or weights in _RESNET50_WEIGHTS or is_full_name(weights):
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
    """Build what `_source` tells of."""
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
    """Build a ResNet-50 whose weights are drawn with seed 0."""
    torch, _ = _import_torch()
    from torchvision import models

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return models.resnet50(weights=None)


def _load_state_dict(path):
    """Build a ResNet-50 with the weights of a file, whose last layer may be missing or another."""
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
    """Return the device asked for, or the best available."""
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
