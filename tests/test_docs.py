import re
from pathlib import Path

import pytest

import ganisi

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_python_block_of_the_page_runs(page, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    namespace = {}
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        exec(compile(block, page.name, "exec"), namespace)


@pytest.mark.parametrize("module", ["", "audit", "baselines", "datasets", "filters", "metrics"])
def test_the_reference_lists_every_public_name(module):
    home = getattr(ganisi, module) if module else ganisi
    listed = (ROOT / "docs" / "api.rst").read_text(encoding="utf-8").split()
    names = getattr(home, "__all__", None) or [n for n in dir(home) if n == "table_one"]
    modules = {"__version__", "audit", "baselines", "datasets", "descriptors", "metrics"}
    assert not set(names) - set(listed) - modules


def test_ci_runs_the_test_command_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"```bash\n(.*?)```", readme, re.DOTALL)
    assert len(commands) == 2
    assert commands[1].strip() in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
