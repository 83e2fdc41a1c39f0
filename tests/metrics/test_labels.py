import numpy as np
import pytest

from ganisi.metrics._labels import encode_labels, positive_class


@pytest.mark.parametrize("classes", [[0, 1], [-1, 1], [False, True], np.array([0.0, 1.0])])
def test_one_and_true_are_positive_by_themselves(classes):
    assert positive_class(classes) == 1


@pytest.mark.parametrize("classes", [["in", "out"], ["member", "non-member"], [1, 2], ["0", "1"]])
def test_other_labels_need_to_be_told(classes):
    with pytest.raises(ValueError, match="say which label"):
        positive_class(classes)
    assert positive_class(classes, pos_label=classes[0]) == 0


def test_a_positive_label_that_is_no_label_is_refused():
    with pytest.raises(ValueError, match="'used' is not one of the labels"):
        positive_class(["in", "out"], pos_label="used")


@pytest.mark.parametrize(("y", "message"), [([1, 1], "only one class"), ([0, 1, 2], "binary")])
def test_one_or_three_classes_are_refused(y, message):
    with pytest.raises(ValueError, match=message):
        encode_labels(y)


@pytest.mark.parametrize(
    ("y", "shown"), [(np.ones(3, int), "1"), ([True, True], "True"), (["in", "in"], "'in'")]
)
def test_the_only_class_is_shown_as_it_is_written(y, shown):
    with pytest.raises(ValueError, match=f"y holds only one class, {shown}; "):
        encode_labels(y)


def test_an_error_lists_the_labels_and_proposes_none():
    with pytest.raises(ValueError, match=r"\['in', 'out'\].*as pos_label") as error:
        positive_class(["in", "out"])
    assert "pos_label='" not in str(error.value)
    assert 'pos_label="' not in str(error.value)
