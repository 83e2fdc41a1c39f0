"""``ganisi release``: the list, the folder of what may go, and the exit status."""

import csv
import json
import os
import sys
from functools import partial

import numpy as np
import pytest
from PIL import Image

from ganisi import GANISI, CDFWassersteinPairer, Intensity, recommended
from ganisi.baselines import NearestGenerated
from ganisi.cli import _attack, _filling, _release, main
from ganisi.plotting import ContactSheetDisplay

SIDE = 8
N_USED, N_NOT_USED, N_FREE = 25, 30, 20
FOLDERS = ("generated", "used", "not_used")


@pytest.fixture
def root(tmp_path):
    """Folders of PNG: of the generated images 20 are of nobody, and 25 near copies."""
    rng = np.random.default_rng(0)
    real = rng.integers(0, 256, (N_USED + N_NOT_USED, SIDE, SIDE))
    copies = np.clip(real[:N_USED] + rng.integers(-4, 5, (N_USED, SIDE, SIDE)), 0, 255)
    sets = (
        np.concatenate([rng.integers(0, 256, (N_FREE, SIDE, SIDE)), copies]),
        *np.split(real, [N_USED]),
    )
    for name, images in zip(FOLDERS, sets, strict=True):
        (tmp_path / name).mkdir()
        for i, image in enumerate(images):
            Image.fromarray(image.astype(np.uint8)).save(tmp_path / name / f"{i:02d}.png")
    return tmp_path


@pytest.fixture
def fast(monkeypatch):
    """What `release` is asked for; a quick attack in the place of the recommended one."""
    asked = []

    def quick(**_):
        pairer = CDFWassersteinPairer(n_quantiles=1, grid=SIDE, relative=True)
        eye = Intensity(grid=SIDE, n_quantiles=1)
        return GANISI(eye, pairer=pairer, identifier=NearestGenerated())

    made = partial(_release.release, baselines={})
    monkeypatch.setattr(_attack, "recommended", quick)
    monkeypatch.setattr(
        _release, "release", lambda *a, **named: asked.append((a, named)) or made(*a, **named)
    )
    return asked


def run(root, *options, folders=FOLDERS, whose=("--each-image-a-patient",)):
    words = [str(root / name) for name in folders]
    listed = [] if "--list" in options else ["--list", str(root / "list.csv")]
    few = ["--n-permutations", "19", "--quiet"]
    return main(["release", *words, *whose, *listed, *few, *map(str, options)])


def table(root):
    with open(root / "list.csv", newline="") as file:
        return list(csv.DictReader(file))


def state(root):
    """Names, contents and times of everything in the folders of images."""
    return {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for name in FOLDERS
        for path in (root / name).rglob("*")
        if path.is_file()
    }


def test_what_may_go_is_copied_and_the_rest_is_listed(root, fast, capsys):
    before = state(root)
    options = ("--to", root / "out", "--html", root / "page.html", "--json", root / "report.json")
    status = run(root, *options, "--design", "randomised", "--max-auc", "0.99")
    rows = table(root)
    assert [row["generated"] for row in rows] == [f"{i:02d}.png" for i in range(45)]
    assert {row["decision"] for row in rows[N_FREE:]} == {"withhold"}
    kept = {row["generated"] for row in rows if row["decision"] == "release"}
    assert set(os.listdir(root / "out")) == kept
    for name in kept:
        assert (root / "out" / name).read_bytes() == (root / "generated" / name).read_bytes()
    assert state(root) == before
    report = json.loads((root / "report.json").read_text())
    verdicts = ["no leakage detected at this power", "leakage detected", "cannot say"]
    assert status == verdicts.index(report["verdict"])
    assert report["before"]["verdict"] == "leakage detected"
    assert report["may_go"] == len(kept)
    text = (root / "page.html").read_text() + (root / "report.json").read_text()
    assert str(root) not in text
    assert "00.png" not in text
    assert {row["nearest"][:2] for row in rows} == {"X["}
    out = capsys.readouterr().out
    assert "RELEASE OF SYNTHETIC IMAGES" in out
    assert not [name for name in os.listdir(root) if name.startswith(".ganisi")]


