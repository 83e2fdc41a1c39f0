"""Where the paper stops: its setting beside what looks locally, relatively and at the nearest.

The paper's CDFs forget where a texture is, and its fusion averages over all generated images,
nearly all of which have nothing to do with the query. Each row of the table turns one more dial.
Each figure is the ROC AUC over 5 folds that share no patient (mean over the folds), averaged over
seeds with its standard error; 0.5 is chance.

    python examples/benchmarks/beyond_the_paper.py                  # synthetic data
    python examples/benchmarks/beyond_the_paper.py --quick          # under a minute
    python examples/benchmarks/beyond_the_paper.py --data DIR       # your images

DIR holds the folders real_used, real_not_used and generated and, where patients are known,
groups.csv with the columns folder, file, group. There the seeds renumber the patients, which makes
other folds of the same images: the spread printed is that of the folds, not of other data.
"""

import argparse
from pathlib import Path

import joblib
import numpy as np
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ganisi import (
    GANISI,
    CDFWassersteinPairer,
    Intensity,
    ProfileIdentifier,
    SourceIdentifier,
    classical_descriptors,
    recommended,
)
from ganisi.audit import CrossFit
from ganisi.baselines import NearestGenerated
from ganisi.datasets import load_groups, make_source_identification
from ganisi.identification._folds import query_folds
from ganisi.images._survey import scan_images
from ganisi.model._describing import described

BLIND = "blind: query textures alone, no generated image"


def attacks(side):
    """Rows of the table but the blind one: name to model."""
    whole = classical_descriptors()
    # 16 cells with 4 quantiles each: as many numbers a map as the paper's 64 quantiles.
    cells = classical_descriptors(n_quantiles=4, grid=4)
    pixels = Intensity(n_quantiles=1, grid=side)
    relative_whole = CDFWassersteinPairer(relative=True)
    relative_cells = CDFWassersteinPairer(n_quantiles=4, grid=4, relative=True)
    relative_pixels = CDFWassersteinPairer(n_quantiles=1, grid=side, relative=True)
    all_pairs = SourceIdentifier(random_state=0)
    ten_pairs = SourceIdentifier(n_nearest=10, random_state=0)
    nearest = NearestGenerated()
    return {
        "the paper: whole maps, all pairs, mean": GANISI(whole, identifier=all_pairs),
        "nearest generated image, whole maps": GANISI(whole, identifier=nearest),
        "SVM on 10 nearest pairs, relative, whole maps": GANISI(
            whole, pairer=relative_whole, identifier=ten_pairs
        ),
        "nearest generated image, 4 x 4 cells": GANISI(cells, identifier=nearest),
        "SVM on 10 nearest pairs, relative, 4 x 4 cells": GANISI(
            cells, pairer=relative_cells, identifier=ten_pairs
        ),
        "ProfileIdentifier, relative, 4 x 4 cells": GANISI(
            cells, pairer=relative_cells, identifier=ProfileIdentifier()
        ),
        "nearest generated image, pixels": GANISI(pixels, identifier=nearest),
        "nearest generated image, pixels, relative": GANISI(
            pixels, pairer=relative_pixels, identifier=nearest
        ),
        "recommended()": recommended(grid=min(32, side // 2)),
    }


def describe(models, images, *, generated=False):
    """Rows of images by each descriptor, each only once; real images under the model's views."""
    rows = {}
    for model in models.values():
        descriptor = model.stages()[0]
        if (key := joblib.hash(descriptor)) not in rows:
            views = None if generated else model.views
            rows[key] = described(descriptor.fit(images), images, views=views)
    return rows


def blind_auc(X, used, groups):
    """ROC AUC of a regularised classifier that sees no generated image."""
    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=1e-3, max_iter=1000))
    return np.mean(
        [
            roc_auc_score(
                used[test],
                clone(classifier).fit(X[train], used[train]).decision_function(X[test]),
            )
            for train, test in query_folds(used, groups)
        ]
    )


def score(models, real, generated, used, groups):
    """ROC AUC of each row, from described images."""
    texture = joblib.hash(classical_descriptors())
    result = {BLIND: blind_auc(real[texture], used, groups)}
    for name, model in models.items():
        descriptor, pairer, identifier = model.stages()
        key = joblib.hash(descriptor)
        fit = CrossFit(
            pairer, identifier, real[key], used, generated=(generated[key],), groups=groups
        )
        result[name] = fit.roc_auc(fit.out_of_fold())
    return result


