"""Baselines of other packages, by their entry points."""

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ganisi
from ganisi.audit import audit
from ganisi.baselines import NearestGenerated, pixels, registered

DOWNSTREAM = Path(__file__).parents[1] / "downstream"


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Install a package that registers baselines, as pip would."""
    monkeypatch.syspath_prepend(tmp_path)
    before = registered()
    assert before == {}

    def install(name, code, **points):
        (tmp_path / f"{name}.py").write_text(code, encoding="utf-8")
        folder = tmp_path / f"{name}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        lines = [f"{key} = {name}:{value}" for key, value in points.items()]
        (folder / "entry_points.txt").write_text("\n".join(["[ganisi.baselines]", *lines, ""]))
        importlib.invalidate_caches()

    return install


def test_what_is_registered_is_made_and_seen_by_an_audit(install, leaky):
    code = "from ganisi.baselines import NearestGenerated as Mine"
    install("theirs_a", code, mine="Mine")
    found = registered()
    assert {name: type(one) for name, one in found.items()} == {"mine": NearestGenerated}
    assert found["mine"] is not registered()["mine"]
    report = audit(
        pixels(8),
        leaky.real,
        leaky.used,
        generated=(leaky.generated,),
        cv=2,
        n_permutations=19,
        baselines=found,
        random_state=0,
    )
    assert set(report.attacks) == {"main attack", "mine"}


@pytest.mark.parametrize(
    ("code", "error", "message"),
    [
        ("import no_such_module", ImportError, "ModuleNotFoundError: No module named 'no_such_mod"),
        ("", ImportError, "AttributeError: .* has no attribute 'Mine'"),
        ("def Mine(x): pass", ImportError, "TypeError: .* missing 1 required positional"),
        ("def Mine(): return 3", TypeError, "makes 3; expected a classifier on distances"),
    ],
)
def test_one_that_fails_is_told_by_its_package(install, code, error, message):
    name = f"theirs_{abs(hash(code))}"
    install(name, code, mine="Mine")
    with pytest.raises(error, match=rf"'mine' = '{name}:Mine', registered .* {name}, .*{message}"):
        registered()


def test_two_of_one_name_are_refused(install):
    for name in ("theirs_b", "theirs_c"):
        install(name, "from ganisi.baselines import NearestGenerated as Mine", mine="Mine")
    with pytest.raises(ValueError, match=r"theirs_[bc] and theirs_[bc] both register .*'mine'"):
        registered()


def test_the_package_of_the_sources_passes_where_it_is_installed(install, tmp_path):
    code = (DOWNSTREAM / "ganisi_downstream.py").read_text(encoding="utf-8")
    (group,) = re.findall(
        r'^\[project.entry-points."ganisi.baselines"\]\n(\w+) = "ganisi_downstream:(\w+)"',
        (DOWNSTREAM / "pyproject.toml").read_text(encoding="utf-8"),
        re.M,
    )
    install("ganisi_downstream", code, **dict([group]))
    root = str(Path(ganisi.__file__).parents[1])
    command = f"import sys; sys.path[:0] = {[str(tmp_path), root]}; "
    command += f"import runpy; runpy.run_path({str(DOWNSTREAM / 'check.py')!r})"
    run = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True)
    assert run.stdout.endswith("wheel of ganisi: median\n"), run.stderr
