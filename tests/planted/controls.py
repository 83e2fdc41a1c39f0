"""Mistakes that could be made where copies are planted and looked for."""

from planted._mistake import Mistake

CONTROLS = "tests/audit/test_controls.py"
FOLDS = "tests/distances/test_folds.py"
VERDICT = "tests/audit/test_verdict.py"

IN_CONTROLS = [
    Mistake(
        "any required kind found is enough",
        "ganisi/audit/_positive_control.py",
        "not missed(results, design.required_kinds, design.alpha)",
        "len(missed(results, design.required_kinds, design.alpha)) < len(design.required_kinds)",
        CONTROLS,
    ),
    Mistake(
        "the null control counts as a kind that was found",
        "ganisi/audit/_positive_control.py",
        "for one in results[1:] if one.p_value <= alpha",
        "for one in results if one.p_value > alpha",
        f"{CONTROLS} {VERDICT}",
    ),
    Mistake(
        "what the user requires is not handed on",
        "ganisi/audit/_door.py",
        "        required_kinds=required_kinds,\n",
        "",
        CONTROLS,
    ),
    Mistake(
        "kinds that images do not allow are planted",
        "ganisi/audit/_degradation.py",
        'if (kind != "shift" or _SIDES_PER_SHIFT * strength <= smallest)',
        'if (kind != "shift" or strength <= smallest)',
        CONTROLS,
    ),
    Mistake(
        "copies replace the generated images",
        "ganisi/distances/_folds.py",
        "[side_by_side(both, axis=1) for both in zip(known, added, strict=True)]",
        "[new for _, new in zip(known, added, strict=True)]",
        f"{FOLDS} {CONTROLS}",
    ),
    Mistake(
        "copies of the control not told the patients",
        "ganisi/audit/_positive_control.py",
        "more=copies, groups=fit.groups",
        "more=copies",
        CONTROLS,
    ),
    Mistake(
        "a copy turned the other way than it says",
        "ganisi/audit/_degradation.py",
        "rotations=[degrees]",
        "rotations=[-degrees]",
        CONTROLS,
    ),
]
