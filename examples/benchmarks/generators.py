"""Train generators on phantoms whose membership is known, and store what they generate.

    python examples/benchmarks/generators.py --out sets               # all; many hours, resumes
    python examples/benchmarks/generators.py --out sets --only flips other
    python examples/benchmarks/generators.py --out sets --quick       # toys, under three minutes

Needs the extra `deep`, and one core: more would change the last bits. Each set is a file
KIND-SEED.npz: `generated` and the real `images`, 8 bit, with one row an image in `role` ("used",
"not used", "unused slice of a used patient"), `used`, `groups` (patients) and `held_out` (patients
to be asked about). Beside it KIND-SEED.json holds settings, versions, wall time, training curve,
checksums and how near the generated images come to the training images, KIND-SEED.png generated
images, each above its nearest training image. A training that was stopped, however, goes on from
its last checkpoint when the same command is given again, to the same bits.

    strong  diffusion, long on few images: remembers
    flips   the same, images flipped left-right at random
    affine  the same, images rotated, shifted and zoomed a little
    weak    diffusion, as long on many images
    early   diffusion on many images, stopped early: remembers nothing
    other   as flips, but trained on other patients: no image that is called used was used
    gan     a GAN on the images of strong
    vae     a VAE on the images of strong
"""

import argparse
import dataclasses
import hashlib
import io
import platform
import sys
import time
from pathlib import Path

import _generator_data as data
import numpy as np

import ganisi


@dataclasses.dataclass(frozen=True)
class Settings:
    """What is trained, on what, and how much is drawn from it."""

    learner: str = "diffusion"
    augmentation: str = "none"
    trained_on: str = "used"
    #: Used patients stored, as many not used; the patients trained on, two slices each.
    n_patients: int = 32
    n_training: int = 32
    size: int = 64
    #: Pixels a side of the blocks that become channels, and channels at the three scales.
    patch: int = 4
    channels: tuple = (32, 64, 128)
    #: Steps that the learning rate is planned for, and those that are made.
    steps: int = 6000
    stop: int = 6000
    batch: int = 16
    learning_rate: float = 2e-3
    sampling_steps: int = 40
    n_generated: int = 300
    checkpoint_every: int = 250


STRONG = Settings()
KINDS = {
    "flips": dataclasses.replace(STRONG, augmentation="flips"),
    "other": dataclasses.replace(STRONG, augmentation="flips", trained_on="others"),
    "strong": STRONG,
    "weak": dataclasses.replace(STRONG, n_training=128),
    "early": dataclasses.replace(STRONG, n_training=128, stop=1200),
    "affine": dataclasses.replace(STRONG, augmentation="affine"),
    "gan": dataclasses.replace(STRONG, learner="gan", learning_rate=1e-3),
    "vae": dataclasses.replace(STRONG, learner="vae", learning_rate=1e-3),
}
#: Seeds of each kind: of the phantoms, of the weights and of the training.
SEEDS = {kind: (0, 1, 2) if kind in ("strong", "weak") else (0,) for kind in KINDS}


def toy(settings):
    """The same in seconds, to see that it runs; nothing can be learned from its sets."""
    return dataclasses.replace(
        settings,
        n_patients=8,
        n_training=min(settings.n_training // 4, 16),
        size=32,
        patch=2,
        channels=(8, 16, 16),
        steps=60,
        stop=max(6, 60 * settings.stop // settings.steps),
        batch=8,
        sampling_steps=5,
        n_generated=24,
        checkpoint_every=20,
    )


def import_models():
    """Return torch and the generators, on one thread and without chance but ours."""
    try:
        import torch

        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(True)
        import _generator_models
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise SystemExit(
            f"Training generators needs torch ({reason}); install it with: "
            'pip install "ganisi[deep]"'
        ) from error
    return torch, _generator_models


def stream(torch, *names):
    """A random generator for one purpose, whatever was drawn for others."""
    digest = hashlib.sha256(repr(names).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:7], "big"))


def train(settings, seed, images, checkpoint, report=print):
    """The learner after its last step, its curve, and seconds, of the wall and of the processor."""
    torch, models = import_models()
    of = {**describe(settings, seed), "training images": data.checksum(images.tobytes())}
    images = torch.from_numpy(data.to_training_range(images))
    augment = models.AUGMENTATIONS[settings.augmentation]
    learner, at, curve, spent = models.build(settings, seed), 0, [], [0.0, 0.0]
    state = load_checkpoint(torch, checkpoint, of, report)
    if state is not None:
        learner.restore(state["learner"])
        at, curve, spent = state["step"], state["curve"], state["spent"]
        report(f"  goes on after step {at}")

    # In all runs together.
    recent, start = [], [now - before for now, before in zip(clocks(), spent, strict=True)]
    for k in range(at, settings.stop):
        rng = stream(torch, "step", seed, k)
        rows = torch.randint(len(images), (settings.batch,), generator=rng)
        recent.append(learner.step(augment(images[rows], rng), k, rng))
        done = k + 1
        if done % settings.checkpoint_every == 0 or done == settings.stop:
            means = {name: float(np.mean([one[name] for one in recent])) for name in recent[0]}
            recent, spent = [], [now - then for now, then in zip(clocks(), start, strict=True)]
            curve.append({"step": done, **means})
            report(f"  step {done}, {spent[0]:.0f} s: {means}")
            state = {"learner": learner.state(), "step": done, "curve": curve, "spent": spent}
            save_checkpoint(torch, checkpoint, {**state, "of": of})
    learner.finish(images)
    return learner, curve, spent


