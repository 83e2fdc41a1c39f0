"""What the documentation says runs, prints what it shows, and agrees with the package."""

import contextlib
import importlib
import io
import os
import re
import runpy
import shlex
import sys
import types
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from public_modules import PUBLIC
from stubs import few_stand_ins

import ganisi
from ganisi.audit import AuditReport
from ganisi.audit.report._plain import Section
from ganisi.cli._main import _COMMANDS as COMMANDS
from ganisi.cli._main import main, parser

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
#: Folders of docs/ that a build makes.
MADE = {"_build", "auto_examples", "generated"}
PAGES = sorted(p for p in DOCS.rglob("*.md") if not MADE & set(p.relative_to(DOCS).parts))
PROSE = [ROOT / "README.md", *PAGES]
names_page = {"ids": lambda page: page.relative_to(ROOT).as_posix()}

#: What a block may say that it needs, in a comment above it ("% needs torch"), and the extra that
#: brings it.
EXTRAS = {
    "distributed": "scale",
    "nibabel": "medical",
    "pydicom": "medical",
    "sklearnex": "fast",
    "torch": "deep",
}
#: What dask and tornado say about themselves when a cluster comes and goes.
OF_DASK = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:Sending large graph"),
]
#: A block of Python; what it needs before it, and what it prints after it.
BLOCK = re.compile(
    r"(?:^% needs (?P<needs>\S+)\n)?"
    r"^```python\n(?P<code>.*?)^```\n"
    r"(?:\n(?P<measured>% measured\n)?```text\n(?P<printed>.*?)^```\n)?",
    re.DOTALL | re.MULTILINE,
)
#: A block of shell that is run, a line after the other; no other is.
SHELL = re.compile(r"^% runs\n```bash\n(?P<code>.*?)^```\n", re.DOTALL | re.MULTILINE)
#: Modules of which the reference shows a part.
IN_PART = []


def blocks(page):
    return list(BLOCK.finditer(page.read_text(encoding="utf-8")))


def what_pages_need():
    for page in PAGES:
        found = [block["needs"] for block in blocks(page)]
        for needs in [None, *sorted({needs for needs in found if needs})]:
            if needs in found:
                name = page.relative_to(DOCS).as_posix()
                marks = OF_DASK if needs == "distributed" else []
                yield pytest.param(page, needs, marks=marks, id=f"{name}-{needs or 'plain'}")


def import_or_skip(name):
    try:
        importlib.import_module(name)
        if name == "torch":
            importlib.import_module("torchvision.models.feature_extraction")
    except Exception as error:
        pytest.skip(f"needs the extra {EXTRAS[name]} ({type(error).__name__}: {error})")


@pytest.mark.parametrize(("page", "needs"), list(what_pages_need()))
def test_every_python_block_runs_and_prints_what_the_page_shows(page, needs, monkeypatch, tmp_path):
    if needs:
        import_or_skip(needs)
    monkeypatch.chdir(tmp_path)
    # A module, so that what pages write can be pickled.
    module = types.ModuleType("page")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    namespace = vars(module)
    shell = [] if needs else SHELL.finditer(page.read_text(encoding="utf-8"))
    for block in sorted([*blocks(page), *shell], key=lambda block: block.start()):
        if block.re is SHELL:
            run_commands(block["code"])
            continue
        if block["needs"] not in (None, needs):
            continue
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(block["code"], page.name, "exec"), namespace)
        if block["printed"] is not None and block["measured"] is None:
            assert printed.getvalue() == block["printed"]


def run_commands(code):
    """Run lines of shell as a reader does; a verdict is no failure, bad input is one."""
    for line in code.splitlines():
        program, *arguments = shlex.split(line)
        assert program == "ganisi"
        with few_stand_ins(), contextlib.redirect_stderr(io.StringIO()) as told:
            assert main(arguments) in (0, 1, 2), (line, told.getvalue())


@pytest.mark.parametrize("page", PROSE, **names_page)
def test_groups_are_asked_of_a_pip_that_knows_them(page):
    # A fresh environment has one that does not.
    text = page.read_text(encoding="utf-8")
    for found in re.finditer(r"pip install --group", text):
        before = text[: found.start()]
        block = before[max(before.rfind("\n\n"), 0) :]
        assert 'pip>=25.1"' in block, (page.name, text[found.start() :][:60])


