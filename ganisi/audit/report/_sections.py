"""What a report consists of: one type a section, of plain numbers, texts and tuples."""

from dataclasses import dataclass

from ._plain import Section


@dataclass(frozen=True, repr=False)
class Counts(Section):
    """How many of what. `patients` is None where none were given.

    `used_patients` are those who have used images, or these images where no patients were given.
    """

    used: int
    used_patients: int
    not_used: int
    generated: int
    queries: int
    patients: int | None
    folds: int
    mixed_patients: int
    exact_copies_of_used: int
    exact_copies_of_not_used: int
    exact_copies_of_queries: int


@dataclass(frozen=True, repr=False)
class Copies(Section):
    """Names of the real images that are among the generated ones, as they are or nearly."""

    used: tuple[str, ...]
    not_used: tuple[str, ...]
    queries: tuple[str, ...]


@dataclass(frozen=True, repr=False)
class Attack(Section):
    """One attack, out of fold; the excess is None where there were not both blind checks.

    The ROC AUC is that of `score`, which is `probability` before it was made one. The bound on
    epsilon is None where every patient has used images.
    `eye` is the name of the attack whose eye it sees with, its own where it brings one. `winners`
    are what a search chose in each fold; None where the attack is none.
    """

    eye: str
    meaning: str
    settings: str
    scores: dict[str, float | None]
    interval: tuple[float, float]
    rate_intervals: dict[str, tuple[float, float]]
    epsilon_lower_bound: float | None
    p_value: float
    excess: float | None
    excess_interval: tuple[float, float] | None
    probability: tuple[float | None, ...]
    score: tuple[float | None, ...]
    winners: tuple[str, ...] | None = None


@dataclass(frozen=True, repr=False)
class Best(Section):
    """The attack with the largest AUC; its p-value is adjusted for having been chosen.

    `n_distinct` is the number of different labellings, None from 10^18 on; `log10_n_distinct` is
    its logarithm.
    """

    name: str
    p_value: float
    n_distinct: int | None
    log10_n_distinct: float


@dataclass(frozen=True, repr=False)
class Extreme(Section):
    """The one of several that is furthest from chance, and p of that, adjusted for the choice."""

    name: str
    roc_auc: float
    p_value: float


@dataclass(frozen=True, repr=False)
class StandingOut(Section):
    """The attack before which a few patients stand out most; p is adjusted for the choice.

    Of its `n_patients` most extreme patients `n_used` are used.
    """

    name: str
    p_value: float
    n_patients: int
    n_used: int


@dataclass(frozen=True, repr=False)
class ImageItself(Section):
    """Whether used images are nearer to synthetic ones than these are to each other.

    The share of used images among the nearest quarter of both, the mean over patients; the share of
    synthetic images among them, as large where none was kept; and p of the difference.
    """

    share: float
    usual: float
    p_value: float


@dataclass(frozen=True, repr=False)
class Disclosure(Section):
    """How often "used" is right at the prevalence, where the attacks may be right most often.

    `answers` says of which: "at 1/2", those with a probability of at least 1/2, or "at FPR 0.01",
    the surest ones, such that so many not-used images are among them. `below` is whether the upper
    end of `interval` is below ``settings.max_disclosure_risk``; None where none was named.
    """

    attack: str
    answers: str
    risk: float | None
    interval: tuple[float, float]
    below: bool | None


@dataclass(frozen=True, repr=False)
class BlindCheck(Section):
    """What one check that cannot see training reaches."""

    roc_auc: float
    interval: tuple[float, float]
    probability: tuple[float | None, ...]
    score: tuple[float | None, ...]


@dataclass(frozen=True, repr=False)
class BlindChecks(Section):
    """All blind checks, and why there are not both where there are not."""

    checks: dict[str, BlindCheck]
    reason: str | None


@dataclass(frozen=True, repr=False)
class SeenBy(Section):
    """What attacks of one eye see, and the blind checks that their excess is over."""

    meaning: str
    settings: str
    blind_checks: BlindChecks


