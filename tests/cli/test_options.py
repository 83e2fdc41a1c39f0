"""Options that cannot be are refused by every command before it describes an image."""

import numpy as np
import pytest
from PIL import Image

from ganisi.cli import main
from ganisi.descriptors import TextureDescriptor

FOLDERS = ("generated", "used", "not_used", "query")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """Four folders of six small images each, and a file that is no folder."""
    rng, root = np.random.default_rng(0), tmp_path_factory.mktemp("options")
    for name in FOLDERS:
        (root / name).mkdir()
        for i in range(6):
            image = rng.integers(0, 256, (64, 64), dtype=np.uint8)
            Image.fromarray(image).save(root / name / f"{i}.png")
    (root / "file").write_text("file")
    return root


READING = {
    "--window": ["5"],
    "--window 9": ["3"],
    "--window wide": [],
    "--bits": ["7"],
    "--axis": ["up"],
    "--spacing": ["-1"],
    "--spacing 0": [],
    "--spacing nan": [],
}
RUNNING = {"--n-jobs": ["0"], "--n-jobs x": [], "--n-jobs 1.5": [], "--config": ["{root}/none"]}
ATTACK = {
    "--views": ["all"],
    "--views dihedral --patient": ["folder:0"],
    "--store": ["{root}/file", "{root}/used/store"],
    "--store {root}/not_used": [],
    "--groups": ["{root}/none.csv"],
    "--groups {root}/file": [],
    "--patient": [""],
    "--patient NoSuchElement": [],
}
AUDIT = {
    "--max-auc": ["0.5"],
    "--max-auc 2": [],
    "--max-auc nan": [],
    "--max-share": ["0"],
    "--max-share nan": [],
    "--alpha": ["0"],
    "--alpha 0.5": [],
    "--alpha nan": [],
    "--n-permutations": ["5"],
    "--prevalence": ["1"],
    "--prevalence nan": [],
    "--seed": ["-1"],
    "--seed 4294967296": [],
    "--names": ["all"],
    "--query": ["{root}/none"],
    "--html": ["{root}/used"],
    "--json": ["{root}/none/a.json"],
    "--html {root}/a --json {root}/a": [],
}
DESCRIBE = {
    "--grid": ["0"],
    "--grid 65": [],
    "--n-quantiles": ["0"],
    "--descriptor": ["Nonsense"],
    "--descriptor Intensity Intensity": [],
    "--descriptor classical Intensity": [],
    "--csv": ["{root}/used"],
    "--npz": ["{root}/none/a.npz"],
}
IDENTIFY = {"--csv": ["{root}/used"]}
OPTIONS = [
    pytest.param(command, " ".join([words, *more]), id=f"{command} {' '.join([words, *more])}")
    for command, of_command in (
        ("audit", READING | RUNNING | ATTACK | AUDIT),
        ("identify", READING | RUNNING | ATTACK | IDENTIFY),
        ("describe", READING | RUNNING | DESCRIBE),
    )
    for words, more in of_command.items()
]


@pytest.mark.parametrize(("command", "words"), OPTIONS)
def test_options_that_cannot_be_are_refused_before_an_image_is_described(
    root, tmp_path, command, words, monkeypatch, capsys
):
    monkeypatch.setattr(TextureDescriptor, "transform", lambda *_: pytest.fail("described"))
    folders = {"audit": FOLDERS[:3], "identify": FOLDERS, "describe": FOLDERS[:1]}[command]
    options = [word.format(root=root) for word in words.split(" ")]
    if command != "describe" and not {"--groups", "--patient"} & set(options):
        options.append("--each-image-a-patient")
    if command == "describe" and not {"--csv", "--npz"} & set(options):
        options += ["--csv", str(tmp_path / "a.csv")]
    try:
        status = main([command, *(str(root / name) for name in folders), *options, "--quiet"])
    except SystemExit as error:
        status = error.code
    said = capsys.readouterr()
    assert status == 3
    assert said.out == ""
    assert not (tmp_path / "a.csv").exists()
    option = options[0]
    words = {option, option.strip("-").replace("-", "_"), *options[1:2]}
    assert any(word in said.err for word in words if word), said.err
    assert "Traceback" not in said.err
