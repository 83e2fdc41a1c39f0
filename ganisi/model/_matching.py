"""Stages and labels that fit each other."""

from contextlib import contextmanager

from sklearn.base import clone
from sklearn.pipeline import FeatureUnion
from sklearn.utils import check_consistent_length, get_tags

from ..descriptors import Intensity, Precomputed, TextureDescriptor
from ..descriptors._steps import steps_of
from ..distances import CDFWassersteinPairer, FeaturePairer, PairerUnion, ReferencePairer
from ..distances._feature_pairer import columns_of_maps
from ..distances._rows_as_images import RowsAsImages
from ..images._grey_levels import NeedsParameterError
from ..metrics._labels import encode_labels

#: What the descriptors of a union and their pairer have in common.
SHARED = ("n_quantiles", "grid", "steps")


def default_pairer(descriptor):
    """Return the pairer of a descriptor's rows where none is given."""
    return FeaturePairer() if isinstance(descriptor, Precomputed) else CDFWassersteinPairer()


def matching_stages(descriptor, pairer, views):
    """Return clones of both that fit each other.

    What is None in a descriptor or in the pairer becomes what the other descriptors have.
    """
    if isinstance(pairer, ReferencePairer):
        inner = default_pairer(descriptor) if pairer.pairer is None else pairer.pairer
        descriptor, inner = matching_stages(descriptor, inner, views)
        return descriptor, ReferencePairer(inner)
    if isinstance(pairer, PairerUnion):
        return _matching_union(descriptor, pairer, views)
    descriptor, shared = _filled(descriptor)
    pairer, n_views = clone(pairer), len(views)
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
    _take_shared(pairer, descriptor, shared)
    _look_columns_up(pairer, descriptor)
    if isinstance(pairer, RowsAsImages):
        pairer.check_settings()
    return descriptor, pairer


def _matching_union(descriptor, union, views):
    """The same of a union of pairers, with a part of the descriptor for each of them."""
    union = clone(union)
    if union.n_views not in (1, len(views)):
        raise ValueError(_other_views(union.n_views, views))
    union.set_params(n_views=len(views))
    descriptor = _with_a_part_for_each(descriptor, union.pairers)
    for (name, part), (_, pairer) in zip(descriptor.transformer_list, union.pairers, strict=True):
        part, shared = _filled(part)
        _take_shared(pairer, part, shared)
        _look_columns_up(pairer, part)
        descriptor.set_params(**{name: part})
    union.check_settings()
    return descriptor, union


def _with_a_part_for_each(descriptor, pairers):
    """Return a FeatureUnion whose parts are read by the pairers of a union, in their order.

    A FeatureUnion of their names is it already. Any other descriptor is read by the one pairer
    that takes rows of any size, and beside it stands the image itself for each pairer of images.
    """
    names, parts = [name for name, _ in pairers], getattr(descriptor, "transformer_list", [])
    if [name for name, _ in parts] == names:
        return clone(descriptor)
    of_any_size = [name for name, pairer in pairers if pairer.n_columns is None]
    if len(of_any_size) != 1 or {name for name, _ in parts} & set(names):
        raise ValueError(
            f"the pairers of the union are {names} and the descriptor's parts "
            f"{[name for name, _ in parts]}; give a FeatureUnion whose parts have the names and "
            "the order of the pairers, or, where one pairer takes rows of any size and the others "
            "images, what that one reads."
        )
    work = {
        name: next((v for v in params_named(name, descriptor).values() if v is not None), None)
        for name in ("n_jobs", "memory")
    }
    parts = [
        (name, descriptor)
        if pairer.n_columns is None
        else (name, Intensity(grid=pairer.grid, n_quantiles=1, **work))
        for name, pairer in pairers
    ]
    return FeatureUnion(parts, verbose_feature_names_out=False)


def _other_views(n_views, views):
    return (
        f"the pairer has n_views={n_views}, and the views asked for are {len(views)}; leave "
        "n_views of the pairer at 1, and it will be set."
    )


def _take_shared(pairer, descriptor, shared):
    """Give a pairer the settings of the descriptor where it has none; refuse other ones."""
    for name, value in shared.items():
        own = getattr(pairer, name, value)
        if own is None:
            pairer.set_params(**{name: value})
        elif own != value:
            raise ValueError(
                f"the pairer has {name}={own!r} and the descriptor {name}={value!r}; give both the "
                f"same, e.g. {_to_type(name, own, value, pairer, descriptor)}."
            )


def _look_columns_up(pairer, descriptor):
    """Give a pairer of features the places of columns that it has by name; refuse other pairers."""
    if isinstance(descriptor, Precomputed) and getattr(pairer, "n_quantiles", 1) is None:
        raise ValueError(
            f"{type(pairer).__name__} reads quantile functions, and {type(descriptor).__name__} "
            "has features; use pairer=ganisi.distances.FeaturePairer(), or "
            f"{type(pairer).__name__}(n_quantiles=1), to which each column is a map."
        )
    if not isinstance(pairer, FeaturePairer) or pairer.maps is None:
        return
    try:
        names = list(descriptor.get_feature_names_out())
    except (AttributeError, ValueError):  # It has none, or none yet: the pairer will say so.
        return
    places = columns_of_maps(pairer.maps, len(names), names)
    pairer.set_params(maps=dict(zip(pairer.maps, places, strict=True)))


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
        return f"pairer={type(pairer).__name__}({name}={value!r})"
    return f"descriptor={type(descriptor).__name__}({name}={own!r})"


def _filled(descriptor):
    """Return a clone, and what of `SHARED` all descriptors of a union have.

    Descriptors that have None get those of the others.
    """
    descriptor, shared = clone(descriptor), {}
    for name in SHARED:
        given = params_named(name, descriptor) if name != "steps" else _steps_within(descriptor)
        values = set(given.values()) - {None}
        if len(values) > 1:
            raise ValueError(
                f"the descriptors of the union have different {name}: {sorted(values)}; one "
                "pairer reads them all, so give them the same."
                + (" One without this parameter has 'tails'." if name == "steps" else "")
            )
        if values:
            (shared[name],) = values
            known = given.keys() & descriptor.get_params(deep=True).keys()
            descriptor.set_params(**dict.fromkeys(known, shared[name]))
    return descriptor, shared


def _steps_within(descriptor):
    """Return the steps of every descriptor in it, also of one that has no such parameter.

    A Pipeline has a parameter of this name too, which is something else.
    """
    owners = {"": descriptor, **descriptor.get_params(deep=True)}
    return {
        f"{key}__steps" if key else "steps": steps_of(owner)
        for key, owner in owners.items()
        if isinstance(owner, TextureDescriptor)
    }


@contextmanager
def naming_parameters(descriptor, before=""):
    """Say of a parameter that must be set what it is called in the model; `before` is a prefix."""
    try:
        yield
    except NeedsParameterError as error:
        names = [f'"{before}{name}"' for name in params_named(error.parameter, descriptor)]
        if not names:
            raise
        known = "them by names that end" if names[1:] else "it by a name that ends"
        raise ValueError(
            f"{error} set_params of the model knows {known} in {' and '.join(names)}."
        ) from error


def params_named(name, estimator):
    """Return the parameters of a name, also those of estimators in it."""
    params = estimator.get_params(deep=True)
    return {key: value for key, value in params.items() if key.split("__")[-1] == name}
