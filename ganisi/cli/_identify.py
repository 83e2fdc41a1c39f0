"""``ganisi identify``: how probable it is of each image that the generator was trained on it."""

from functools import partial

import numpy as np

from .._compat._writing import write_text
from ..audit._copies import Identities, check_contradictions, check_queries_unknown
from ..images._checks import check_images
from ._attack import attack_of
from ._deciding import probabilities_and_decisions
from ._inputs import check_patients_said, load_folders, patients_of
from ._options import add_attack, add_patients, add_reading, add_running, add_seed
from ._reports import check_targets, write_or_rescue, write_out
from ._tables import OF_EACH, cells_of, probability_table, table

NAME = "identify"
HELP = "say of each real image how probable it is that it was used"
_COLUMNS = (*OF_EACH, "p_value", "q_value", "decision")
DESCRIPTION = """\
Fit ganisi.recommended() on real images of known status, and say of each query how probable it is
that the generator was trained on it. Whether such probabilities mean anything on your images is
what ganisi audit tells: ask it first."""
EPILOG = """\
example:
  ganisi identify generated real_used real_not_used query --patient PatientID --csv queries.csv

Queries are called by their file names, with the folders in between. Where the probabilities are
about images of one patient, they are not independent of each other. Between low and high lies, at a
confidence of 95 %, the share of used images among those that look like the query, if as many are
used as of those known; the fewer patients are known, the further low and high are apart.

With --fdr every query also has a p-value and a decision: "used", or "not distinguishable" from
images of patients who were not used, which is never "not used". Half of the patients in NOT_USED
are set aside to compare with, so give many; of the patients called used, a share of at most --fdr
is expected not to be. Say whose the queries are too (--patient, or lines of the table), and give no
patient of whom the status of an image is known.
"""


def add_to(parser):
    """Give the parser of the command its options."""
    parser.add_argument("generated", metavar="GENERATED", help="folder of synthetic images")
    parser.add_argument(
        "used", metavar="USED", help="folder of real images that trained the generator"
    )
    parser.add_argument("not_used", metavar="NOT_USED", help="folder of real images that did not")
    parser.add_argument("queries", metavar="QUERIES", help="folder of real images to ask about")
    parser.add_argument(
        "--csv",
        metavar="F",
        help="write id, probability, low and high of each query to this file (default: standard "
        "output)",
    )
    parser.add_argument(
        "--fdr",
        metavar="P",
        type=float,
        help="decide about each query, at this false discovery rate among patients; see below",
    )
    add_seed(parser)
    add_patients(parser)
    add_reading(parser)
    add_attack(parser)
    add_running(parser)


def run(chosen, arguments):
    """Fit, ask, and write the table."""
    check_patients_said(chosen)
    check_targets(chosen, ["csv"])
    model = attack_of(chosen, n_jobs=chosen.n_jobs, verbose=0 if chosen.quiet else 1)
    (generated,) = load_folders(chosen, [chosen.generated])
    real = load_folders(chosen, [chosen.used, chosen.not_used], chosen.patient)
    decides = chosen.fdr is not None
    (queries,) = load_folders(chosen, [chosen.queries], chosen.patient if decides else None)
    groups, query_groups = patients_of(chosen, real, queries if decides else None)
    used, not_used = (folder.images for folder in real)
    images, labels = used + not_used, [1] * len(used) + [0] * len(not_used)
    _check_known(images, labels, queries.images)
    if decides:
        asked, found = probabilities_and_decisions(
            model,
            images,
            labels,
            generated.images,
            queries.images,
            groups=groups,
            query_groups=query_groups,
            fdr=chosen.fdr,
            seed=chosen.seed,
        )
        cells = zip(cells_of(asked), found.p_value, found.q_value, found.decision, strict=True)
        rows = [[*first, f"{p:.4g}", f"{q:.4g}", said] for first, p, q, said in cells]
        text = table(_COLUMNS, queries.names, rows)
    else:
        model.fit(images, labels, generated=(generated.images,), groups=groups)
        text = probability_table(queries.names, model.predict_proba_interval(queries.images))
    if chosen.csv is None:
        return 0 if write_out(text, NAME, "queries.csv") else 3
    return 0 if write_or_rescue(partial(write_text, text=text), chosen.csv, NAME) else 3


def _check_known(images, labels, queries):
    """Refuse one image under both labels, and queries whose status is known, before the work."""
    identities = Identities.of(check_images(images), (), check_images(queries, "queries"))
    check_contradictions(identities, np.asarray(labels) == 1)
    check_queries_unknown(identities)
