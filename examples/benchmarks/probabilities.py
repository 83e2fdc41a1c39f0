"""What is a probability worth on new patients? Calibration over patient-disjoint halves.

    python examples/benchmarks/probabilities.py --data FOLDER

The folder has folders `generated`, `real_used` and `real_not_used` and a table `groups.csv`. Of the
patients of each label a random half is fitted on, and the images of the others are asked about.
"strong" is the generated set as it is; "weak" has it moved by 4 pixels down and right; for "none"
images of half of the not-used patients stand in for it. Textures as `recommended()` sees them,
without views. ECE is over ten bins, all answers of all halves; the constant answer is the share of
used images among those fitted on.

A second table is of the intervals at 95 %, also where fewer patients of each label are fitted on:
how wide they are in the mean, which share of the answers lies in one of ten bins whose share of
used images is between the mean low and the mean high of the bin, and for how many of the halves on
their own that holds (three bins there). Beside it the same for Venn-Abers predictors.
"""

import argparse
from pathlib import Path

import numpy as np
from _probabilities import venn_abers
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import StandardScaler

from ganisi import CDFWassersteinPairer, GaborBank, ProfileIdentifier, SteerableGaussian
from ganisi.datasets import load_groups, load_image_folder
from ganisi.identification._calibration import calibrated_classifier
from ganisi.identification._folds import query_folds
from ganisi.images._checks import read_image

CELLS = {"n_quantiles": 1, "grid": 32}
TEXTURES = FeatureUnion([("gabor", GaborBank(**CELLS)), ("steerable", SteerableGaussian(**CELLS))])
PAIRER = CDFWassersteinPairer(**CELLS, relative=True)
IDENTIFIER = ProfileIdentifier(LogisticRegression(), ranks=(1, 0.1), pool_maps=True)

#: Patients of each label that are fitted on.
FITTED = (4, 6, 9)


class FiveSigmoids:
    """As it was done before: the mean of five classifiers, each with a sigmoid of its fold."""

    def fit(self, rows, used, groups):
        """Fit on profiles."""
        folds = query_folds(used, groups)
        pipeline = make_pipeline(StandardScaler(), LogisticRegression())
        self.fitted_ = calibrated_classifier(pipeline, rows, used.astype(int), folds)
        return self

    def predict_proba(self, rows):
        """Ask of profiles."""
        return self.fitted_.predict_proba(rows)


