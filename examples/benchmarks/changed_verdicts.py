"""Verdicts of an audit where every generated image was mirrored, turned or moved.

    python examples/benchmarks/changed_verdicts.py                # the shipped sets
    python examples/benchmarks/changed_verdicts.py --data DIR     # your 8-bit images, of one size
    python examples/benchmarks/changed_verdicts.py --sets FOLDER  # what generators.py made

`audit(recommended())` of used images and those of other patients, as for a group that lots chose
("randomised") and as for any other ("observed"), with 39 permutations, no further attacks, and the
bound 0.75 on the ROC AUC. DIR holds the folders real_used, real_not_used and generated, and
groups.csv. What a row does is said in _transforms.py. Prints Markdown, row by row; an audit takes
minutes. With --quick only what each image says itself is looked at, in seconds: near copies of
used images, which decide a verdict alone, and whether used images are nearer to generated ones than
these are to each other, which it needs beside an attack where no lots decided.
"""

import argparse
from pathlib import Path
from types import SimpleNamespace

import _generator_data as data
import _generator_sets as sets
import numpy as np
from _scoring import cells_for
from _transforms import STORED, transformed

from ganisi import recommended
from ganisi._compat._progress import Teller
from ganisi.audit import audit
from ganisi.audit._copies import Identities
from ganisi.audit._design import Seeds
from ganisi.audit._image_itself import image_itself
from ganisi.audit._near_copies import find_near_copies
from ganisi.audit.report._sections import Copies

ROWS = (
    STORED,
    "all mirrored",
    "up-down",
    "turned 90",
    "turned 10",
    "moved 2",
    "moved 4",
    "moved 8",
)
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


def quick_line_of(name, row, arrays):
    """Write a row of the table of what images say themselves."""
    labelled = np.isin(arrays["role"], [data.USED, data.NOT_USED])
    images, generated = arrays["images"][labelled], transformed(arrays["generated"], row)
    used = arrays["used"][labelled] == 1
    given = SimpleNamespace(
        images=images,
        sets=[generated],
        queries=None,
        identities=Identities.of(images, generated, None),
    )
    design = SimpleNamespace(
        used=used,
        not_used=~used,
        groups=arrays["groups"][labelled],
        seeds=Seeds(0),
        teller=Teller("", 0),
        n_jobs=None,
    )
    near = find_near_copies(given, design, Copies((), (), ()))
    itself = image_itself(given, design)
    cells = (
        name,
        row,
        f"{len(near.used)} of {used.sum()}",
        f"{len(near.not_used)} of {(~used).sum()}",
        f"{itself.share:.2f}",
        f"{itself.usual:.2f}",
        f"{itself.p_value:.1g}",
    )
    return f"| {' | '.join(cells)} |"


def line_of(name, row, design, report):
    """Write a row of the table."""
    near, itself = report.images.near_copies, report.image_itself
    cells = (
        name,
        row,
        design,
        report.verdict,
        f"{report.attack.scores['roc_auc']:.2f}",
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
    parser.add_argument("--sets", type=Path, help="folder of generators.py instead, all its sets")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=ROWS)
    parser.add_argument("--designs", nargs="+", choices=DESIGNS, default=DESIGNS)
    parser.add_argument("--quick", action="store_true", help="only what images say themselves")
    parser.add_argument("--memory", help="folder to keep described images in")
    options = parser.parse_args(arguments)
    if options.sets is not None:
        found = {name: sets.read_set(name, options.sets)[0] for name in sets.names_of(options.sets)}
    elif options.data is None:
        found = {kind: sets.from_package(kind, queries=False) for kind in options.kinds}
    else:
        found = {options.data.name: sets.in_memory(sets.from_folders(options.data))}
    if options.quick:
        print("| set | generated images | named, used | not used | nearest, used | fakes | p |")
        print("|---|---|---|---|---|---|---|")
    else:
        print("| set | generated images | design | verdict | ROC AUC | p | itself, p | copies |")
        print("|---|---|---|---|---|---|---|---|")
    for name, arrays in found.items():
        for row in options.rows:
            if options.quick:
                print(quick_line_of(name, row, arrays), flush=True)
                continue
            for design in options.designs:
                report = verdict_of(arrays, row, design, options.memory)
                print(line_of(name, row, design, report), flush=True)


if __name__ == "__main__":
    main()
