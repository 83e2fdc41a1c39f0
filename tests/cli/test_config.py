"""Options from a TOML file."""

import argparse

import pytest

pytest.importorskip("tomllib")

from ganisi.cli import main, parser
from ganisi.cli._accounts import command_of
from ganisi.cli._config import with_file

FOLDERS = ["generated", "used", "not_used"]


@pytest.fixture
def chosen(tmp_path):
    """What is chosen with a file of these lines, and by these words."""

    def choose(lines, *words, before=()):
        path = tmp_path / "options.toml"
        path.write_text(lines, encoding="utf-8")
        words = ["audit", *before, *FOLDERS, "--config", str(path), *words]
        words = with_file(parser, words, parser().parse_args(words))
        return parser().parse_args(words), words

    return choose


def test_every_kind_of_option_stands_in_a_file(chosen):
    lines = """
        max-auc = 0.65
        n-permutations = 99
        recursive = true
        rivals = false
        window = [-1000, 400]
        axis = 1
        groups = "-a table.csv"
    """
    seen, _ = chosen(lines)
    assert (seen.max_auc, seen.n_permutations, seen.recursive, seen.rivals) == (
        0.65,
        99,
        True,
        False,
    )
    assert (seen.window, seen.axis, seen.groups) == (["-1000", "400"], 1, "-a table.csv")
    assert [seen.generated, seen.used, seen.not_used] == FOLDERS
    assert chosen('window = "lung"')[0].window == ["lung"]
    assert chosen("each-image-a-patient = true")[0].each_image_a_patient


@pytest.mark.parametrize(
    ("line", "words", "name", "value"),
    [
        ("max-auc = 0.65", ["--max-auc", "0.8"], "max_auc", 0.8),
        ("max-auc = 0.65", ["--max-a=0.8"], "max_auc", 0.8),
        # Also where it says what is so by default.
        ("alpha = 0.01", ["--alpha", "0.05"], "alpha", 0.05),
        ("recursive = true", ["--no-recursive"], "recursive", False),
        ("recursive = false", ["--recursive"], "recursive", True),
        ("window = [0, 1]", ["--window", "2", "3"], "window", ["2", "3"]),
        # Another option of which only one may stand.
        ('groups = "g.csv"', ["--patient", "PatientID"], "groups", None),
        ("each-image-a-patient = true", ["--groups", "g.csv"], "each_image_a_patient", False),
    ],
)
def test_the_command_line_wins(chosen, line, words, name, value):
    assert getattr(chosen(line, *words)[0], name) == value
    assert getattr(chosen(line, before=[*words, "--quiet"])[0], name) == value


def test_the_report_has_the_options_of_the_file_and_no_path(chosen):
    seen, words = chosen('max-auc = 0.65\nhtml = "secret/page.html"', "--quiet")
    assert command_of(seen, words) == (
        "python -m ganisi audit GENERATED REAL_USED REAL_NOT_USED --config TOML --quiet "
        "--max-auc=0.65 --html=HTML"
    )


def test_no_option_of_a_command_with_a_report_brings_a_path_into_it(chosen):
    """Whatever takes a path: a new option cannot be forgotten."""
    commands = next(
        action for action in parser()._actions if isinstance(action, argparse._SubParsersAction)
    )
    seen, _ = chosen("")
    said = {}
    for name in ("audit", "release"):
        for action in commands.choices[name]._actions:
            if action.metavar in ("F", "DIR", "CSV", "TOML") and action.type is None:
                option = action.option_strings[-1]
                said[option] = command_of(seen, [name, option, "secret/a", f"{option}=secret/b"])
    assert {"--html", "--json", "--query", "--list", "--to", "--sheet", "--store"} <= set(said)
    assert [option for option, command in said.items() if "secret" in command] == []


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("max_auc = 0.65", "there is no option 'max_auc'; expected the long names"),
        ("config = 'a.toml'", "there is no option 'config'"),
        ("help = true", "there is no option 'help'"),
        ("no-recursive = true", "there is no option 'no-recursive'"),
        ("recursive = 1", "recursive = 1; expected true or false"),
        ("max-auc = true", "max-auc = True; expected a text or a number"),
        ("max-auc = [0.6, 0.7]", "expected a text or a number"),
        ("window = []", "expected a text, a number, or a list of these"),
        ("window = [[0, 1]]", "expected a text, a number, or a list of these"),
        ("[audit]\nmax-auc = 0.6", "there is no option 'audit'"),
        ("max-auc", "is no TOML"),
    ],
)
def test_what_is_no_option_is_refused_by_name(tmp_path, capsys, lines, why):
    path = tmp_path / "options.toml"
    path.write_text(lines)
    assert main(["audit", *FOLDERS, "--config", str(path)]) == 3
    said = capsys.readouterr().err
    assert why in said
    assert "options.toml" in said


def test_a_file_that_is_not_there_is_said(capsys):
    assert main(["audit", *FOLDERS, "--config", "no.toml"]) == 3
    assert "no.toml cannot be read" in capsys.readouterr().err


def test_a_byte_order_mark_and_other_line_ends_do_not_matter(tmp_path, capsys):
    path = tmp_path / "options.toml"
    words = ["audit", *FOLDERS, "--config", str(path)]
    for encoding in ("utf-8", "utf-8-sig"):
        path.write_bytes("# Größe\r\nbits = 8\r\n".encode(encoding))
        assert with_file(parser, words, parser().parse_args(words)) == [*words, "--bits=8"]
    path.write_bytes("bits = 8\n".encode("utf-16"))
    assert main(words) == 3
    said = capsys.readouterr().err
    assert f"{path} is no TOML" in said
    assert "in UTF-8" in said


def test_values_are_checked_as_on_the_command_line(tmp_path, capsys):
    path = tmp_path / "options.toml"
    path.write_text("bits = 12")
    with pytest.raises(SystemExit, match="3"):
        main(["audit", *FOLDERS, "--config", str(path)])
    assert "argument --bits: invalid choice: 12" in capsys.readouterr().err


def test_no_report_is_written_over_the_file_of_options(tmp_path, capsys):
    path = tmp_path / "options.toml"
    path.write_text("each-image-a-patient = true")
    assert main(["audit", *FOLDERS, "--config", str(path), "--html", str(path)]) == 3
    assert "--config and --html are one file" in capsys.readouterr().err
