"""Checkpoints of a training are whole or not there, and the learner sees training images only."""

import dataclasses
import hashlib
import io
import os
import pickle

import numpy as np
import pytest
from generator_runs import read, rows

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
