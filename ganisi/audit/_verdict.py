"""The one sentence at the end, and why.

The evidence suggests one conclusion: images were given out, an attack tells used from unused ones,
or all are silent. It becomes the verdict unless a finding forbids it.
"""

from dataclasses import dataclass

from ._findings import (
    ACCUSATION,
    CLEARANCE,
    FINDINGS,
    PUBLICATION,
    STATISTICS,
    published_among,
)
from ._positive_control import planted_text
from .report._sections import (
    Alike,
    Attack,
    Best,
    Controls,
    Copies,
    Disclosure,
    Extreme,
    ImageItself,
    Power,
    StandingOut,
)

LEAKAGE = "leakage detected"
NONE_DETECTED = "no leakage detected at this power"
CANNOT_SAY = "cannot say"
VERDICTS = (LEAKAGE, NONE_DETECTED, CANNOT_SAY)

#: What used images do that no kind of patients explains counts beside an excess over the blind
#: checks at alpha, and without one at this share of it.
ALONE = 0.2

#: The verdict that a conclusion becomes.
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
    disclosure: Disclosure | None
    controls: Controls
    power: Power
    image_itself: ImageItself | None

    @property
    def suggests(self):
        """The conclusion that stands unless a finding forbids it."""
        # A published training image is a leak, whatever the statistics say of the others.
        if any(one.used or one.queries for one in (self.copies, self.near_copies)):
            return PUBLICATION
        return ACCUSATION if self.best.p_value <= self.design.alpha else CLEARANCE

    @property
    def shows_images(self):
        """Whether used images are so clearly nearer than their kind that it stands on its own."""
        itself = self.image_itself
        return itself is not None and itself.p_value <= ALONE * self.design.alpha

    @property
    def auc_high(self):
        """Upper end of the interval of the best attack's AUC."""
        return self.attacks[self.best.name].interval[1]

    @property
    def excess_low(self):
        """Lower end of the best attack's excess over the blind checks; None if not known."""
        interval = self.attacks[self.best.name].excess_interval
        return None if interval is None else interval[0]


def decide(evidence):
    """Return the verdict and its reason."""
    conclusion = evidence.suggests
    for finding in FINDINGS:
        if conclusion in finding.forbids and (sentence := finding.says(evidence)):
            void = finding.forbids >= STATISTICS
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
    published = published_among(
        evidence, (("used", "of the used images"), ("queries", "of the queries"))
    )
    return (
        f"{published}; either the generator gave them out, or they were put into the folder of "
        "synthetic images"
    )


def _told_apart(evidence):
    if evidence.design.by_lot:
        return (
            f"{_outset(evidence)}; lots decided who was used, as you said, so by any other "
            "difference between the two groups no more than chance does"
        )
    itself, more = evidence.image_itself, ""
    if evidence.excess_low > 0:
        more = (
            ", and by more than differences between the two groups of real images explain (excess "
            f"over the blind checks at least {evidence.excess_low:.2f})"
        )
    return (
        f"{_outset(evidence)}{more}; and used images are nearer to synthetic ones than these are "
        "to each other, which no kind of patients explains: among the nearest quarter of both are "
        f"{itself.share:.0%} of the used and {itself.usual:.0%} of the synthetic ones "
        f"(p = {itself.p_value:.3g})"
    )


def _silent(evidence):
    design, power = evidence.design, evidence.power
    return (
        f"{_outset(evidence)}; {planted_text(evidence.controls, design.alpha)}; an AUC of "
        f"{power.minimum_detectable_auc:.2f}, below the bound {design.auc_bound:g}, would have "
        f"been seen with power {power.power:g}, and that of the best attack is at most "
        f"{evidence.auc_high:.2f} by its interval; no few patients stand out, and "
        f"{power.minimum_detectable_share:.0%} of the used ones (bound {design.share_bound:.0%}), "
        f"each recognised for sure, would have been seen with power {power.share_power:g}"
    )


_OUTCOMES = {PUBLICATION: _published, ACCUSATION: _told_apart, CLEARANCE: _silent}
