"""A pairer that reads what a descriptor writes."""

from sklearn.base import clone

from ..distances._pairer import CDFWassersteinPairer


def matching_pairer(pairer, descriptor):
    """Return a clone of the pairer, or a new one for None, that fits the descriptor's rows."""
    shared = _shared_settings(descriptor)
    if pairer is None:
        return CDFWassersteinPairer(**shared)
    pairer = clone(pairer)
    params = pairer.get_params(deep=False)
    for name, value in shared.items():
        if params.get(name, value) != value:
            raise ValueError(
                f"the pairer has {name}={params[name]} and the descriptor {name}={value}; give "
                f"both the same, e.g. pairer={type(pairer).__name__}({name}={value})."
            )
    return pairer


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
