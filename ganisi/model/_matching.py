"""Stages and labels that fit each other."""

from sklearn.base import clone
from sklearn.utils import check_consistent_length, get_tags

from ..distances import CDFWassersteinPairer, ReferencePairer
from ..distances._rows_as_images import RowsAsImages
from ..metrics._labels import encode_labels


def matching_pairer(pairer, descriptor, views):
    """Return a clone of the pairer, or a new one for None, that fits the descriptor's rows."""
    if isinstance(pairer, ReferencePairer):
        return ReferencePairer(matching_pairer(pairer.pairer, descriptor, views))
    shared, n_views = _shared_settings(descriptor), len(views)
    if pairer is None:
        return CDFWassersteinPairer(**shared, n_views=n_views)
    pairer = clone(pairer)
    params = pairer.get_params(deep=False)
    if params.get("n_views", 1) not in (1, n_views):
        raise ValueError(
            f"the pairer has n_views={params['n_views']} and views={views} are {n_views}; leave "
            "n_views of the pairer at 1, and it will be set."
        )
    if n_views > 1 and "n_views" not in params:
        raise ValueError(
            f"views={views} are {n_views} of each query, and the pairer {type(pairer).__name__} "
            "has no n_views; use one that derives from ganisi.distances.Pairer, or views=None."
        )
    if "n_views" in params:
        pairer.set_params(n_views=n_views)
    for name, value in shared.items():
        own = getattr(pairer, name, value)
        if own != value:
            raise ValueError(
                f"the pairer has {name}={own} and the descriptor {name}={value}; give both the "
                f"same, e.g. {_to_type(name, own, value, pairer, descriptor)}."
            )
    if isinstance(pairer, RowsAsImages):
        pairer.check_settings()
    return pairer


def check_labels(y, images, identifier):
    """Check the labels of images; there may be none where the identifier needs none."""
    if y is not None:
        encode_labels(y)
        check_consistent_length(images, y)
    elif get_tags(identifier).target_tags.required:
        raise ValueError(
            "GANISI requires y to be passed, but the target y is None; give the label of each "
            "real image."
        )


def _to_type(name, own, value, pairer, descriptor):
    """Say what to write: in the pairer, or in the descriptor where the pairer has no choice."""
    if name in pairer.get_params(deep=False):
        return f"pairer={type(pairer).__name__}({name}={value})"
    return f"descriptor={type(descriptor).__name__}({name}={own})"


def _shared_settings(descriptor):
    """Return the `n_quantiles` and `grid` that all descriptors of a union have."""
    shared = {}
    for name in ("n_quantiles", "grid"):
        values = {
            value
            for key, value in descriptor.get_params(deep=True).items()
            if key.split("__")[-1] == name
        }
        if len(values) > 1:
            raise ValueError(
                f"the descriptors of the union have different {name}: {sorted(values)}; one "
                "pairer reads them all, so give them the same."
            )
        if values:
            shared[name] = values.pop()
    return shared
