"""The one sentence at the end, and why.

The evidence suggests one conclusion: images were given out, an attack tells used from unused ones,
or all are silent. It becomes the verdict unless a finding forbids it. A new reason why something
cannot be said is a new entry of `FINDINGS`: its name, what it forbids, and a function that returns
its sentence where it is so and None where it is not.
"""

from collections.abc import Callable
from dataclasses import dataclass

from ._degradation import meaning_of
from ._positive_control import missed, were_found
from .report._sections import Alike, Attack, Best, Controls, Copies, Extreme, Power, StandingOut

LEAKAGE = "leakage detected"
NONE_DETECTED = "no leakage detected at this power"
CANNOT_SAY = "cannot say"
VERDICTS = (LEAKAGE, NONE_DETECTED, CANNOT_SAY)

#: The conclusions, each with the verdict that it becomes.
PUBLICATION, ACCUSATION, CLEARANCE = "publication", "accusation", "clearance"
_VERDICT_OF = {PUBLICATION: LEAKAGE, ACCUSATION: LEAKAGE, CLEARANCE: NONE_DETECTED}


@dataclass(frozen=True)
class Evidence:
    """What the steps of an audit say, as far as a verdict rests on it."""

    design: object  # AuditDesign
    empty_sets: tuple[str, ...]
    alike: tuple[Alike, ...]
    copies: Copies
    near_copies: Copies
    best: Best
    lowest: Extreme
    furthest_blind: Extreme
    standing_out: StandingOut
    attacks: dict[str, Attack]
    controls: Controls
    power: Power

    @property
    def suggests(self):
        """The conclusion that stands unless a finding forbids it."""
        # A published training image is a leak, whatever the statistics say of the others.
        if any(one.used or one.queries for one in (self.copies, self.near_copies)):
            return PUBLICATION
        return ACCUSATION if self.best.p_value <= self.design.alpha else CLEARANCE

    @property
    def auc_high(self):
        """Upper end of the interval of the best attack's AUC."""
        return self.attacks[self.best.name].interval[1]

    @property
    def excess_low(self):
        """Lower end of the best attack's excess over the blind checks; None if not known."""
        interval = self.attacks[self.best.name].excess_interval
        return None if interval is None else interval[0]


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
    if published or lowest.p_value > evidence.design.alpha:
        return None
    return (
        f"{lowest.name} finds the not-used images more used than the used ones (ROC AUC "
        f"{lowest.roc_auc:.2f}, p = {lowest.p_value:.3g}): are the labels swapped? Find out which "
        "images were used, and audit again; if the labels are right, the two groups of real images "
        "differ in themselves"
    )


def not_used_published(evidence):
    """Not-used images that the generator cannot have known are among its own."""
    published = _among(evidence, (("not_used", "of the not-used images"),))
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
    if evidence.excess_low is not None:
        return None
    return (
        "there were too few not-used patients for the blind checks, so a difference between the "
        "two groups of real images would look the same"
    )


def no_excess(evidence):
    """Checks that cannot see training do as well."""
    if evidence.excess_low is None or evidence.excess_low > 0:
        return None
    return (
        "not reliably better than checks that cannot see training at all; the two groups of real "
        "images may differ in themselves"
    )


