"""``ganisi release``: which synthetic images to withhold, and a folder of those that may go."""

import sys
from textwrap import fill

from ..audit._copy_list import WHAT_IS_MISSING, copy_list
from ..audit._releasing import release
from ..audit._verdict import CANNOT_SAY, LEAKAGE, NONE_DETECTED
from ..audit.report._names import NAMINGS, called
from ._accounts import accounts_of, command_of
from ._attack import attack_of
from ._filling import LINKS, check_folder, files_of, fill_folder, relative_names
from ._inputs import check_patients_said, load_folders, patients_of
from ._options import add_attack, add_limits, add_patients, add_reading, add_running
from ._reports import check_targets, write_or_rescue, write_report
from ._sheet import add_sheet, check_sheet, sheet_writer

NAME = "release"
HELP = "list the synthetic images to withhold, and copy those that may go"
EXIT_STATUS = {NONE_DETECTED: 0, LEAKAGE: 1, CANNOT_SAY: 2}
_NOT_DONE = 3
#: Columns of what is said, as of a report.
_WIDTH = 94
_ROLES = ("synthetic", "real and used", "real and not used")

DESCRIPTION = """\
List which synthetic images must be withheld, for each generated one by how clearly it is nearer to
a used patient than chance brings it; audit all of them, and what is left; and copy what may go to a
new folder. The attack is ganisi.recommended(). Nothing is deleted, and nothing is written into the
folders of images. Without REAL_NOT_USED only near copies can be listed, which clears nothing."""

EPILOG = """\
example:
  ganisi release generated real_used real_not_used --groups groups.csv --fdr 0.05 \\
      --max-auc 0.65 --rounds 3 --max-withheld 0.5 --list withhold.csv --to release \\
      --html release.html

exit status:
  0  the list is written, and in what is left no leakage is detected at this power, below the bound
     of --max-auc; with --to, DIR holds it
  1  leakage is still detected in what is left, or more than --max-withheld would have to be
     withheld; the list is written, and DIR is not made. Without REAL_NOT_USED: there are copies
  2  cannot say; the report gives the reason. With --to, DIR is made where no attack told used
     images from others in what is left, and not otherwise. Without REAL_NOT_USED: no copies found
  3  bad input, or something could not be finished or written
  130  stopped by Ctrl-C; DIR is not made

Where the thresholds come from is what ganisi audit --help says.

A list made with one attack does not bind another one. The audit of what is left is made from the
same real images as the list, and so is optimistic; the report says what that means.
"""


def add_to(parser):
    """Give the parser of the command its options."""
    parser.add_argument("generated", metavar="GENERATED", help="folder of synthetic images")
    parser.add_argument(
        "used", metavar="REAL_USED", help="folder of real images that trained the generator: all"
    )
    parser.add_argument(
        "not_used",
        metavar="REAL_NOT_USED",
        nargs="?",
        help="folder of real images that did not; without it there is no audit, and no clearance",
    )
    parser.add_argument(
        "--list", metavar="F", required=True, help="write the list, a row an image, to this CSV"
    )
    parser.add_argument(
        "--to", metavar="DIR", help="folder to be made, or an empty one, for what may go"
    )
    parser.add_argument(
        "--link",
        choices=LINKS,
        help="make links in DIR instead of copies: hard ones, which are the same file, or symbolic "
        "ones, which break where GENERATED is moved",
    )
    parser.add_argument(
        "--fdr",
        metavar="P",
        type=float,
        default=0.05,
        help="expected share of patients without a leak, at most, among the used ones for whose "
        "nearness images are withheld (default: 0.05)",
    )
    parser.add_argument(
        "--rounds",
        metavar="N",
        type=int,
        default=1,
        help="lists to make at most; one more while an attack still tells used images from others "
        "(default: 1)",
    )
    parser.add_argument(
        "--max-withheld",
        metavar="F",
        type=float,
        help="largest tolerable share of withheld images; where more have to be, nothing may go",
    )
    add_patients(parser)
    add_reading(parser)
    add_attack(parser)
    parser.add_argument(
        "--names",
        choices=NAMINGS,
        default="none",
        help="what list and report call real images and folders: none, numbers; short, the last "
        "part of the name; full, all of it. Synthetic images have their names in the list "
        "(default: none)",
    )
    parser.add_argument("--html", metavar="F", help="write the report as a page to this file")
    parser.add_argument("--json", metavar="F", help="write the report as JSON to this file")
    add_sheet(parser)
    add_limits(parser)
    add_running(parser)


