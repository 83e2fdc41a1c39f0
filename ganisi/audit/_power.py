"""How large a leak would have been seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm
from sklearn.utils import check_random_state

from .._compat._hints import Seed
from ._tail import Ranking, patients_used, tail_statistic
from .report._sections import Power

#: Power at which the minimum detectable AUC is given.
POWER = 0.8
#: Power at which the detectable share is given: at a bound it is missed once in 20.
SHARE_POWER = 0.95
#: Draws of the order of patients for each number of known ones.
_N_DRAWS = 400


def minimum_detectable_auc(
    null: ArrayLike, spread: float, *, alpha: float = 0.05, power: float = 0.8
) -> float:
    """Return the smallest true ROC AUC that a permutation test finds with a given power.

    ``critical + z * spread``, where an AUC is significant if it is above `critical`, and z is the
    normal quantile of `power` (0.84 at 0.8).

    Parameters
    ----------
    null : array of shape (n_permutations,)
        AUCs with permuted labels, that the test compares with.
    spread : float
        Standard deviation of the estimated AUC, approximated by that of its own permutation null.
    alpha : float, default=0.05
        Level of the test.
    power : float, default=0.8
        Wished for.

    Returns
    -------
    roc_auc : float
        Above 1 where no leak could have been found, as where `spread` is 0.

    Notes
    -----
    An AUC near 1 varies less than one near 1/2, so the value is a little too high for few images:
    the power is at least the one wished for. It is the power of the p-value, not that of the
    verdict "leakage detected", which asks for an excess over the blind checks as well.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.audit._power import minimum_detectable_auc
    >>> null = np.linspace(0.4, 0.6, 199)
    >>> round(minimum_detectable_auc(null, null.std()), 3)
    0.64
    """
    if spread == 0:
        # The same AUC whatever the labels: such an attack finds nothing.
        return np.inf
    null = np.sort(null)
    # p = (1 + n) / (1 + B) <= alpha allows this many null values as high as the true one.
    n_allowed = int(np.floor(alpha * (1 + len(null)) + 1e-9)) - 1
    if n_allowed < 0:
        return np.inf
    return float(null[-1 - n_allowed] + norm.ppf(power) * spread)


def minimum_detectable_share(
    n_used: int,
    n_not_used: int,
    null: ArrayLike,
    *,
    alpha: float = 0.05,
    power: float = 0.95,
    random_state: Seed = None,
) -> float:
    """Return the smallest share of used patients that is found where an attack knows them for sure.

    Patients known for sure come first, in front of all others, whose order says nothing. It is
    drawn how often such a ranking is as surprising as p <= `alpha` needs.

    Parameters
    ----------
    n_used, n_not_used : int
        Numbers of patients.
    null : array of shape (n_permutations,)
        Of the statistic, that the test compares with.
    alpha : float, default=0.05
        Level of the test.
    power : float, default=0.95
        Wished for.
    random_state : int, RandomState instance or None, default=None
        For the order of the other patients.

    Returns
    -------
    share : float
        Infinite where not even all used patients would be found.

    Examples
    --------
    >>> import numpy as np
    >>> from ganisi.audit import minimum_detectable_share
    >>> null = np.linspace(0, 2, 199)  # p <= 0.05 needs a chance of about 1 in 80
    >>> minimum_detectable_share(50, 50, null, random_state=0)
    0.14
    """
    null = np.sort(null)
    n_allowed = int(np.floor(alpha * (1 + len(null)) + 1e-9)) - 1
    if n_allowed < 0:
        return np.inf
    critical = null[-1 - n_allowed]
    rng = check_random_state(random_state)
    n = n_used + n_not_used
    orders = rng.random_sample((_N_DRAWS, n)).argsort(axis=1)
    ranking = Ranking(np.arange(n), np.arange(1, max(1, n // 2) + 1))

    def found(n_known):
        labels = orders < n_used
        known = orders < n_known
        first = np.argsort(~known, axis=1, kind="stable")
        statistic = tail_statistic(ranking, np.take_along_axis(labels, first, axis=1))
        return np.mean(statistic > critical + 1e-12) >= power

    low, high = 0, n_used
    if not found(high):
        return np.inf
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if found(middle) else (middle, high)
    return high / n_used


def power_section(design, null, result, tail_null):
    """Return what AUC, and what share of patients, the best of all attacks would be found with.

    `null` is that of the largest AUC, since that is what is compared; the estimate varies as much
    as one attack does, `result`. `tail_null` is that of the largest tail statistic.
    """
    spread = result.null.std(ddof=1)
    detectable = minimum_detectable_auc(null, spread, alpha=design.alpha, power=POWER)
    used = patients_used(design.used, design.groups)
    share = minimum_detectable_share(
        used.sum(),
        (~used).sum(),
        tail_null,
        alpha=design.alpha,
        power=SHARE_POWER,
        random_state=design.seeds.of("known patients"),
    )
    return Power(
        minimum_detectable_auc=detectable if detectable <= 1 else None,
        power=POWER,
        null_spread=spread,
        minimum_detectable_share=share if share <= 1 else None,
        share_power=SHARE_POWER,
    )
