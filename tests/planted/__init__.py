"""Plausible mistakes: a text of one file, and what a mistaken hand would have written instead."""

from planted.accusations import IN_ACCUSATIONS
from planted.audit import IN_THE_AUDIT
from planted.checked_first import CHECKED_FIRST
from planted.command_line import IN_THE_COMMAND_LINE
from planted.controls import IN_CONTROLS
from planted.designs import IN_DESIGNS
from planted.eyes import WITH_EYES
from planted.features import WITH_FEATURES
from planted.folds import IN_FOLDS
from planted.image_pairers import IN_IMAGE_PAIRERS
from planted.images import IN_IMAGES
from planted.model_decisions import IN_MODEL_DECISIONS
from planted.notebook import IN_NOTEBOOKS
from planted.other_rooms import IN_OTHER_ROOMS
from planted.releases import IN_RELEASES
from planted.releasing import IN_RELEASING
from planted.searches import IN_SEARCHES
from planted.stores import IN_STORES
from planted.union import IN_UNIONS
from planted.verdicts import IN_VERDICTS
from planted.views import IN_THE_VIEWS

MISTAKES = [
    *IN_THE_AUDIT,
    *IN_ACCUSATIONS,
    *IN_VERDICTS,
    *IN_DESIGNS,
    *IN_CONTROLS,
    *WITH_EYES,
    *IN_OTHER_ROOMS,
    *IN_THE_COMMAND_LINE,
    *CHECKED_FIRST,
    *IN_IMAGE_PAIRERS,
    *IN_IMAGES,
    *IN_THE_VIEWS,
    *IN_UNIONS,
    *WITH_FEATURES,
    *IN_FOLDS,
    *IN_MODEL_DECISIONS,
    *IN_RELEASES,
    *IN_RELEASING,
    *IN_NOTEBOOKS,
    *IN_SEARCHES,
    *IN_STORES,
]