def halves(rows, used, groups, generated, seed, n_fitted=None):
    """Return profiles, labels and patients of one half, and profiles and labels of the other.

    Of the one half only `n_fitted` patients of each label, where a number is given.
    """
    rng = np.random.default_rng(seed)
    patients = {one: rng.permutation(np.unique(groups[used == one])) for one in (False, True)}
    if generated is None:
        n_aside = len(patients[False]) // 2
        generated = rows[np.isin(groups, patients[False][:n_aside])]
        patients[False] = patients[False][n_aside:]
    first = np.concatenate([some[: len(some) // 2][:n_fitted] for some in patients.values()])
    second = np.concatenate([some[len(some) // 2 :] for some in patients.values()])
    fit, ask = (np.flatnonzero(np.isin(groups, some)) for some in (first, second))
    pairer, summary = clone(PAIRER), IDENTIFIER.stages()[0]
    distances = pairer.fit_transform(rows[fit], generated=(generated,), groups=groups[fit])
    profiles = summary.fit_transform(distances, groups=groups[fit])
    asked = summary.transform(pairer.transform(rows[ask]))
    return (profiles, used[fit], groups[fit]), (asked, used[ask])


def calibration_error(probability, used, n_bins=10):
    """Expected calibration error: how far shares are from probabilities, bin by bin."""
    bins = np.minimum((probability * n_bins).astype(int), n_bins - 1)
    gaps = [
        abs(probability[bins == one].mean() - used[bins == one].mean()) * np.mean(bins == one)
        for one in np.unique(bins)
    ]
    return sum(gaps)


def describe(probability, used, constant):
    """Return the figures of one way to calibrate, as text."""
    sure = probability >= 0.8
    right = f"{used[sure].mean():.2f} of {sure.sum()}" if sure.any() else "none"
    low, high = np.quantile(probability, [0.05, 0.95])
    brier, naive = np.mean((probability - used) ** 2), np.mean((constant - used) ** 2)
    return (
        f"{calibration_error(probability, used):.3f} | {brier:.3f} | {naive:.3f} | {right} | "
        f"{low:.2f} to {high:.2f}"
    )


def within(low, probability, high, used, n_bins=10):
    """Return which share of answers is in bins whose share of used lies between the mean ends."""
    bins = np.minimum((probability * n_bins).astype(int), n_bins - 1)
    held = np.zeros(len(used), dtype=bool)
    for one in np.unique(bins):
        of = bins == one
        held[of] = low[of].mean() <= used[of].mean() <= high[of].mean()
    return held.mean()


def describe_intervals(answers):
    """Return the figures of the intervals of all halves, as text."""
    low, p, high, used = np.concatenate([np.column_stack(one) for one in answers]).T
    alone = [within(*one, n_bins=3) for one in answers]
    return f"{np.mean(high - low):.2f} | {within(low, p, high, used):.2f} | {np.mean(alone):.2f}"


def moved(image, pixels=4):
    """Return an image moved down and right, its edge repeated."""
    rows, columns = image.shape
    return np.pad(image, ((pixels, 0), (pixels, 0)), mode="edge")[:rows, :columns]


def print_intervals(rows, used, groups, sets, n_halves):
    """Print the table of intervals."""
    ways = " | ".join(f"{way}: width | bins | halves" for way in ("interval", "Venn-Abers"))
    print(f"\n| leak | patients a label, at most | {ways} |")
    print("|---|---|---|---|---|---|---|---|")
    for leak, made in sets.items():
        for n_fitted in FITTED:
            answers, others = [], []
            for seed in range(n_halves):
                fitted, (asked, truth) = halves(rows, used, groups, made, seed, n_fitted)
                model = IDENTIFIER.stages()[1].fit(*fitted[:2], groups=fitted[2])
                low, p, high = model.predict_proba_interval(asked).T
                answers.append((low, p, high, truth))
                low, high = venn_abers(model.sigmoid_, model.decision_function(asked))
                others.append((low, p, high, truth))
            figures = f"{describe_intervals(answers)} | {describe_intervals(others)}"
            print(f"| {leak} | {n_fitted} | {figures} |", flush=True)


def main():
    """Print two tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", required=True, metavar="FOLDER")
    parser.add_argument("--halves", type=int, default=30)
    chosen = parser.parse_args()
    folder = Path(chosen.data)
    generated, used_images, others = (
        load_image_folder(folder / part).images
        for part in ("generated", "real_used", "real_not_used")
    )
    images = used_images + others
    groups = np.unique(load_groups(folder / "groups.csv", images), return_inverse=True)[1]
    used = np.arange(len(images)) < len(used_images)
    rows = TEXTURES.fit_transform(images)
    sets = {
        "strong": TEXTURES.transform(generated),
        "weak": TEXTURES.transform([moved(read_image(image)) for image in generated]),
        "none": None,
    }
    print(
        "| leak | calibration | ECE | Brier | constant | used among p >= 0.8 | 5 % to 95 % of p |"
    )
    print("|---|---|---|---|---|---|---|")
    for leak, made in sets.items():
        draws = [halves(rows, used, groups, made, seed) for seed in range(chosen.halves)]
        truth = np.concatenate([asked[1] for _, asked in draws])
        constant = np.concatenate(
            [np.full(len(asked[1]), fitted[1].mean()) for fitted, asked in draws]
        )
        for name, make in (("five sigmoids", FiveSigmoids), ("one, by patient", None)):
            probability = []
            for (profiles, labels, patients), (asked, _) in draws:
                model = IDENTIFIER.stages()[1] if make is None else make()
                model.fit(profiles, labels, groups=patients)
                probability.append(model.predict_proba(asked)[:, 1])
            figures = describe(np.concatenate(probability), truth, constant)
            print(f"| {leak} | {name} | {figures} |", flush=True)
    print_intervals(rows, used, groups, sets, chosen.halves)


if __name__ == "__main__":
    main()
