"""Choose what `recommended()` looks at, by a rule that is written here before it is run.

    python examples/benchmarks/choose_recommended.py --sets generator_sets --data DIR [DIR ...]
    python examples/benchmarks/choose_recommended.py --quick       # the shipped sets, three rows

*Data.* Labelled real images only: used images, those of other patients, and where they are known
unused slices of used patients. The shipped sets of `load_phantom_diffusion` ("flips", "other"),
the sets of generators.py found in ``--sets``, `make_source_identification` of seeds 0 to 2, and
folders real_used, real_not_used and generated with groups.csv. Images called "query" are not read.

*Candidates.* What is looked at: the textures of Gabor and Gaussian derivatives (32 maps), the image
itself (1 map), all 33 alike, or both halves alike; under the views below: 4 x 5 = 20 candidates,
each with the same profile and the same relative scale.

*Figures.* ROC AUC over 5 folds by patient, of every data set, its generated images as stored and
under every transform of transformed_copies.py.

*Rule.* A candidate's row is the mean over the data sets with a leak. Left are candidates whose row
"as stored" is at most 0.01 below the best one's. The one whose worst row is best is chosen; those
at most 0.01 below it are level, and of these the cheapest is taken (fewest views, then fewest maps).
Rivals are compared within the chosen views, by the worse of both figures: against other patients,
and against unused slices of the same patients.
"""

import argparse
import json
from pathlib import Path

import _generator_data as sets_of
import joblib
import numpy as np
from _transforms import STORED, TRANSFORMS, transformed
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import FeatureUnion

from ganisi import GaborBank, Intensity, ProfileIdentifier, SteerableGaussian, Views
from ganisi.datasets import load_groups, load_phantom_diffusion, make_source_identification
from ganisi.distances._relative import RelativeScale
from ganisi.distances._wasserstein import distances_to_sets
from ganisi.identification._folds import query_folds
from ganisi.images._checks import check_images, read_image

GRID = 32
MOVES = [(y, x) for y in (-8, -4, 0, 4, 8) for x in (-8, -4, 0, 4, 8) if (y, x) != (0, 0)]
NEAR = Views(rotations=(-8, -4, 4, 8), zooms=(1.1, 1.25))
#: Each holds those before it.
GROUPS = {
    "none": Views(),
    "mirrors": Views(mirrors=True),
    "dihedral": Views(mirrors=True, turns=True),
    "dihedral, turned or zoomed": NEAR,
    "dihedral, turned, zoomed or moved": Views(shifts=MOVES),
}
MIXES = {
    "textures": lambda d: d[..., :-1],
    "the image": lambda d: d[..., -1:],
    "33 maps": lambda d: d,
    "both halves": lambda d: np.stack([d[..., :-1].mean(axis=-1), d[..., -1]], axis=-1),
}
COST_OF_MAPS = {"the image": 1, "textures": 32, "33 maps": 33, "both halves": 33}
OTHERS, SIBLINGS = AGAINST = "other patients", "same patients"
NO_LEAK = "shipped other"
#: ROC AUC within which candidates are level.
LEVEL = 0.01
#: Weights of the rival margin beside nearness; 0 is without rivals.
RIVALS = (0.0, 1.0, 3.0)


def phantom_set(arrays):
    role = arrays["role"]
    return {
        "images": arrays["images"],
        "generated": arrays["generated"],
        "used": arrays["used"],
        "groups": arrays["groups"],
        "sibling": role == sets_of.SIBLING,
    }


def shipped_set(kind):
    data = load_phantom_diffusion(kind)
    labelled, unused = len(data.real), len(data.unused_slices)
    return {
        "images": np.concatenate([data.real, data.unused_slices]),
        "generated": data.generated,
        "used": np.concatenate([data.used, np.zeros(unused, int)]),
        "groups": np.concatenate([data.groups, data.unused_groups]),
        "sibling": np.repeat([False, True], [labelled, unused]),
    }


def synthetic_set(seed):
    data = make_source_identification(40, 40, 100, size=64, leakage=0.8, random_state=seed)
    return {
        "images": data.real,
        "generated": data.generated,
        "used": data.used,
        "groups": data.groups,
        "sibling": np.zeros(len(data.real), bool),
    }


