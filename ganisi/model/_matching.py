"""A pairer that reads what a descriptor writes."""

from sklearn.base import clone

from ..distances._pairer import CDFWassersteinPairer
from ..distances._rows_as_images import RowsAsImages


def matching_pairer(pairer, descriptor):
    """Return a clone of the pairer, or a new one for None, that fits the descriptor's rows."""
    shared = _shared_settings(descriptor)
    if pairer is None:
        return CDFWassersteinPairer(**shared)
    pairer = clone(pairer)
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