@pytest.mark.parametrize("link", ["hard", "symbolic"])
def test_links_are_made_on_request(root, fast, link):
    (root / "out").mkdir()
    run(root, "--to", root / "out", "--link", link)
    made = sorted((root / "out").iterdir())
    assert made
    for path in made:
        assert path.samefile(root / "generated" / path.name)
        assert path.is_symlink() == (link == "symbolic")


class Found:
    """What `release` would return."""

    def __init__(self, verdict="cannot say", may_go=True, within_bound=True, n=45):
        self.verdict, self.within_bound = verdict, within_bound
        self.may_go = np.arange(n) < (3 if may_go else 0)

        self.names = tuple(f"{i:02d}.png" for i in range(n))
        self.nearest = np.maximum(np.arange(n) - N_FREE, 0)

    def columns(self):
        reason = np.where(np.arange(len(self.names)) < N_FREE, "", "near copy")
        return {
            "generated": self.names, "nearest": [f"X[{i}]" for i in self.nearest],
            "view": ["as it is"] * len(reason), "margin": self.nearest, "reason": reason.tolist(),
            "decision": np.where(reason == "", "release", "withhold"),
        }  # fmt: skip

    def __str__(self):
        return "the release"

    def dated(self, *_):
        return self

    def to_csv(self, path):
        with open(path, "w") as file:
            file.write("the list")


@pytest.fixture
def found(monkeypatch):
    """Let `release` return at once what a test says."""

    def returns(*arguments, before=lambda: None, **named):
        def release(*_, **__):
            before()
            return Found(*arguments, **named)

        monkeypatch.setattr(_release, "release", release)

    return returns


@pytest.fixture
def drawn(monkeypatch):
    """What the sheet is asked for, and that it is drawn."""
    asked = []
    make = ContactSheetDisplay.from_list.__func__

    def from_list(cls, *given, **named):
        asked.append((given, named, make(cls, *given, **named)))
        return asked[-1][2]

    monkeypatch.setattr(ContactSheetDisplay, "from_list", classmethod(from_list))
    return asked


@pytest.mark.parametrize("kind", [".png", ".pdf", ".svg"])
def test_a_sheet_shows_nothing_private_unless_asked(root, found, matplotlib, drawn, kind):
    found()
    sheet = root / f"sheet{kind}"
    before = state(root)
    run(root, "--sheet", sheet, "--to", root / "out")
    assert sheet.stat().st_size > 5000
    ((_, named, display),) = drawn
    assert named == {}
    assert display.nearest is None
    assert [one is None for one in display.generated] == [bool(why) for why in display.reasons]
    assert state(root) == before
    assert sheet.name not in os.listdir(root / "out")
    assert matplotlib.pyplot.get_fignums() == []


def test_with_images_the_real_ones_are_those_of_the_list(root, found, matplotlib, drawn):
    found()
    run(root, "--sheet", root / "sheet.png", "--with-images")
    (((_, generated), named, display),) = drawn
    assert len(generated) == 45
    names = [path.name for path in sorted((root / "used").iterdir())]
    real = [np.asarray(Image.open(root / "used" / name)) for name in names]
    for i, name in enumerate(display.names):
        k = int(name[:2])
        if display.reasons[i]:
            assert k >= N_FREE
            np.testing.assert_array_equal(display.nearest[i], real[k - N_FREE])
    assert named["views"] == recommended().views


def test_without_not_used_images_a_sheet_shows_nothing_unless_asked(root, matplotlib, drawn):
    for options in ((), ("--with-images",)):
        run(root, "--sheet", root / "copies.png", *options, folders=FOLDERS[:2])
        assert (root / "copies.png").stat().st_size > 5000
    (*_, bare), (*_, shown) = drawn
    assert not bare.cleared
    assert set(bare.generated) == {None}
    assert len(shown.nearest) == len(shown.generated) > 0
    assert not any(image is None for image in shown.generated)


