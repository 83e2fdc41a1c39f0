"""Stages and labels that fit each other."""

from sklearn.base import clone
from sklearn.utils import check_consistent_length, get_tags

from ..distances import CDFWassersteinPairer, PairerUnion, ReferencePairer
from ..distances._rows_as_images import RowsAsImages
from ..metrics._labels import encode_labels


def matching_pairer(pairer, descriptor, views):
    """Return a clone of the pairer, or a new one for None, that fits the descriptor's rows."""
    if isinstance(pairer, ReferencePairer):
        return ReferencePairer(matching_pairer(pairer.pairer, descriptor, views))
    if isinstance(pairer, PairerUnion):
        return _matching_union(pairer, descriptor, views)
    shared, n_views = _shared_settings(descriptor), len(views)
    if pairer is None:
        return CDFWassersteinPairer(**shared, n_views=n_views)
    pairer = clone(pairer)
    params = pairer.get_params(deep=False)
    if params.get("n_views", 1) not in (1, n_views):
        raise ValueError(_other_views(params["n_views"], views))
    if n_views > 1 and "n_views" not in params:
        raise ValueError(
            f"{n_views} views of each query are asked for, and {type(pairer).__name__} has no "
            "n_views; use a pairer that derives from ganisi.distances.Pairer, or views=None."
        )
    if "n_views" in params:
        pairer.set_params(n_views=n_views)
    _check_shared(pairer, descriptor, shared)
    if isinstance(pairer, RowsAsImages):
        pairer.check_settings()
    return pairer


def _matching_union(union, descriptor, views):
    """The same of a union, whose pairers have the names and the order of the descriptor's parts."""
    parts = getattr(descriptor, "transformer_list", [])
    named, known = [name for name, _ in union.pairers], [name for name, _ in parts]
    if named != known:
        raise ValueError(
            f"the pairers of the union are {named} and the descriptor's parts {known}; give a "
            "FeatureUnion whose parts have the names and the order of the pairers."
        )
    if union.n_views not in (1, len(views)):
        raise ValueError(_other_views(union.n_views, views))
    for (_, pairer), (_, part) in zip(union.pairers, parts, strict=True):
        _check_shared(pairer, part, _shared_settings(part))
    union = clone(union).set_params(n_views=len(views))
    union.check_settings()
    return union


def _other_views(n_views, views):
    return (
        f"the pairer has n_views={n_views}, and the views asked for are {len(views)}; leave "
        "n_views of the pairer at 1, and it will be set."
    )


def _check_shared(pairer, descriptor, shared):
    """Refuse a pairer whose settings are not those of the descriptor."""
    for name, value in shared.items():
        own = getattr(pairer, name, value)
        if own != value:
            raise ValueError(
                f"the pairer has {name}={own} and the descriptor {name}={value}; give both the "
                f"same, e.g. {_to_type(name, own, value, pairer, descriptor)}."
            )


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