@dataclass(frozen=True, repr=False)
class ControlResult(Section):
    """What the attack makes of copies planted on purpose.

    Attributes
    ----------
    name : str
        What was planted; "nothing" for the null control.
    n_planted : int
        Number of copies.
    roc_auc : float
        Cross-validated, of the planted images against the others.
    p_value : float
        Against permuted labels of the null control.
    """

    name: str
    n_planted: int
    roc_auc: float
    p_value: float


@dataclass(frozen=True, repr=False)
class Controls(Section):
    """Planted copies, nothing first; whether all required ones were found; why not all are there.

    `reason` is a sentence where nothing was planted, and an adverb where some copies were not.
    """

    results: tuple[ControlResult, ...] | None
    found: bool | None
    reason: str | None
    required: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Power(Section):
    """The smallest AUC found with probability `power`; None where no AUC is.

    And the smallest share of used patients, known for sure, found with probability `share_power`.
    """

    minimum_detectable_auc: float | None
    power: float
    null_spread: float
    minimum_detectable_share: float | None
    share_power: float


@dataclass(frozen=True, repr=False)
class Decisions(Section):
    """One answer a query; all but `reason` and `fdr` None where none can be given.

    At `fdr`, by comparison with `n_reference` not-used patients; see `QueryDecisions`.
    """

    reason: str | None
    fdr: float
    n_reference: int | None = None
    p_value: tuple[float, ...] | None = None
    q_value: tuple[float, ...] | None = None
    decision: tuple[str, ...] | None = None


@dataclass(frozen=True, repr=False)
class SetLevel(Section):
    """The queries as one set, and one by one; all but `reason` None where neither could be."""

    reason: str | None
    grouped: bool
    roc_auc: float | None = None
    p_value: float | None = None
    blind_roc_auc: float | None = None
    blind_p_value: float | None = None
    images_per_patient: int | None = None
    n_patients_left_out: int | None = None
    decisions: Decisions | None = None


@dataclass(frozen=True, repr=False)
class Alike(Section):
    """Two real images that are nearly the same, and count as of different patients."""

    first: str
    second: str
    likeness: float


@dataclass(frozen=True, repr=False)
class Images(Section):
    """What is known of single images."""

    used: tuple[bool, ...]
    query_name: tuple[str, ...] | None
    query_probability: tuple[float, ...] | None
    query_interval: tuple[tuple[float, float], ...] | None
    exact_copies: Copies
    near_copies: Copies
    alike: tuple[Alike, ...]


@dataclass(frozen=True, repr=False)
class Settings(Section):
    """Everything that was chosen, and the seed."""

    alpha: float
    design: str
    max_auc: float | None
    max_share: float | None
    max_disclosure_risk: float | None
    prevalence: float | None
    fdr: float | None
    cv: int
    n_permutations: int
    seed: int
    estimator: str
    names: str


@dataclass(frozen=True, repr=False)
class LeftAlone(Section):
    """Entries of a folder that were not read, and why not; `names` are None where none are told."""

    why: str
    entries: int
    names: tuple[str, ...] | None


@dataclass(frozen=True, repr=False)
class InputFolder(Section):
    """What a folder held; `left_alone` is None where nobody kept account of it."""

    role: str
    folder: str | None
    images: int
    sizes: tuple[str, ...]
    depth: str
    left_alone: tuple[LeftAlone, ...] | None = None


@dataclass(frozen=True, repr=False)
class Run(Section):
    """When a report was made, by which command, from which folders."""

    date: str
    command: str
    inputs: tuple[InputFolder, ...]


@dataclass(frozen=True, repr=False)
class Provenance(Section):
    """Versions, and hashes of the inputs."""

    versions: dict[str, str]
    sha256: dict[str, str]
    sha256_of_labels: str
    sha256_of_groups: str | None
    run: Run | None = None