def groups_differ(evidence):
    """What tells the groups apart without any leak may hide one."""
    check = evidence.furthest_blind
    if check.p_value > evidence.design.alpha:
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
    results = controls.results or ()
    unseen = missed(results, controls.required, alpha)
    if not results or "exact" in unseen:
        return (
            "the attack did not find exact copies planted on purpose either, so its silence means "
            "nothing"
        )
    return (
        f"copies planted on purpose were not found where they were {meaning_of(*unseen)}, so "
        f"silence says nothing of such copies; found were {_found(evidence)}"
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


def mixed_patients(evidence):
    """Patients on both sides, whom no attack could tell."""
    n_mixed = evidence.design.n_mixed_patients
    if not n_mixed:
        return None
    return (
        f"{n_mixed} patients have used and not-used images, and what the generator keeps of a "
        "patient would show in both"
    )


_STATISTICS = frozenset({ACCUSATION, CLEARANCE})
_EVERYTHING = frozenset({PUBLICATION, ACCUSATION, CLEARANCE})

#: In the order of what is told first. What forbids accusation and clearance alike makes void what
#: the attacks say, so they are not quoted before it.
FINDINGS = (
    Finding("labels swapped", _EVERYTHING, labels_swapped),
    Finding("not-used images published", _STATISTICS, not_used_published),
    Finding("empty input", _STATISTICS, empty_input),
    Finding("patients alike", _STATISTICS, patients_alike),
    Finding("no blind checks", frozenset({ACCUSATION}), no_blind_checks),
    Finding("no excess", frozenset({ACCUSATION}), no_excess),
    Finding("groups differ", frozenset({CLEARANCE}), groups_differ),
    Finding("nothing planted", frozenset({CLEARANCE}), nothing_planted),
    Finding("planted copies not found", frozenset({CLEARANCE}), planted_not_found),
    Finding("no bound", frozenset({CLEARANCE}), no_bound),
    Finding("too little power", frozenset({CLEARANCE}), too_little_power),
    Finding("patients stand out", frozenset({CLEARANCE}), patients_stand_out),
    Finding("share reaches the bound", frozenset({CLEARANCE}), share_reaches_the_bound),
    Finding("interval reaches the bound", frozenset({CLEARANCE}), interval_reaches_the_bound),
    Finding("mixed patients", frozenset({CLEARANCE}), mixed_patients),
)


def decide(evidence):
    """Return the verdict and its reason."""
    conclusion = evidence.suggests
    for finding in FINDINGS:
        if conclusion in finding.forbids and (sentence := finding.says(evidence)):
            void = finding.forbids >= _STATISTICS
            return CANNOT_SAY, sentence if void else f"{_outset(evidence)}, but {sentence}"
    return _VERDICT_OF[conclusion], _OUTCOMES[conclusion](evidence)


def _outset(evidence):
    """Say what the attacks do, before it is said what that is worth."""
    p_value = f"(p = {evidence.best.p_value:.3g})"
    if evidence.suggests == ACCUSATION:
        return (
            f"the best attack ({evidence.best.name}) tells used from unused images better than "
            f"chance {p_value}"
        )
    return f"no attack did better than chance {p_value}"


def _published(evidence):
    published = _among(evidence, (("used", "of the used images"), ("queries", "of the queries")))
    return (
        f"{published}; either the generator gave them out, or they were put into the folder of "
        "synthetic images"
    )


def _among(evidence, kinds):
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


def _told_apart(evidence):
    return (
        f"{_outset(evidence)}, and by more than differences between the two groups of real images "
        f"explain (excess over the blind checks at least {evidence.excess_low:.2f})"
    )


def _silent(evidence):
    design, power = evidence.design, evidence.power
    return (
        f"{_outset(evidence)}, copies planted on purpose were found ({_planted(evidence)}), an "
        f"AUC of {power.minimum_detectable_auc:.2f}, below the bound {design.auc_bound:g}, would "
        f"have been seen with power {power.power:g}, and that of the best attack is at most "
        f"{evidence.auc_high:.2f} by its interval; no few patients stand out, and "
        f"{power.minimum_detectable_share:.0%} of the used ones (bound {design.share_bound:.0%}), "
        f"each recognised for sure, would have been seen with power {power.share_power:g}"
    )


_OUTCOMES = {PUBLICATION: _published, ACCUSATION: _told_apart, CLEARANCE: _silent}


def _planted(evidence):
    """Say which planted copies were found, and which were not."""
    results = evidence.controls.results or ()
    found = were_found(results, evidence.design.alpha)
    others = [one.name for one in results[1:] if one.name not in found]
    return _found(evidence) + (f"; not found were {meaning_of(*others)}" if others else "")


def _found(evidence):
    results = evidence.controls.results or ()
    return meaning_of(*were_found(results, evidence.design.alpha)) or "none"


def _smallest_auc(power):
    if power.minimum_detectable_auc is None:
        return "these images are too few to show any leak with power 0.8"
    return (
        "the smallest AUC that these images show with power 0.8 is "
        f"{power.minimum_detectable_auc:.2f}"
    )
