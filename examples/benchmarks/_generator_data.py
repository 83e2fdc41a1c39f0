"""What generators.py trains on and what it stores: phantoms, sets, contact sheets, checksums."""

import hashlib
import io
import json
import os
from pathlib import Path

import numpy as np
from PIL import Image
from sklearn.metrics import pairwise_distances, roc_auc_score

from ganisi.datasets._phantom import draw_chest

#: As unlike each other as real slices; phantom_variety.py compares them.
DIALS = {"variety": 1.0, "spacing": 0.4}
SLICES, CHOSEN = 4, 2
USED, NOT_USED, SIBLING = "used", "not used", "unused slice of a used patient"


def draw_phantoms(settings, seed):
    """Real images with their roles, and the training images of the generator.

    Of each patient four neighbouring slices are drawn and two chosen at random: of a used patient
    these are used, and the other two are not. The real images do not depend on what the generator
    is trained on, but for the number of training patients: the first are stored.

    Returns
    -------
    real : dict of arrays with one row an image
        images (uint8), role (str), used (0 or 1), groups (the patient), held_out (bool: one patient
        in four, to be asked about). Neither order nor the numbers of patients tell the role.
    training : ndarray of shape (n_images, size, size), uint8
    """
    seeds = np.random.RandomState(seed).randint(np.iinfo(np.int32).max, size=4)
    used_rng, not_used_rng, others_rng, order_rng = map(np.random.RandomState, seeds)
    n, size = settings.n_patients, settings.size
    used, siblings = _draw_patients(max(n, settings.n_training), size, used_rng)
    not_used, _ = _draw_patients(n, size, not_used_rng)
    if settings.trained_on == "used":
        training = used[: settings.n_training]
    else:
        training, _ = _draw_patients(settings.n_training, size, others_rng)

    parts = [(USED, used[:n]), (SIBLING, siblings[:n]), (NOT_USED, not_used)]
    order = order_rng.permutation(3 * n * CHOSEN)
    names = order_rng.permutation(2 * n)
    patients = {USED: np.arange(n), SIBLING: np.arange(n), NOT_USED: np.arange(n, 2 * n)}
    groups = np.concatenate([patients[role].repeat(CHOSEN) for role, _ in parts])
    role = np.repeat([role for role, _ in parts], n * CHOSEN)
    real = {
        "images": np.concatenate([images.reshape(-1, size, size) for _, images in parts]),
        "role": role,
        "used": (role == USED).astype(np.int64),
        "groups": names[groups],
        "held_out": groups % 4 == 3,
    }
    rows = {name: values[order] for name, values in real.items()}
    return rows, training.reshape(-1, size, size)


def _draw_patients(n, size, rng):
    """The chosen and the other slices of n patients, (n, 2, size, size) each."""
    chosen = np.empty((n, CHOSEN, size, size), np.uint8)
    others = np.empty((n, SLICES - CHOSEN, size, size), np.uint8)
    for k in range(n):
        slices = draw_chest(SLICES, size, rng, **DIALS)
        order = rng.permutation(SLICES)
        chosen[k], others[k] = slices[order[:CHOSEN]], slices[order[CHOSEN:]]
    return chosen, others


def to_training_range(images):
    return images.astype(np.float32)[:, None] / 127.5 - 1


def to_grey_levels(images):
    """8 bit, from -1 .. 1."""
    return np.clip(np.rint((images[:, 0] + 1) * 127.5), 0, 255).astype(np.uint8)


def mirrored_distances(images, others):
    """Pixel distances, the smaller to an image and its mirror image; root mean squares."""
    rows, columns = (x.reshape(len(x), -1).astype(np.float32) for x in (images, others))
    mirrored = others[:, :, ::-1].reshape(len(others), -1).astype(np.float32)
    distances = np.minimum(*(pairwise_distances(rows, x) for x in (columns, mirrored)))
    return distances / np.sqrt(rows.shape[1])


