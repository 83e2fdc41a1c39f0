"""The recommended attack, as the options of a command say."""

from ..model._recommended import recommended
from ._inputs import check_outside

#: What takes a folder of images, in whatever command.
_FOLDERS = ("generated", "used", "not_used", "query", "queries")


def attack_of(chosen, **work):
    """Return the attack, unfitted; refuse a store among the images."""
    if chosen.store is not None:
        folders = [getattr(chosen, name, None) for name in _FOLDERS]
        check_outside(f"--store {chosen.store}", chosen.store, folders, "folder")
    attack = recommended(rivals=chosen.rivals, store=chosen.store, **work)
    if chosen.views is not None:
        attack.set_params(views=None if chosen.views == "none" else chosen.views)
    return attack
