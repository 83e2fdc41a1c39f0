"""What holds for every display."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from displays import DISPLAYS

import ganisi
from ganisi.plotting import RocDisplay
from ganisi.plotting import __all__ as public_names

ROOT = Path(ganisi.__file__).parents[1]


@pytest.mark.parametrize("make", DISPLAYS.values(), ids=DISPLAYS)
def test_plot_returns_the_display_and_leaves_axes_and_figure(make, plt):
    display = make()
    assert display.plot() is display
    axes = np.ravel(display.ax_)
    assert all(ax.figure is display.figure_ for ax in axes)
    assert all(ax.get_title() or ax.get_xlabel() for ax in axes)
    display.figure_.canvas.draw()


@pytest.mark.parametrize("make", DISPLAYS.values(), ids=DISPLAYS)
def test_axes_given_are_drawn_on_and_no_figure_is_made(make, plt):
    display = make()
    number = 2 if isinstance(display, RocDisplay) else 1
    figure, axes = plt.subplots(1, number)
    display.plot(ax=axes)
    assert display.figure_ is figure
    assert np.ravel(display.ax_).tolist() == np.ravel(axes).tolist()
    assert plt.get_fignums() == [figure.number]


@pytest.mark.parametrize("make", DISPLAYS.values(), ids=DISPLAYS)
def test_another_number_of_axes_than_needed_is_refused(make, plt):
    with pytest.raises(ValueError, match=r"ax holds 3 axes and [12] are needed; make them by plt"):
        make().plot(ax=plt.subplots(1, 3)[1])


@pytest.mark.parametrize("make", DISPLAYS.values(), ids=DISPLAYS)
def test_without_matplotlib_one_sentence_says_what_to_install(make, monkeypatch):
    display = make()
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r'pip install "ganisi\[plot\]"'):
        display.plot()


def test_importing_the_displays_and_making_one_loads_no_matplotlib():
    code = (
        "import sys; from ganisi.plotting import CDFDisplay; CDFDisplay([0], [[1]], 'a map'); "
        "print('matplotlib' in sys.modules)"
    )
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = {**os.environ, "PYTHONPATH": path}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "False"


def test_the_reference_lists_every_display():
    listed = (ROOT / "docs" / "api.rst").read_text(encoding="utf-8").split()
    assert set(public_names) <= set(listed)
