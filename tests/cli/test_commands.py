"""The commands beside audit, and what all of them share."""

import csv
import subprocess
import sys
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ganisi
from ganisi import GANISI, GaborBank, Intensity, LocalStats
from ganisi.baselines import NearestGenerated
from ganisi.cli import _attack, _describe, _reports, main, parser
from ganisi.cli._main import _COMMANDS
from ganisi.datasets import load_image_folder, make_source_identification

ROOT = Path(ganisi.__file__).parents[1]
SETS = ("generated", "used", "not_used", "queries")


@pytest.fixture(scope="module")
def data():
    return make_source_identification(12, 12, 30, size=32, leakage=1.0, random_state=0)


@pytest.fixture(scope="module")
def folders(data, tmp_path_factory):
    """Folders of PNG, and the patients of all but the last used image."""
    root = tmp_path_factory.mktemp("commands")
    other = make_source_identification(4, 4, 8, size=32, random_state=9).real
    images = data.generated, data.real[data.used == 1], data.real[data.used == 0], other
    for name, set_ in zip(SETS, images, strict=True):
        (root / name).mkdir()
        for i, image in enumerate(set_):
            Image.fromarray(image).save(root / name / f"{i:02d}.png")
    return root


@pytest.fixture
def fast(monkeypatch):
    """What `identify` asked for; a quick attack in the place of the recommended one."""
    asked = []

    def quick(**options):
        asked.append(options)
        eye, verbose = Intensity(grid=8, n_quantiles=1), options["verbose"]
        return GANISI(eye, identifier=NearestGenerated(), verbose=verbose)

    monkeypatch.setattr(_attack, "recommended", quick)
    return asked


def identify(folders, *options, whose="--each-image-a-patient"):
    paths = [str(folders / name) for name in SETS]
    return main(["identify", *paths, *([whose] if whose else []), *options])


