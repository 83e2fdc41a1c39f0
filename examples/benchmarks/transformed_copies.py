"""What attacks see of generated images that were turned, moved, resized or regraded.

    python examples/benchmarks/transformed_copies.py                # the shipped set with memory
    python examples/benchmarks/transformed_copies.py --data DIR     # your 8-bit images, of one size
    python examples/benchmarks/transformed_copies.py --quick        # see that it runs

Every attack is fitted on used images and those of other patients, in five folds that share no
patient, beside generated images that were all treated alike, and asked about the images left out.
Each cell is the ROC AUC of used images against those of other patients (mean over the folds) and
its jackknife standard error by patient; a second table has those against unused slices of the same
patients, where there are any. DIR holds the folders real_used, real_not_used and generated, and
groups.csv; images called "query" are not read. What a row does is said in _transforms.py.

Prints Markdown. What is done is kept in --results, so that a run that was stopped goes on; it is
measured anew where the images or the code of the attacks have changed.
"""

import argparse
import dataclasses
from pathlib import Path

import _generator_sets as sets
from _generator_data import NOT_USED, SIBLING
from _results import ATTACKS, identity, keep, kept, table, tell
from _scoring import attacks, partition, real_rows, score_with
from _transforms import TRANSFORMS, transformed

from ganisi import recommended

COMPARED = {"other patients": NOT_USED, "unused slices of the same patients": SIBLING}


@dataclasses.dataclass(frozen=True)
class Settings:
    """How it is measured; None is all."""

    n_folds: int = 5
    seed: int = 0
    n_patients: int | None = None
    n_generated: int | None = None
    rows: tuple = tuple(TRANSFORMS)


QUICK = Settings(n_folds=3, n_patients=9, n_generated=30, rows=tuple(TRANSFORMS)[:2])


def attacks_and_rivals(side):
    """The attacks of the table of evidence, and `recommended` with rivals."""
    of_rivals = recommended(rivals=True).stages()[2]
    for model, identifiers in attacks(side):
        if "recommended()" in identifiers:
            identifiers = {
                "recommended()": identifiers.pop("recommended()"),
                "recommended(rivals=True)": of_rivals,
                **identifiers,
            }
        yield model, identifiers


def measure(arrays, settings, path):
    """ROC AUC and error by attack, by row, by whom used images are compared with."""
    results = kept(path, identity(arrays, settings, ATTACKS))
    compared = {name: role for name, role in COMPARED.items() if role in arrays["role"]}
    partitions = [partition(arrays, settings.n_folds, settings.seed)]
    attacks_done = results.setdefault("attacks", {})
    for model, identifiers in attacks_and_rivals(arrays["images"].shape[1]):
        seen = None
        for row in settings.rows:
            if all(row in attacks_done.get(name, ()) for name in identifiers):
                continue
            seen = seen or real_rows(model, arrays)
            treated = {**arrays, "generated": transformed(arrays["generated"], row)}
            for name, scored in score_with(model, identifiers, treated, partitions, seen):
                attacks_done.setdefault(name, {})[row] = {
                    against: sets.auc_and_error(arrays, scored, role)
                    for against, role in compared.items()
                }
            keep(path, results)
            tell(f"{row}: {', '.join(identifiers)}")
    return attacks_done, list(compared)


def print_table(found, rows, against):
    """Rows of the transforms, columns of the attacks."""
    lines = [
        [row, *("{:.3f} ± {:.3f}".format(*found[name][row][against]) for name in found)]
        for row in rows
    ]
    print(f"Against {against}:\n\n{table(['generated images', *found], lines)}\n")


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kind", default="flips", help="of load_phantom_diffusion")
    parser.add_argument("--data", type=Path, help="folder of images instead of phantoms")
    parser.add_argument("--quick", action="store_true", help="two rows of a part of the images")
    parser.add_argument("--results", type=Path, default=Path("transformed_results"))
    options = parser.parse_args(arguments)
    settings = QUICK if options.quick else Settings()
    name = options.kind if options.data is None else options.data.name
    arrays = sets.part_of(sets.of_folder(options.data, options.kind), settings)
    options.results.mkdir(parents=True, exist_ok=True)
    path = options.results / f"{name}{'-quick' if options.quick else ''}.json"
    try:
        found, compared = measure(arrays, settings, path)
    except KeyboardInterrupt:
        tell("Stopped. The same command goes on.")
        raise SystemExit(130) from None
    for against in compared:
        print_table(found, settings.rows, against)


if __name__ == "__main__":
    main()