def run(chosen, arguments):
    """List, audit, write, copy; return the status of the verdict on what is left."""
    check_patients_said(chosen)
    check_targets(chosen, ["list", "html", "json", "sheet"])
    check_sheet(chosen)
    if chosen.not_used is None and (chosen.to or chosen.html or chosen.json):
        raise ValueError(
            "without REAL_NOT_USED there is no audit, and nothing can be cleared: leave --to, "
            f"--html and --json out, or give not-used images. {WHAT_IS_MISSING}"
        )
    check_folder(chosen)
    attack = attack_of(chosen)
    folders = [chosen.generated, chosen.used]
    folders += [] if chosen.not_used is None else [chosen.not_used]
    loaded = load_folders(chosen, folders[:1])
    # Now, before anybody could change them.
    files = None if chosen.to is None else files_of(loaded[0].images, chosen.generated)
    loaded += load_folders(chosen, folders[1:], chosen.patient)
    names = relative_names(loaded[0].images, chosen.generated)
    if chosen.not_used is None:
        return _only_copies(chosen, loaded, names)
    found = _release(chosen, attack, folders, loaded, names).dated(
        command_of(chosen, arguments), accounts_of(chosen, _ROLES, folders, loaded)
    )
    if not write_or_rescue(found.to_csv, chosen.list, NAME):
        print(f"ganisi {NAME}: the list is not written, so nothing is copied", file=sys.stderr)
        return _NOT_DONE
    try:
        write_report(found, chosen)
        if chosen.sheet is not None:
            images = loaded[0].images, loaded[1].images + loaded[2].images
            write_or_rescue(sheet_writer(chosen, found, *images, attack.views), chosen.sheet, NAME)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("the report may be incomplete, and DIR is not made") from None
    if chosen.to is not None:
        if not found.may_go.any():
            print(f"ganisi {NAME}: {chosen.to} is not made: nothing may go", file=sys.stderr)
        else:
            fill_folder(chosen, [one for one, go in zip(files, found.may_go, strict=True) if go])
    return EXIT_STATUS[found.verdict] if found.within_bound else EXIT_STATUS[LEAKAGE]


def _release(chosen, attack, folders, loaded, names):
    """Make the lists and the audits."""
    generated, used, not_used = (folder.images for folder in loaded)
    groups, _ = patients_of(chosen, loaded[1:])
    return release(
        attack,
        used + not_used,
        [1] * len(used) + [0] * len(not_used),
        generated=(generated,),
        groups=groups,
        fdr=chosen.fdr,
        rounds=chosen.rounds,
        max_withheld=chosen.max_withheld,
        generated_names=names,
        real_names=_real_names(chosen, folders[1:], loaded[1:]),
        random_state=chosen.seed,
        n_permutations=chosen.n_permutations,
        max_auc=chosen.max_auc,
        max_share=chosen.max_share,
        prevalence=chosen.prevalence,
        max_disclosure_risk=chosen.max_disclosure_risk,
        design=chosen.design,
        required_kinds=chosen.required_kinds,
        alpha=chosen.alpha,
        n_jobs=chosen.n_jobs,
        verbose=0 if chosen.quiet else 1,
        names=chosen.names,
    )


def _only_copies(chosen, loaded, names):
    """List near copies; say what would make an audit possible."""
    groups, _ = patients_of(chosen, loaded[1:])
    found = copy_list(
        loaded[1].images,
        generated=(loaded[0].images,),
        groups=groups,
        names=names,
        real_names=_real_names(chosen, [chosen.used], loaded[1:]),
    )
    if not write_or_rescue(found.to_csv, chosen.list, NAME):
        return _NOT_DONE
    if chosen.sheet is not None:
        writer = sheet_writer(chosen, found, loaded[0].images, loaded[1].images, None)
        write_or_rescue(writer, chosen.sheet, NAME)
    n_copies = int((found.reason != "").sum())
    said = (
        f"{n_copies} of {len(names)} synthetic images are copies of used ones, or nearly; they are "
        "in the list. Nothing is said of the others, and nothing is cleared: without real images "
        "that were not used there is no audit."
    )
    print(*(fill(one, _WIDTH) for one in (said, WHAT_IS_MISSING)), sep="\n\n", flush=True)
    return EXIT_STATUS[LEAKAGE if n_copies else CANNOT_SAY]


def _real_names(chosen, folders, loaded):
    """Return what the list calls real images: by number, unless names were asked for."""
    names = [
        name
        for folder, held in zip(folders, loaded, strict=True)
        for name in relative_names(held.images, folder, with_folder=True)
    ]
    return [called(chosen.names, name, f"X[{i}]") for i, name in enumerate(names)]
