"""The recommended attack, as the options of a command say."""

from .._compat._writing import is_within
from ..model._recommended import recommended

#: What takes a folder of images, in whatever command.
_FOLDERS = ("generated", "used", "not_used", "query", "queries")


def attack_of(chosen, **work):
    """Return the attack, unfitted; refuse a store among the images."""
    if chosen.store is not None:
        for name in _FOLDERS:
            folder = getattr(chosen, name, None)
            if folder is not None and is_within(chosen.store, folder):
                raise ValueError(
                    f"--store {chosen.store} lies in {folder}, a folder of images, into which "
                    "nothing is written; name a folder elsewhere."
                )
    attack = recommended(rivals=chosen.rivals, store=chosen.store, **work)
    if chosen.views is not None:
        attack.set_params(views=None if chosen.views == "none" else chosen.views)
    return attack