def score_synthetic(options, seed):
    """Leakage to scores, for one seed."""
    models = attacks(options.size)
    real, scores = None, {}
    for leakage in options.leakages:
        data = make_source_identification(
            options.n_real // 2,
            options.n_real // 2,
            options.n_generated,
            size=options.size,
            leakage=leakage,
            random_state=seed,
        )
        # The real images do not depend on the leakage.
        real = describe(models, data.real) if real is None else real
        generated = describe(models, data.generated, generated=True)
        scores[f"leakage {leakage:g}"] = score(models, real, generated, data.used, data.groups)
    return scores


def read_folder(folder):
    """Models, described real and generated images, labels and patients."""
    files = {
        name: sorted(str(path) for path in (folder / name).iterdir())
        for name in ("real_used", "real_not_used", "generated")
    }
    images = files["real_used"] + files["real_not_used"]
    used = np.repeat([1, 0], [len(files["real_used"]), len(files["real_not_used"])])
    _, shapes = scan_images(images + files["generated"])
    models = attacks(side=min(min(shape) for shape in shapes))
    real, generated = describe(models, images), describe(models, files["generated"], generated=True)
    # Patients are numbered from 0, each image its own where there is no table.
    table = folder / "groups.csv"
    names = load_groups(table, images) if table.is_file() else np.arange(len(images))
    return models, real, generated, used, np.unique(names, return_inverse=True)[1]


def score_renumbered(models, real, generated, used, patients, seed):
    """Scores for one numbering of the patients, which decides the folds."""
    numbers = np.random.default_rng(seed).permutation(patients.max() + 1)
    return {"your images": score(models, real, generated, used, numbers[patients])}


def print_table(scores):
    """Mean and standard error over seeds, row by row."""
    columns = list(scores[0])
    rows = list(scores[0][columns[0]])
    width = max(map(len, rows))
    print(f"{'ROC AUC':{width}s}" + "".join(f"{column:>17s}" for column in columns))
    for row in rows:
        cells = []
        for column in columns:
            values = [of_seed[column][row] for of_seed in scores]
            cell = f"{np.mean(values):.3f}"
            if len(values) > 1:
                cell += f" +- {np.std(values, ddof=1) / np.sqrt(len(values)):.3f}"
            cells.append(f"{cell:>17s}")
        print(f"{row:{width}s}" + "".join(cells))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of images instead of synthetic data")
    parser.add_argument("--seeds", type=int, nargs="+", default=[100, 101, 102, 103, 104])
    parser.add_argument("--leakages", type=float, nargs="+", default=[0.9, 0.7, 0.5])
    parser.add_argument("--size", type=int, default=128, help="pixels (default: %(default)s)")
    parser.add_argument("--n-real", type=int, default=160, help="half of them used")
    parser.add_argument("--n-generated", type=int, default=200)
    parser.add_argument("--n-jobs", type=int, help="seeds at a time (default: 1)")
    parser.add_argument("--quick", action="store_true", help="one small synthetic data set")
    options = parser.parse_args()
    if options.quick:
        options.seeds, options.leakages = options.seeds[:1], options.leakages[:1]
        options.size, options.n_real, options.n_generated = 64, 80, 100
    seeds = " ".join(map(str, options.seeds))
    parallel = joblib.Parallel(n_jobs=options.n_jobs, verbose=1 if options.quick else 10)
    if options.data is None:
        print(
            f"{options.n_real} real and {options.n_generated} generated phantom slices of "
            f"{options.size} x {options.size} pixels, seeds {seeds}; mean +- standard error\n"
        )
        jobs = [joblib.delayed(score_synthetic)(options, seed) for seed in options.seeds]
    else:
        print(f"{options.data}, patients numbered by seeds {seeds}; mean +- spread of the folds\n")
        inputs = read_folder(options.data)
        jobs = [joblib.delayed(score_renumbered)(*inputs, seed) for seed in options.seeds]
    print_table(parallel(jobs))


if __name__ == "__main__":
    main()