def clocks():
    return time.perf_counter(), time.process_time()


def save_checkpoint(torch, path, state):
    """Checksum first, then what torch writes: a damaged file is known before it is read."""
    buffer = io.BytesIO()
    torch.save(state, buffer)
    content = buffer.getvalue()
    data.write_atomically(path, hashlib.sha256(content).digest() + content)


def load_checkpoint(torch, path, of, report):
    """What was saved `of` these settings; None where nothing whole was."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    if hashlib.sha256(content[32:]).digest() != content[:32]:
        report(f"  {path} is damaged, so training starts anew")
        return None
    state = torch.load(io.BytesIO(content[32:]), weights_only=True)
    if state["of"] != of:
        raise SystemExit(
            f"{path} belongs to other settings or images: {state['of']}, now {of}. Remove it, or "
            "give another folder as --out."
        )
    return state


def describe(settings, seed):
    """Settings and seed as JSON and a checkpoint can hold them."""
    return {**dataclasses.asdict(settings), "channels": list(settings.channels), "seed": seed}


def generate(learner, settings, seed, block=50):
    torch, _ = import_models()
    drawn = []
    for start in range(0, settings.n_generated, block):
        rng = stream(torch, "sample", seed, start)
        images = learner.sample(min(block, settings.n_generated - start), rng)
        drawn.append(data.to_grey_levels(images.numpy()))
    return np.concatenate(drawn)


def make_set(kind, seed, settings, folder, report=print):
    """Train, sample, store; do nothing where the same set is there already."""
    name = f"{kind}-{seed}"
    record = data.stored(folder, name)
    if record is not None:
        if record["settings"] != describe(settings, seed):
            raise SystemExit(
                f"{folder / name}.json was made with other settings: {record['settings']}, now "
                f"{describe(settings, seed)}. Remove it, or give another folder as --out."
            )
        report(f"{name}: already there")
        return record

    torch, _ = import_models()
    report(f"{name}: {settings}")
    real, training = data.draw_phantoms(settings, seed)
    checkpoint = folder / f"{name}.checkpoint"
    learner, curve, spent = train(settings, seed, training, checkpoint, report)
    start = time.perf_counter()
    generated = generate(learner, settings, seed)
    record = {
        "kind": kind,
        "settings": describe(settings, seed),
        "phantoms": data.DIALS,
        "n_training_images": len(training),
        "n_parameters": sum(p.numel() for p in learner.average.parameters()),
        "versions": {
            "ganisi": ganisi.__version__,
            "python": platform.python_version(),
            "numpy": np.__version__,
            "torch": torch.__version__,
            "machine": platform.machine(),
        },
        "seconds of training": round(spent[0], 1),
        "of them on the processor": round(spent[1], 1),
        "seconds of sampling": round(time.perf_counter() - start, 1),
        "curve": curve,
        "memory": data.measure(real, generated, training),
    }
    record = data.store(folder, name, real, generated, training, record)
    checkpoint.unlink(missing_ok=True)
    report(f"  {record['memory']}")
    return record


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("generator_sets"), help="folder")
    parser.add_argument(
        "--only", nargs="+", choices=list(KINDS), metavar="KIND", help="these kinds"
    )
    parser.add_argument("--seed", nargs="+", type=int, help="instead of the listed seeds")
    parser.add_argument("--quick", action="store_true", help="toys of all kinds")
    options = parser.parse_args(arguments)
    for seed in options.seed or ():
        if not 0 <= seed < 2**32:
            parser.error(f"argument --seed: from 0 to 4294967295, got {seed}")
    import_models()
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for kind in options.only or KINDS:
            settings = toy(KINDS[kind]) if options.quick else KINDS[kind]
            for seed in options.seed or (SEEDS[kind][:1] if options.quick else SEEDS[kind]):
                make_set(kind, seed, settings, options.out, report=report)
    except OSError as error:
        raise SystemExit(f"Cannot write to {options.out}: {error}") from error
    except KeyboardInterrupt:
        print("Stopped. The same command goes on from the last checkpoint.", file=sys.stderr)
        raise SystemExit(130) from None


def report(line):
    print(line, flush=True)


if __name__ == "__main__":
    main()
