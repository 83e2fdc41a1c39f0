import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import ganisi
from ganisi.datasets import read_run

ROOT = Path(ganisi.__file__).parents[1]
EXAMPLE = ROOT / "examples" / "reproduce_paper.py"

pytestmark = pytest.mark.skipif(not EXAMPLE.is_file(), reason="the examples are not installed")


def run(directory, *arguments):
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-W", "error", str(EXAMPLE), *arguments],
        env={**os.environ, "PYTHONPATH": path},
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_data_it_says_where_they_come_from(tmp_path):
    result = run(tmp_path)
    assert result.returncode == 2
    assert "register for the task" in result.stderr
    assert "--synthetic" in result.stderr


def test_folders_become_a_table_and_a_run_of_every_query(tmp_path, leaky):
    used, not_used = leaky.real[leaky.used == 1], leaky.real[leaky.used == 0]
    folders = {
        "development/real_used": used[:15],
        "development/real_not_used": not_used[:15],
        "development/generated": leaky.generated[:12],
        "test/real_unknown": np.concatenate([used[15:], not_used[15:]]),
        "test/generated": leaky.generated[12:32],
    }
    for folder, images in folders.items():
        (tmp_path / folder).mkdir(parents=True)
        for i, image in enumerate(images):
            Image.fromarray(image).save(tmp_path / folder / f"scan_{i}.png")
    result = run(tmp_path, "--data", str(tmp_path), "--challenge-generated", "20")
    assert result.returncode == 0, result.stderr
    assert "15 used, 15 not used, 12 generated images; 10 queries" in result.stdout
    assert "Inner test: 3 queries; fitted on 27." in result.stdout
    assert "10 queries against 20 generated images" in result.stdout
    for row in ("the paper, inner test (80)", "all 53 classical maps", "Gabor", "always used"):
        assert f"\n{row} " in result.stdout
    assert "These hold if no patient has two images" in result.stdout
    assert "of 200: 95 % Wilson interval 0.466 to 0.603" in result.stdout
    ids, predictions = read_run(tmp_path / "run.csv")
    assert ids == [f"scan_{i}" for i in range(10)]
    assert set(predictions) <= {0, 1}
