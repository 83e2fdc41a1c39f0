"""Mistakes about how used and not used came about, and about the image itself."""

from planted._mistake import Mistake

ITSELF = "tests/audit/test_image_itself.py"
VERDICT = "tests/audit/test_verdict.py"
FILE = "ganisi/audit/_image_itself.py"
VERDICTS = "ganisi/audit/_verdict.py"

IN_DESIGNS = [
    Mistake(
        "kinds of patients are no finding",
        "ganisi/audit/_findings.py",
        '    Finding("kinds of patients", frozenset({ACCUSATION}), kinds_of_patients),\n',
        "",
        VERDICT,
    ),
    Mistake(
        "images that say nothing are a reason to ask about labels",
        "ganisi/audit/_findings.py",
        "published or evidence.empty_sets or lowest",
        "published or lowest",
        VERDICT,
    ),
    Mistake(
        "lots excuse nothing",
        "ganisi/audit/_design.py",
        'return self.design == "randomised"',
        "return False",
        f"{ITSELF} {VERDICT}",
    ),
    Mistake(
        "without an excess the image itself need not speak more clearly",
        VERDICTS,
        "itself.p_value <= ALONE * self.design.alpha",
        "itself.p_value <= self.design.alpha",
        VERDICT,
    ),
    Mistake(
        "a generated image is its own neighbour",
        FILE,
        "    coarse[own, places[own]] = np.inf\n",
        "",
        ITSELF,
    ),
    Mistake(
        "a generated image lies in the surroundings of its neighbour",
        FILE,
        "np.where(others[row] == places[:, None], np.inf, around[row])",
        "around[row]",
        ITSELF,
    ),
    Mistake(
        "looked at more finely, a generated image is its own neighbour",
        FILE,
        "np.where(among == place, np.inf, np.minimum(moved, apart))",
        "np.minimum(moved, apart)",
        ITSELF,
    ),
    Mistake(
        "parts of a cell are looked at among others",
        FILE,
        "_moved_by_parts(image, parts), generated[among]",
        "_moved_by_parts(image, parts), generated[: len(among)]",
        ITSELF,
    ),
    Mistake(
        "used images need not have pixels for parts of a cell",
        FILE,
        "min(least, least_of_real)",
        "least",
        ITSELF,
    ),
    Mistake(
        "generated images need not have pixels for parts of a cell",
        FILE,
        "min(least, least_of_real)",
        "least_of_real",
        ITSELF,
    ),
    Mistake(
        "images are moved by parts of a cell one way only",
        FILE,
        "range(2 * (parts // 2) + 1)",
        "range(parts // 2 + 1)",
        ITSELF,
    ),
    Mistake(
        "images may have been moved by halves of a cell only",
        FILE,
        "_FINER = ((2, 64), (4, 8))",
        "_FINER = ((2, 64),)",
        ITSELF,
    ),
    Mistake(
        "nearness is not by the distances around",
        FILE,
        "1.0, near / usual)",
        "1.0, near)",
        ITSELF,
    ),
    Mistake(
        "images of a patient count as patients",
        FILE,
        "_, patient, n_images = np.unique(patients, return_inverse=True, return_counts=True)",
        "patient, n_images = np.arange(len(patients)), np.ones(len(patients))",
        ITSELF,
    ),
    Mistake(
        "all real images are asked about",
        FILE,
        "used = np.flatnonzero(design.used)",
        "used = np.arange(len(design.used))",
        ITSELF,
    ),
    Mistake(
        "nothing is turned",
        FILE,
        "np.rot90(queries, axes=(1, 2))",
        "queries",
        ITSELF,
    ),
    Mistake(
        "the audit does not hand on its design",
        "ganisi/audit/_auditing.py",
        '"design": design,',
        '"design": "observed",',
        ITSELF,
    ),
    Mistake(
        "the command line keeps its design to itself",
        "ganisi/cli/_audit.py",
        "        design=chosen.design,\n",
        "",
        "tests/cli/test_gate.py",
    ),
]
