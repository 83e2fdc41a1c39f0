"""A finished report is not lost on its way out, and the exit status is that of its verdict."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ganisi._compat import _writing
from ganisi.cli import _audit as gate
from ganisi.cli import _inputs, _reports, main

FOLDERS = ("generated", "real_used", "real_not_used")

#: The command line with an audit that has found a leak at once.
AUDITED = """
import sys
from ganisi._compat._writing import write_text
from ganisi.cli import _audit as gate
from ganisi.cli import main

class Report:
    verdict = "leakage detected"
    def __str__(self):
        return "Verdict: \\xd7 \\udcff \\x1b[2J\\n" + 70_000 * "x"
    def dated(self, *_):
        return self
    def to_html(self, path):
        write_text(path, "page")
    def to_json(self, path):
        write_text(path, "{}")

def audit(*_, **__):
    print("half done", file=sys.stderr, flush=True)
    return Report()

gate.audit = audit
sys.exit(main(sys.argv[1:]))
"""
COMMAND = [sys.executable, "-c", AUDITED, "audit", "--each-image-a-patient"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two images a folder."""
    root = tmp_path_factory.mktemp("targets")
    for name in FOLDERS:
        (root / name).mkdir()
        for i in range(2):
            Image.fromarray(np.full((8, 8), i, np.uint8)).save(root / name / f"{i}.png")
    return [str(root / name) for name in FOLDERS]


@pytest.fixture
def audited(monkeypatch):
    """How often an audit was made; its report is written for good."""
    calls = []

    class Report:
        verdict = "leakage detected"

        def __str__(self):
            return "the report"

        def dated(self, *_):
            return self

        def to_html(self, path):
            _writing.write_text(path, "page")

        def to_json(self, path):
            _writing.write_text(path, "{}")

    monkeypatch.setattr(gate, "audit", lambda *_, **__: calls.append(1) or Report())
    return calls


def run(folders, *options):
    patients = [] if "--groups" in options else ["--each-image-a-patient"]
    return main(["audit", *folders, "--quiet", *patients, *map(str, options)])


def test_an_earlier_report_is_replaced(folders, audited, tmp_path):
    page = tmp_path / "report.html"
    page.write_text("earlier")
    assert run(folders, "--html", page, "--json", tmp_path / "report.json") == 1
    assert page.read_text() == "page"
    assert sorted(os.listdir(tmp_path)) == ["report.html", "report.json"]


@pytest.mark.parametrize("option", ["--html", "--json"])
@pytest.mark.parametrize("target", ["", "no/such/folder/file", "file.png/report"])
def test_a_target_that_cannot_be_written_is_known_before_any_work(
    folders, audited, tmp_path, monkeypatch, capsys, option, target
):
    (tmp_path / "file.png").touch()
    monkeypatch.setattr(_inputs, "load_image_folder", lambda *_, **__: pytest.fail("work"))
    assert run(folders, option, tmp_path / target) == 3
    assert "cannot be written" in capsys.readouterr().err
    assert not audited


@pytest.mark.parametrize("other", ["report", "./report", "REPORT", "alias/report", "link"])
def test_two_reports_do_not_go_to_one_file(folders, audited, tmp_path, monkeypatch, capsys, other):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "alias").symlink_to(".")
    (tmp_path / "link").symlink_to("report")
    assert run(folders, "--html", "report", "--json", other) == 3
    assert "--html and --json are one file" in capsys.readouterr().err
    assert not audited


def test_a_report_does_not_replace_the_table_of_patients(folders, audited, tmp_path, capsys):
    table = tmp_path / "groups.csv"
    table.write_text("folder,file,group\n")
    assert run(folders, "--groups", table, "--json", table) == 3
    assert "--groups and --json are one file" in capsys.readouterr().err
    assert table.read_text() == "folder,file,group\n"


