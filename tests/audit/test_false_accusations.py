"""Short versions of the studies of false accusations, with wide margins."""

import numpy as np
import pytest
from scipy.stats import binom


@pytest.fixture(scope="module")
def studies(simulations):
    return simulations._false_accusations


def alarms(p, level=0.1):
    return np.count_nonzero(np.array(p) <= level), binom.ppf(0.999, len(p), level)


@pytest.mark.parametrize(("reference", "asked"), [((10, 1), (40, 10)), ((40, 10), (10, 1))])
def test_a_set_whose_patients_have_other_numbers_of_images_raises_no_more_alarms(
    studies, reference, asked
):
    """Patients moved with all their images: p <= 0.1 in up to 24 %."""
    data = {"reference": reference, "asked": asked, "spread": 3.0}
    found, allowed = alarms(studies.many(studies.p_of_set, 60, 1, **data))
    assert found <= allowed
    assert alarms(studies.many(studies.p_of_set, 10, 1, leak=1.0, **data))[0] >= 6


def test_patients_of_other_kinds_are_not_accused_and_copies_beside_them_are(simulations):
    kinds = simulations._sub_populations
    assert sum(kinds.verdict_on_kinds(seed, 30)[1] for seed in range(3)) <= 1
    assert kinds.verdict_on_kinds(0, 30, copied=0.5) == (True, True)
