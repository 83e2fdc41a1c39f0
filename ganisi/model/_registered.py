"""Baselines that other packages register."""

from __future__ import annotations

from importlib.metadata import entry_points

from sklearn.base import BaseEstimator

_GROUP = "ganisi.baselines"


def registered() -> dict[str, BaseEstimator]:
    """Load the baselines that installed packages have registered.

    A package registers one by an entry point of the group ``ganisi.baselines``, in its
    pyproject.toml::

        [project.entry-points."ganisi.baselines"]
        median = "their_package:MedianGenerated"

    What is named takes no argument and makes a classifier on distances or a `GANISI`. Nothing is
    loaded before this is called, and an audit runs none unless it is given: what is installed
    changes no report.

    Returns
    -------
    baselines : dict of str to classifier on distances or GANISI
        By the names of the entry points, in their order; new objects. For the `baselines` of
        :func:`ganisi.audit.audit`.

    Raises
    ------
    ImportError
        If one cannot be loaded or made; the message names the package and the reason.
    TypeError
        If what is made is no classifier with `predict_proba`; the message names the package.
    ValueError
        If two packages have registered the same name.

    Examples
    --------
    >>> from ganisi.baselines import NearestGenerated, registered
    >>> baselines = {"nearest": NearestGenerated(), **registered()}
    """
    found, homes = {}, {}
    for point in sorted(entry_points(group=_GROUP), key=lambda point: point.name):
        home = point.dist.name if point.dist is not None else "an unnamed package"
        if point.name in found:
            raise ValueError(
                f"{homes[point.name]} and {home} both register a baseline {point.name!r}; "
                "uninstall one of them, or give audit the baselines by hand."
            )
        found[point.name], homes[point.name] = _made(point, home), home
    return found


def _made(point, home):
    """Load and make one, or say whose it is that fails."""
    whose = f"baseline {point.name!r} = {point.value!r}, registered by the package {home},"
    try:
        attack = point.load()()
    except Exception as error:
        raise ImportError(
            f"{whose} cannot be made: {type(error).__name__}: {error}. Mend or uninstall {home}."
        ) from error
    if isinstance(attack, type) or not hasattr(attack, "predict_proba"):
        raise TypeError(
            f"{whose} makes {attack!r}; expected a classifier on distances with predict_proba, or "
            "a GANISI."
        )
    return attack
