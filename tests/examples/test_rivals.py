"""What rivals gain is printed for images of folders too."""

import importlib
import sys

import numpy as np
from PIL import Image

from ganisi import recommended


def test_rivals_are_weighed_on_images_of_folders(folder, copies, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["rivals.py", "--data", str(tmp_path), "--weights", "0", "4"])
    where = {"used": "real_used", "not used": "real_not_used"}
    stacks = {"generated": copies["generated"]}
    for role, name in where.items():
        stacks[name] = copies["images"][copies["role"] == role]
    for name, images in stacks.items():
        (tmp_path / name).mkdir()
        for i, image in enumerate(images):
            Image.fromarray(np.kron(image, np.ones((2, 2), np.uint8))).save(
                tmp_path / name / f"{i}.png"
            )
    rivals = importlib.import_module("rivals")
    monkeypatch.setattr(rivals, "recommended", lambda **dials: recommended(grid=8, **dials))
    rivals.main()
    head, *_, without, with_rivals = capsys.readouterr().out.splitlines()
    assert head == "8 used, 8 not used; 16 patients, 8 generated"
    assert without.split()[:2] == ["0", "1.000"]
    assert with_rivals.split()[:2] == ["4", "1.000"]
