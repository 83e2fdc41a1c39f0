"""The script that trains generators: toys of all kinds, interruption, and who saw which image."""

import dataclasses
import hashlib
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from generator_runs import FOLDER, NOT_USED, SIBLING, USED, read, rows, run
from PIL import Image

ROLES = {USED, NOT_USED, SIBLING}


# ---- what is drawn, without torch


def test_every_role_has_its_images_and_patients_are_used_or_not(generators, smallest):
    real, training = generators.data.draw_phantoms(smallest, 0)
    assert {role: int((real["role"] == role).sum()) for role in ROLES} == dict.fromkeys(ROLES, 8)
    assert training.shape == (8, 32, 32)
    patients = {role: set(real["groups"][real["role"] == role]) for role in ROLES}
    assert patients["used"] == patients["unused slice of a used patient"]
    assert not patients["used"] & patients["not used"]
    assert sorted(patients["used"] | patients["not used"]) == list(range(8))
    np.testing.assert_array_equal(real["used"], real["role"] == "used")
    # Held out by patient, of both groups alike.
    held_out = {
        role: set(real["groups"][real["held_out"] & (real["role"] == role)]) for role in ROLES
    }
    assert [len(held_out[role]) for role in sorted(ROLES)] == [1, 1, 1]
    assert not set(real["groups"][real["held_out"]]) & set(real["groups"][~real["held_out"]])


def test_real_images_do_not_depend_on_what_is_trained_on(generators, smallest):
    real, training = generators.data.draw_phantoms(smallest, 0)
    for changes in ({"trained_on": "others"}, {"n_training": 9}, {"augmentation": "flips"}):
        other, others = generators.data.draw_phantoms(dataclasses.replace(smallest, **changes), 0)
        for name in real:
            np.testing.assert_array_equal(real[name], other[name])
        if "trained_on" in changes:
            assert not rows(others) & rows(training)
    again, _ = generators.data.draw_phantoms(smallest, 1)
    assert not rows(real["images"]) & rows(again["images"])


@pytest.mark.parametrize("kind", ["strong", "flips", "affine", "weak", "early", "gan", "vae"])
def test_training_images_are_the_used_ones_and_no_other(generators, kind):
    settings = generators.toy(generators.KINDS[kind])
    real, training = generators.data.draw_phantoms(settings, 3)
    used, unused = (rows(real["images"][real["used"] == label]) for label in (1, 0))
    assert used <= rows(training)
    assert not rows(training) & unused
    assert len(rows(training)) == 2 * settings.n_training


def test_the_generator_of_other_patients_trains_on_no_image_of_the_set(generators):
    real, training = generators.data.draw_phantoms(generators.toy(generators.KINDS["other"]), 3)
    assert not rows(training) & rows(real["images"])
    flips, _ = generators.data.draw_phantoms(generators.toy(generators.KINDS["flips"]), 3)
    np.testing.assert_array_equal(real["images"], flips["images"])


def test_copies_are_measured_as_memory_and_other_patients_as_none(generators, smallest):
    settings = dataclasses.replace(smallest, n_patients=20, n_training=20)
    real, training = generators.data.draw_phantoms(settings, 0)
    copied = generators.data.measure(real, training[:, :, ::-1], training)
    assert copied["pixel nearest, ROC AUC"] == {"other patients": 1.0, "same patients": 1.0}
    assert copied["generated to nearest training image, 10 50 90 %"] == [0, 0, 0]
    assert copied["training images that are nearest to a generated one"] == len(training)
    _, others = generators.data.draw_phantoms(dataclasses.replace(settings, trained_on="others"), 0)
    innocent = generators.data.measure(real, others, others)
    assert 0.3 < innocent["pixel nearest, ROC AUC"]["other patients"] < 0.7


def test_a_sheet_shows_the_nearest_training_image_below_each_the_way_round_it_is_nearer(generators):
    training = np.random.default_rng(0).integers(0, 256, (5, 8, 8), dtype=np.uint8)
    generated = np.stack([training[3], training[1][:, ::-1]])
    sheet = generators.data.draw_sheet(generated, training, columns=2)
    np.testing.assert_array_equal(sheet[:8], sheet[8:])
    np.testing.assert_array_equal(sheet[:8], np.concatenate(list(generated), axis=1))


# ---- the whole run


@pytest.fixture(scope="module")
def quick(torch, tmp_path_factory):
    if not FOLDER.is_dir():
        pytest.skip("the examples are not here")
    folder = tmp_path_factory.mktemp("quick")
    result = run("--quick", "--out", folder)
    assert result.returncode == 0, result.stderr
    return folder, result.stdout