def measure(real, generated, training):
    """How much pixels see: nothing is fitted, so no image is held out.

    ROC AUC of the nearest generated image, by used images against those of other patients and
    against unused slices of the same patients; and, in grey levels, how near generated images lie
    to their nearest training image, with the mean distance of training images beside it.
    """
    nearest = -mirrored_distances(real["images"], generated).min(axis=1)
    used = real["role"] == USED
    scores = {}
    for name, role in (("other patients", NOT_USED), ("same patients", SIBLING)):
        rows = used | (real["role"] == role)
        scores[name] = round(float(roc_auc_score(used[rows], nearest[rows])), 4)
    to_training = mirrored_distances(generated, training)
    among = mirrored_distances(training, training)[np.triu_indices(len(training), 1)]
    quantiles = np.quantile(to_training.min(axis=1), [0.1, 0.5, 0.9])
    found = np.unique(to_training.argmin(axis=1))
    return {
        "pixel nearest, ROC AUC": scores,
        "generated to nearest training image, 10 50 90 %": [round(float(q), 2) for q in quantiles],
        "between training images, mean": round(float(among.mean()), 2),
        "training images that are nearest to a generated one": len(found),
    }


def draw_sheet(generated, training, n=40, columns=10):
    """Generated images, under each its nearest training image, mirrored where that is nearer."""
    size = generated.shape[1]
    shown = generated[:n]
    rows, mirrored = (
        pairwise_distances(*(x.reshape(len(x), -1).astype(np.float32) for x in (shown, views)))
        for views in (training, training[:, :, ::-1])
    )
    nearest = np.minimum(rows, mirrored).argmin(axis=1)
    turned = (mirrored < rows)[np.arange(len(shown)), nearest]
    beside = np.where(turned[:, None, None], training[nearest][:, :, ::-1], training[nearest])
    bands = []
    for start in range(0, len(shown), columns):
        for images in (shown, beside):
            band = np.zeros((size, columns * size), np.uint8)
            row = images[start : start + columns]
            band[:, : len(row) * size] = np.concatenate(list(row), axis=1)
            bands.append(band)
        bands.append(np.full((6, columns * size), 255, np.uint8))
    return np.concatenate(bands[:-1])


def write_atomically(path, content):
    """Write bytes so that the name never holds half of them, whenever the process is killed."""
    path = Path(path)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with open(temporary, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def checksum(content):
    return hashlib.sha256(content).hexdigest()


def store(folder, name, real, generated, training, record):
    """Write NAME.npz, its contact sheet, and last NAME.json, which says that the set is whole."""
    packed, sheet = io.BytesIO(), io.BytesIO()
    arrays = {"generated": generated, **real}
    np.savez_compressed(packed, **arrays)
    Image.fromarray(draw_sheet(generated, training)).save(sheet, "PNG")
    files = {f"{name}.npz": packed.getvalue(), f"{name}.png": sheet.getvalue()}
    for file, content in files.items():
        write_atomically(folder / file, content)
    record = {
        **record,
        "sha256": {file: checksum(content) for file, content in files.items()},
        # Of the bytes of the arrays, whatever the compression.
        "sha256 of arrays": {key: checksum(rows.tobytes()) for key, rows in arrays.items()},
    }
    write_atomically(folder / f"{name}.json", (json.dumps(record, indent=1) + "\n").encode())
    return record


def stored(folder, name):
    """The record of a set that is there, whole; None where none is."""
    try:
        record = json.loads((folder / f"{name}.json").read_text())
        whole = all(
            checksum((folder / file).read_bytes()) == digest
            for file, digest in record["sha256"].items()
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise SystemExit(
            f"{folder / name}.json is not a record of a set ({error}); remove it to train anew."
        ) from error
    if not whole:
        raise SystemExit(
            f"The files of {folder / name} are not those that {name}.json names: their checksums "
            "differ. Remove that file to make the set anew."
        )
    return record
