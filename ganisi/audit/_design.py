"""The design of an audit: what is compared with what, by which rules, from which random numbers."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from .._compat._progress import Teller
from ..images._views import Views
from ._degradation import REQUIRED
from ._positive_control import choose_planted

#: How used and not used may have come about.
DESIGNS = ("observed", "randomised")


@dataclass(frozen=True)
class Seeds:
    """A seed for each purpose, by name: a new step moves the random numbers of no other."""

    root: int

    def of(self, purpose):
        """Return the seed of a purpose, below 2^31."""
        digest = hashlib.sha256(f"{self.root} {purpose}".encode()).digest()
        return int.from_bytes(digest[:4], "little") >> 1


@dataclass(frozen=True)
class Eye:
    """From images to distances, and the attacks that see these, and nothing else of the images.

    It has the name of the attack that brings it. That one makes its blind checks; the names of the
    others are in `baselines`.
    """

    name: str
    descriptor: object  # fitted: images to rows
    pairer: object  # rows to distances
    views: Views  # of real images
    attack: object
    baselines: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """What an eye makes of all images: described once, read-only, shared by every step."""

    real: np.ndarray  # (n_images, n_views * n_features)
    generated: tuple  # of (n_generated, n_features), one a set
    queries: np.ndarray | None = None  # (n_queries, n_views * n_features)
    copies: dict = field(default_factory=dict)  # of (n_planted, n_features), by what was done
    copies_without_rows: bool = False  # whether there are some that no table has a row of
    real_keys: object = None  # (n_images,): what each is known by; None goes by equal rows
    query_keys: object = None  # (n_queries,)


@dataclass(frozen=True)
class AuditDesign:
    """Labels, patients, folds, attacks, levels and seeds: what a step is told beside the rows."""

    used: np.ndarray  # (n_images,), bool
    groups: np.ndarray | None  # (n_images,), int
    query_groups: np.ndarray | None  # (n_queries,), int
    folds: list  # by patient, the same for every attack
    eye: Eye  # of the attack under audit
    other_eyes: tuple  # of Eye
    seeds: Seeds
    design: str = "observed"  # or "randomised": how used and not used came about
    cv: int = 5
    n_permutations: int = 199
    alpha: float = 0.05
    max_auc: float | None = None
    max_share: float | None = None
    max_disclosure_risk: float | None = None
    fdr: float | None = None  # of the decisions about queries; None where there are none
    required_kinds: tuple = REQUIRED
    prevalence: float | None = None
    n_jobs: int | None = None
    teller: Teller = field(default_factory=lambda: Teller("audit"))

    @property
    def not_used(self):
        """Which images were not used, ``(n_images,)``."""
        return ~self.used

    @property
    def by_lot(self):
        """Whether lots decided who was used, so that the two groups differ by chance alone."""
        return self.design == "randomised"

    @property
    def groups_of_not_used(self):
        """Patients of the images that were not used."""
        return None if self.groups is None else self.groups[self.not_used]

    @property
    def auc_bound(self):
        """The largest tolerable ROC AUC; where a share of patients was given instead, its."""
        if self.max_auc is None and self.max_share is not None:
            return 0.5 + self.max_share / 2
        return self.max_auc

    @property
    def share_bound(self):
        """The largest tolerable share of used patients; that of the ROC AUC where none was given.

        Of a share that is recognised for sure every image comes first, of the others half do.
        """
        if self.max_share is None and self.max_auc is not None:
            return 2 * self.max_auc - 1
        return self.max_share

    @property
    def n_patients(self):
        """How many patients there are; each image is one where none are known."""
        return len(self.used) if self.groups is None else len(np.unique(self.groups))

    @property
    def n_used_patients(self):
        """How many patients have used images; each image is one where none are known."""
        return self.used.sum() if self.groups is None else len(np.unique(self.groups[self.used]))

    @property
    def n_mixed_patients(self):
        """How many patients have used and not-used images."""
        if self.groups is None:
            return 0
        return len(np.intersect1d(self.groups[self.used], self.groups[self.not_used]))

    @cached_property
    def planted(self):
        """Which of the not-used images the positive control plants."""
        return choose_planted(
            int(self.not_used.sum()), self.groups_of_not_used, self.seeds.of("planted images")
        )
