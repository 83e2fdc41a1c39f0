"""The audit as a gate on the command line: an exit status for each verdict."""

from ..audit._auditing import audit
from ..audit._verdict import CANNOT_SAY, LEAKAGE, NONE_DETECTED
from ..audit.report._names import NAMINGS
from ._accounts import accounts_of, command_of
from ._attack import attack_of
from ._inputs import check_patients_said, load_folders, patients_of
from ._options import add_attack, add_limits, add_patients, add_reading, add_running
from ._reports import check_targets, write_report

NAME = "audit"
HELP = "audit a folder of synthetic images"
EXIT_STATUS = {NONE_DETECTED: 0, LEAKAGE: 1, CANNOT_SAY: 2}
_ROLES = ("synthetic", "real and used", "real and not used", "of unknown status")

DESCRIPTION = """\
Audit synthetic images: did their generator leak the real images it was trained on? The attack is
ganisi.recommended(), beside simpler ones; everything is cross-validated by patient."""

EPILOG = """\
example:
  ganisi audit generated real_used real_not_used --groups groups.csv --max-auc 0.65 \\
      --html report.html

exit status:
  0  no leakage detected at this power, below the bound of --max-auc
  1  leakage detected
  2  cannot say; the report gives the reason
  3  bad input, or the audit could not be finished
  130  stopped by Ctrl-C; nothing was written

where the thresholds come from:
  --max-auc   from you: how well an attacker may tell used images from others. Nothing in the
              images can say what is tolerable. Without it or --max-share the status is never 0.
  --max-share from you: of which share of the used patients an attacker may be sure. An AUC is
              an average: 0.65 is reached where 30 % of them are recognised for sure and the
              others not at all. Given one of the two, the other follows: share = 2 x AUC - 1.
  --max-disclosure-risk
              from you, at the --prevalence that you state: of whom "used" is said, how many may
              be used. Some authorities name 0.09 for a risk of re-identification, which is
              another quantity. What may exceed it is not cleared; what is below it is cleared
              by that alone neither.
  --alpha     from convention: 0.05 is the risk of a false alarm that statistics textbooks
              take. Publish what you took before you looked.
  power 0.8   from convention, and fixed: "below the bound" means that a leak as large as the
              bound would have been found 4 times in 5.
  1/2         from the definition: an AUC of 1/2 is guessing.
"""


def add_to(gate):
    """Give the parser of the command its options."""
    gate.add_argument("generated", metavar="GENERATED", help="folder of synthetic images")
    gate.add_argument(
        "used", metavar="REAL_USED", help="folder of real images that trained the generator"
    )
    gate.add_argument(
        "not_used", metavar="REAL_NOT_USED", help="folder of real images that did not"
    )
    gate.add_argument("--query", metavar="DIR", help="folder of real images of unknown status")
    add_patients(gate)
    add_reading(gate)
    add_attack(gate)
    gate.add_argument(
        "--names",
        choices=NAMINGS,
        default="none",
        help="what the report calls files and folders: none, numbers, so that it holds no path and "
        "no name; short, the last part of the name; full, all of it (default: none)",
    )
    gate.add_argument("--html", metavar="F", help="write the report as a page to this file")
    gate.add_argument("--json", metavar="F", help="write the report as JSON to this file")
    add_limits(gate)
    gate.add_argument(
        "--fdr",
        metavar="P",
        type=float,
        help="expected share of patients who were not used, at most, among those of --query that "
        "are called used (default: --alpha)",
    )
    add_running(gate)


def run(chosen, arguments):
    """Audit, write the report, and return the status of its verdict."""
    report = _audit(chosen, command_of(chosen, arguments))
    try:
        write_report(report, chosen)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("the report may be incomplete") from None
    return EXIT_STATUS[report.verdict]


def _audit(chosen, command):
    check_patients_said(chosen)
    check_targets(chosen)
    attack = attack_of(chosen)
    folders = [chosen.generated, chosen.used, chosen.not_used]
    folders += [] if chosen.query is None else [chosen.query]
    loaded = load_folders(chosen, folders[:1])
    loaded += load_folders(chosen, folders[1:], chosen.patient)
    found = [folder.images for folder in loaded]
    generated, used, not_used = found[:3]
    queries = None if chosen.query is None else found[3]
    groups, query_groups = patients_of(chosen, loaded[1:3], *loaded[3:])
    inputs = accounts_of(chosen, _ROLES, folders, loaded)
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
        max_disclosure_risk=chosen.max_disclosure_risk,
        design=chosen.design,
        required_kinds=chosen.required_kinds,
        alpha=chosen.alpha,
        fdr=chosen.fdr,
        random_state=chosen.seed,
        n_jobs=chosen.n_jobs,
        verbose=0 if chosen.quiet else 1,
        names=chosen.names,
    )
    return report.dated(command, inputs)
