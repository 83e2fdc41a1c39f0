"""Searches over a simple attack on pixels, and how they are audited and cross-validated here."""

from sklearn.model_selection import GridSearchCV

from ganisi import GANISI, Intensity
from ganisi.audit import CrossFit, audit
from ganisi.baselines import NearestGenerated

EYE = Intensity(grid=8, n_quantiles=1)
NEAREST = GANISI(EYE, identifier=NearestGenerated())


def search(grid, model=NEAREST, **dials):
    return GridSearchCV(model, grid, **{"cv": 2, "scoring": "roc_auc", **dials})


def run(estimator, data, **arguments):
    dials = {"groups": data.groups, "n_permutations": 19, "cv": 2, "baselines": {}}
    dials |= {"generated": (data.generated,), "random_state": 0, **arguments}
    return audit(estimator, data.real, data.used, **dials)


def crossed(model, data, **arguments):
    dials = {"generated": (data.generated,), "groups": data.groups, "cv": 2, **arguments}
    return CrossFit.from_images(model, data.real, data.used, **dials)
