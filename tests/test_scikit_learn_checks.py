import pytest
from adapters import AsRows, OneGenerated, WithGenerated
from descriptor_laws import EXPORTED, INSTEAD, for_rows
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import parametrize_with_checks

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    CorrelationPairer,
    ProfileIdentifier,
    SourceIdentifier,
    SSIMPairer,
)
from ganisi.identification import baselines

# What needs more than its defaults, torch say, has these checks among its own tests.
DESCRIPTORS = [for_rows(make()) for name, make in EXPORTED.items() if name not in INSTEAD]
PAIRERS = [
    CDFWassersteinPairer(n_quantiles=1),
    CDFWassersteinPairer(n_quantiles=1, relative=True),
    CorrelationPairer(grid=9, max_shift=2),
    CorrelationPairer(grid=9, max_shift=2, mirrors=False, relative=False),
    SSIMPairer(grid=9),
    SSIMPairer(grid=9, relative=False),
]
BASELINES = [getattr(baselines, name)() for name in baselines.__all__]
IDENTIFIERS = [
    SourceIdentifier(random_state=0),
    SourceIdentifier(calibration="query"),
    ProfileIdentifier(ranks=(1,)),
]


@parametrize_with_checks([AsRows(descriptor) for descriptor in DESCRIPTORS])
def test_descriptors_on_rows_pass(estimator, check):
    check(estimator)


@parametrize_with_checks([WithGenerated(pairer) for pairer in PAIRERS])
def test_pairers_with_a_reference_pass(estimator, check):
    check(estimator)


@parametrize_with_checks([OneGenerated(identifier) for identifier in IDENTIFIERS])
def test_identifiers_on_one_generated_image_pass(estimator, check):
    check(estimator)


# On 3-D input scikit-learn runs no check by itself; these need no data.
@pytest.mark.parametrize(
    "check",
    [
        estimator_checks.check_estimator_cloneable,
        estimator_checks.check_estimator_repr,
        estimator_checks.check_get_params_invariance,
        estimator_checks.check_mixin_order,
        estimator_checks.check_no_attributes_set_in_init,
        estimator_checks.check_parameters_default_constructible,
        estimator_checks.check_set_params,
    ],
    ids=lambda check: check.__name__,
)
@pytest.mark.parametrize(
    "estimator",
    [*DESCRIPTORS, *PAIRERS, *IDENTIFIERS, *BASELINES, GANISI()],
    ids=lambda estimator: repr(estimator)[:40],
)
def test_estimators_themselves_pass_the_checks_without_data(estimator, check):
    check(type(estimator).__name__, estimator)
