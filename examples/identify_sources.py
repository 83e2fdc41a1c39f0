"""Which of these images was the generator trained on?

Cross-validated by patient: Table 1 of the GAN-ISI paper for the paper's method, for the
recommended one, and for the nearest generated image in texture and in pixels, beside naive
answers; an interval and a permutation p-value for each; the probability of every image to CSV.

    python examples/identify_sources.py                   # phantoms, and two diffusion models
    python examples/identify_sources.py --kind other      # the one that saw none of them
    python examples/identify_sources.py --data DIR        # your images
    python examples/identify_sources.py --rivals          # real images compete with each other

DIR holds the folders real_used, real_not_used and generated; if it holds query, images of unknown
status, the recommended method says of each how probable it is that it was used: with --rivals,
in view of all others, which tells used slices of a patient from unused ones. If it holds
groups.csv (folder, file, group), no patient is on both sides of a split: without it the figures of
a data set with several slices a patient are too good.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from ganisi import GANISI, Intensity, SourceIdentifier, classical_descriptors, recommended
from ganisi.audit import CrossFit, auc_interval, permutation_test
from ganisi.baselines import NearestGenerated
from ganisi.cli._tables import probability_table, table
from ganisi.datasets import load_groups, load_image_folder, load_phantom_diffusion
from ganisi.metrics import TABLE_ONE, naive_answers, table_one


def main():
    arguments = parse_arguments()
    start = time.perf_counter()
    if arguments.data:
        identify(load_folders(arguments.data), arguments, arguments.out)
    else:
        for kind in arguments.kind:
            identify(load_phantoms(kind), arguments, arguments.out / kind)
    print(f"{time.perf_counter() - start:.0f} s in all.")


def identify(data, arguments, out):
    n_used, n_real = int(data["used"].sum()), len(data["used"])
    print(f"\n{data['title']}")
    print(f"{n_used} used, {n_real - n_used} not used, {len(data['generated'])} generated images")
    if data["groups"] is None:
        print("No groups.csv: every image counts as a patient of its own.")
    else:
        print(f"{len(set(data['groups']))} patients; no patient is on both sides of a split.")

    textures = classical_descriptors(n_jobs=arguments.n_jobs)
    paper = GANISI(textures, identifier=SourceIdentifier(max_pairs=arguments.max_pairs_paper))
    side = smallest_side(data["real"])
    grid = min(32, side // 2)
    best = recommended(n_jobs=arguments.n_jobs, grid=grid, rivals=arguments.rivals)
    name_of_best = "recommended(rivals)" if arguments.rivals else "recommended()"
    methods = {
        f"the paper, {arguments.max_pairs_paper} pairs": (paper, arguments.n_permutations_paper),
        name_of_best: (best, arguments.n_permutations),
        "nearest in texture": (
            GANISI(textures, identifier=NearestGenerated()),
            arguments.n_permutations,
        ),
        "nearest in pixels": (
            GANISI(Intensity(grid=side, n_quantiles=1), identifier=NearestGenerated()),
            arguments.n_permutations,
        ),
    }
    fits, results = {}, {}
    for name, (model, n_permutations) in methods.items():
        print(
            f"{name}: describing, cross-validating, {n_permutations} permutations ...", flush=True
        )
        descriptor, pairer, identifier = model.stages()
        if "random_state" in identifier.get_params():
            identifier.set_params(random_state=arguments.seed)
        # What sees the same distances shares them.
        key = repr((descriptor, pairer, model.views))
        if key not in fits:
            fits[key] = CrossFit.from_images(
                model,
                data["real"],
                data["used"],
                generated=(data["generated"],),
                groups=data["groups"],
            )
        fit = fits[key].with_identifier(identifier)
        result = permutation_test(
            fit,
            n_permutations=n_permutations,
            random_state=arguments.seed,
            n_jobs=arguments.n_jobs,
            verbose=1,
        )
        results[name] = result, auc_interval(fit, result, random_state=arguments.seed)

    print_table(data["used"], results)
    out.mkdir(parents=True, exist_ok=True)
    write_out_of_fold(out / "out_of_fold.csv", data, results)
    queries, query_ids = data["queries"]
    if len(queries):
        model = best.set_params(verbose=1)
        model.fit(data["real"], data["used"], generated=(data["generated"],), groups=data["groups"])
        intervals = model.predict_proba_interval(queries)
        write_queries(out / "queries.csv", query_ids, intervals, name_of_best)
        for role in dict.fromkeys(data["query_roles"]):
            mean = intervals[data["query_roles"] == role, 1].mean()
            print(f"  {role}: {mean:.2f} in the mean")


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of your images; default: phantoms")
    parser.add_argument(
        "--kind",
        nargs="+",
        choices=["flips", "other"],
        default=["flips", "other"],
        help="which diffusion model's images, where there is no --data: trained on the used "
        "phantoms, or on other patients (default: both)",
    )
    parser.add_argument("--out", type=Path, default=Path("results"), help="folder for the CSV")
    parser.add_argument(
        "--n-permutations",
        type=int,
        help="refits for each p-value (default: 99 with --data, 19 for the phantoms)",
    )
    parser.add_argument(
        "--n-permutations-paper",
        type=int,
        default=19,
        help="the same for the paper's method, which fits 25 support vector machines each time",
    )
    parser.add_argument(
        "--max-pairs-paper",
        type=int,
        default=500,
        help="pairs that each of these machines is fitted on, few for speed; GANISI() takes 8000",
    )
    parser.add_argument("--n-jobs", type=int, default=-1, help="workers; -1 uses every core")
    parser.add_argument(
        "--rivals",
        action="store_true",
        help="let real images compete for each generated one: recommended(rivals=True)",
    )
    parser.add_argument("--seed", type=int, default=0, help="of everything that is random")
    arguments = parser.parse_args()
    if arguments.n_permutations is None:
        arguments.n_permutations = 99 if arguments.data else 19
    return arguments


def load_phantoms(kind):
    data = load_phantom_diffusion(kind)
    query_ids = [f"query {i:02d}" for i in range(len(data.queries))]
    return {
        "title": data.DESCR,
        "real": data.real,
        "used": data.used,
        "generated": data.generated,
        "groups": data.groups,
        "ids": [f"phantom {i:02d}" for i in range(len(data.real))],
        "queries": (data.queries, query_ids),
        "query_roles": data.query_roles,
    }


def load_folders(directory):
    used, not_used, generated = (
        load_image_folder(directory / name).images
        for name in ("real_used", "real_not_used", "generated")
    )
    real = [Path(path) for path in (*used, *not_used)]
    queries, groups = directory / "query", directory / "groups.csv"
    return {
        "title": f"Images of {directory}.",
        "real": real,
        "used": np.repeat([1, 0], [len(used), len(not_used)]),
        "generated": generated,
        "groups": load_groups(groups, real) if groups.is_file() else None,
        "ids": [f"{path.parent.name}/{path.name}" for path in real],
        "queries": load_image_folder(queries) if queries.is_dir() else ([], []),
        "query_roles": np.array([], str),
    }


def smallest_side(images):
    return min(min(Intensity().feature_maps(image).shape[1:]) for image in images)


def print_table(used, results):
    titles = ["accuracy", "precision", "recall", "specificity", "F1", "ROC AUC"]
    head = "".join(f"{title:>12}" for title in titles)
    print(f"\n{'':22}{head}   95 % interval       p")
    for name, scores in naive_answers(used).items():
        print(f"{name:<22}" + "".join(f"{scores[key]:12.3f}" for key in TABLE_ONE))
    for name, (result, (low, high)) in results.items():
        scores = table_one(used, result.probability) | {"roc_auc": result.roc_auc}
        row = "".join(f"{scores[key]:12.3f}" for key in TABLE_ONE)
        print(f"{name:<22}{row}   {low:.3f} .. {high:.3f}   {result.p_value:.3f}")
    print(
        "\nScores are out of fold; ROC AUC is the mean over folds, 1/2 is chance; the interval is\n"
        "its. p: how often the method does as well when the labels of patients are shuffled and\n"
        "everything is fitted again; it cannot be below 1 / (1 + permutations).\n"
    )


def write_out_of_fold(path, data, results):
    probabilities = [result.probability for result, _ in results.values()]
    rows = zip(data["used"], *probabilities, strict=True)
    cells = ([used, *(f"{p:.4f}" for p in row)] for used, *row in rows)
    path.write_text(table(["id", "used", *results], data["ids"], cells), encoding="utf-8")
    print(f"Out-of-fold probabilities: {path}")


def write_queries(path, ids, intervals, method):
    path.write_text(probability_table(ids, intervals), encoding="utf-8")
    print(f"Probabilities of the queries, and between what they may lie, by {method}: {path}")


if __name__ == "__main__":
    main()
