import pytest
from adapters import AsRows, OneGenerated, WithGenerated
from all_descriptors import EXPORTED, INSTEAD, for_rows
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import parametrize_with_checks

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    CorrelationPairer,
    ImagePairer,
    ProfileIdentifier,
    SourceIdentifier,
    SSIMPairer,
)
from ganisi.distances import FeaturePairer
from ganisi.identification import baselines
from ganisi.identification._base import predicts_jointly

# What needs more than its defaults, torch say, has these checks among its own tests.
DESCRIPTORS = [for_rows(make()) for name, make in EXPORTED.items() if name not in INSTEAD]
PAIRERS = [
    CDFWassersteinPairer(n_quantiles=1),
    CDFWassersteinPairer(n_quantiles=1, relative=True),
    CorrelationPairer(grid=9, max_shift=2),
    CorrelationPairer(grid=9, max_shift=2, mirrors=False, whiten=False, relative=True),
    SSIMPairer(grid=9),
    SSIMPairer(grid=9, relative=False),
    FeaturePairer(),
    FeaturePairer(metric="cosine", standardise=False, relative=True),
]
BASELINES = [getattr(baselines, name)() for name in baselines.__all__]
IDENTIFIERS = [
    SourceIdentifier(random_state=0),
    SourceIdentifier(calibration="query"),
    ProfileIdentifier(ranks=(1,)),
    ProfileIdentifier(ranks=(1,), pool_maps=True),
    # A joint prediction: that scikit-learn's check of subsets passes is since it asks about the
    # queries of fit, which have no rivals beyond those.
    ProfileIdentifier(ranks=(1,), rivals=True),
]


def of_pooled_maps(adapter):
    """Which checks an identifier that pools maps is bound to fail: the columns are its maps."""
    if getattr(adapter.identifier, "pool_maps", False) or predicts_jointly(adapter.identifier):
        return {"check_classifiers_train": "of a row its mean alone is looked at"}
    return {}


@parametrize_with_checks([AsRows(descriptor) for descriptor in DESCRIPTORS])
def test_descriptors_on_rows_pass(estimator, check):
    check(estimator)


@parametrize_with_checks([WithGenerated(pairer) for pairer in PAIRERS])
def test_pairers_with_a_reference_pass(estimator, check):
    check(estimator)


@parametrize_with_checks(
    [OneGenerated(identifier) for identifier in IDENTIFIERS],
    expected_failed_checks=of_pooled_maps,
)
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
    [*DESCRIPTORS, *PAIRERS, *IDENTIFIERS, *BASELINES, ImagePairer(), GANISI()],
    ids=lambda estimator: repr(estimator)[:40],
)
def test_estimators_themselves_pass_the_checks_without_data(estimator, check):
    check(type(estimator).__name__, estimator)
