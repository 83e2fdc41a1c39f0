"""Reasons why something cannot be said.

A new reason is a new entry of `FINDINGS`: its name, what it forbids, and a function that returns
its sentence where it is so and None where it is not.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ._disclosure import answers_text
from ._positive_control import missed, planted_text

#: The conclusions that evidence may suggest.
PUBLICATION, ACCUSATION, CLEARANCE = "publication", "accusation", "clearance"


@dataclass(frozen=True)
class Finding:
    """Something that forbids conclusions where it is so; `says` returns its sentence then."""

    name: str
    forbids: frozenset
    says: Callable


def labels_swapped(evidence):
    """An attack that knows its direction is worse than chance: the labels may be exchanged."""
    lowest = evidence.lowest
    published = evidence.copies.not_used or evidence.near_copies.not_used
    # Images that say nothing may look like either side.
    if published or evidence.empty_sets or lowest.p_value > evidence.design.alpha:
        return None
    return (
        f"{lowest.name} finds the not-used images more used than the used ones (ROC AUC "
        f"{lowest.roc_auc:.2f}, p = {lowest.p_value:.3g}): are the labels swapped? Find out which "
        "images were used, and audit again; if the labels are right, the two groups of real images "
        "differ in themselves"
    )


def not_used_published(evidence):
    """Not-used images that the generator cannot have known are among its own."""
    published = published_among(evidence, (("not_used", "of the not-used images"),))
    if not published:
        return None
    return (
        f"{published}: they were used after all, or were put into the folder of synthetic images; "
        "put this right and audit again"
    )


def empty_input(evidence):
    """Images that say nothing cannot show anything, nor that there is nothing."""
    if not evidence.empty_sets:
        return None
    return (
        f"{'; '.join(evidence.empty_sets)}: such images say nothing; see whether they were stored "
        "and read as they should be, leave blank and repeated ones out, and audit again"
    )


def patients_alike(evidence):
    """Images of one patient on both sides of a fold make any attack look good, and any p small."""
    if not evidence.alike:
        return None
    n_pairs, most = len(evidence.alike), evidence.alike[0]
    pairs = "1 pair" if n_pairs == 1 else f"{n_pairs} pairs"
    return (
        f"{pairs} of real images are nearly the same and count as of different patients, the most "
        f"alike {most.first} and {most.second} (correlation {most.likeness:.2f}): find out whose "
        "they are, give the patient of each image (groups; --groups or --patient on the command "
        "line) or leave copies out, and audit again"
    )


def no_blind_checks(evidence):
    """Nothing says what differences between the two groups explain."""
    if evidence.design.by_lot or evidence.excess_low is not None:
        return None
    return (
        "there were too few not-used patients for the blind checks, so a difference between the "
        "two groups of real images would look the same"
    )


def no_excess(evidence):
    """Checks that cannot see training do as well."""
    if evidence.design.by_lot or evidence.shows_images:
        return None
    if evidence.excess_low is None or evidence.excess_low > 0:
        return None
    return (
        "not reliably better than checks that cannot see training at all; the two groups of real "
        "images may differ in themselves"
    )


def kinds_of_patients(evidence):
    """The generator may know what kinds of patients were used, and no image of them."""
    itself = evidence.image_itself
    if evidence.design.by_lot or (itself and itself.p_value <= evidence.design.alpha):
        return None
    said = "there are too few to say whether used images are"
    if itself:
        said = f"used images are not reliably (p = {itself.p_value:.3g})"
    return (
        f"{said} nearer to synthetic ones than these are to each other; patients of other kinds "
        "among the used than among the not-used would explain it without any image kept. Give "
        "not-used images from where the used ones come from, or more images; or, where lots "
        "decided who was used, say so (design='randomised'; --design randomised)"
    )


def groups_differ(evidence):
    """What tells the groups apart without any leak may hide one."""
    check = evidence.furthest_blind
    if evidence.design.by_lot or check.p_value > evidence.design.alpha:
        return None
    return (
        f"a check that cannot see training tells the two groups of real images apart ({check.name},"
        f" ROC AUC {check.roc_auc:.2f}, p = {check.p_value:.3g}), and a leak may hide behind what "
        "they differ in; give not-used images from where the used ones come from"
    )


def nothing_planted(evidence):
    """Nobody knows whether the attack finds anything at all."""
    if evidence.controls.found is not None:
        return None
    return (
        "there were too few not-used patients to plant copies and see whether the attack would "
        "have found them"
    )


def planted_not_found(evidence):
    """An attack that is blind here."""
    if evidence.controls.found is not False:
        return None
    controls, alpha = evidence.controls, evidence.design.alpha
    if "exact" in missed(controls.results, controls.required, alpha):
        return (
            "the attack did not find exact copies planted on purpose either, so its silence means "
            "nothing"
        )
    return (
        f"{planted_text(controls, alpha)}; of copies that it does not find, the attack's silence "
        "says nothing"
    )


def no_bound(evidence):
    """Nobody said what would be tolerable."""
    if evidence.design.auc_bound is not None:
        return None
    return (
        "nobody said how large an AUC, or which share of patients, would be tolerable (max_auc, "
        "max_share); "
        f"{_smallest_auc(evidence.power)}"
    )


def too_little_power(evidence):
    """A leak as large as the bound would have been missed too often."""
    bound, smallest = evidence.design.auc_bound, evidence.power.minimum_detectable_auc
    if bound is None or (smallest is not None and smallest < bound):
        return None
    return f"{_smallest_auc(evidence.power)}, not below the bound {bound:g}"


def patients_stand_out(evidence):
    """A few patients do what the average of all does not."""
    few = evidence.standing_out
    if few.p_value > evidence.design.alpha:
        return None
    return (
        f"a few patients stand out: {few.n_used} of the {few.n_patients} whom {few.name} finds "
        f"most used are used (p = {few.p_value:.3g}); the generator may have kept these and no "
        "others"
    )


def share_reaches_the_bound(evidence):
    """As many patients as are tolerable, or fewer, might have gone unseen."""
    bound, smallest = evidence.design.share_bound, evidence.power.minimum_detectable_share
    if bound is None or (smallest is not None and smallest <= bound + 1e-9):
        return None
    least = "no share of the used patients" if smallest is None else f"only {smallest:.0%} or more"
    return (
        f"{least} of them, each recognised for sure, would have been seen with power "
        f"{evidence.power.share_power:g}, and the bound is {bound:.0%}"
    )


def interval_reaches_the_bound(evidence):
    """The best attack may be better than the bound for all that is known of it."""
    bound = evidence.design.auc_bound
    if bound is None or evidence.auc_high < bound:
        return None
    return (
        f"the AUC of the best attack ({evidence.best.name}) may be as large as "
        f"{evidence.auc_high:.2f} by its interval, not below the bound {bound:g}"
    )


def disclosure_reaches_the_bound(evidence):
    """Whoever says "used" may be right more often than is tolerable, for all that is known."""
    risk, design = evidence.disclosure, evidence.design
    if risk is None or risk.below is not False:
        return None
    return (
        f"the risk of disclosure at a prevalence of {design.prevalence:g} may be as large as "
        f"{risk.interval[1]:.2g} by its interval ({risk.attack}, {answers_text(risk.answers)}), "
        f"not below the bound {design.max_disclosure_risk:g}"
    )


def mixed_patients(evidence):
    """Patients on both sides, whom no attack could tell."""
    n_mixed = evidence.design.n_mixed_patients
    if not n_mixed:
        return None
    return (
        f"{n_mixed} patients have used and not-used images, and what the generator keeps of a "
        "patient would show in both"
    )


STATISTICS = frozenset({ACCUSATION, CLEARANCE})
_EVERYTHING = frozenset({PUBLICATION, ACCUSATION, CLEARANCE})

#: In the order of what is told first. What forbids accusation and clearance alike makes void what
#: the attacks say, so they are not quoted before it.
FINDINGS = (
    Finding("labels swapped", _EVERYTHING, labels_swapped),
    Finding("not-used images published", STATISTICS, not_used_published),
    Finding("empty input", STATISTICS, empty_input),
    Finding("patients alike", STATISTICS, patients_alike),
    Finding("no blind checks", frozenset({ACCUSATION}), no_blind_checks),
    Finding("no excess", frozenset({ACCUSATION}), no_excess),
    Finding("kinds of patients", frozenset({ACCUSATION}), kinds_of_patients),
    Finding("groups differ", frozenset({CLEARANCE}), groups_differ),
    Finding("nothing planted", frozenset({CLEARANCE}), nothing_planted),
    Finding("planted copies not found", frozenset({CLEARANCE}), planted_not_found),
    Finding("no bound", frozenset({CLEARANCE}), no_bound),
    Finding("too little power", frozenset({CLEARANCE}), too_little_power),
    Finding("patients stand out", frozenset({CLEARANCE}), patients_stand_out),
    Finding("share reaches the bound", frozenset({CLEARANCE}), share_reaches_the_bound),
    Finding("interval reaches the bound", frozenset({CLEARANCE}), interval_reaches_the_bound),
    Finding("disclosure risk", frozenset({CLEARANCE}), disclosure_reaches_the_bound),
    Finding("mixed patients", frozenset({CLEARANCE}), mixed_patients),
)


def published_among(evidence, kinds):
    """Say how many images of kinds are among the synthetic ones, as they are or nearly."""
    return " and ".join(
        f"{numbers} are among the synthetic images{how}"
        for copies, how in (
            (evidence.copies, ", pixel for pixel"),
            (
                evidence.near_copies,
                " nearly as they are (nearer than half of what any two real images of different "
                "patients are, turned and mirrored ones too)",
            ),
        )
        for numbers in [
            " and ".join(f"{len(copies[key])} {kind}" for key, kind in kinds if copies[key])
        ]
        if numbers
    )


def _smallest_auc(power):
    if power.minimum_detectable_auc is None:
        return "these images are too few to show any leak with power 0.8"
    return (
        "the smallest AUC that these images show with power 0.8 is "
        f"{power.minimum_detectable_auc:.2f}"
    )