def test_a_sheet_that_cannot_be_is_refused_before_the_work(
    root, found, capsys, matplotlib, monkeypatch
):
    found(before=lambda: pytest.fail("work"))
    for options, why in [
        (("--with-images",), "name it (--sheet F)"),
        (("--sheet", root / "sheet.txt"), "end it in .png, .pdf, .svg"),
        (("--sheet", root / "used" / "sheet.png"), "lies in"),
        (("--sheet", root / "none" / "sheet.png"), "sheet.png cannot be written"),
        (("--html", root / "a.svg", "--sheet", root / "a.svg"), "are one file"),
    ]:
        assert run(root, *options) == 3, options
        assert why in " ".join(capsys.readouterr().err.split()), options
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    assert run(root, "--sheet", root / "a.png") == 3
    assert "--sheet needs matplotlib" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("verdict", "may_go", "within", "status"),
    [
        ("no leakage detected at this power", True, True, 0),
        ("leakage detected", False, True, 1),
        ("cannot say", True, True, 2),
        ("cannot say", False, True, 2),
        ("no leakage detected at this power", False, False, 1),
        ("cannot say", False, False, 1),
    ],
)
def test_the_status_says_what_is_left_and_the_folder_is_made_where_something_may_go(
    root, found, verdict, may_go, within, status, capsys
):
    found(verdict, may_go, within)
    assert run(root, "--to", root / "out") == status
    assert (root / "list.csv").read_text() == "the list"
    assert (root / "out").exists() == may_go
    assert ("is not made: nothing may go" in capsys.readouterr().err) != may_go


def test_options_and_patients_reach_the_release(root, found, monkeypatch):
    asked = []
    monkeypatch.setattr(_release, "release", lambda *a, **k: asked.append((a, k)) or Found())
    rows = [(name, f"{i:02d}.png", f"{name}{i // 2}") for name in FOLDERS[1:] for i in range(30)]
    with open(root / "groups.csv", "w", newline="") as file:
        csv.writer(file).writerows([("folder", "file", "group"), *rows])
    options = ["--fdr", "0.1", "--rounds", "3", "--max-withheld", "0.4", "--max-auc", "0.7"]
    options += ["--alpha", "0.01", "--seed", "5", "--design", "randomised", "--names", "full"]
    options += ["--n-permutations", "99", "--prevalence", "0.02", "--max-disclosure-risk", "0.09"]
    options += ["--store", str(root / "store")]
    run(root, *options, whose=("--groups", str(root / "groups.csv")))
    ((attack, images, labels), named), *_ = asked
    assert labels == [1] * N_USED + [0] * N_NOT_USED
    assert len(images) == len(named["groups"]) == 55
    assert len(set(named["groups"])) == 13 + 15
    assert attack.views is not None
    assert attack.store == str(root / "store")
    wanted = {
        "fdr": 0.1, "rounds": 3, "max_withheld": 0.4, "max_auc": 0.7, "alpha": 0.01,
        "random_state": 5, "design": "randomised", "n_permutations": 99, "names": "full",
        "prevalence": 0.02, "max_disclosure_risk": 0.09,
    }  # fmt: skip
    assert {name: named[name] for name in wanted} == wanted
    assert named["generated_names"][:2] == ["00.png", "01.png"]
    assert named["real_names"][0] == "used/00.png"
    assert named["real_names"][-1] == "not_used/29.png"