def folder_set(folder):
    files = {
        name: sorted(str(path) for path in (folder / name).iterdir())
        for name in ("real_used", "real_not_used", "generated")
    }
    real = files["real_used"] + files["real_not_used"]
    read = {
        name: np.stack([read_image(file) for file in check_images(paths)])
        for name, paths in (("images", real), ("generated", files["generated"]))
    }
    return {
        **read,
        "used": np.repeat([1, 0], [len(files["real_used"]), len(files["real_not_used"])]),
        "groups": np.asarray(load_groups(folder / "groups.csv", real)),
        "sibling": np.zeros(len(real), bool),
    }


def data_sets(options):
    """Name of each data set to how it is read."""
    found = {f"shipped {kind}": (shipped_set, kind) for kind in ("flips", "other")}
    if options.quick:
        return found
    for path in sorted(options.sets.glob("*.npz")) if options.sets else ():
        found[path.stem] = (lambda file: phantom_set(np.load(file)), path)
    for seed in range(3):
        found[f"synthetic {seed}"] = (synthetic_set, seed)
    for folder in options.data:
        found[folder.name] = (folder_set, folder)
    return found


def eye():
    cells = {"n_quantiles": 1, "grid": GRID}
    parts = [("gabor", GaborBank), ("steerable", SteerableGaussian), ("image", Intensity)]
    return FeatureUnion([(name, part(**cells)) for name, part in parts])


def nearest_views(rows, generated, n_maps):
    """Raw distances of every mix of maps, group of views by group: the best view of each pair."""
    typical, best, seen = None, {}, set()
    for group, views in GROUPS.items():
        for name in [name for name in views.names if name not in seen]:
            seen.add(name)
            distances = distances_to_sets(rows[name], (generated,), n_maps)
            typical = distances.mean(axis=(0, 1)) if typical is None else typical
            for mix, maps in MIXES.items():
                # A half is pooled before views are compared, each map by its typical distance.
                mean = maps(distances / typical).mean(axis=-1)
                if mix not in best:
                    best[mix] = [mean, distances.copy()]
                else:
                    nearer = mean < best[mix][0]
                    best[mix][0][nearer] = mean[nearer]
                    best[mix][1][nearer] = distances[nearer]
        for mix in MIXES:
            yield group, mix, best[mix][1]


def evaluate(data, distances, mix):
    """ROC AUC by weight of the rivals and by whom used images are compared with."""
    labelled = np.flatnonzero(~data["sibling"])
    used, groups = data["used"], data["groups"]
    aucs = {}
    for train, test in query_folds(used[labelled], groups[labelled]):
        fitted = labelled[train]
        asked = np.flatnonzero(np.isin(groups, groups[labelled[test]]))
        scale = RelativeScale.fit(lambda columns: distances[fitted, columns], distances.shape[1])  # noqa: B023
        known = distances[fitted]
        scale.standardise_left_out(known, np.unique(groups[fitted], return_inverse=True)[1])
        maps = MIXES[mix]
        known, new = maps(known), maps(scale.standardise(distances[asked]))
        for weight in RIVALS:
            model = ProfileIdentifier(
                LogisticRegression(), ranks=(1, 0.1), pool_maps=True, rivals=weight or False
            )
            model.fit(known, used[fitted], groups=groups[fitted])
            scores = model.decision_function(new)
            for name, against in (
                (OTHERS, ~data["sibling"][asked] & (used[asked] == 0)),
                (SIBLINGS, data["sibling"][asked]),
            ):
                if against.any():
                    rows = against | (used[asked] == 1)
                    auc = roc_auc_score(used[asked][rows], scores[rows])
                    aucs.setdefault((weight, name), []).append(auc)
    return [
        {"rivals": weight, "against": name, "auc": float(np.mean(values))}
        for (weight, name), values in aucs.items()
    ]


