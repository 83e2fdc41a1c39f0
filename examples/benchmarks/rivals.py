"""What rivals gain, by how much they weigh, and where: one slice of a patient against the next.

    python examples/benchmarks/rivals.py                    # the diffusion model of the package
    python examples/benchmarks/rivals.py --kind other       # the one that remembers other patients
    python examples/benchmarks/rivals.py --data DIR         # your images

`recommended(rivals=W)` is fitted in 5 folds that share no patient and asked about the images of the
patients left out, all together, or in as many calls as a patient has slices, so that no call holds
two slices of one. Printed are the ROC AUC of used images against those of other patients and
against unused slices of the same patients, with standard errors by patient (jackknife); W = 0 is
without rivals. DIR is as in ../identify_sources.py; if it has no folder unused_slices (in
groups.csv under that name), the second is not known. Queries are not looked at.
"""

import argparse
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

from ganisi import recommended
from ganisi.datasets import load_groups, load_image_folder, load_phantom_diffusion

OTHER, SIBLING = "not used", "unused slice of a used patient"
ROLES = {"real_used": "used", "real_not_used": OTHER, "unused_slices": SIBLING}


def phantoms(kind):
    data = load_phantom_diffusion(kind)
    images = np.concatenate([data.real, data.unused_slices])
    groups = np.concatenate([data.groups, data.unused_groups])
    role = np.where(data.used, "used", OTHER).tolist() + [SIBLING] * len(data.unused_slices)
    return images, np.array(role), groups, data.generated


def folders(directory):
    found = {
        role: load_image_folder(directory / name)[0]
        for name, role in ROLES.items()
        if (directory / name).is_dir()
    }
    images = [Path(path) for paths in found.values() for path in paths]
    role = np.repeat(list(found), [len(paths) for paths in found.values()])
    names = load_groups(directory / "groups.csv", images)
    groups = np.unique(names, return_inverse=True)[1]
    return images, role, groups, load_image_folder(directory / "generated")[0]


def nth_of_patient(groups):
    """How many images of its patient stand before each image."""
    return np.array([np.sum(groups[:i] == group) for i, group in enumerate(groups)])


def probabilities(rows, generated, role, groups, weight, n_splits=5):
    """Out-of-fold, of all slices of a patient asked about together, and in calls of their own."""
    labelled = np.flatnonzero(role != SIBLING)
    used = (role == "used").astype(int)
    together, apart = np.empty(len(role)), np.empty(len(role))
    _, pairer, identifier = recommended(rivals=weight or False).stages()
    folds = StratifiedGroupKFold(n_splits).split(labelled, used[labelled], groups[labelled])
    for train, _ in folds:
        train = labelled[train]
        distances = pairer.fit_transform(rows[train], generated=(generated,), groups=groups[train])
        # By numbers of their own: here no image is there twice.
        identifier.fit(distances, used[train], groups=groups[train], keys=train)
        asked = np.flatnonzero(~np.isin(groups, groups[train]))
        distances = pairer.transform(rows[asked])
        together[asked] = identifier.predict_proba(distances, keys=asked)[:, 1]
        turn = nth_of_patient(groups[asked])
        for n in range(turn.max() + 1):
            some = turn == n
            answers = identifier.predict_proba(distances[some], keys=asked[some])
            apart[asked[some]] = answers[:, 1]
    return together, apart


def auc_and_error(scores, role, groups, against):
    """ROC AUC of used images against those of a role, and its jackknife error over patients."""
    rows = (role == "used") | (role == against)
    used, scores, groups = role[rows] == "used", scores[rows], groups[rows]
    if used.all():
        return "-"
    patients = np.unique(groups)
    without = [roc_auc_score(used[groups != one], scores[groups != one]) for one in patients]
    error = np.sqrt((len(patients) - 1) * np.var(without))
    return f"{roc_auc_score(used, scores):.3f} +- {error:.3f}"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kind", default="flips", help="of load_phantom_diffusion")
    parser.add_argument("--data", type=Path, help="folder of your images")
    parser.add_argument(
        "--weights", type=float, nargs="+", default=[0, 1, 2, 3, 4, 5, 7], help="of rivals"
    )
    options = parser.parse_args()
    images, role, groups, fakes = (
        phantoms(options.kind) if options.data is None else folders(options.data)
    )
    counts = ", ".join(f"{np.sum(role == one)} {one}" for one in dict.fromkeys(role.tolist()))
    print(f"{counts}; {len(np.unique(groups))} patients, {len(fakes)} generated")
    descriptor = recommended().stages()[0]
    rows, generated = descriptor.fit_transform(images), descriptor.transform(fakes)
    print(f"{'':8}{'all together':36}one slice of a patient a call")
    print("weight  " + "  ".join(f"{one:16}" for one in ("other patients", "same patients") * 2))
    for weight in options.weights:
        scores = probabilities(rows, generated, role, groups, weight)
        cells = [
            auc_and_error(one, role, groups, against)
            for one in scores
            for against in (OTHER, SIBLING)
        ]
        print(f"{weight:<8g}" + "  ".join(f"{cell:16}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
