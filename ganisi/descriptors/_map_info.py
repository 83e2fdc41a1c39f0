"""What is known of a map besides its values: name, family, unit, scale and orientation."""

from dataclasses import dataclass, replace
from math import nan

from sklearn.pipeline import FeatureUnion


@dataclass(frozen=True)
class MapInfo:
    """What a feature map shows. Each descriptor says it of its own maps, in `map_info_`.

    Parameters
    ----------
    name : str
        What the map is called, the same for no other map of the descriptor; columns are named
        after it. Parameters stand in it as ``key=value``, pixels and degrees understood.
    family : str
        What maps share that measure the same in other places of the spectrum, such as "gabor".
    unit : str, default="units of the map"
        Unit of the map's values.
    scale : float, default=nan
        Wavelength or standard deviation in pixels that tells the map from others of its family;
        NaN where none does.
    orientation : float, default=nan
        Likewise the direction in degrees, counter-clockwise as seen on the screen.

    Examples
    --------
    >>> from ganisi import SteerableGaussian
    >>> SteerableGaussian().map_info_[1]
    MapInfo(name='gaussian order=1 orientation=45', family='gaussian',
            unit='grey levels / pixel', scale=nan, orientation=45.0)
    """

    name: str
    family: str
    unit: str = "units of the map"
    scale: float = nan
    orientation: float = nan


def infos_of_maps(descriptor, n_maps):
    """List the `MapInfo` of the maps behind a descriptor's columns, by number where it tells none.

    Names and families of a union have its prefixes, so that two of its members stay two families.
    """
    infos = _known_infos(descriptor, n_maps)
    if infos is None or len(infos) != n_maps:
        return _numbered(n_maps)
    return infos


def _known_infos(descriptor, n_maps):
    """Infos of a descriptor or union; None where it cannot be told which maps are whose."""
    if not isinstance(descriptor, FeatureUnion):
        # Asked of the class: before `fit` the property itself may raise an AttributeError.
        return descriptor.map_info_ if hasattr(type(descriptor), "map_info_") else None
    members = [(name, one) for name, one in descriptor.transformer_list if one != "drop"]
    infos = {name: _known_infos(one, n_maps) for name, one in members}
    foreign = [name for name in infos if infos[name] is None]
    if len(foreign) > 1:
        return None
    for name in foreign:  # The one that tells nothing has the maps that are left.
        known = sum(len(of_member) for of_member in infos.values() if of_member is not None)
        infos[name] = _numbered(n_maps - known)
    if not descriptor.verbose_feature_names_out:
        return [info for of_member in infos.values() for info in of_member]
    return [
        replace(info, name=f"{name}__{info.name}", family=f"{name}__{info.family}")
        for name, of_member in infos.items()
        for info in of_member
    ]


def _numbered(n_maps):
    """Infos of maps of which nothing is known."""
    return [MapInfo(f"map {m}", f"map {m}") for m in range(n_maps)]