def measure(name, read, source, transform, folder):
    """Figures of one data set under one transform, stored as they come."""
    path = folder / f"{name}-{transform}.json".replace(" ", "_").replace("/", "_")
    if path.exists():
        return json.loads(path.read_text())
    data = read(source)
    descriptor = eye().fit(data["images"])
    rows = {}
    for views in GROUPS.values():
        for view, images in zip(views.names, zip(*map(views.apply, data["images"])), strict=True):
            if view not in rows:
                rows[view] = descriptor.transform(np.stack(images))
    generated = descriptor.transform(transformed(data["generated"], transform))
    n_maps = generated.shape[1] // GRID**2
    figures = [
        {"data": name, "transform": transform, "views": group, "mix": mix, **figure}
        for group, mix, distances in nearest_views(rows, generated, n_maps)
        for figure in evaluate(data, distances, mix)
    ]
    sets_of.write_atomically(path, json.dumps(figures).encode())
    return figures


def report(figures, transforms):
    """Print the rows of every candidate, who is chosen, and the comparison of rivals."""
    leaking = sorted({one["data"] for one in figures} - {NO_LEAK})

    def mean_auc(**wanted):
        """Over the data sets that leak and know the figure; one a data set."""
        aucs = [
            one["auc"]
            for one in figures
            if one["data"] in leaking and all(one[key] == value for key, value in wanted.items())
        ]
        return float(np.mean(aucs)) if aucs else np.nan

    rows = {
        (views, mix): [
            mean_auc(views=views, mix=mix, transform=name, rivals=0.0, against=OTHERS)
            for name in transforms
        ]
        for views in GROUPS
        for mix in MIXES
    }
    print(f"Mean ROC AUC against other patients over {', '.join(leaking)}\n")
    print("| views | what | " + " | ".join(transforms) + " | worst |")
    print("|" + "---|" * (len(transforms) + 3))
    for (views, mix), values in rows.items():
        cells = " | ".join(f"{value:.3f}" for value in [*values, min(values)])
        print(f"| {views} | {mix} | {cells} |")

    stored = transforms.index(STORED)
    best_stored = max(values[stored] for values in rows.values())
    left = {key: values for key, values in rows.items() if values[stored] >= best_stored - LEVEL}
    best_worst = max(min(values) for values in left.values())
    level = [key for key, values in left.items() if min(values) >= best_worst - LEVEL]
    chosen = min(level, key=lambda key: (len(GROUPS[key[0]].names), COST_OF_MAPS[key[1]]))
    print(f"\n{len(rows)} candidates, {len(left)} as good as stored, {len(level)} level: {level}")
    print(f"Chosen: {chosen}\n")

    print("| rivals | " + " | ".join(f"{name}, {a}" for name in transforms for a in AGAINST) + " |")
    print("|" + "---|" * (len(transforms) * len(AGAINST) + 1))
    of_chosen = dict(zip(("views", "mix"), chosen, strict=True))
    for weight in RIVALS:
        cells = [
            f"{mean_auc(transform=name, rivals=weight, against=a, **of_chosen):.3f}"
            for name in transforms
            for a in AGAINST
        ]
        print(f"| {weight:g} | " + " | ".join(cells) + " |")

    print(f"\nWithout a leak ({NO_LEAK}):")
    for (views, mix), _ in rows.items():
        aucs = [
            one["auc"]
            for one in figures
            if (one["data"], one["views"], one["mix"]) == (NO_LEAK, views, mix)
        ]
        print(f"{views}, {mix}: {min(aucs):.3f} to {max(aucs):.3f}, all weights and transforms")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", type=Path, help="folder of generators.py")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="folders of images")
    parser.add_argument("--out", type=Path, default=Path("results"), help="resumes from here")
    parser.add_argument("--n-jobs", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="shipped sets, three transforms")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    names = list(TRANSFORMS)[:3] if options.quick else list(TRANSFORMS)
    jobs = [
        joblib.delayed(measure)(name, *source, transform, options.out)
        for name, source in data_sets(options).items()
        for transform in names
    ]
    figures = joblib.Parallel(n_jobs=options.n_jobs, verbose=5)(jobs)
    report([figure for of_one in figures for figure in of_one], names)


if __name__ == "__main__":
    main()
