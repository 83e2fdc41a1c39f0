"""How large a leak would have been seen."""

import numpy as np
from scipy.stats import norm

from .report._sections import Power

#: Power at which the minimum detectable AUC is given.
POWER = 0.8


def minimum_detectable_auc(null, spread, *, alpha=0.05, power=0.8):
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


def power_section(design, null, result):
    """Return what AUC the best of all attacks would have been found with.

    `null` is that of the largest AUC, since that is what is compared; the estimate varies as much
    as one attack does, `result`.
    """
    spread = result.null.std(ddof=1)
    detectable = minimum_detectable_auc(null, spread, alpha=design.alpha, power=POWER)
    return Power(
        minimum_detectable_auc=detectable if detectable <= 1 else None,
        power=POWER,
        null_spread=spread,
    )
