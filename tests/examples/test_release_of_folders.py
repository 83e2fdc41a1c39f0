"""What lists withhold of folders is counted, by chance too, and refusals are said."""

import csv
import importlib
import re

import numpy as np
from PIL import Image

SIDE = 32


def test_lists_of_folders_are_counted(folder, tmp_path, capsys):
    rng = np.random.default_rng(0)
    sets = {
        "real_used": rng.integers(0, 256, (12, SIDE, SIDE)),
        "real_not_used": rng.integers(0, 256, (24, SIDE, SIDE)),
    }
    near = np.clip(sets["real_used"] + rng.integers(-4, 5, (12, SIDE, SIDE)), 0, 255)
    sets["generated"] = np.concatenate([near, rng.integers(0, 256, (6, SIDE, SIDE))])
    rows = [("folder", "file", "group")]
    for name, images in sets.items():
        (tmp_path / name).mkdir()
        for i, image in enumerate(images):
            Image.fromarray(image.astype(np.uint8)).save(tmp_path / name / f"{i:02d}.png")
            rows.append((name, f"{i:02d}.png", f"{name} {i}"))
    with open(tmp_path / "groups.csv", "w", newline="") as file:
        csv.writer(file).writerows(rows)
    study = importlib.import_module("release_of_folders")
    study.main([str(tmp_path), "--draws", "3", "--fdr", "0.01", "0.2", "--utility"])
    head, refused, listed, away, by_chance = capsys.readouterr().out.splitlines()
    assert head == "18 generated, 12 used and 24 not-used images"
    assert "nothing can be found at fdr=0.01" in refused
    # Chance may bring an image of nobody as near to a patient who leaks.
    found = re.fullmatch(
        r"pixels, fdr 0.2: (\d+) withheld, 0 of them as copies only, naming 12 used images", listed
    )
    assert 12 <= int(found[1]) <= 18
    numbers = re.fullmatch(
        r"  distance to not-used images: published (\S+), kept (\S+), as many by lot (\S+)", away
    )
    # All are noise of one kind.
    assert all(abs(float(one)) < 0.2 for one in numbers.groups())
    assert by_chance.startswith("  by chance, anything withheld for nearness: 0.")
