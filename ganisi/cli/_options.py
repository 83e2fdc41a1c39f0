"""Options that several commands have."""

import argparse

from ..audit._design import DESIGNS
from ..images._pseudonyms import check_patient
from ..images._volumes import AXES
from ..images._windows import NAMES

#: An option that is on or off, so that the command line can say either of what a file says.
FLAG = argparse.BooleanOptionalAction


def add_patients(parser):
    """Add what says whose images the real ones are."""
    patients = parser.add_mutually_exclusive_group()
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
        "for those the images lie in; what is written holds numbers",
    )
    patients.add_argument(
        "--each-image-a-patient",
        action="store_true",
        help="every real image is of another patient; where that is not so, every figure is too "
        "good",
    )


def add_reading(parser):
    """Add how images of folders are read."""
    parser.add_argument(
        "--recursive",
        action=FLAG,
        default=False,
        help="look into the folders in these folders too",
    )
    parser.add_argument(
        "--as-gray",
        action=FLAG,
        default=False,
        help="take the luma of images whose channels differ",
    )
    parser.add_argument(
        "--window",
        metavar="W",
        nargs="+",
        help="intensities that become black and white, LOW HIGH, of DICOM and of images with more "
        f"than 8 bits; or the name of a window: {', '.join(NAMES)}. Write it after the folders",
    )
    parser.add_argument(
        "--bits",
        metavar="N",
        type=int,
        choices=(8, 16),
        help="bring grey levels to so many bits: with 8, scans of 12 or 16 bits and synthetic "
        "images of 8 come on one scale",
    )
    parser.add_argument(
        "--axis",
        metavar="A",
        type=lambda text: int(text) if text.isdecimal() else text,
        choices=(*sorted(AXES), 0, 1, 2),
        help="across which axis the slices of volumes lie: "
        f"{', '.join(sorted(AXES))}; 0, 1, 2 as stored",
    )
    parser.add_argument(
        "--spacing", metavar="MM", type=float, help="bring pixels of scans to this distance"
    )


def add_attack(parser):
    """Add how the recommended attack looks at images."""
    parser.add_argument(
        "--views",
        choices=["none", "mirrors", "dihedral"],
        help="find mirrored copies too (mirrors), or turned ones (dihedral; square images); the "
        "real images then cost 4 or 8 times as much (default: as ganisi.recommended() does)",
    )
    parser.add_argument(
        "--rivals",
        action=FLAG,
        default=False,
        help="let real images compete for each synthetic one: better at telling used slices of a "
        "patient from unused ones, where both are given",
    )
    parser.add_argument(
        "--store",
        metavar="DIR",
        help="keep what is computed of synthetic images in this folder: for more of them than "
        "memory holds, and so that a run that was stopped goes on from there. Keep it as you keep "
        "the images",
    )


def add_limits(parser):
    """Add what an audit is to find, how sure, and by which random numbers."""
    parser.add_argument(
        "--max-auc", metavar="A", type=float, help="largest tolerable ROC AUC; see below"
    )
    parser.add_argument(
        "--max-share",
        metavar="F",
        type=float,
        help="largest tolerable share of used patients, each recognised for sure; see below",
    )
    parser.add_argument(
        "--prevalence", metavar="P", type=float, help="share of used images among those asked about"
    )
    parser.add_argument(
        "--max-disclosure-risk",
        metavar="R",
        type=float,
        help="how often 'used' may be right, at most, at --prevalence; see below",
    )
    parser.add_argument(
        "--design",
        choices=DESIGNS,
        default="observed",
        help="randomised where lots decided which patients were used, so that the two groups "
        "differ by chance alone; observed otherwise (default: observed)",
    )
    parser.add_argument(
        "--required-kinds",
        metavar="KINDS",
        type=_listed,
        help="kinds of planted copies, with commas between, that must be found before it may be "
        "said that there is no leak (default: exact, noise, blur, JPEG, mirrors, moves to 8, "
        "turns to 10 degrees, zooms to 1.1); a wrong one prints all that there are",
    )
    parser.add_argument(
        "--alpha", metavar="P", type=float, default=0.05, help="level; see below (default: 0.05)"
    )
    parser.add_argument(
        "--n-permutations", metavar="N", type=int, default=199, help="refits (default: 199)"
    )
    add_seed(parser)


def add_seed(parser):
    """Add what determines all random numbers."""
    parser.add_argument(
        "--seed",
        metavar="S",
        type=_whole_number,
        default=0,
        help="of all random numbers (default: 0)",
    )


def add_running(parser):
    """Add how a command runs, and where else its options may stand."""
    parser.add_argument(
        "--n-jobs", metavar="N", type=int, help="workers (default: 1; -1: all cores)"
    )
    parser.add_argument("--quiet", action=FLAG, default=False, help="no progress on standard error")
    parser.add_argument(
        "--config",
        metavar="TOML",
        help="file of options: a line NAME = VALUE for each, by its long name without the dashes, "
        'such as max-auc = 0.65, recursive = true, window = [-1000, 400] or groups = "groups.csv"; '
        "what stands on the command line wins. Paths are relative to where the command is run",
    )


def _whole_number(text):
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


def _listed(text):
    return [part.strip() for part in text.split(",")]