def test_a_disk_that_fills_meanwhile_loses_nothing(folders, audited, tmp_path, monkeypatch, capsys):
    page, data, other = tmp_path / "report.html", tmp_path / "report.json", tmp_path / "other"
    page.write_text("earlier")
    other.mkdir()
    replace = os.replace

    def full(source, target):
        if Path(target) == page:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr(_writing.os, "replace", full)
    monkeypatch.setattr(_reports.tempfile, "tempdir", str(other))
    assert run(folders, "--html", page, "--json", data) == 1
    out, err = capsys.readouterr()
    assert out == "the report\n"
    assert "could not be written: [Errno 28] No space left on device" in err
    assert page.read_text() == "earlier"
    assert data.read_text() == "{}"
    (rescued,) = other.glob("*/report.html")
    assert f"it is in {rescued} instead" in err
    assert rescued.read_text() == "page"
    assert rescued.parent.stat().st_mode & 0o77 == 0


def test_a_disk_that_is_full_everywhere_leaves_the_verdict(
    folders, audited, tmp_path, monkeypatch, capsys
):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_writing.os, "replace", full)
    monkeypatch.setattr(_reports.tempfile, "tempdir", str(tmp_path))
    assert run(folders, "--html", tmp_path / "report.html") == 1
    out, err = capsys.readouterr()
    assert out == "the report\n"
    assert "the report is on standard output only" in err


def process(folders, target, redirections="", encoding="utf-8", quiet=False):
    """Run the command line in a shell; return what subprocess does."""
    command = [*COMMAND, *folders, "--html", os.fspath(target), *(["--quiet"] if quiet else [])]
    return subprocess.run(
        ["sh", "-c", f'"$@" {redirections}', "sh", *command],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        check=False,
    )


@pytest.mark.skipif(os.name != "posix", reason="needs sh")
@pytest.mark.parametrize(
    "redirections",
    [
        ">&-",
        ">&- 2>&-",
        pytest.param(
            ">/dev/full 2>/dev/full",
            marks=pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full"),
        ),
    ],
)
def test_the_status_is_that_of_the_verdict_when_nobody_listens(folders, tmp_path, redirections):
    page = tmp_path / "report.html"
    assert process(folders, page, redirections).returncode == 1
    assert page.read_text() == "page"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_report_on_a_full_standard_output_is_saved_elsewhere(folders, tmp_path):
    (tmp_path / "other").mkdir()
    done = subprocess.run(
        ["sh", "-c", '"$@" >/dev/full', "sh", *COMMAND, *folders, "--quiet"],
        capture_output=True,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path / "other")},
        check=False,
    )
    assert done.returncode == 1
    assert "standard output could not be written: [Errno 28]" in done.stderr
    (rescued,) = (tmp_path / "other").glob("ganisi-*/report.txt")
    assert f"it is in {rescued} instead" in done.stderr
    assert "\nxxx" in rescued.read_text("utf-8")


@pytest.mark.skipif(os.name != "posix", reason="needs sh")
def test_the_status_is_that_of_the_verdict_when_a_pipe_is_closed(folders, tmp_path):
    page = tmp_path / "report.html"
    # The reader is gone before there is anything to read.
    command = [*COMMAND, *folders, "--html", str(page)]
    done = subprocess.run(
        ["sh", "-c", '{ sleep 1; "$@" 2>&1; echo $? >"$0"; } | true', str(tmp_path / "status"),
         *command],
        check=False,
        capture_output=True,
    )  # fmt: skip
    assert (tmp_path / "status").read_text() == "1\n", done
    assert page.read_text() == "page"


@pytest.mark.skipif(os.name != "posix", reason="needs sh")
def test_an_ascii_terminal_and_a_name_that_is_no_utf8_lose_nothing(folders, tmp_path):
    target = os.path.join(os.fsencode(tmp_path), b"\xff.html")
    done = process(folders, os.fsdecode(target), encoding="ascii")
    assert done.returncode == 1
    assert done.stdout.startswith(rb"Verdict: \xd7 \udcff \x1b[2J" + b"\nxxx")
    assert os.listdir(os.fsencode(tmp_path)) == [b"\xff.html"]
