"""Plausible mistakes: a text of one file, and what a mistaken hand would have written instead."""

from planted.audit import IN_THE_AUDIT
from planted.eyes import WITH_EYES
from planted.other_rooms import IN_OTHER_ROOMS

MISTAKES = [*IN_THE_AUDIT, *WITH_EYES, *IN_OTHER_ROOMS]
