"""How much attacks see in the sets of generators.py.

    python examples/benchmarks/generators.py --out generator_sets
    python examples/benchmarks/generator_memory.py --sets generator_sets

For every set the ROC AUC of used images against images of other patients and against unused slices
of the same patients, with a standard error by patient (jackknife). "pixels" is the distance to the
nearest generated image or its mirror image, and fits nothing. "recommended" is `recommended()`,
fitted on used images and those of other patients in 5 folds that share no patient, and asked about
the images of the patients left out.
"""

import argparse
import json
from pathlib import Path

import _generator_data as data
import numpy as np
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedGroupKFold

from ganisi import recommended


def pixels(arrays):
    return -data.mirrored_distances(arrays["images"], arrays["generated"]).min(axis=1)


def by_recommended(arrays, n_splits=5):
    """Out-of-fold probabilities of all real images; of siblings, by the fold of their patient."""
    images, used, groups = arrays["images"], arrays["used"], arrays["groups"]
    labelled = np.flatnonzero(arrays["role"] != data.SIBLING)
    scores = np.empty(len(images))
    folds = StratifiedGroupKFold(min(n_splits, len(np.unique(groups)) // 2))
    for fitted, _ in folds.split(images[labelled], used[labelled], groups[labelled]):
        fitted = labelled[fitted]
        asked = ~np.isin(groups, groups[fitted])
        model = recommended().fit(
            images[fitted],
            used[fitted],
            generated=(arrays["generated"],),
            groups=groups[fitted],
        )
        scores[asked] = model.predict_proba(images[asked])[:, 1]
    return scores


ATTACKS = {"pixels": pixels, "recommended": by_recommended}


def auc_and_error(arrays, scores, role):
    """ROC AUC of used images against those of a role, and its jackknife error over patients."""
    rows = (arrays["role"] == data.USED) | (arrays["role"] == role)
    used, scores, groups = arrays["used"][rows], scores[rows], arrays["groups"][rows]
    patients = np.unique(groups)
    without = [roc_auc_score(used[groups != one], scores[groups != one]) for one in patients]
    error = np.sqrt((len(patients) - 1) * np.var(without))
    return roc_auc_score(used, scores), error


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=Path, default=Path("generator_sets"), help="folder")
    parser.add_argument("--only", nargs="+", help="these sets, such as flips-0")
    options = parser.parse_args()
    names = options.only or sorted(path.stem for path in options.sets.glob("*-*.json"))
    if not names:
        raise SystemExit(f"There is no set in {options.sets}; generators.py makes them.")
    print(f"{'':12}{'trained on':12}{'':14}other patients    same patients")
    for name in names:
        if data.stored(options.sets, name) is None:
            raise SystemExit(f"There is no set {name} in {options.sets}.")
        record = json.loads((options.sets / f"{name}.json").read_text())
        with np.load(options.sets / f"{name}.npz") as file:
            arrays = dict(file)
        for attack, score in ATTACKS.items():
            scores = score(arrays)
            cells = [
                "{:.3f} +- {:.3f}".format(*auc_and_error(arrays, scores, role))
                for role in (data.NOT_USED, data.SIBLING)
            ]
            trained_on = f"{record['n_training_images']} images"
            print(f"{name:12}{trained_on:12}{attack:14}{cells[0]}   {cells[1]}", flush=True)


if __name__ == "__main__":
    main()
