"""Verdicts of an audit where every generated image was mirrored, turned or moved.

    python examples/benchmarks/changed_verdicts.py                # the shipped sets
    python examples/benchmarks/changed_verdicts.py --data DIR     # your 8-bit images, of one size

`audit(recommended())` of used images and those of other patients, as for a group that lots chose
("randomised") and as for any other ("observed"), with 39 permutations, no further attacks, and the
bound 0.75 on the ROC AUC. DIR holds the folders real_used, real_not_used and generated, and
groups.csv. What a row does is said in _transforms.py. Prints Markdown, row by row.
"""

import argparse
from pathlib import Path

import _generator_data as data
import _generator_sets as sets
import numpy as np
from _scoring import cells_for
from _transforms import STORED, transformed

from ganisi import recommended
from ganisi.audit import audit

ROWS = (STORED, "all mirrored", "up-down", "turned 90", "turned 10", "moved 4", "moved 8")
DESIGNS = ("observed", "randomised")


def verdict_of(arrays, row, design, memory=None, n_permutations=39):
    """Audit the images of other patients against the used ones, generated images treated alike."""
    labelled = np.isin(arrays["role"], [data.USED, data.NOT_USED])
    return audit(
        recommended(grid=cells_for(arrays["images"].shape[1]), memory=memory),
        arrays["images"][labelled],
        arrays["used"][labelled],
        generated=(transformed(arrays["generated"], row),),
        groups=arrays["groups"][labelled],
        n_permutations=n_permutations,
        baselines={},
        max_auc=0.75,
        design=design,
        random_state=0,
    )


def line_of(name, row, design, report):
    """Write a row of the table."""
    near, itself = report.images.near_copies, report.image_itself
    cells = (
        name,
        row,
        design,
        report.verdict,
        f"{report.attack.scores.roc_auc:.2f}",
        f"{report.best.p_value:.3f}",
        "-" if itself is None else f"{itself.p_value:.3f}",
        f"{len(near.used) + len(report.images.exact_copies.used)}",
    )
    return f"| {' | '.join(cells)} |"


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kinds", nargs="+", default=["flips", "other"], help="shipped sets")
    parser.add_argument("--data", type=Path, help="folder of images instead of phantoms")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=ROWS)
    parser.add_argument("--designs", nargs="+", choices=DESIGNS, default=DESIGNS)
    parser.add_argument("--memory", help="folder to keep described images in")
    options = parser.parse_args(arguments)
    if options.data is None:
        found = {kind: sets.from_package(kind, queries=False) for kind in options.kinds}
    else:
        found = {options.data.name: sets.in_memory(sets.from_folders(options.data))}
    print(
        "| set | generated images | design | verdict | ROC AUC | p | the image itself, p | copies |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for name, arrays in found.items():
        for row in options.rows:
            for design in options.designs:
                report = verdict_of(arrays, row, design, options.memory)
                print(line_of(name, row, design, report), flush=True)


if __name__ == "__main__":
    main()
