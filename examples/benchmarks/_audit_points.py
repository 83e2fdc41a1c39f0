"""Points in the plane instead of images: what the simulations of the audit draw and count."""

import numpy as np
from joblib import Parallel, delayed
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin

from ganisi import CDFWassersteinPairer
from ganisi.audit import audit
from ganisi.baselines import NearestGenerated

ALPHA = 0.05
#: Arguments of `audit_of` that a study may set.
DIALS = ("n_permutations", "max_auc", "cv")


#: What the audit may take for black and white: pixels beside those that hold a point.
LEVELS = (-9.0, 9.0)


def as_images(points):
    """Return images ``(n_points, 1, 4)``: two pixels of fixed levels, and the two numbers."""
    levels = np.broadcast_to(LEVELS, (len(points), 2))
    return np.concatenate([levels, points], axis=1)[:, None, :]


class Points(TransformerMixin, BaseEstimator):
    """A descriptor of images that hold their two numbers as pixels."""

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return np.stack([np.asarray(image).ravel()[2:] for image in X])


class PointAttack(BaseEstimator):
    """What `audit` needs of an estimator, on points."""

    def __init__(self, identifier):
        self.identifier = identifier

    def stages(self):
        return Points(), CDFWassersteinPairer(n_quantiles=1), self.identifier


class LearnedThreshold(ClassifierMixin, BaseEstimator):
    """The distance to the k-th nearest generated image; whether near means used is learned."""

    def __init__(self, k=1):
        self.k = k

    def fit(self, X, y):
        near = self._near(X)
        self.classes_ = np.unique(y)
        self.sign_ = np.sign(near[y].mean() - near[~y].mean())
        return self

    def predict_proba(self, X):
        used = 1 / (1 + np.exp(-self.sign_ * self._near(X)))
        return np.stack([1 - used, used], axis=1)

    def _near(self, X):
        return np.sort(X.mean(axis=2), axis=1)[:, self.k - 1]


def draw(seed, effect=0.0, shift=0.0, slices=1, n_patients=40):
    """Points of real images, which of them were used, generated points, and patients.

    `effect` is the share of used images that the generator returns nearly as they were. `shift`
    moves the used group, and a generator trained on others of that group, without any leak.
    """
    rng = np.random.default_rng(seed)
    used = np.tile([0, 1], n_patients // 2).repeat(slices)
    groups = np.arange(n_patients).repeat(slices)
    patients = rng.normal(size=(n_patients, 2)).repeat(slices, axis=0)
    real = patients + 0.1 * rng.normal(size=patients.shape)
    real[used == 1] += shift
    near = real[used == 1] + 0.05 * rng.normal(size=(used.sum(), 2))
    chosen = near[rng.permutation(len(near))[: round(effect * len(near))]]
    fakes = np.concatenate([rng.normal(size=(31, 2)) + shift, chosen])
    return real, used, fakes, groups


def audit_points(seed, exchanged=False, **arguments):
    """One audit of one draw; `exchanged` calls used what was not, and the other way round.

    Arguments that are no dials of the audit are those of `draw`.
    """
    dials = {name: arguments.pop(name) for name in DIALS if name in arguments}
    real, used, fakes, groups = draw(seed, **arguments)
    return audit_of(seed, real, 1 - used if exchanged else used, fakes, groups, **dials)


def audit_of(seed, real, used, fakes, groups, n_permutations=19, max_auc=0.9, cv=2):
    """One audit of points."""
    return audit(
        PointAttack(LearnedThreshold()),
        as_images(real),
        used,
        generated=(as_images(fakes),),
        groups=groups,
        cv=cv,
        n_permutations=n_permutations,
        max_auc=max_auc,
        alpha=ALPHA,
        required_kinds=["exact"],  # Points cannot be mirrored or moved.
        baselines={"nearest": NearestGenerated()},
        random_state=seed,
    )


def many(function, n, n_jobs, **arguments):
    """Return what a function gives for n seeds."""
    return Parallel(n_jobs=n_jobs)(delayed(function)(seed, **arguments) for seed in range(n))


def share_of(verdicts, verdict="leakage detected"):
    """Which share of verdicts is this one."""
    return sum(one == verdict for one in verdicts) / len(verdicts)


def rate(flags):
    """Return the share of what is true, and its Monte-Carlo standard error."""
    share = np.mean(flags)
    return share, np.sqrt(share * (1 - share) / len(flags))
