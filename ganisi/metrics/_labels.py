"""Two labels, one of which means "used to train the generator"."""

import numpy as np
from sklearn.utils import column_or_1d
from sklearn.utils.multiclass import check_classification_targets


def positive_class(classes, pos_label=None):
    """Return which of two classes means "used to train the generator".

    Parameters
    ----------
    classes : array of shape (2,)
        The two labels.
    pos_label : label or None, default=None
        The label that means "used". None means 1 or True, where the other label is 0, -1 or
        False; other labels have no order of their own (sorting would make "out" positive), so
        there it must be given.

    Returns
    -------
    index : {0, 1}
        Where the positive class stands in `classes`.

    Raises
    ------
    ValueError
        If `pos_label` is not one of the classes, or is None where it is needed.

    Examples
    --------
    >>> from ganisi.metrics._labels import positive_class
    >>> positive_class([0, 1])
    1
    >>> positive_class(["in", "out"], pos_label="in")
    0
    """
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
        'means "used to train the generator", e.g. pos_label=' + repr(classes[0]) + "."
    )


def has_natural_order(classes):
    """Tell whether the labels are 0 and 1, -1 and 1, or False and True.

    Parameters
    ----------
    classes : array of shape (2,)
        The two labels, sorted.

    Returns
    -------
    natural : bool
        True where ``pos_label=None`` is unambiguous.
    """
    if isinstance(classes[0], (str, bytes)) or isinstance(classes[1], (str, bytes)):
        return False
    return tuple(classes) in {(0, 1), (-1, 1), (False, True)}


def encode_labels(y):
    """Return the two classes of `y`, and `y` as 0 and 1.

    Parameters
    ----------
    y : array of shape (n_queries,)
        Two labels of any kind.

    Returns
    -------
    classes : ndarray of shape (2,)
        The labels, sorted.
    encoded : ndarray of shape (n_queries,), int
        Index of each label in `classes`.

    Raises
    ------
    ValueError
        If there are not exactly two labels.

    Examples
    --------
    >>> from ganisi.metrics._labels import encode_labels
    >>> encode_labels(["in", "out", "in"])
    (array(['in', 'out'], dtype='<U3'), array([0, 1, 0]))
    """
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
