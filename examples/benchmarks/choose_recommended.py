"""Choose what `recommended()` looks at, by a rule that is written here before it is run.

    python examples/benchmarks/choose_recommended.py --sets generator_sets --data DIR [DIR ...]
    python examples/benchmarks/choose_recommended.py --quick       # the shipped sets, three rows

*Data.* Labelled real images only: used images, those of other patients, and where they are known
unused slices of used patients. The shipped sets of `load_phantom_diffusion` ("flips", "other"),
the sets of generators.py found in ``--sets``, `make_source_identification` of the seeds of
``--seeds``, and folders real_used, real_not_used and generated with groups.csv. Images called
"query" are not read.

*Candidates.* What is looked at: the textures of Gabor and Gaussian derivatives, the image
itself, all alike, both halves alike, or textures beside the nearest whitened correlation; under the
five groups of views below; and correlation alone, which has mirrors and shifts of its own. 5 x 5 +
1 = 26 candidates, or those of ``--views`` and ``--mixes``. The profile is the same for all, and so
is the relative scale, but for correlation, of which the nearest distance is taken as it is.

*Figures.* ROC AUC over 5 folds by patient, of every data set, its generated images as stored and
under every transform of _transforms.py. What is kept in ``--out`` is not measured again. So that
distances are computed once and not in every fold, views are compared in units of the typical
distance to all real images of the data set; a `Pairer` takes those of `fit`. No label enters.

*Rule.* A candidate's row is the mean over the data sets with a leak. Left are candidates whose row
"as stored" is at most 0.01 below the best one's. A row in which none of them comes within 0.1 of
its own figure as stored is out of reach: it is named and left out. The one whose worst row is best
is chosen; those at most 0.01 below it are level, and of these the cheapest is taken: fewest views,
then the first in the list of mixes. (The rule was first run without the sentence on rows out of
reach, and without correlation. No candidate that was level as stored then saw what was moved, all
worst rows were chance, and no views were chosen.)
"""

import argparse
import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import _generator_sets as sets
import joblib
import numpy as np
from _generator_data import NOT_USED, SIBLING, USED, write_atomically
from _results import table
from _transforms import STORED, TRANSFORMS, transformed
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import FeatureUnion

from ganisi import (
    GaborBank,
    Intensity,
    ProfileIdentifier,
    SteerableGaussian,
    Views,
    recommended,
)
from ganisi.datasets import make_source_identification
from ganisi.distances import wasserstein_distances
from ganisi.distances._relative import RelativeScale
from ganisi.identification._folds import query_folds

GRID = 32
MOVES = [(y, x) for y in (-8, -4, 0, 4, 8) for x in (-8, -4, 0, 4, 8) if (y, x) != (0, 0)]
DIHEDRAL = Views(mirrors=True, turns="square", combined=False)
NEAR = replace(DIHEDRAL, zooms=(1.1, 1.25), rotations=(-8, -4, 4, 8))
#: Each holds those before it.
GROUPS = {
    "none": Views(),
    "mirrors": Views(mirrors=True),
    "dihedral": DIHEDRAL,
    "dihedral, zoomed or rotated": NEAR,
    "dihedral, zoomed, rotated or moved": replace(NEAR, shifts=MOVES),
}
#: Maps that are looked at: the last one is the image itself.
LOOKS = {"textures": slice(None, -1), "the image": slice(-1, None), "both": slice(None)}
#: What is made of them, the cheapest first: maps, and how ProfileIdentifier pools and ranks them.
POOLED = {"ranks": (1, 0.1), "pool_maps": True}
TWO_EYES = {"ranks": [(1, 0.1), (1,)], "pool_maps": [slice(None, -1), slice(-1, None)]}
HALVES = {**POOLED, "pool_maps": [slice(None, -1), slice(-1, None)]}
MIXES = {
    "the image": ("the image", POOLED),
    "correlation": ("correlation", {"ranks": (1,), "pool_maps": True}),
    "textures": ("textures", POOLED),
    "all maps": ("both", POOLED),
    "both halves": ("both", HALVES),
    "textures beside correlation": ("textures beside correlation", TWO_EYES),
}
OTHERS, SIBLINGS = AGAINST = "other patients", "same patients"
NO_LEAK = {"shipped other", "early-0"}
#: ROC AUC within which candidates are level, and below its figure as stored, a row is in reach.
LEVEL, REACH = 0.01, 0.1


def synthetic_set(seed):
    data = make_source_identification(40, 40, 100, size=64, leakage=0.8, random_state=seed)
    return {
        "images": data.real,
        "generated": data.generated,
        "role": np.where(data.used, USED, NOT_USED),
        "used": data.used,
        "groups": data.groups,
    }


