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

import _generator_sets as sets
import numpy as np
from _generator_data import NOT_USED, SIBLING
from _scoring import real_rows
from sklearn.model_selection import StratifiedGroupKFold

from ganisi import recommended


def nth_of_patient(groups):
    """How many images of its patient stand before each image."""
    return np.array([np.sum(groups[:i] == group) for i, group in enumerate(groups)])


def probabilities(rows, generated, arrays, weight, n_splits=5):
    """Out-of-fold, of all slices of a patient asked about together, and in calls of their own."""
    used, groups = arrays["used"], arrays["groups"]
    labelled = np.flatnonzero(arrays["role"] != SIBLING)
    together, apart = np.empty(len(used)), np.empty(len(used))
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


def cell(arrays, scores, against):
    """ROC AUC of used images against those of a role and its error, where there are any."""
    if not np.any(arrays["role"] == against):
        return "-"
    auc, error = sets.auc_and_error(arrays, [(scores, np.zeros(len(scores)))], against)
    return f"{auc:.3f} +- {error:.3f}"


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
    arrays = sets.of_folder(options.data, options.kind)
    role, n_patients = arrays["role"].tolist(), len(np.unique(arrays["groups"]))
    counts = ", ".join(f"{role.count(one)} {one}" for one in dict.fromkeys(role))
    print(f"{counts}; {n_patients} patients, {len(arrays['generated'])} generated")
    descriptor, rows = real_rows(recommended(), arrays)
    generated = descriptor.transform(arrays["generated"])
    print(f"{'':8}{'all together':36}one slice of a patient a call")
    print("weight  " + "  ".join(f"{one:16}" for one in ("other patients", "same patients") * 2))
    for weight in options.weights:
        scores = probabilities(rows, generated, arrays, weight)
        cells = [cell(arrays, one, against) for one in scores for against in (NOT_USED, SIBLING)]
        print(f"{weight:<8g}" + "  ".join(f"{one:16}" for one in cells), flush=True)


if __name__ == "__main__":
    main()
