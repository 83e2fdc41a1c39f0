"""The stages in one estimator."""

from ._evidence import Evidence
from ._ganisi import GANISI
from ._image_pairer import ImagePairer
from ._recommended import recommended

__all__ = ["GANISI", "Evidence", "ImagePairer", "recommended"]
