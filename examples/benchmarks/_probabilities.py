"""Is the truth where intervals of probabilities say? A study of `audit_simulations.py`."""

import numpy as np
from _audit_points import many
from scipy.special import expit
from scipy.stats import norm
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from ganisi.identification._row_classifiers import CalibratedByQuery

#: Which share of the used images is moved, and by how many standard deviations.
LEAKS = {"no leak": (1.0, 0.0), "weak": (1.0, 0.8), "strong": (1.0, 2.5), "a few": (0.3, 3.5)}
#: Patients a side, and images of each.
SIZES = ((10, 1), (10, 4), (20, 1), (40, 1), (40, 4), (100, 1))


def draw_rows(rng, n_patients, slices, leak):
    """Two numbers of each image, which of them were used, and patients; half of these are used."""
    share, moved = LEAKS[leak]
    used = np.arange(2 * n_patients) < n_patients
    rows = (0.7**0.5 * rng.normal(size=(2 * n_patients, 2))).repeat(slices, axis=0)
    rows += 0.3**0.5 * rng.normal(size=rows.shape)
    away = used & (rng.random(2 * n_patients) < share)
    rows[:, 0] += moved * away.repeat(slices)
    return rows, used.repeat(slices).astype(int), np.arange(2 * n_patients).repeat(slices)


def true_share(classifier, scores, leak):
    """The share of used among all images there could be of a score, as `LEAKS` make it."""
    share, moved = LEAKS[leak]
    # Of the standardised numbers, as the classifier sees them.
    scaler, linear = classifier[0], classifier[-1]
    weights = linear.coef_[0] / scaler.scale_
    middle = linear.intercept_[0] - weights @ scaler.mean_
    width = np.linalg.norm(weights)
    stayed = norm.pdf(scores, middle, width)
    used = (1 - share) * stayed + share * norm.pdf(scores, middle + moved * weights[0], width)
    return used / (used + stayed)


def venn_abers(sigmoid, scores):
    """Two isotonic regressions a query: it is added to what is known as not used, and as used."""
    known, labels, _, weights = sigmoid.known_
    return np.transpose(
        [
            [
                IsotonicRegression(out_of_bounds="clip")
                .fit(np.r_[known, one], np.r_[labels, added], sample_weight=np.r_[weights, 1])
                .predict([one])[0]
                for added in (0, 1)
            ]
            for one in scores
        ]
    )


def normal_approximation(sigmoid, scores):
    """The interval at 95 % that one has who believes that a sigmoid fits."""
    known, _, _, weights = sigmoid.known_
    p = sigmoid.predict(known)
    columns = np.stack([known, np.ones_like(known)], axis=1)
    information = (columns * (weights * p * (1 - p))[:, None]).T @ columns
    asked = np.stack([scores, np.ones_like(scores)], axis=1)
    variance = np.einsum("ij,jk,ik->i", asked, np.linalg.pinv(information), asked)
    middle = -(sigmoid.a_ * scores + sigmoid.b_)
    return expit(middle + norm.ppf([[0.025], [0.975]]) * np.sqrt(variance))


def intervals_of(seed, leak, n_patients, slices):
    """Whether the truth lies within, and how wide it is, for each way and each of 20 new images."""
    rng = np.random.default_rng([seed, n_patients, slices, list(LEAKS).index(leak)])
    model = CalibratedByQuery(LogisticRegression()).fit(*draw_rows(rng, n_patients, slices, leak))
    new = draw_rows(rng, 10, 1, leak)[0]
    scores = model.decision_function(new)
    truth = true_share(model.classifier_, scores, leak)
    ways = {
        "interval": model.predict_proba_interval(new)[:, ::2].T,
        "Venn-Abers": venn_abers(model.sigmoid_, scores),
        "sigmoid": normal_approximation(model.sigmoid_, scores),
    }
    return {
        name: (np.mean((low <= truth) & (truth <= high)), np.mean(high - low))
        for name, (low, high) in ways.items()
    }


def probabilities(n, n_jobs):
    """Intervals of the probabilities of new images: how often they hold the truth, how wide."""
    answers = {}
    for leak in LEAKS:
        for n_patients, slices in SIZES:
            drawn = many(intervals_of, n, n_jobs, leak=leak, n_patients=n_patients, slices=slices)
            for way in drawn[0]:
                inside, width = np.transpose([one[way] for one in drawn])
                at = f"{leak}, {n_patients} patients a side x {slices}, {way}: "
                # The images of a draw are asked of one model, so that draws are counted.
                answers[at + "truth within"] = inside.mean(), inside.std(ddof=1) / len(drawn) ** 0.5
                answers[at + "width"] = width.mean(), width.std(ddof=1) / len(drawn) ** 0.5
    return answers


STUDIES = {"probabilities": probabilities}
DRAWS = {"probabilities": (200, 20)}