def read(source):
    """Arrays of a data set: of the package, of a seed, of generators.py, or of folders."""
    if isinstance(source, str):
        return sets.from_package(source, queries=False)
    if isinstance(source, int):
        return synthetic_set(source)
    if source.is_dir():
        return sets.in_memory(sets.from_folders(source))
    return sets.read_set(source.stem, source.parent)[0]


def data_sets(options):
    """Name of each data set to where it is."""
    found = {f"shipped {kind}": kind for kind in ("flips", "other")}
    if options.quick:
        return found
    if options.sets:
        found |= {path.stem: path for path in sorted(options.sets.glob("*.npz"))}
    found |= {f"synthetic {seed}": seed for seed in options.seeds}
    return found | {folder.name: folder for folder in options.data}


def eye():
    cells = {"n_quantiles": 1, "grid": GRID}
    parts = [("gabor", GaborBank), ("steerable", SteerableGaussian), ("image", Intensity)]
    return FeatureUnion([(name, part(**cells)) for name, part in parts])


def nearest_views(rows, generated, groups):
    """Raw distances by group of views and maps looked at: those of the best view of each pair."""
    typical, best, seen = None, {}, set()
    for group in groups:
        views = GROUPS[group]
        for name in [name for name in views.names if name not in seen]:
            seen.add(name)
            distances = wasserstein_distances(
                rows[name], generated, generated.shape[1] // GRID**2, n_quantiles=1
            )
            typical = distances.mean(axis=(0, 1)) if typical is None else typical
            scaled = distances / typical
            for look, maps in LOOKS.items():
                mean = scaled[..., maps].mean(axis=-1)
                if look not in best:
                    best[look] = [mean, distances[..., maps].copy()]
                else:
                    nearer = mean < best[look][0]
                    best[look][0][nearer] = mean[nearer]
                    best[look][1][nearer] = distances[nearer][:, maps]
        yield group, {look: kept for look, (_, kept) in best.items()}


def correlations(images, generated):
    """Distances by the eye of `recommended` that looks at the image itself."""
    _, eye = recommended().pairer.pairers[-1]
    cells = Intensity(grid=eye.grid, n_quantiles=1).fit(images)
    return eye.fit_transform(cells.transform(images), generated=(cells.transform(generated),))


def columns_of(distances, columns):
    return distances[:, columns]


def evaluate(data, distances, correlation, mixes):
    """ROC AUC by mix of maps and by whom used images are compared with."""
    siblings = data["role"] == SIBLING
    labelled = np.flatnonzero(~siblings)
    used, groups = data["used"], data["groups"]
    aucs = {}
    for train, test in query_folds(used[labelled], groups[labelled]):
        fitted = labelled[train]
        asked = np.flatnonzero(np.isin(groups, groups[labelled[test]]))
        own = np.unique(groups[fitted], return_inverse=True)[1]
        known, new = {"correlation": correlation[fitted]}, {"correlation": correlation[asked]}
        for look in {"textures", *(MIXES[mix][0] for mix in mixes)} & set(distances):
            of_look = distances[look]
            known[look] = of_look[fitted]
            scale = RelativeScale.fit(partial(columns_of, known[look]), of_look.shape[1])
            scale.standardise_left_out(known[look], own)
            new[look] = scale.standardise(of_look[asked])
        for seen in (known, new):
            both = [seen["textures"], seen["correlation"]]
            seen["textures beside correlation"] = np.concatenate(both, axis=2)
        for mix in mixes:
            look, dials = MIXES[mix]
            model = ProfileIdentifier(LogisticRegression(), **dials)
            model.fit(known[look], used[fitted], groups=groups[fitted])
            scores = model.predict_proba(new[look])[:, 1]
            sibling, is_used = siblings[asked], used[asked] == 1
            for name, against in ((OTHERS, ~sibling & ~is_used), (SIBLINGS, sibling)):
                if against.any():
                    rows = against | is_used
                    auc = roc_auc_score(is_used[rows], scores[rows])
                    aucs.setdefault((mix, name), []).append(auc)
    return [
        {"mix": mix, "against": name, "auc": float(np.mean(values))}
        for (mix, name), values in aucs.items()
    ]


def rows_of_views(images, groups):
    """The rows of all real images, by the name of the view."""
    descriptor, rows = eye().fit(images), {}
    for views in [GROUPS[group] for group in groups]:
        seen = zip(*map(views.apply, images), strict=True)
        for view, transformed_images in zip(views.names, seen, strict=True):
            if view not in rows:
                rows[view] = descriptor.transform(np.stack(transformed_images))
    return rows