def test_identify_writes_what_the_fitted_model_says(folders, fast, tmp_path, capsys, data):
    assert identify(folders, "--csv", str(tmp_path / "out.csv"), "--rivals", "--n-jobs", "2") == 0
    assert fast == [{"n_jobs": 2, "rivals": True, "verbose": 1, "store": None}]
    out, err = capsys.readouterr()
    assert out == ""
    assert "describing" in err
    real = [load_image_folder(folders / name).images for name in ("used", "not_used")]
    model = GANISI(Intensity(grid=8, n_quantiles=1), identifier=NearestGenerated())
    model.fit(
        real[0] + real[1],
        np.repeat([1, 0], [12, 12]),
        generated=(load_image_folder(folders / "generated").images,),
    )
    queries, names = load_image_folder(folders / "queries")
    right = model.predict_proba_interval(queries)
    np.testing.assert_array_equal(right[:, 1], model.predict_proba(queries)[:, 1])
    with open(tmp_path / "out.csv", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [["id", "probability", "low", "high"]] + [
        [n, f"{p:.4f}", f"{low:.4f}", f"{high:.4f}"]
        for n, (low, p, high) in zip(names, right, strict=True)
    ]
    assert identify(folders, "--quiet") == 0
    out, err = capsys.readouterr()
    assert out == (tmp_path / "out.csv").read_text()
    assert err == ""


def test_identify_hands_on_the_patients(folders, fast, monkeypatch):
    table = folders / "groups.csv"
    rows = [f"{name},{i:02d}.png,{name[0]}{i // 2}" for name in SETS[1:3] for i in range(12)]
    table.write_text("\n".join(["folder,file,group", *rows]))
    fitted = []
    fit = GANISI.fit
    monkeypatch.setattr(
        GANISI, "fit", lambda self, *a, **k: fitted.append(k["groups"]) or fit(self, *a, **k)
    )
    assert identify(folders, "--groups", str(table), "--quiet", whose=None) == 0
    assert len(set(fitted[0])) == 12
    assert list(fitted[0][:4]) == [*fitted[0][:1]] * 2 + [*fitted[0][2:3]] * 2
    assert identify(folders, whose=None) == 3


@pytest.mark.parametrize("views", ["none", "mirrors"])
def test_identify_looks_under_the_views_asked_for(folders, fast, monkeypatch, views):
    seen = []
    fit = GANISI.fit
    monkeypatch.setattr(
        GANISI, "fit", lambda self, *a, **k: seen.append(self.views) or fit(self, *a, **k)
    )
    assert identify(folders, "--views", views, "--quiet") == 0
    assert seen == [None if views == "none" else views]


def test_identify_refuses_what_it_knows_already_before_it_describes(
    folders, fast, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(GANISI, "fit", lambda *_, **__: pytest.fail("work"))
    paths = [str(folders / name) for name in ("generated", "used", "not_used", "used")]
    assert main(["identify", *paths, "--each-image-a-patient"]) == 3
    assert "are the same image, whose status is known" in capsys.readouterr().err
    paths[2] = paths[1]
    paths[3] = str(folders / "queries")
    assert main(["identify", *paths, "--each-image-a-patient"]) == 3
    assert "one labelled used and one not" in capsys.readouterr().err
    assert identify(folders, "--csv", str(tmp_path)) == 3
    assert "it is a folder" in capsys.readouterr().err


def test_describe_writes_the_rows_of_the_descriptors(folders, tmp_path, capsys):
    out = [tmp_path / "out.csv", tmp_path / "out.npz"]
    options = ["--n-quantiles", "4", "--grid", "2", "--csv", str(out[0]), "--npz", str(out[1])]
    names = ["--descriptor", "LocalStats", "GaborBank"]
    assert main(["describe", str(folders / "queries"), *names, *options]) == 0
    assert "describing" in capsys.readouterr().err
    images, ids = load_image_folder(folders / "queries")
    parts = [kind(n_quantiles=4, grid=2).fit(images) for kind in (LocalStats, GaborBank)]
    right = np.hstack([part.transform(images) for part in parts])
    columns = [name for part in parts for name in part.get_feature_names_out()]
    with np.load(out[1]) as written:
        np.testing.assert_array_equal(written["rows"], right)
        assert list(written["ids"]) == ids
        assert list(written["columns"]) == columns
    with open(out[0], newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["id", *columns]
    assert [row[0] for row in rows] == ids
    np.testing.assert_array_equal(np.array([row[1:] for row in rows], dtype=np.float32), right)


def test_describe_has_the_steps_asked_for(folders, tmp_path):
    images, _ = load_image_folder(folders / "queries")
    for steps in ("tails", "equal"):
        out, options = tmp_path / f"{steps}.npz", ["--descriptor", "Intensity", "--npz"]
        command = ["describe", str(folders / "queries"), *options, str(out), "--steps", steps]
        assert main(command) == 0
        right = Intensity(steps=steps).fit(images)
        with np.load(out) as written:
            np.testing.assert_array_equal(written["rows"], right.transform(images))
            assert written["columns"].tolist() == right.get_feature_names_out().tolist()


@pytest.mark.parametrize("names", [[], ["Intensity"]])
def test_describe_takes_the_paper_s_stack_or_one(folders, tmp_path, names):
    options = ["--descriptor", *names] if names else []
    out = tmp_path / "out.npz"
    words = [str(folders / "queries"), *options, "--n-quantiles", "1", "--npz", str(out)]
    assert main(["describe", *words, "--quiet"]) == 0
    with np.load(out) as written:
        assert written["rows"].shape == (8, 1 if names else 53)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ([], "give --npz FILE or --csv FILE"),
        (["--descriptor", "classical", "Intensity", "--csv", "o"], "name it alone"),
        (["--descriptor", "Intensity", "Intensity", "--csv", "o"], "name each once"),
        (["--csv", "o", "--npz", "o"], "are one file"),
        (["--csv", "o", "--n-quantiles", "0"], "n_quantiles"),
        (["--csv", "o", "--grid", "500"], "grid <= 32"),
        (["--npz", "no/such/o"], "its folder does not exist"),
    ],
)
def test_describe_refuses_before_it_describes(folders, tmp_path, monkeypatch, capsys, options, why):
    monkeypatch.setattr(_describe, "described", lambda *_, **__: pytest.fail("work"))
    monkeypatch.chdir(tmp_path)
    assert main(["describe", str(folders / "queries"), *options]) == 3
    assert why in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_cannot_be_written_is_saved_elsewhere(folders, tmp_path, monkeypatch, capsys):
    def full(*_, **__):
        raise OSError("no space left on device")

    monkeypatch.setattr(_describe, "write_text", full)
    words = ["--descriptor", "Intensity", "--csv", str(tmp_path / "o.csv"), "--quiet"]
    assert main(["describe", str(folders / "queries"), *words]) == 3
    assert "nor to a folder for temporary files" in capsys.readouterr().err


def test_no_id_is_a_formula(tmp_path):
    (tmp_path / "set").mkdir()
    Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8)).save(tmp_path / "set" / "=1+1.png")
    out = tmp_path / "o.csv"
    words = ["describe", str(tmp_path / "set"), "--descriptor", "Intensity", "--csv", str(out)]
    assert main([*words, "--n-quantiles", "1", "--quiet"]) == 0
    assert out.read_text().splitlines()[1] == "'=1+1,31.5"


