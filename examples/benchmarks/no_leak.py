"""Where nothing was leaked, no attack may find anything: mean ROC AUC over draws, 0.5 expected.

    python examples/benchmarks/no_leak.py                    # phantoms, 20 draws of each kind
    python examples/benchmarks/no_leak.py --data DIR         # your images, 20 draws

*Independent*: phantoms of `make_source_identification(leakage=0)`, 20 + 20 patients with a slice
each, 60 generated images of 64 x 64. *Stand-in*: real images of other patients in the place of
generated ones: of 60 phantoms, or, with ``--data``, of half the patients of real_not_used, drawn
anew each time; DIR is as in transformed_copies.py.

Every attack of transformed_copies.py is fitted in five folds by patient and asked about the images
left out. Printed are the mean over draws and its standard error.
"""

import argparse
from pathlib import Path

import _generator_sets as sets
import joblib
import numpy as np
from _generator_data import NOT_USED, SIBLING, USED
from _results import table
from _scoring import partition, score_with
from transformed_copies import attacks_and_rivals

from ganisi.datasets import make_source_identification

SIDE, N_PATIENTS, N_GENERATED = 64, 20, 60


def independent(seed):
    """Generated images that have nothing to do with the real ones."""
    return _arrays(_phantoms(N_PATIENTS, seed))


def stand_in(seed):
    """Phantoms of other patients in the place of generated images."""
    others = _phantoms(N_GENERATED // 2, seed + 10_000).real
    return _arrays(_phantoms(N_PATIENTS, seed), generated=others)


def stand_in_of(arrays, seed):
    """Not-used images of half of their patients, in the place of generated ones."""
    arrays = {k: v for k, v in arrays.items() if k != "generated"}
    rng = np.random.default_rng(seed)
    patients = rng.permutation(np.unique(arrays["groups"][arrays["role"] == NOT_USED]))
    aside = np.isin(arrays["groups"], patients[: len(patients) // 2])
    # Nor is anything left of a patient who stands in.
    kept = ~aside & (arrays["role"] != SIBLING)
    rest = {name: values[kept] for name, values in arrays.items()}
    return {**rest, "generated": arrays["images"][aside & (arrays["role"] == NOT_USED)]}


def _phantoms(n_patients, seed):
    return make_source_identification(
        n_patients,
        n_patients,
        N_GENERATED,
        size=SIDE,
        leakage=0,
        slices_per_patient=1,
        random_state=seed,
    )


def _arrays(data, generated=None):
    return {
        "images": data.real,
        "generated": data.generated if generated is None else generated,
        "role": np.where(data.used, USED, NOT_USED),
        "used": data.used,
        "groups": data.groups,
    }


def aucs(draw, seed):
    """ROC AUC of every attack on one draw."""
    arrays = draw(seed)
    folds = [partition(arrays, 5, seed)]
    return {
        name: sets.auc_and_error(arrays, scored, NOT_USED)[0]
        for model, identifiers in attacks_and_rivals(arrays["images"].shape[1])
        for name, scored in score_with(model, identifiers, arrays, folds)
    }


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of images instead of phantoms")
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--n-jobs", type=int, default=1)
    options = parser.parse_args(arguments)
    kinds = {"independent": independent, "stand-in": stand_in}
    if options.data is not None:
        arrays = sets.in_memory(sets.from_folders(options.data))
        kinds = {f"stand-in, {options.data.name}": lambda seed: stand_in_of(arrays, seed)}
    parallel = joblib.Parallel(n_jobs=options.n_jobs)
    columns = {}
    for kind, draw in kinds.items():
        found = parallel(joblib.delayed(aucs)(draw, seed) for seed in range(options.draws))
        columns[kind] = {name: [one[name] for one in found] for name in found[0]}
    rows = []
    for name in next(iter(columns.values())):
        cells = []
        for of_kind in columns.values():
            mean, error = np.mean(of_kind[name]), np.std(of_kind[name], ddof=1)
            cells.append(f"{mean:.3f} ± {error / np.sqrt(options.draws):.3f}")
        rows.append([name, *cells])
    print(table([f"{options.draws} draws", *columns], rows))


if __name__ == "__main__":
    main()
