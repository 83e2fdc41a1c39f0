"""Images that have colour channels."""

import numpy as np

#: The luma of ITU-R BT.601.
_LUMA = (0.299, 0.587, 0.114)


def one_channel(colours, as_gray, name):
    """Return the one channel of colours (height, width, 3) that are grey, or their luma if asked.

    Whole numbers stay whole: the luma is rounded.
    """
    if (colours[..., :1] == colours[..., 1:]).all():
        return colours[..., 0].copy()
    if not as_gray:
        raise ValueError(
            f"{name} is a colour image (its channels differ); expected grey. Convert it, or take "
            "its luma with as_gray=True of ganisi.ImageFile or of "
            "ganisi.datasets.load_image_folder, on the command line --as-gray."
        )
    luma = colours @ np.array(_LUMA)
    whole = colours.dtype.kind in "iu"
    return (np.rint(luma) if whole else luma).astype(colours.dtype)
