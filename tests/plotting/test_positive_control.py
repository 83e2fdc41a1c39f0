import pytest
from displays import DISPLAYS, legend_of, line_labelled, report

from ganisi.audit import ControlResult
from ganisi.plotting import DoseResponseDisplay

RESULTS = [
    ControlResult("nothing", 0, 0.52, 0.4),
    ControlResult("shift 2", 10, 0.6, 0.2),
    ControlResult("noise 0.5", 10, 0.7, 0.05),
    ControlResult("exact", 10, 1.0, 0.025),
    ControlResult("noise 0.25", 10, 0.9, 0.025),
]


def test_the_positive_control_shows_what_was_found_at_which_dose(plt):
    display = DoseResponseDisplay.from_results(RESULTS, null_interval=(0.3, 0.7)).plot()
    ax = display.ax_
    ticks = [label.get_text() for label in ax.get_xticklabels()]
    assert ticks == [
        "nothing\n(null control)",
        "shift\n2 px",
        "noise\n0.25 SD",
        "noise\n0.5 SD",
        "exact\ncopies",
    ]
    null = line_labelled(ax, "null control")
    assert null.get_xydata().tolist() == [[0, 0.52]]
    found = line_labelled(ax, "found (p <= 0.05)")
    assert found.get_xydata().tolist() == [[2, 0.9], [3, 0.7], [4, 1.0]]
    missed = line_labelled(ax, "not found (p > 0.05)")
    assert missed.get_xydata().tolist() == [[1, 0.6]]
    assert missed.get_markerfacecolor() != found.get_markerfacecolor()
    assert [text.get_text() for text in ax.texts] == ["0.52", "0.60", "0.90", "0.70", "1.00"]
    assert legend_of(ax.get_legend())[:3] == ["chance", "null interval", "null control"]
    assert "ROC AUC" in ax.get_ylabel()
    joined = [line for line in ax.lines if line.get_linestyle() == ":"]
    assert [line.get_ydata().tolist() for line in joined] == [[0.9, 0.7]]


def test_the_positive_control_of_a_report_is_its_results():
    display = DoseResponseDisplay.from_report(
        report(
            controls={"results": [vars(result) for result in RESULTS], "reason": None},
            settings={"alpha": 0.03},
        )
    )
    assert display.names == [result.name for result in RESULTS]
    assert display.alpha == 0.03
    assert display.null_interval is None
    with pytest.raises(ValueError, match="no positive control to draw: too few patients"):
        DoseResponseDisplay.from_report(
            report(controls={"results": None, "reason": "too few patients"})
        )


def test_a_positive_control_without_p_values_is_drawn_without_judgement(plt):
    ax = DISPLAYS["dose response"]().plot().ax_
    assert legend_of(ax.get_legend()) == ["chance", "null control", "planted copies"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"roc_auc": [0.5]}, "roc_auc has shape"),
        ({"roc_auc": [0.5, 1.5]}, "roc_auc must be between 0 and 1"),
        ({"roc_auc": [0.5, 1], "p_values": [0.1]}, "p_values has shape"),
        ({"roc_auc": [0.5, 1], "null_interval": (0.7, 0.3)}, r"expected \(low, high\)"),
    ],
)
def test_controls_that_are_none_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        DoseResponseDisplay(["nothing", "exact"], **arguments)