def measure(name, source, transform, folder, groups=tuple(GROUPS), mixes=tuple(MIXES)):
    """Figures of one data set under one transform, stored as they come."""
    path = folder / f"{name}-{transform}.json".replace(" ", "_").replace("/", "_")
    if path.exists():
        return json.loads(path.read_text())
    data = read(source)
    rows = joblib.Memory(folder, verbose=0).cache(rows_of_views)(data["images"], groups)
    descriptor = eye().fit(data["images"])
    images = transformed(data["generated"], transform)
    correlation = correlations(data["images"], images)
    figures = [
        {"data": name, "transform": transform, "views": group, **figure}
        for group, distances in nearest_views(rows, descriptor.transform(images), groups)
        for figure in evaluate(data, distances, correlation, mixes)
    ]
    write_atomically(path, json.dumps(figures).encode())
    return figures


def print_aucs(title, rows, transforms):
    """A row for what was done to the images, and for the worst of it; a column a candidate."""
    heads = [mix if views == "none" else f"{mix}, {views}" for views, mix in rows]
    lines = zip([*transforms, "worst"], *([*row, min(row)] for row in rows.values()), strict=True)
    cells = [[name, *(f"{auc:.3f}" for auc in aucs)] for name, *aucs in lines]
    print(f"{title}\n\n{table(['generated images', *heads], cells)}\n")


def report(figures, transforms, groups=tuple(GROUPS), mixes=tuple(MIXES)):
    """Print the rows of every candidate, who is chosen, and what else was looked at."""
    leaking = sorted({one["data"] for one in figures} - NO_LEAK)

    def mean_auc(data=leaking, **wanted):
        """Over those of the data sets that know the figure; one a data set."""
        aucs = [
            one["auc"]
            for one in figures
            if one["data"] in data and all(one[key] == value for key, value in wanted.items())
        ]
        return float(np.mean(aucs)) if aucs else np.nan

    def rows_over(data):
        return {
            (views, mix): [
                mean_auc(data, views=views, mix=mix, transform=name, against=OTHERS)
                for name in transforms
            ]
            for views in groups
            for mix in mixes
            if mix != "correlation" or views == "none"  # It has views of its own.
        }

    rows = rows_over(leaking)
    print_aucs(f"Mean ROC AUC against other patients over {', '.join(leaking)}", rows, transforms)
    for name in leaking:
        print_aucs(f"{name} alone", rows_over([name]), transforms)

    stored = transforms.index(STORED)
    best_stored = max(values[stored] for values in rows.values())
    left = {key: values for key, values in rows.items() if values[stored] >= best_stored - LEVEL}
    reached = [
        any(values[k] >= values[stored] - REACH for values in left.values())
        for k in range(len(transforms))
    ]
    worst = {key: min(np.array(values)[reached]) for key, values in left.items()}
    level = [key for key in left if worst[key] >= max(worst.values()) - LEVEL]
    chosen = min(level, key=lambda key: (len(GROUPS[key[0]].names), list(MIXES).index(key[1])))
    beyond = [name for name, is_reached in zip(transforms, reached, strict=True) if not is_reached]
    print(f"\n{len(rows)} candidates, {len(left)} as good as stored, {len(level)} level: {level}")
    print(f"Out of reach: {', '.join(beyond) or 'nothing'}")
    print(f"Chosen: {chosen}\n")

    within = {
        ("none" if mix == "correlation" else chosen[0], mix): [
            mean_auc(views=chosen[0], mix=mix, transform=name, against=SIBLINGS)
            for name in transforms
        ]
        for mix in mixes
    }
    print_aucs("Against unused slices of the same patients, chosen views", within, transforms)

    print("Without a leak, all transforms, against other patients:")
    for name in sorted({one["data"] for one in figures} & NO_LEAK):
        for views, mix in rows:
            wanted = {"data": name, "views": views, "mix": mix, "against": OTHERS}
            aucs = [one["auc"] for one in figures if wanted.items() <= one.items()]
            print(f"{name}, {views}, {mix}: {min(aucs):.3f} to {max(aucs):.3f}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=Path, help="folder of generators.py")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="folders of images")
    parser.add_argument("--out", type=Path, default=Path("results"), help="resumes from here")
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2], help="of synthetic sets")
    parser.add_argument("--views", nargs="+", choices=GROUPS, default=list(GROUPS))
    parser.add_argument("--mixes", nargs="+", choices=MIXES, default=list(MIXES))
    parser.add_argument("--n-jobs", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="shipped sets, three transforms")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    names = list(TRANSFORMS)[:3] if options.quick else list(TRANSFORMS)
    candidates = tuple(options.views), tuple(options.mixes)
    jobs = [
        joblib.delayed(measure)(name, source, transform, options.out, *candidates)
        for transform in names
        for name, source in data_sets(options).items()
    ]
    figures = joblib.Parallel(n_jobs=options.n_jobs, verbose=5)(jobs)
    report([figure for of_one in figures for figure in of_one], names, *candidates)


if __name__ == "__main__":
    main()
