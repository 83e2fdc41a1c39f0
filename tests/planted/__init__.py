"""Plausible mistakes: a text of one file, and what a mistaken hand would have written instead."""

from planted.audit import IN_THE_AUDIT
from planted.images import IN_IMAGES
from planted.other_rooms import IN_OTHER_ROOMS

MISTAKES = [*IN_THE_AUDIT, *IN_OTHER_ROOMS, *IN_IMAGES]
