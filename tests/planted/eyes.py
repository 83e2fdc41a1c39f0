"""Mistakes that could be made where attacks of an audit see with an eye of their own."""

from planted._mistake import Mistake

EYES = "tests/audit/test_eyes.py"

WITH_EYES = [
    Mistake(
        "an eye sees the rows of the attack under audit",
        "ganisi/audit/_auditing.py",
        "enter(design, eye, describe(given, design, eye))",
        "enter(design, eye, rows)",
        EYES,
    ),
    Mistake(
        "the images of an eye described by the other descriptor",
        "ganisi/audit/_auditing.py",
        "real=described(eye.descriptor, given.images, views",
        "real=described(design.eye.descriptor, given.images, views",
        EYES,
    ),
    Mistake(
        "the blind check of an eye on the pairer of the attack under audit",
        "ganisi/audit/_contest.py",
        "fit, eye.pairer, eye.attack, rows.real, design.seeds",
        "fit, design.eye.pairer, eye.attack, rows.real, design.seeds",
        EYES,
    ),
    Mistake(
        "the excess of an eye is over the checks of the attack under audit",
        "ganisi/audit/_auditing.py",
        "brings, shares = attack_sections(design, *one)",
        "theirs = replace(one[2], blinds=main[2].blinds)\n"
        "        brings, shares = attack_sections(design, *one[:2], theirs)",
        EYES,
    ),
    Mistake(
        "the blind checks shown for an eye are those of the attack under audit",
        "ganisi/audit/_auditing.py",
        "other_eyes[one[0].name] = eye_section(design, *one)",
        "other_eyes[one[0].name] = eye_section(design, *main)",
        EYES,
    ),
    Mistake(
        "an eye looks under the views of the attack under audit",
        "ganisi/audit/_auditing.py",
        "given.images, views=eye.views)",
        "given.images, views=design.eye.views)",
        EYES,
    ),
    Mistake(
        "patients dropped for an eye",
        "ganisi/audit/_contest.py",
        "        groups=design.groups,\n        cv=design.folds,",
        "        groups=design.groups if eye is design.eye else None,\n        cv=design.folds,",
        EYES,
    ),
    Mistake(
        "folds of its own for an eye",
        "ganisi/audit/_contest.py",
        "        cv=design.folds,",
        "        cv=design.folds if eye is design.eye else design.cv,",
        EYES,
    ),
    Mistake(
        "other permutations for every eye",
        "ganisi/audit/_contest.py",
        "return permutation_test(fit, labellings=labellings, n_jobs=design.n_jobs)",
        "return permutation_test(fit, n_permutations=len(labellings), random_state=len(name))",
        EYES,
    ),
    Mistake(
        "equal eyes described twice",
        "ganisi/audit/_attacks.py",
        "        if eye is None:\n            eyes.append",
        "        if True:\n            eyes.append",
        EYES,
    ),
    Mistake(
        "eyes are equal whatever their parameters",
        "ganisi/audit/_attacks.py",
        "name in but or same(value, others[name], but)",
        "True",
        EYES,
    ),
    Mistake(
        "the user's identifier is fitted instead of a clone",
        "ganisi/audit/_attacks.py",
        "eye, identifier = eyes[0], clone(attack)",
        "eye, identifier = eyes[0], attack",
        f"{EYES} tests/audit/test_audit.py",
    ),
    Mistake(
        "stages() without cloning the identifier",
        "ganisi/model/_ganisi.py",
        "SourceIdentifier() if self.identifier is None else clone(self.identifier)",
        "SourceIdentifier() if self.identifier is None else self.identifier",
        EYES,
    ),
    Mistake(
        "attacks of other eyes cost nothing in the p-value of the best",
        "ganisi/audit/_contest.py",
        "chain(*(one.attacks() for one in outcomes))",
        "chain(*(one.attacks() for one in outcomes[:1]))",
        EYES,
    ),
    Mistake(
        "stages of other eyes without seeds",
        "ganisi/audit/_door.py",
        '        _settle_all(other, f" of {other.name}", seeds, dials["n_jobs"])\n',
        "",
        EYES,
    ),
    Mistake(
        "sizes not looked at for other eyes",
        "ganisi/audit/_door.py",
        "            check_cells_and_views(named, other.pairer, other.views)\n",
        "            pass\n",
        EYES,
    ),
]
