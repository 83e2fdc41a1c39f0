import platform
import re
import sys
from pathlib import Path

import pytest

import ganisi
from ganisi._compat._versions import _EXTRAS, _OTHERS, _PACKAGES, software_versions


def test_everything_is_told_a_line_each_and_no_path_or_name(capsys):
    loaded = set(sys.modules)
    ganisi.show_versions()
    assert not {"torch", "numba", "dask"} & (set(sys.modules) - loaded)
    printed = capsys.readouterr().out
    lines = printed.splitlines()
    assert lines[0] == f"ganisi {ganisi.__version__}"
    assert f"python {platform.python_version()}" in lines
    assert [line.split()[0] for line in lines[2:20]] == [*_PACKAGES, *_OTHERS, *_EXTRAS]
    assert any(re.fullmatch(r"threads \d+ of .+ \(blas\)", line) for line in lines)
    for private in (str(Path.home()), platform.node(), sys.prefix):
        assert len(private) < 4 or private not in printed


def test_what_is_missing_is_said(capsys, monkeypatch):
    monkeypatch.setattr("ganisi._compat._versions._EXTRAS", ("no-such-package",))
    ganisi.show_versions()
    assert "no-such-package is not installed" in capsys.readouterr().out.splitlines()


def test_a_report_names_what_computed_its_figures():
    assert set(software_versions()) == {"python", "ganisi", *_PACKAGES}


def test_all_that_the_package_asks_for_is_told():
    tomllib = pytest.importorskip("tomllib")
    path = Path(ganisi.__file__).parents[1] / "pyproject.toml"
    project = tomllib.loads(path.read_text("utf-8"))["project"]
    extras = {name: one for name, one in project["optional-dependencies"].items() if name != "all"}
    asked = [*project["dependencies"], *(one for extra in extras.values() for one in extra)]
    names = {re.match(r"[\w-]+", one)[0] for one in asked} - {"tomli"}
    assert names == {*_PACKAGES, *_OTHERS, *_EXTRAS}
