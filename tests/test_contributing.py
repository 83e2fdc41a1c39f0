"""The page for contributors does what it says: its rule and its baseline, by its own steps."""

import ast
import html
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ganisi import GANISI, Intensity, ProfileIdentifier
from ganisi.audit import audit
from ganisi.identification import baselines

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "contributing.md"
#: What runs where somebody has followed the steps, and what must have been run of it.
BATTERY = {
    "tests/identification/test_fusion.py": "midrange",
    "tests/identification/test_baselines.py": "MedianGenerated",
    "tests/test_scikit_learn_checks.py": "MedianGenerated",
    "tests/compat/test_documentation.py": "MedianGenerated",
    "tests/audit/test_page.py": "MedianGenerated",
    "tests/test_docs.py": "test_the_reference_lists",
}
WITHOUT_THEIR_NAMES = ["test_the_guide", "test_one_search", "test_the_reference_lists"]


def block_with(text):
    """The code of the page that holds a text."""
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    (found,) = [block for block in blocks if text in block]
    return found


def insert(file, before, after, new):
    """Put a line between two that stand there, or somewhere between two texts."""
    text = file.read_text("utf-8")
    start = text.index(after, text.index(before)) + len(after)
    file.write_text(text[:start] + new + text[start:], "utf-8")


def add_rule(checkout):
    (rule,) = [
        ast.get_source_segment(block, node.value)
        for block in [block_with("midrange = Rule(")]
        for node in ast.parse(block).body
        if isinstance(node, ast.Assign)
    ]
    (meaning,) = re.findall('meaning="(.*)"', rule)
    file = checkout / "ganisi" / "identification" / "_fusion.py"
    insert(file, "RULES = {", "\n", f'    "midrange": {rule},\n')
    guide = checkout / "docs" / "guide" / "classifiers.md"
    insert(guide, "| `fusion=` |", "|---|---|---|\n", f'| `"midrange"` | {meaning} | never |\n')


def add_baseline(checkout):
    room = checkout / "ganisi" / "identification" / "baselines"
    (room / "_median.py").write_text(block_with("class MedianGenerated"), "utf-8")
    insert(room / "__init__.py", '"""', "\n\n", "from ._median import MedianGenerated\n")
    insert(room / "__init__.py", "__all__ = [", "\n", '    "MedianGenerated",\n')
    api = checkout / "docs" / "api.rst"
    insert(
        api,
        ".. currentmodule:: ganisi.baselines",
        ":toctree: generated\n\n",
        "   MedianGenerated\n",
    )
    insert(
        checkout / "docs" / "guide" / "classifiers.md",
        "| a query looks used if |",
        "|---|---|\n",
        "| {class}`~ganisi.baselines.MedianGenerated` | most generated images are near |\n",
    )


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of what tests look at, with the page's rule and baseline in it."""
    checkout = tmp_path_factory.mktemp("contributed")
    made = shutil.ignore_patterns("__pycache__", "_build", "auto_examples", "generated")
    for name in ("ganisi", "tests", "docs"):
        shutil.copytree(ROOT / name, checkout / name, ignore=made)
    for name in ("README.md", "pyproject.toml"):
        shutil.copy(ROOT / name, checkout / name)
    add_rule(checkout)
    add_baseline(checkout)
    return checkout


def test_a_rule_and_a_baseline_added_by_the_page_s_steps_pass_every_law_and_check(checkout):
    chosen = " or ".join(["midrange", "MedianGenerated", *WITHOUT_THEIR_NAMES])
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-k", chosen, *BATTERY],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stdout[-8000:]
    for file, name in BATTERY.items():
        assert re.search(rf"^{file}::.*{name}.* PASSED", result.stdout, re.MULTILINE), file


def test_an_audit_runs_the_page_s_baseline_by_default_and_says_what_it_looks_at(leaky, monkeypatch):
    namespace = {"__name__": "contributed"}
    exec(compile(block_with("class MedianGenerated"), PAGE.name, "exec"), namespace)
    rival = namespace["MedianGenerated"]
    monkeypatch.setattr(baselines, rival.__name__, rival, raising=False)
    monkeypatch.setattr(baselines, "__all__", ["NearestGenerated", rival.__name__])
    report = audit(
        GANISI(Intensity(grid=8, n_quantiles=1), identifier=ProfileIdentifier(cv=2)),
        leaky.real,
        leaky.used,
        generated=(leaky.generated,),
        groups=leaky.groups,
        cv=2,
        n_permutations=19,
        random_state=0,
    )
    assert {"NearestGenerated", "MedianGenerated"} < set(report.attacks)
    assert "MedianGenerated" in str(report)
    page = " ".join(html.unescape(report.to_html()).split())
    assert rival().in_plain_words() in page
