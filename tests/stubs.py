"""A small design of an audit, and stubs that keep what reaches them or answer for a step."""

from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from ganisi import CDFWassersteinPairer, Intensity, Views
from ganisi.audit import PermutationResult
from ganisi.audit._contest import STAND_IN, TEXTURES_ALONE, Outcomes
from ganisi.audit._design import AuditDesign, Eye, Seeds
from ganisi.audit.report._report import MAIN_ATTACK
from ganisi.baselines import NearestGenerated, RankMembership
from ganisi.identification._folds import query_folds

RNG = np.random.default_rng(0)
N = 48
GROUPS = np.arange(N) // 2
USED = np.tile([True, True, False, False], N // 4)
REAL = RNG.normal(size=(N, 3)).astype(np.float32)
GENERATED = (
    RNG.normal(size=(20, 3)).astype(np.float32),
    RNG.normal(size=(10, 3)).astype(np.float32),
)
QUERIES = RNG.normal(size=(6, 3)).astype(np.float32)


def make_design(pairer=None, **changes):
    eye = Eye(
        name=MAIN_ATTACK,
        descriptor=Intensity(),
        pairer=CDFWassersteinPairer(n_quantiles=1, relative=True) if pairer is None else pairer,
        views=Views(),
        attack=NearestGenerated(),
        baselines={"ranks": RankMembership()},
    )
    design = AuditDesign(
        used=USED,
        groups=GROUPS,
        query_groups=np.array([0, 0, 1, 1, 2, 2]),
        folds=query_folds(USED, GROUPS, 3),
        eye=eye,
        other_eyes=(),
        seeds=Seeds(0),
        cv=3,
        n_permutations=19,
        fdr=0.05,
    )
    return replace(design, **changes)


def result(roc_auc, null, probability=None):
    null = np.asarray(null, dtype=float)
    if probability is None:
        probability = np.linspace(0, 1, N)
    return PermutationResult(roc_auc, null, 0.5, 100, probability, probability - 3)


class Recorder:
    """Stands in for a function: keeps what it is called with, and answers or goes on."""

    def __init__(self, answer=None, then=None):
        self.calls, self.answer, self.then = [], answer, then

    def __call__(self, *arguments, **named):
        self.calls.append(SimpleNamespace(arguments=arguments, **named))
        return self.answer if self.then is None else self.then(*arguments, **named)


OUTCOMES = Outcomes(
    eye=MAIN_ATTACK,
    attack=result(0.7, np.r_[np.full(18, 0.5), 0.72]),
    baselines={"ranks": result(0.75, np.linspace(0.3, 0.6, 19), np.linspace(1, 0, N))},
    blinds={TEXTURES_ALONE: result(0.55, [0.5] * 19), STAND_IN: result(0.65, [0.5] * 19)},
)


@contextmanager
def few_stand_ins():
    """Two choices of patients who stand in: next to nothing depends on how many there are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ganisi.audit._contest.n_stand_ins", lambda _: 2)
        yield
