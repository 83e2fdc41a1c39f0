"""Images brought to a stated distance of pixels."""

import math

import numpy as np

#: Distances that differ by less are one: half a pixel in a thousand.
_SAME = 5e-4


def check_spacing(spacing):
    """Refuse what is no distance."""
    if spacing is not None and not (
        isinstance(spacing, (int, float))
        and not isinstance(spacing, bool)
        and spacing > 0
        and math.isfinite(spacing)
    ):
        raise ValueError(
            f"spacing={spacing!r}; expected the distance of pixels in mm, such as 0.7."
        )


def resampled(pixels, spacing, name):
    """Return `Pixels` whose rows and columns are `spacing` mm apart, by linear interpolation.

    Smoothed first where pixels become fewer; stored whole numbers stay whole.
    """
    if pixels.spacing is None or not all(0 < one < math.inf for one in pixels.spacing):
        raise ValueError(
            f"{name} does not say how far its pixels are apart; leave spacing={spacing} out for "
            "it, or bring it there before."
        )
    factors = [one / spacing for one in pixels.spacing]
    if all(abs(factor - 1) < _SAME for factor in factors):
        return pixels
    from skimage.transform import resize

    levels, padding = pixels.levels, pixels.padding
    shape = [max(1, round(n * factor)) for n, factor in zip(levels.shape, factors, strict=True)]
    kind = levels.dtype
    levels = levels.astype(np.float64)
    if padding is not None and padding.any() and not padding.all():
        # What is no part of the image must not smear into it.
        levels[padding] = levels[~padding].min()
    levels = resize(
        levels, shape, order=1, mode="edge", preserve_range=True, anti_aliasing=min(factors) < 1
    )
    if padding is not None:
        padding = resize(padding, shape, order=0, mode="edge", preserve_range=True).astype(bool)
    pixels.levels = np.rint(levels).astype(kind) if kind.kind in "iu" else levels
    pixels.padding = padding
    pixels.spacing = (spacing, spacing)
    return pixels
