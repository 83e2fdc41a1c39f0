"""
Searching over descriptors and classifiers
==========================================

Every stage is a scikit-learn estimator, so scikit-learn's searches work. Three things need care:
the generated images go through cross-validation without being cut, patients stay together, and
images are described once and not in every candidate again.
"""

import tempfile

import pandas as pd
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, GroupShuffleSplit, StratifiedGroupKFold

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    GaborBank,
    Intensity,
    LocalStats,
    ProfileIdentifier,
    SourceIdentifier,
    recommended,
)
from ganisi.baselines import NearestGenerated
from ganisi.datasets import make_source_identification

# %%
# The stages of a model
# ---------------------
# In a notebook, and on this page, a model shows itself as a diagram: click on a stage to see its
# parameters. This is what we are going to replace by other descriptors and other identifiers.

recommended()

# %%
# Patients for the end
# --------------------
# The best of many candidates looks better than it is. So a third of the patients is put aside
# before the search, and asked once, after it.

data = make_source_identification(40, 40, 100, size=64, leakage=0.7, random_state=0)
split = GroupShuffleSplit(n_splits=1, test_size=1 / 3, random_state=0)
search_on, hold_out = next(split.split(data.real, data.used, data.groups))
print(f"{len(search_on)} images to search on, {len(hold_out)} held out")

# %%
# The candidates
# --------------
# Three descriptors, each of 8 x 8 cells with one mean a cell, times four ways from distances to a
# probability. ``memory`` keeps every described image in a folder, so each is described once for
# each descriptor, whatever the number of folds and classifiers.

folder = tempfile.TemporaryDirectory()
cells = {"grid": 8, "n_quantiles": 1}
grid = {
    "descriptor": [
        Intensity(**cells, memory=folder.name),
        LocalStats(**cells, memory=folder.name),
        GaborBank(**cells, memory=folder.name),
    ],
    "identifier": [
        NearestGenerated(),
        ProfileIdentifier(LogisticRegression(), ranks=(1, 0.1), pool_maps=True),
        SourceIdentifier(n_nearest=10, random_state=0),
        SourceIdentifier(LogisticRegression(), n_nearest=10),
    ],
}
search = GridSearchCV(
    GANISI(pairer=CDFWassersteinPairer(**cells, relative=True)),
    grid,
    scoring="roc_auc",
    cv=StratifiedGroupKFold(4),
)

# %%
# The search
# ----------
# scikit-learn cuts everything that is as long as ``X``. A tuple is not, so we write
# ``generated=(data.generated,)``. With metadata routing, ``groups`` reaches both the splitter and
# every ``fit`` inside, so that no patient is on both sides of any split.

with sklearn.config_context(enable_metadata_routing=True):
    search.fit(
        data.real[search_on],
        data.used[search_on],
        groups=data.groups[search_on],
        generated=(data.generated,),
    )

# %%
# All candidates, best first
# --------------------------
# The mean over the folds, and the standard deviation between them: differences smaller than that
# say nothing.


def short(estimator):
    """Name an estimator without its common settings."""
    inner = getattr(estimator, "estimator", None)
    return type(estimator).__name__ + (f"({type(inner).__name__})" if inner is not None else "")


table = pd.DataFrame(search.cv_results_)
pd.DataFrame(
    {
        "descriptor": table["param_descriptor"].map(short),
        "identifier": table["param_identifier"].map(short),
        "ROC AUC": table["mean_test_score"].round(2),
        "standard deviation": table["std_test_score"].round(2),
    }
).sort_values("ROC AUC", ascending=False, ignore_index=True)

# %%
# The patients that were put aside
# --------------------------------

best = search.best_estimator_
probability = best.predict_proba(data.real[hold_out])[:, 1]
held_out = roc_auc_score(data.used[hold_out], probability)
best_of_all = f"{short(best.descriptor)} with {short(best.identifier)}"
print(f"best of {len(table)} candidates: {best_of_all}")
print(f"ROC AUC in the search {search.best_score_:.2f}, on held-out patients {held_out:.2f}")
folder.cleanup()

# %%
# **Report the second figure and not the first, and with it how many candidates there were.**
# Held-out patients are few and their figure is rough: another seed may well crown another
# candidate. Give the winner to :func:`ganisi.audit.audit` on patients that the search has not seen.