@pytest.mark.skipif(sys.platform != "linux", reason="needs names of any bytes")
def test_a_name_that_is_no_text_loses_no_table(tmp_path):
    (tmp_path / "set").mkdir()
    image = Image.fromarray(np.arange(64, dtype=np.uint8).reshape(8, 8))
    for name in ("a\udcff.png", "b\x1b[2J.png"):
        image.save(tmp_path / "set" / "new.png")
        (tmp_path / "set" / "new.png").rename(tmp_path / "set" / name)
    csv_file, npz_file = tmp_path / "o.csv", tmp_path / "o.npz"
    words = ["describe", str(tmp_path / "set"), "--descriptor", "Intensity", "--n-quantiles", "1"]
    assert main([*words, "--quiet", "--csv", str(csv_file), "--npz", str(npz_file)]) == 0
    assert csv_file.read_text("utf-8").splitlines()[1:] == [r"a\udcff,31.5", r"b\x1b[2J,31.5"]
    assert np.load(npz_file)["ids"].tolist() == ["a\udcff", "b\x1b[2J"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("is_full_everywhere", [False, True])
def test_probabilities_on_a_full_standard_output_are_saved_elsewhere(
    folders, fast, tmp_path, monkeypatch, capsys, is_full_everywhere
):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_reports.tempfile, "tempdir", str(tmp_path))
    if is_full_everywhere:
        monkeypatch.setattr(_reports.tempfile, "mkdtemp", full)
    words = ["identify", *(str(folders / name) for name in SETS), "--each-image-a-patient"]
    with open("/dev/full", "w") as nowhere, redirect_stdout(nowhere):
        status = main([*words, "--quiet"])
    said = capsys.readouterr().err
    assert "standard output could not be written: [Errno 28]" in said
    assert status == (3 if is_full_everywhere else 0)
    saved = list(tmp_path.glob("ganisi-*/queries.csv"))
    assert [path.read_text().startswith("id,probability,low,high\n") for path in saved] == (
        [] if is_full_everywhere else [True]
    )


def test_versions_are_told_in_both_ways(capsys):
    assert main(["version"]) == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first == f"ganisi {ganisi.__version__}"
    assert {line.split()[0] for line in rest} >= {"python", "numpy", "scikit-learn"}
    with pytest.raises(SystemExit, match="0"):
        main(["--version"])
    assert capsys.readouterr().out == f"{first}\n"


@pytest.mark.parametrize("command", _COMMANDS)
def test_the_help_has_a_worked_example_that_is_understood(command, capsys):
    from shlex import split

    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])
    example = capsys.readouterr().out.partition("\nexample:\n")[2].partition("\n\n")[0]
    words = split(example.replace("\\\n", " "))
    assert words[:2] == ["ganisi", command]
    assert parser().parse_args(words[1:]).command == command


def test_a_shell_completes_commands_options_and_choices_of_the_parser():
    shtab = pytest.importorskip("shtab")
    script = shtab.complete(parser(), "bash")
    for word in (*_COMMANDS, "--max-auc", "--no-recursive", "dihedral"):
        assert word in script
    assert "complete -o bashdefault" in script  # Files and folders as everywhere.


def test_the_script_and_the_module_are_one():
    tomllib = pytest.importorskip("tomllib")
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert scripts == {"ganisi": "ganisi.cli:main"}
    done = subprocess.run([sys.executable, "-m", "ganisi"], capture_output=True, text=True)
    assert done.returncode == 3
    assert done.stderr.startswith("usage: ganisi ")
