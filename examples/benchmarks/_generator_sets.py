"""Sets whose membership is known: of the package, of generators.py, or folders of images."""

import _generator_data as data
import numpy as np
from sklearn.metrics import roc_auc_score

from ganisi import ImageFile
from ganisi.datasets import load_groups, load_image_folder, load_phantom_diffusion

#: What the package has of the sets of generators.py.
SHIPPED = {"flips-0": "flips", "other-0": "other"}
#: Folders of real images, the last of which need not be there.
FOLDERS = {"real_used": data.USED, "real_not_used": data.NOT_USED, "unused_slices": data.SIBLING}


def names_of(folder):
    """Names of all sets, those of the package first."""
    if folder is None:
        return list(SHIPPED)
    if not folder.is_dir():
        raise SystemExit(f"There is no folder {folder}; make it with generators.py --out {folder}.")
    found = sorted(path.stem for path in folder.glob("*-*.json"))
    if not found:
        raise SystemExit(f"There is no set in {folder}; make some with generators.py.")
    return [*SHIPPED, *(name for name in found if name not in SHIPPED)]


def read_set(name, folder):
    """Arrays of a set (generated, images, role, used, groups), and the record of its making."""
    if name in SHIPPED:
        return from_package(SHIPPED[name]), {}
    record = data.stored(folder, name)
    if record is None:
        raise SystemExit(f"{folder / name}.npz or .png is missing; make it with generators.py.")
    with np.load(folder / f"{name}.npz") as arrays:
        return dict(arrays), record


def from_package(kind, queries=True):
    """A set of the package, its rows put together again, with those to be asked about or not."""
    bunch = load_phantom_diffusion(kind)
    roles = np.where(bunch.used == 1, data.USED, data.NOT_USED)
    siblings = np.full(len(bunch.unused_slices), data.SIBLING)
    rows = {
        "images": [bunch.real, bunch.unused_slices, bunch.queries],
        "role": [roles, siblings, bunch.query_roles],
        "used": [bunch.used, np.zeros(len(siblings), int), bunch.query_used],
        "groups": [bunch.groups, bunch.unused_groups, bunch.query_groups],
    }
    return {
        "generated": bunch.generated,
        **{name: np.concatenate(parts[: 2 + queries]) for name, parts in rows.items()},
    }


def from_folders(directory):
    """The same of folders of images, as paths; each image a patient where no table says."""
    found = {
        role: load_image_folder(directory / name).images
        for name, role in FOLDERS.items()
        if name != "unused_slices" or (directory / name).is_dir()
    }
    images = [path for paths in found.values() for path in paths]
    role = np.repeat(list(found), [len(paths) for paths in found.values()])
    table = directory / "groups.csv"
    return {
        "generated": load_image_folder(directory / "generated").images,
        "images": images,
        "role": role,
        "used": (role == data.USED).astype(int),
        "groups": load_groups(table, images) if table.is_file() else np.arange(len(images)),
    }


def in_memory(arrays):
    """The same with images of one size as arrays (n_images, height, width)."""
    read = {
        name: np.stack([ImageFile(path).read() for path in arrays[name]])
        for name in ("generated", "images")
    }
    return {**arrays, **read}


def of_folder(directory, kind):
    """Arrays of folders of images; of the package, and a kind of it, where no folder is given."""
    if directory is None:
        return from_package(kind, queries=False)
    return in_memory(from_folders(directory))


def labelled(arrays):
    """The used images and those of other patients, without unused slices of the used ones."""
    return _some(arrays, arrays["role"] != data.SIBLING)


def _some(arrays, rows):
    """Some of the real images, and all generated ones."""
    kept = {name: arrays[name][rows] for name in ("images", "role", "used", "groups")}
    return {**arrays, **kept}


def auc_and_error(arrays, scored, role):
    """ROC AUC of used images against those of a role, and its jackknife error over patients."""
    rows = (arrays["role"] == data.USED) | (arrays["role"] == role)
    used, groups = arrays["used"][rows], arrays["groups"][rows]
    scored = [(scores[rows], fold[rows]) for scores, fold in scored]

    def auc(kept):
        return np.mean(
            [
                roc_auc_score(used[kept & (fold == k)], scores[kept & (fold == k)])
                for scores, fold in scored
                for k in np.unique(fold)
            ]
        )

    patients = np.unique(groups)
    without = [auc(groups != one) for one in patients]
    error = np.sqrt((len(patients) - 1) * np.var(without))
    return [float(auc(np.full(len(groups), True))), float(error)]


def part_of(arrays, settings):
    """The images of the first patients, used and not, and the first generated images."""
    role, groups = arrays["role"], arrays["groups"]
    chosen = [
        list(dict.fromkeys(groups[role == one]))[: settings.n_patients]
        for one in (data.USED, data.NOT_USED)
    ]
    part = _some(arrays, np.isin(groups, np.concatenate(chosen)))
    return {**part, "generated": arrays["generated"][: settings.n_generated]}


def look(arrays, record):
    """What was trained on, and how near the generated images come; mirror images allowed."""
    distances = data.mirrored_distances(arrays["generated"], arrays["images"])
    role = arrays["role"]
    to_used, to_others = (distances[:, role == one] for one in (data.USED, data.NOT_USED))
    return {
        "trained on": record.get("n_training_images"),
        "seconds": record.get("seconds of training"),
        "generated": len(distances),
        "to used": np.quantile(to_used.min(axis=1), [0.1, 0.5, 0.9]).tolist(),
        "to others": np.quantile(to_others.min(axis=1), [0.1, 0.5, 0.9]).tolist(),
        "nearest to some": len(np.unique(to_used.argmin(axis=1))),
        "used": to_used.shape[1],
    }