def test_a_quick_run_stores_a_set_of_every_kind(quick, generators):
    folder, _ = quick
    for kind, settings in generators.KINDS.items():
        arrays, record = read(folder, f"{kind}-0")
        assert arrays["generated"].shape == (24, 32, 32)
        assert arrays["generated"].dtype == arrays["images"].dtype == np.uint8
        assert set(arrays["role"]) == ROLES
        assert record["kind"] == kind
        assert record["settings"]["learner"] == settings.learner
        assert record["settings"]["seed"] == 0
        assert record["curve"][-1]["step"] == record["settings"]["stop"]
        assert set(record["versions"]) == {"ganisi", "python", "numpy", "torch", "machine"}
        assert record["seconds of training"] > 0
        sheet = np.asarray(Image.open(folder / f"{kind}-0.png"))
        assert sheet.shape[1] == 10 * 32
    assert len(list(folder.iterdir())) == 3 * len(generators.KINDS)


def test_checksums_are_those_of_the_files_and_of_the_arrays(quick):
    folder, _ = quick
    arrays, record = read(folder, "gan-0")
    for file, digest in record["sha256"].items():
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == digest
    assert sorted(record["sha256"]) == ["gan-0.npz", "gan-0.png"]
    for name, values in arrays.items():
        assert hashlib.sha256(values.tobytes()).hexdigest() == record["sha256 of arrays"][name]


def test_kinds_differ_in_what_they_generate(quick, generators):
    folder, _ = quick
    drawn = {read(folder, f"{kind}-0")[0]["generated"].tobytes() for kind in generators.KINDS}
    assert len(drawn) == len(generators.KINDS)


def test_a_second_run_trains_nothing_and_other_settings_are_refused(quick):
    folder, _ = quick
    before = (folder / "vae-0.json").read_bytes()
    again = run("--quick", "--only", "vae", "--out", folder)
    assert again.stdout == "vae-0: already there\n"
    assert (folder / "vae-0.json").read_bytes() == before
    whole = run("--only", "vae", "--out", folder)
    assert whole.returncode == 1
    assert "vae-0.json was made with other settings" in whole.stderr


def test_the_same_seed_gives_the_same_set_and_a_killed_training_goes_on_to_it(quick, tmp_path):
    command = [sys.executable, "-u", str(FOLDER / "generators.py")]
    command += ["--quick", "--only", "flips", "--out", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            # The checkpoint of step 20 is written, that of step 40 may be, in part.
            if "step 40" in line:
                process.kill()
                break
    assert not (tmp_path / "flips-0.json").exists()
    result = run("--quick", "--only", "flips", "--out", tmp_path)
    assert "goes on after step" in result.stdout, result.stderr
    whole, resumed = read(quick[0], "flips-0"), read(tmp_path, "flips-0")
    assert whole[1]["sha256 of arrays"] == resumed[1]["sha256 of arrays"]
    assert whole[1]["curve"] == resumed[1]["curve"]
    assert not list(tmp_path.glob("*.checkpoint"))


# ---- bad input


def test_without_torch_a_sentence_says_what_to_install(tmp_path, folder):
    (tmp_path / "torch.py").write_text("raise ModuleNotFoundError('No module named torch')")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    result = run("--quick", "--out", tmp_path / "sets", env={**os.environ, "PYTHONPATH": path})
    assert result.returncode == 1
    assert result.stderr.startswith("Training generators needs torch (ModuleNotFoundError: No mod")
    assert 'pip install "ganisi[deep]"' in result.stderr
    assert not (tmp_path / "sets").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "strongest"], "invalid choice: 'strongest'"),
        (["--seed", "-1"], "argument --seed: from 0 to 4294967295, got -1"),
        (["--seed", "one"], "invalid int value: 'one'"),
    ],
)
def test_bad_arguments_are_refused_by_name(folder, arguments, message):
    result = run(*arguments)
    assert result.returncode == 2
    assert message in result.stderr


def test_a_file_where_the_folder_should_be_is_said(torch, folder, tmp_path):
    path = tmp_path / "sets"
    path.write_text("")
    result = run("--quick", "--out", path)
    assert result.returncode == 1
    assert result.stderr.startswith(f"Cannot write to {path}")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sha256": 3}'])
def test_a_record_that_is_none_is_said(generators, tmp_path, content):
    (tmp_path / "gan-0.json").write_text(content)
    with pytest.raises(SystemExit, match=r"gan-0\.json is not a record of a set"):
        generators.data.stored(tmp_path, "gan-0")


def test_files_that_are_not_those_of_the_record_are_said(generators, tmp_path):
    (tmp_path / "gan-0.npz").write_bytes(b"one")
    digest = hashlib.sha256(b"other").hexdigest()
    (tmp_path / "gan-0.json").write_text(json.dumps({"sha256": {"gan-0.npz": digest}}))
    with pytest.raises(SystemExit, match="their checksums differ"):
        generators.data.stored(tmp_path, "gan-0")
