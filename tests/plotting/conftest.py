"""What tests of displays draw with, and a model to be drawn."""

import pytest
from sklearn.pipeline import make_union
from stubs import few_stand_ins

from ganisi import GANISI, Intensity, LocalStats, SourceIdentifier


@pytest.fixture
def plt(matplotlib):
    yield matplotlib.pyplot
    matplotlib.pyplot.close("all")


@pytest.fixture(scope="session")
def fitted(leaky):
    model = GANISI(
        make_union(LocalStats(n_quantiles=4), Intensity(n_quantiles=4)),
        identifier=SourceIdentifier(n_nearest=10),
    )
    return model.fit(leaky.real, leaky.used, generated=leaky.generated, groups=leaky.groups)


@pytest.fixture(autouse=True, scope="package")
def quick_audits():
    with few_stand_ins():
        yield
