"""The audit as a gate on the command line: an exit status for each verdict."""

import argparse
import os
import shlex
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout

from .._compat._printable import Printer, printable
from ..audit._auditing import audit
from ..audit._provenance import describe_folder
from ..audit._verdict import CANNOT_SAY, LEAKAGE, NONE_DETECTED
from ..audit.report._names import NAMINGS, called
from ..datasets import load_groups, load_image_folder
from ..images._patients import numbered
from ..images._pseudonyms import check_patient
from ..images._volumes import AXES
from ..images._windows import NAMES, check_window
from ..model._recommended import recommended
from ._reports import check_targets, write_report

EXIT_STATUS = {NONE_DETECTED: 0, LEAKAGE: 1, CANNOT_SAY: 2}
_ROLES = ("synthetic", "real and used", "real and not used", "of unknown status")
#: Options that take paths, and what stands for these in the report.
_PATHS = {"--query": "DIR", "--groups": "CSV", "--html": "HTML", "--json": "JSON"}
_BAD_INPUT = 3
#: What shells give for a process ended by Ctrl-C.
_STOPPED = 130

_DESCRIPTION = """\
Audit synthetic images: did their generator leak the real images it was trained on? The attack is
ganisi.recommended(), beside simpler ones; everything is cross-validated by patient."""

_EPILOG = """\
exit status:
  0  no leakage detected at this power, below the bound of --max-auc
  1  leakage detected
  2  cannot say; the report gives the reason
  3  bad input, or the audit could not be finished
  130  stopped by Ctrl-C; no report was written

where the thresholds come from:
  --max-auc   from you: how well an attacker may tell used images from others. Nothing in the
              images can say what is tolerable. Without it or --max-share the status is never 0.
  --max-share from you: of which share of the used patients an attacker may be sure. An AUC is
              an average: 0.65 is reached where 30 % of them are recognised for sure and the
              others not at all. Given one of the two, the other follows: share = 2 x AUC - 1.
  --alpha     from convention: 0.05 is the risk of a false alarm that statistics textbooks
              take. Publish what you took before you looked.
  power 0.8   from convention, and fixed: "below the bound" means that a leak as large as the
              bound would have been found 4 times in 5.
  1/2         from the definition: an AUC of 1/2 is guessing.
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors have the exit status of bad input."""

    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(_BAD_INPUT, f"{self.prog}: error: {message}\n")


def _listed(text):
    return [part.strip() for part in text.split(",")]


