"""The script that trains generators: toys of all kinds, interruption, and who saw which image."""

import dataclasses
import hashlib
import io
import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

FOLDER = Path(__file__).parents[1] / "examples" / "benchmarks"
ROLES = {"used", "not used", "unused slice of a used patient"}


@pytest.fixture
def folder(monkeypatch):
    if not FOLDER.is_dir():
        pytest.skip("the examples are not here")
    monkeypatch.syspath_prepend(str(FOLDER))
    yield FOLDER
    for name in ("generators", "_generator_data", "_generator_models"):
        sys.modules.pop(name, None)


@pytest.fixture
def generators(folder):
    import generators

    return generators


@pytest.fixture
def models(torch, folder):
    """The generators in torch, and torch as it was before."""
    n_threads = torch.get_num_threads()
    import _generator_models

    yield _generator_models
    torch.set_num_threads(n_threads)
    torch.use_deterministic_algorithms(False)


@pytest.fixture
def smallest(generators):
    """Settings of `strong`, for a second of training."""
    return dataclasses.replace(
        generators.toy(generators.KINDS["strong"]), n_patients=4, n_training=4
    )


def run(*arguments, **options):
    command = [sys.executable, str(FOLDER / "generators.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=3600, **options)


def read(folder, name):
    with np.load(folder / f"{name}.npz") as arrays:
        return dict(arrays), json.loads((folder / f"{name}.json").read_text())


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


def rows(images):
    return {image.tobytes() for image in np.asarray(images)}


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


# ---- checkpoints


def killed_at(step):
    def report(line):
        if f"step {step}," in line:
            raise KeyboardInterrupt

    return report


@pytest.mark.parametrize("learner", ["diffusion", "gan", "vae"])
def test_every_learner_resumes_to_the_same_bits(models, generators, smallest, tmp_path, learner):
    settings = dataclasses.replace(smallest, learner=learner, augmentation="affine")
    _, training = generators.data.draw_phantoms(settings, 0)
    whole, curve, _ = generators.train(settings, 0, training, tmp_path / "whole", print)
    path = tmp_path / "killed"
    with pytest.raises(KeyboardInterrupt):
        generators.train(settings, 0, training, path, killed_at(60))
    lines = []
    resumed, same, _ = generators.train(settings, 0, training, path, lines.append)
    assert lines[0] == "  goes on after step 40"
    assert curve == same
    for one, other in zip(whole.parameters(), resumed.parameters(), strict=True):
        np.testing.assert_array_equal(one.detach().numpy(), other.detach().numpy())
    np.testing.assert_array_equal(
        *(generators.generate(model, settings, 0) for model in (whole, resumed))
    )


@pytest.mark.parametrize("damage", ["cut short", "one bit", "empty"])
def test_a_damaged_checkpoint_is_not_read(
    models, generators, smallest, tmp_path, monkeypatch, damage
):
    _, training = generators.data.draw_phantoms(smallest, 0)
    path = tmp_path / "checkpoint"
    with pytest.raises(KeyboardInterrupt):
        generators.train(smallest, 0, training, path, killed_at(60))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    kept = {"cut short": content[: len(content) // 2], "one bit": content, "empty": b""}
    path.write_bytes(kept[damage])
    monkeypatch.setattr("torch.load", lambda *a, **k: pytest.fail("a damaged file was read"))
    lines = []
    _, curve, _ = generators.train(smallest, 0, training, path, lines.append)
    assert "is damaged, so training starts anew" in lines[0]
    assert [row["step"] for row in curve] == [20, 40, 60]


def test_a_process_killed_while_it_writes_leaves_the_old_file(generators, tmp_path, monkeypatch):
    path = tmp_path / "checkpoint"
    generators.data.write_atomically(path, b"old")

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        generators.data.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint"]


def test_what_a_killed_process_left_half_written_is_not_taken(
    models, generators, smallest, tmp_path
):
    _, training = generators.data.draw_phantoms(smallest, 0)
    (tmp_path / "checkpoint.123.part").write_bytes(b"half")
    lines = []
    generators.train(smallest, 0, training, tmp_path / "checkpoint", lines.append)
    assert "step 20" in lines[0]


def test_checkpoints_are_loaded_as_weights_only(
    models, generators, smallest, tmp_path, monkeypatch
):
    import torch

    _, training = generators.data.draw_phantoms(smallest, 0)
    path = tmp_path / "checkpoint"
    with pytest.raises(KeyboardInterrupt):
        generators.train(smallest, 0, training, path, killed_at(60))
    load, options = torch.load, []
    monkeypatch.setattr("torch.load", lambda f, **k: [options.append(k), load(f, **k)][1])
    generators.train(smallest, 0, training, path, print)
    assert options == [{"weights_only": True}]


def test_code_in_a_checkpoint_is_refused_and_does_not_run(
    models, generators, smallest, tmp_path, torch
):
    path, trace = tmp_path / "checkpoint", tmp_path / "trace"

    class Bomb:
        def __reduce__(self):
            return os.mkdir, (str(trace),)

    buffer = io.BytesIO()
    torch.save({"learner": Bomb()}, buffer)
    content = buffer.getvalue()
    path.write_bytes(hashlib.sha256(content).digest() + content)
    _, training = generators.data.draw_phantoms(smallest, 0)
    with pytest.raises(pickle.UnpicklingError):
        generators.train(smallest, 0, training, path, print)
    assert not trace.exists()


def test_a_checkpoint_of_other_settings_or_images_is_refused(
    models, generators, smallest, tmp_path
):
    _, training = generators.data.draw_phantoms(smallest, 0)
    path = tmp_path / "checkpoint"
    with pytest.raises(KeyboardInterrupt):
        generators.train(smallest, 0, training, path, killed_at(60))
    with pytest.raises(SystemExit, match="belongs to other settings or images"):
        generators.train(dataclasses.replace(smallest, batch=4), 0, training, path, print)
    with pytest.raises(SystemExit, match="belongs to other settings or images"):
        generators.train(smallest, 0, training[:-1], path, print)


# ---- who saw what


@pytest.mark.parametrize("kind", ["strong", "other", "weak"])
def test_the_learner_sees_training_images_only(models, generators, tmp_path, monkeypatch, kind):
    # Without flips, so that what is shown can be told; what they show is tested below.
    settings = generators.toy(generators.KINDS[kind])
    settings = dataclasses.replace(settings, augmentation="none")
    seen = []

    class Recorder:
        average = models.nn.Identity()

        def __init__(self, *_):
            pass

        def step(self, images, k, rng):
            seen.append(generators.data.to_grey_levels(images.numpy()))
            return {"loss": 0.0}

        def finish(self, images):
            seen.append(generators.data.to_grey_levels(images.numpy()))

        def state(self):
            return {}

        def sample(self, n, rng):
            return models.torch.zeros(n, 1, settings.size, settings.size)

    monkeypatch.setattr(models, "build", Recorder)
    generators.make_set(kind, 0, settings, tmp_path, print)
    arrays, _ = read(tmp_path, f"{kind}-0")
    shown = rows(np.concatenate(seen))
    used, unused = (rows(arrays["images"][arrays["used"] == label]) for label in (1, 0))
    assert not shown & unused
    if kind == "other":
        assert not shown & used
    else:
        assert used <= shown
    assert len(shown) == 2 * settings.n_training


def test_flips_show_each_image_and_its_mirror_image_and_nothing_else(models, torch):
    images = torch.rand(64, 1, 8, 8)
    drawn = models.flip(images, torch.Generator().manual_seed(0))
    as_is, mirrored = ((drawn == view).flatten(1).all(dim=1) for view in (images, images.flip(3)))
    assert (as_is | mirrored).all()
    assert 20 < mirrored.sum() < 44


def test_shakes_move_a_little_and_keep_grey_levels(models, torch):
    images = torch.zeros(200, 1, 65, 65)
    images[:, :, 30:35, 30:35] = 1
    drawn = models.shake(images, torch.Generator().manual_seed(0))
    assert drawn.min() >= 0
    assert drawn.max() <= 1
    at = torch.arange(65.0)
    mass = drawn.sum(dim=(1, 2, 3))
    moved = [(drawn.sum(dim=(1, axis)) @ at) / mass - 32 for axis in (2, 3)]
    for shift in moved:
        assert 3 < shift.abs().max() < 0.06 * 65 * 1.1 + 0.5
        assert abs(shift.mean()) < 1
    assert not torch.equal(drawn[0], drawn[1])


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
