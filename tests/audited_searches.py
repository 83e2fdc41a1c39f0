"""Searches that users would make, or over a simple attack on pixels; how these are audited here."""

from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import GridSearchCV
from sklearn.svm import SVC

from ganisi import GANISI, GaborBank, Intensity, LocalStats, classical_descriptors, recommended
from ganisi.audit import CrossFit, audit
from ganisi.baselines import NearestGenerated

EYE = Intensity(grid=8, n_quantiles=1)
NEAREST = GANISI(EYE, identifier=NearestGenerated())
#: Models and what a user would search, on images of 64 pixels a side.
OF_USERS = {
    "descriptors": (
        recommended(),
        {"descriptor": [GaborBank(), LocalStats(), classical_descriptors()]},
    ),
    "one grid": (recommended(), {"descriptor__gabor__grid": [16, 32]}),
    "missing stages": (
        GANISI(),
        {
            "identifier__estimator": [SVC(), LinearDiscriminantAnalysis()],
            "pairer__relative": [False, True],
            "views": [None, "mirrors"],
        },
    ),
}


def search(grid, model=NEAREST, **dials):
    return GridSearchCV(model, grid, **{"cv": 2, "scoring": "roc_auc", **dials})


def run(estimator, data, **arguments):
    dials = {"groups": data.groups, "n_permutations": 19, "cv": 2, "baselines": {}}
    dials |= {"generated": (data.generated,), "random_state": 0, **arguments}
    return audit(estimator, data.real, data.used, **dials)


def crossed(model, data, **arguments):
    dials = {"generated": (data.generated,), "groups": data.groups, "cv": 2, **arguments}
    return CrossFit.from_images(model, data.real, data.used, **dials)