def main(arguments=None):
    """Run the command line; return 0, 1, 2 (verdicts), 3 (not finished) or 130 (stopped)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    # Nobody listening, or no characters for a name, must not change the exit status.
    with redirect_stdout(Printer(sys.stdout)), redirect_stderr(Printer(sys.stderr)):
        return _main(arguments)


def _main(arguments):
    chosen = _parser().parse_args(arguments)
    state = "no report was written"
    try:
        report = _audit(chosen, _command(chosen, arguments))
        state = "the report may be incomplete"
        write_report(report, chosen)
        return EXIT_STATUS[report.verdict]
    except KeyboardInterrupt:
        print(f"ganisi audit: stopped; {state}", file=sys.stderr)
        return _STOPPED
    except MemoryError as error:
        said = printable(str(error)) or "a step asked for more than there is."
        print(
            f"ganisi audit: the memory is full: {said} Take fewer --n-jobs, fewer or smaller "
            "images, or a larger machine.",
            file=sys.stderr,
        )
    except (OSError, ValueError, TypeError, ImportError) as error:
        print(f"ganisi audit: {printable(str(error))}", file=sys.stderr)
    except Exception:
        # Python's own status would be 1, which means leakage here.
        traceback.print_exc()
    return _BAD_INPUT


def _parser():
    parser = _Parser(prog="python -m ganisi", description="Tools of ganisi.")
    commands = parser.add_subparsers(dest="command", required=True)
    gate = commands.add_parser(
        "audit",
        help="audit a folder of synthetic images",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    gate.add_argument("generated", metavar="GENERATED", help="folder of synthetic images")
    gate.add_argument(
        "used", metavar="REAL_USED", help="folder of real images that trained the generator"
    )
    gate.add_argument(
        "not_used", metavar="REAL_NOT_USED", help="folder of real images that did not"
    )
    gate.add_argument("--query", metavar="DIR", help="folder of real images of unknown status")
    patients = gate.add_mutually_exclusive_group()
    patients.add_argument(
        "--groups",
        metavar="CSV",
        help="table with the columns folder, file, group: the patient of each image, where folder "
        "is the last part of the folder's name",
    )
    patients.add_argument(
        "--patient",
        metavar="P",
        type=_patient,
        help="what names the patient of each real image instead: a DICOM element such as "
        "PatientID, or the level of a folder, folder:1 for the folders in the one given, folder:-1 "
        "for those the images lie in; the report holds numbers",
    )
    patients.add_argument(
        "--each-image-a-patient",
        action="store_true",
        help="every real image is of another patient; where that is not so, every figure is too "
        "good",
    )
    gate.add_argument(
        "--recursive", action="store_true", help="look into the folders in these folders too"
    )
    gate.add_argument(
        "--as-gray", action="store_true", help="take the luma of images whose channels differ"
    )
    gate.add_argument(
        "--window",
        metavar="W",
        nargs="+",
        help="intensities that become black and white, LOW HIGH, of DICOM and of images with more "
        f"than 8 bits; or the name of a window: {', '.join(NAMES)}. Write it after the folders",
    )
    gate.add_argument(
        "--bits",
        metavar="N",
        type=int,
        choices=(8, 16),
        help="bring grey levels to so many bits: with 8, scans of 12 or 16 bits and synthetic "
        "images of 8 come on one scale",
    )
    gate.add_argument(
        "--axis",
        metavar="A",
        type=lambda text: int(text) if text.isdecimal() else text,
        choices=(*AXES, 0, 1, 2),
        help=f"across which axis the slices of volumes lie: {', '.join(AXES)}; 0, 1, 2 as stored",
    )
    gate.add_argument(
        "--spacing", metavar="MM", type=float, help="bring pixels of scans to this distance"
    )
    gate.add_argument(
        "--views",
        choices=["none", "mirrors", "dihedral"],
        help="find mirrored copies too (mirrors), or turned ones (dihedral; square images); the "
        "real images then cost 4 or 8 times as much (default: as ganisi.recommended() does)",
    )
    gate.add_argument(
        "--rivals",
        action="store_true",
        help="let real images compete for each synthetic one: better at telling used slices of a "
        "patient from unused ones, where both are given",
    )
    gate.add_argument(
        "--names",
        choices=NAMINGS,
        default="none",
        help="what the report calls files and folders: none, numbers, so that it holds no path and "
        "no name; short, the last part of the name; full, all of it (default: none)",
    )
    gate.add_argument("--html", metavar="F", help="write the report as a page to this file")
    gate.add_argument("--json", metavar="F", help="write the report as JSON to this file")
    gate.add_argument(
        "--max-auc", metavar="A", type=float, help="largest tolerable ROC AUC; see below"
    )
    gate.add_argument(
        "--max-share",
        metavar="F",
        type=float,
        help="largest tolerable share of used patients, each recognised for sure; see below",
    )
    gate.add_argument(
        "--required-kinds",
        metavar="KINDS",
        type=_listed,
        help="kinds of planted copies, with commas between, that must be found before the status "
        "may be 0 (default: exact, noise, blur, JPEG, mirrors, moves to 8 pixels, turns to 10 "
        "degrees, zooms to 1.1); a wrong one prints all that there are",
    )
    gate.add_argument(
        "--alpha", metavar="P", type=float, default=0.05, help="level; see below (default: 0.05)"
    )
    gate.add_argument(
        "--n-permutations", metavar="N", type=int, default=199, help="refits (default: 199)"
    )
    gate.add_argument(
        "--prevalence", metavar="P", type=float, help="share of used images among those asked about"
    )
    gate.add_argument(
        "--seed", metavar="S", type=_seed, default=0, help="of all random numbers (default: 0)"
    )
    gate.add_argument("--n-jobs", metavar="N", type=int, help="workers (default: 1; -1: all cores)")
    gate.add_argument("--quiet", action="store_true", help="no progress on standard error")
    return parser


def _seed(text):
    """Read a seed; argparse names the option where it is none."""
    try:
        seed = int(text)
    except ValueError:
        seed = -1
    if not 0 <= seed < 2**32:
        raise argparse.ArgumentTypeError(
            f"{text} is no seed; give a whole number from 0 to {2**32 - 1}."
        )
    return seed


def _patient(text):
    """Read what names patients; argparse names the option where it is nothing."""
    kind, colon, level = text.partition(":")
    try:
        patient = int(level) if kind == "folder" and colon else text
        check_patient(patient, "--patient")
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} names no patient; give a DICOM element such as PatientID, or folder:1."
        ) from None
    return patient


def _window(words):
    """Read a window, two numbers or a name."""
    if words is None:
        return None
    try:
        return check_window(words[0] if len(words) == 1 else [float(word) for word in words])
    except ValueError:
        raise ValueError(
            f"--window {' '.join(words)} is no window; give LOW HIGH with LOW < HIGH, or one of "
            f"{', '.join(NAMES)}, after the folders."
        ) from None


def _audit(chosen, command):
    if not (chosen.groups or chosen.patient is not None or chosen.each_image_a_patient):
        raise ValueError(
            "nothing says whose images the real ones are, and images of one patient on both sides "
            "of a split make any attack look good; give a table (--groups CSV), or what names the "
            "patient (--patient PatientID for DICOM, --patient folder:1 for folders); or say "
            "--each-image-a-patient where it is so."
        )
    check_targets(chosen)
    folders = [chosen.generated, chosen.used, chosen.not_used]
    folders += [] if chosen.query is None else [chosen.query]
    options = {
        "recursive": chosen.recursive,
        "as_gray": chosen.as_gray,
        "window": _window(chosen.window),
        "bits": chosen.bits,
        "axis": chosen.axis,
        "spacing": chosen.spacing,
    }
    loaded = [load_image_folder(chosen.generated, **options)]
    loaded += [
        load_image_folder(folder, patient=chosen.patient, **options) for folder in folders[1:]
    ]
    if not chosen.quiet:
        _tell_what_was_left_alone(loaded)
    found = [folder.images for folder in loaded]
    generated, used, not_used = found[:3]
    queries = None if chosen.query is None else found[3]
    groups, query_groups = _patients(chosen, loaded[1:])
    inputs = [
        describe_folder(role, folder, images) | {"folder": _folder(chosen.names, folder)}
        for role, folder, images in zip(_ROLES, folders, found, strict=False)
    ]
    attack = recommended(rivals=chosen.rivals)
    if chosen.views is not None:
        attack.set_params(views=None if chosen.views == "none" else chosen.views)
    report = audit(
        attack,
        used + not_used,
        [1] * len(used) + [0] * len(not_used),
        generated=(generated,),
        groups=groups,
        queries=queries,
        query_groups=query_groups,
        n_permutations=chosen.n_permutations,
        prevalence=chosen.prevalence,
        max_auc=chosen.max_auc,
        max_share=chosen.max_share,
        required_kinds=chosen.required_kinds,
        alpha=chosen.alpha,
        random_state=chosen.seed,
        n_jobs=chosen.n_jobs,
        verbose=0 if chosen.quiet else 1,
        names=chosen.names,
    )
    return report.dated(command, inputs)


def _patients(chosen, real):
    """Patients of the images of known status, and of the queries; None where nothing says."""
    used, not_used, *queries = real
    if chosen.groups is not None:
        return load_groups(chosen.groups, used.images + not_used.images), (
            load_groups(chosen.groups, queries[0].images, optional=True) if queries else None
        )
    if all(folder.groups is None for folder in real):
        return None, None
    # Pseudonyms change from run to run, and numbers do not. Files of one image are patients too.
    named = [map(str, f.images if f.groups is None else f.groups.tolist()) for f in real]
    first, second, *asked = numbered(*named)
    return first + second, asked[0] if asked else None


def _tell_what_was_left_alone(folders):
    for folder in folders:
        if folder.left_alone:
            print(printable(folder.account), file=sys.stderr)


def _command(chosen, arguments):
    """Write the command as it is, or with paths as `--names` says."""
    folders = {
        chosen.generated: "GENERATED",
        chosen.used: "REAL_USED",
        chosen.not_used: "REAL_NOT_USED",
    }
    words, place = [], None
    for word in arguments:
        option, sign, value = word.partition("=")
        if place is not None:
            words.append(called(chosen.names, word, place))
            place = None
        elif word in folders:
            words.append(called(chosen.names, word, folders[word]))
        elif sign and _takes_path(option):
            words.append(f"{option}={called(chosen.names, value, _takes_path(option))}")
        else:
            words.append(word)
            place = _takes_path(word)
    return shlex.join(["python", "-m", "ganisi", *words])


def _takes_path(word):
    """Return what an option's path is called; None for others. argparse takes beginnings too."""
    found = [place for option, place in _PATHS.items() if option.startswith(word)]
    return found[0] if found and len(word) > len("--") else None


def _folder(names, folder):
    """Return what a folder is called in the report; None for nothing."""
    return called(names, folder if names == "full" else os.path.abspath(folder), None)