def test_nothing_is_written_into_folders_of_images_nor_over_anything(root, found, capsys):
    found(before=lambda: pytest.fail("work"))
    (root / "full").mkdir()
    (root / "full" / "a.txt").write_text("a")
    (root / "link").symlink_to("generated")
    for options, why in [
        (("--to", root / "generated" / "out"), "or one lies in the other"),
        (("--to", root / "link"), "or one lies in the other"),
        (("--to", root), "or one lies in the other"),
        (("--to", root / "full"), "is not empty"),
        (("--to", root / "none" / "out"), "its folder does not exist"),
        (("--list", root / "used" / "l.csv"), "lies in"),
        (("--html", root / "not_used" / "r.html"), "lies in"),
        (("--json", root / "link" / "r.json"), "lies in"),
        (("--list", root / "list.csv", "--html", root / "list.csv"), "are one file"),
        (("--link", "hard"), "give --to, or leave it out"),
    ]:
        assert run(root, *options) == 3, options
        assert why in capsys.readouterr().err, options
    (root / "out").mkdir()
    for options in (
        ("--list", root / "out" / "l.csv"),
        ("--store", root / "out"),
        ("--store", root / "out" / "rows"),
    ):
        assert run(root, "--to", root / "out", *options) == 3
        assert "hold what may go and nothing else" in " ".join(capsys.readouterr().err.split())
        assert not list((root / "out").iterdir())


def test_slices_of_a_file_are_listed_but_refused_where_they_were_to_be_copied(root, found, capsys):
    np.save(root / "stack.npy", np.zeros((45, SIDE, SIDE), np.uint8))
    (root / "generated").rename(root / "apart")
    (root / "generated").mkdir()
    (root / "stack.npy").rename(root / "generated" / "stack.npy")
    found()
    assert run(root) == 2
    found(before=lambda: pytest.fail("work"))
    assert run(root, "--to", root / "out") == 3
    err = capsys.readouterr().err
    assert "45 synthetic images are no files of their own" in err
    assert "stack.npy[0]" in err
    assert "leave --to out" in err


def test_folders_in_the_folder_are_kept_apart(root, found):
    (root / "generated" / "0").mkdir()
    (root / "generated" / "00.png").rename(root / "generated" / "0" / "01.png")
    found()
    run(root, "--recursive", "--to", root / "out")
    made = {path.relative_to(root / "out").as_posix() for path in (root / "out").rglob("*.png")}
    assert made == {"0/01.png", "01.png", "02.png"}


@pytest.mark.parametrize("link", [(), ("--link", "hard"), ("--link", "symbolic")])
def test_a_file_that_changes_meanwhile_is_not_released(root, found, capsys, link):
    def change():
        Image.new("L", (SIDE, SIDE), 7).save(root / "generated" / "02.png")

    found(before=change)
    assert run(root, "--to", root / "out", *link) == 3
    assert "02.png has changed since it was looked at" in capsys.readouterr().err
    assert not (root / "out").exists()
    assert (root / "list.csv").exists()


@pytest.mark.parametrize("stopped", [KeyboardInterrupt, OSError("disk full")])
def test_a_folder_half_filled_is_not_there(root, found, monkeypatch, stopped):
    copied = []

    def copyfile(*names):
        copied.append(names)
        if len(copied) == 2:
            raise stopped

    found()
    monkeypatch.setattr(_filling.shutil, "copyfile", copyfile)
    before = state(root)
    assert run(root, "--to", root / "out") == (3 if isinstance(stopped, OSError) else 130)
    assert len(copied) == 2
    assert not (root / "out").exists()
    assert not [name for name in os.listdir(root) if name.startswith(".ganisi")]
    assert state(root) == before


def test_without_not_used_images_near_copies_are_listed_and_nothing_is_cleared(root, capsys):
    few = ("generated", "used")
    assert run(root, folders=few) == 2
    assert {row["decision"] for row in table(root)} == {"not cleared"}
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 94
    assert out.startswith("0 of 45 synthetic images are copies")
    assert "What would make an audit possible" in out
    (root / "generated" / "07.png").write_bytes((root / "used" / "04.png").read_bytes())
    assert run(root, folders=few) == 1
    assert table(root)[7]["decision"] == "withhold"
    assert table(root)[7]["nearest"] == "X[4]"
    for option in ("--to", "--html", "--json"):
        assert run(root, option, root / "out", folders=few) == 3
        assert "nothing can be cleared" in capsys.readouterr().err
        assert not (root / "out").exists()
    assert run(root, folders=few, whose=()) == 3