@pytest.mark.parametrize("page", PAGES, **names_page)
def test_no_block_escapes(page):
    text = page.read_text(encoding="utf-8")
    assert len(
        re.findall(r"^\s*(?:```|~~~|:::)\s*(?:py\b|python|\{code)", text, re.MULTILINE)
    ) == len(blocks(page))
    assert all(block["needs"] in {None, *EXTRAS} for block in blocks(page))


def commands(text):
    """Commands of shell blocks and of inline code, without prompt and environment."""
    shell = re.findall(r"^```(?:bash|console)\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = "\n".join(shell).replace("\\\n", " ").split("\n")
    inline = re.findall(
        r"(?<!`)`([^`]+)`(?!`)", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M)
    )
    for line in [*lines, *inline]:
        for command in line.replace("\n", " ").split("&&"):
            told = re.match(r"ganisi( |$)", command.strip()) or "python" in command
            yield shlex.split(command) if told else []


@pytest.mark.parametrize("page", PROSE, **names_page)
def test_commands_of_the_page_are_understood(page, capsys):
    for words in commands(page.read_text(encoding="utf-8")):
        if words[:1] == ["ganisi"] or words[1:3] == ["-m", "ganisi"]:
            arguments = words[1 if words[0] == "ganisi" else 3 :]
            if {"--help", "--version"} & set(arguments):
                with pytest.raises(SystemExit, match="0"):
                    parser().parse_args(arguments)
            elif len(arguments) > 1 or arguments == ["version"]:
                parser().parse_args(arguments)
            else:  # Only named.
                assert not arguments or arguments[0] in COMMANDS
        elif words and re.fullmatch(r"\S*python3?", words[0]) and words[1:2] and ".py" in words[1]:
            script = ROOT / words[1]
            source = script.read_text(encoding="utf-8")
            for word in words[2:]:
                assert not word.startswith("--") or f'"{word}"' in source, (page.name, words)
            # What a script chooses from may be listed in files beside it, or in a folder.
            beside = [*script.parent.glob("_*.py"), *script.parent.glob("planted/*.py")]
            lists = [source, *(file.read_text("utf-8") for file in beside)]
            for name in words[2:] if "--only" in words else []:
                known = name.startswith("--") or name.isupper()
                known = known or any(re.search(rf"\b{name}\b", text) for text in lists)
                assert known, (page.name, words)


def resolve(name):
    """Return what a dotted name means, however deep the module is."""
    parts = name.split(".")
    found = importlib.import_module(parts[0])
    for i, part in enumerate(parts[1:], 2):
        if not hasattr(found, part):
            importlib.import_module(".".join(parts[:i]))
        found = getattr(found, part)
    return found


@pytest.mark.parametrize("page", PAGES, **names_page)
def test_names_that_the_page_links_to_exist(page):
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"\{(?:func|class|meth|mod|attr)\}`~?([\w.]+)`", text):
        resolve(name)


@pytest.mark.parametrize("page", PROSE, **names_page)
def test_files_that_the_page_links_to_exist(page):
    text = page.read_text(encoding="utf-8")
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    linked += re.findall(r"^```\{(?:image|literalinclude|figure)\} (\S+)", text, re.MULTILINE)
    missing = [name for name in linked if not (page.parent / name).is_file()]
    assert not missing


@pytest.mark.parametrize("page", PAGES, **names_page)
def test_fields_of_a_report_that_the_page_names_exist(page):
    text = page.read_text(encoding="utf-8")
    for path in re.findall(r"`report\.([a-z_.]+)`", text):
        kind = AuditReport
        for name in path.split("."):
            shown = isinstance(vars(kind).get(name), property) or callable(vars(kind).get(name))
            fields = {} if kind is None else get_type_hints(kind)
            assert shown or name in fields, (page.name, path)
            kind = None if shown else section_of(fields[name])


def section_of(kind):
    """Return the section that a field holds, alone or by name; None for anything else."""
    inner = [one for one in (kind, *get_args(kind)) if isinstance(one, type)]
    return next((one for one in inner if issubclass(one, Section)), None)


