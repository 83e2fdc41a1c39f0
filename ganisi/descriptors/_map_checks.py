"""What a descriptor's maps, and what it says of them, must be; errors name class and method."""

import numpy as np

from ._map_info import MapInfo


def check_infos(descriptor):
    """Return the descriptor's `map_info_`, or say what is wrong with it."""
    infos, owner = descriptor.map_info_, f"{type(descriptor).__name__}.map_info_"
    if not isinstance(infos, (list, tuple)) or not infos:
        raise TypeError(
            f"{owner} is {infos!r}; expected a list of MapInfo, one for each map of _maps."
        )
    names = set()
    for i, info in enumerate(infos):
        if not isinstance(info, MapInfo):
            raise TypeError(
                f"{owner}[{i}] is {info!r}; expected a MapInfo(name, family, unit), one for each "
                "map that _maps returns."
            )
        if info.name in names:
            raise ValueError(
                f"{owner} has two maps called {info.name!r}; give each a name of its own, columns "
                "and evidence are named after it."
            )
        names.add(info.name)
    return infos


def checked_maps(maps, descriptor):
    """Return what `_maps` returned as float32, or say what is wrong with its shape or type."""
    maps, n_maps = np.asarray(maps), len(check_infos(descriptor))
    owner = f"{type(descriptor).__name__}._maps"
    expected = f"({n_maps}, height, width), one map for each entry of map_info_"
    if maps.ndim == 2 and maps.size:
        raise ValueError(
            f"{owner} returned an array of shape {maps.shape}; expected {expected}. One map is "
            "returned with an axis before it: maps[None]."
        )
    if maps.ndim != 3 or 0 in maps.shape:
        raise ValueError(f"{owner} returned an array of shape {maps.shape}; expected {expected}.")
    if len(maps) != n_maps:
        raise ValueError(
            f"{owner} returned an array of shape {maps.shape}, {len(maps)} maps; expected "
            f"{expected}, which names {n_maps}."
        )
    if not np.can_cast(maps.dtype, np.float32, "same_kind"):
        raise ValueError(
            f"{owner} returned {maps.dtype}; expected real numbers, best as float32, which they "
            "become."
        )
    with np.errstate(over="ignore"):  # What float32 cannot hold is told where values are looked at.
        return maps.astype(np.float32, copy=False)
