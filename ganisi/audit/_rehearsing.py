"""What attacks are fitted on, and how they are tried before an image is described."""

from sklearn.base import clone
from sklearn.utils.validation import check_consistent_length

from ..identification._folds import query_folds
from ..images._given import as_given
from ..images._patients import check_groups
from ..metrics._labels import encode_labels, positive_class
from ..model._matching import naming_parameters
from ..model._rehearsal import Rehearsal
from ._searched import SearchedAttack
from ._ways import EachWay


def labels_and_folds(images, y, groups, cv, pos_label):
    """Return which images were used, their patients by number or None, and the folds."""
    classes, encoded = encode_labels(y)
    check_consistent_length(images, encoded)
    used = encoded == positive_class(classes, pos_label)
    patients = None if groups is None else check_groups(groups, len(used))
    return used, patients, cv if isinstance(cv, list) else query_folds(used, patients, cv)


def rehearse(descriptor, pairer, n_views, images, n_generated, used, groups, folds):
    """Try a descriptor and a pairer; return what tries an attack behind them.

    As if there were as many images as the smallest fold is fitted on. Nothing is described by
    `fit` of a descriptor: it looks at kinds and sizes, and refuses what it cannot do.
    """
    with naming_parameters(descriptor):
        descriptor.fit(as_given(images))
    train = min((train for train, _ in folds), key=len)
    images = [images[i] for i in train]
    groups = None if groups is None else groups[train]
    if isinstance(pairer, EachWay):
        pairer.learn_columns(descriptor, images)
    tried = Rehearsal(descriptor, pairer, images, n_generated, n_views, groups, used[train])

    def try_attack(attack):
        if isinstance(attack, SearchedAttack) and attack.ways is not None:
            attack.n_maps = tried.pairer.n_maps_
        tried.identify(_told(attack), groups_if_wanted=True)

    return try_attack


def _told(identifier):
    """Return an identifier that is given True for used, whatever its own labels are."""
    if "pos_label" in identifier.get_params(deep=False):
        return clone(identifier).set_params(pos_label=None)
    return identifier