def reference():
    """Return the names that the API page lists, with their modules."""
    module, names = None, []
    for line in (DOCS / "api.rst").read_text(encoding="utf-8").split("\n"):
        if match := re.fullmatch(r"\.\. currentmodule:: (\S+)", line):
            module = match[1]
        elif match := re.fullmatch(r"   (\w+)|\.\. py:data:: (\w+)", line):
            names.append((module, match[1] or match[2]))
    return names


def test_the_reference_lists_every_public_name_and_no_other():
    listed = reference()
    assert len(set(listed)) == len(listed)
    public = {}
    for home in PUBLIC:
        module = importlib.import_module(home)
        for name in set(module.__all__) - {"__version__"}:
            if f"{home}.{name}" not in PUBLIC:
                # The same object may stand in two shop windows, and is listed once.
                public.setdefault(_identity(getattr(module, name)), []).append((home, name))
    for windows in public.values():
        assert len(set(windows) & set(listed)) == 1, windows
    shown = {window for windows in public.values() for window in windows}
    rest = set(listed) - shown
    assert {module for module, _ in rest} == set(IN_PART)
    for module, name in rest:
        assert getattr(importlib.import_module(module), name).__module__ == module


def _identity(found):
    return found if isinstance(found, tuple) else (found.__module__, found.__qualname__)


def test_the_policy_names_the_public_modules():
    text = (DOCS / "policy.md").read_text(encoding="utf-8")
    named = re.findall(r"`(ganisi(?:\.\w+)*)`", text.split("## Versions")[0])
    assert set(named) == {*PUBLIC, *IN_PART}


def test_tests_that_the_paper_s_page_names_exist():
    text = (DOCS / "paper.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+)`: ([a-z0-9 ]+)", text)
    assert len(named) > 20
    for file, words in named:
        (path,) = (ROOT / "tests").rglob(f"{file}.py")
        name = "test_" + words.strip().replace(" ", "_")
        assert f"def {name}(" in path.read_text(encoding="utf-8"), (file, name)


def test_the_picture_of_the_readme_shows_what_is_said_of_it():
    script = runpy.run_path(str(DOCS / "images" / "draw_readme.py"))
    said = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    kept = re.findall(r"(?:probability of use|with probability) (\d\.\d\d)", said)
    closer = re.findall(r"(\d\.\d)(?: standard deviations)? closer", said)
    for _, probability, nearest in script["find_nearest"]():
        assert float(kept.pop(0)) == pytest.approx(probability, abs=0.006)
        assert float(closer.pop(0)) == pytest.approx(-nearest.mean_z[0], abs=0.06)
    assert not kept + closer


def test_citations_have_the_version_of_the_package():
    cff = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.findall(r"^version: (\S+)$", cff, re.MULTILINE) == [ganisi.__version__]
    page = (DOCS / "citing.md").read_text(encoding="utf-8")
    assert re.findall(r"version\s*= \{(.*?)\}", page) == [ganisi.__version__]


def test_ci_runs_the_test_command_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"```bash\n(.*?)```", readme, re.DOTALL)
    assert len(commands) == 2
    assert commands[1].strip() in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def keys_of(table):
    """Return the keys of a table of pyproject.toml (Python 3.10 has no tomllib)."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (body,) = re.findall(rf"^\[{re.escape(table)}\]\n(.*?)(?=^\[)", text, re.DOTALL | re.MULTILINE)
    return set(re.findall(r"^(\w+) = \[", body, re.MULTILINE))


def test_what_the_pages_say_is_installed_can_be():
    known = keys_of("project.optional-dependencies")
    groups = keys_of("dependency-groups")
    assert set(EXTRAS.values()) <= known
    for page in PROSE:
        text = page.read_text(encoding="utf-8")
        for extras in re.findall(r'"?(?:\.|ganisi)\[([a-z,]+)\]', text):
            assert set(extras.split(",")) <= known, page.name
        assert set(re.findall(r"--group (\w+)", text)) <= groups, page.name


@pytest.mark.parametrize("page", PROSE, **names_page)
def test_the_page_tells_nothing_of_the_machine_it_was_written_on(page):
    text = page.read_text(encoding="utf-8")
    home = re.escape(os.path.expanduser("~"))
    assert not re.search(rf"(?<![\w.])/(?:home|tmp|root|work|opt|Users)/|{home}/\w", text)
