"""Plausible mistakes: a text of one file, and what a mistaken hand would have written instead."""

from planted.audit import IN_THE_AUDIT
from planted.other_eyes import IN_OTHER_EYES
from planted.other_rooms import IN_OTHER_ROOMS
from planted.views import IN_THE_VIEWS

MISTAKES = [*IN_THE_AUDIT, *IN_OTHER_ROOMS, *IN_OTHER_EYES, *IN_THE_VIEWS]
