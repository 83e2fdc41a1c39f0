"""Two labels, one of which means "used to train the generator"."""

import numpy as np
from sklearn.utils import column_or_1d
from sklearn.utils.multiclass import check_classification_targets


def positive_class(classes, pos_label=None):
    """Return the index of the class that means "used to train the generator"."""
    # None means 1 or True. Other labels have no order of their own: sorting would make "out"
    # positive.
    classes = np.asarray(classes).tolist()
    if pos_label is not None:
        if pos_label not in classes:
            raise ValueError(
                f"pos_label={pos_label!r} is not one of the labels {classes}; give the one that "
                'means "used to train the generator".'
            )
        return classes.index(pos_label)
    if has_natural_order(classes):
        return 1
    raise ValueError(
        f"the labels are {classes} and pos_label is None, which means 1 or True; say which label "
        'means "used to train the generator" by giving it as pos_label. None is assumed.'
    )


def has_natural_order(classes):
    """Tell whether two sorted labels are 0 and 1, -1 and 1, or False and True."""
    if isinstance(classes[0], (str, bytes)) or isinstance(classes[1], (str, bytes)):
        return False
    return tuple(classes) in {(0, 1), (-1, 1), (False, True)}


def encode_labels(y):
    """Return the two classes of `y`, sorted, and `y` as 0 and 1; more or fewer are refused."""
    y = column_or_1d(y, warn=True)
    check_classification_targets(y)
    classes, encoded = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        raise ValueError(
            f"y holds only one class, {classes.tolist()[0]!r}; the classifier needs queries known "
            "to be used and queries known not to be used."
        )
    if len(classes) > 2:
        # The first sentence is the one scikit-learn's own checks look for.
        raise ValueError(
            "Only binary classification is supported. The type of the target is multiclass: "
            f"{len(classes)} labels {classes.tolist()[:5]}; expected two, used and not used."
        )
    return classes, encoded
