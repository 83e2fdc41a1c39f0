"""The experiment of the GAN-ISI paper as it is written.

A tenth of the real images, stratified, is the inner test; the identifier (standardisation,
five-fold RBF SVM on pairs, mean) is fitted on the rest. Table 1 for the stacked classical
descriptors, for each family alone and, with --weights, for deep features, beside the paper's
figures and naive answers; then the run file for the challenge's queries, by the same fitted
identifier.

    python examples/reproduce_paper.py --data DIR                      # the challenge's data
    python examples/reproduce_paper.py --data DIR --weights DEFAULT    # and deep features
    python examples/reproduce_paper.py --synthetic                     # phantoms in its place
    python examples/reproduce_paper.py --synthetic --quick             # a minute

The split is by image, as in the paper. Where a patient has several images, some are fitted on and
others scored, so figures are too good and p-values do not hold: identify_sources.py splits by
patient.

DIR is laid out as ganisi.datasets.load_imageclef_gans understands. What the paper leaves open is
chosen as in GANISI() and said there. It fits on all pairs, which takes hours: --all-pairs.
"""

import argparse
import time

import numpy as np
from scipy.stats import binomtest
from sklearn.model_selection import train_test_split
from sklearn.utils import Bunch

from ganisi import (
    CDFWassersteinPairer,
    GaborBank,
    LocalStats,
    MultiscaleHessian,
    ResNetFeatures,
    SourceIdentifier,
    SteerableGaussian,
)
from ganisi.datasets import load_imageclef_gans, make_source_identification, write_run
from ganisi.metrics import TABLE_ONE, naive_answers, table_one

WHERE_THE_DATA_ARE = """\
No data given. The paper's are those of ImageCLEFmedical GANs 2023 (CT slices of tuberculosis
patients and images of a diffusion model): register for the task on https://www.imageclef.org, then
--data DIR, where DIR holds what you have downloaded. To see the experiment without: --synthetic."""

CHALLENGE_QUERIES = 200
INNER_TEST, CHALLENGE = "the paper, inner test (80)", f"the paper, challenge ({CHALLENGE_QUERIES})"
#: The paper's Table 1: what it reached on the inner test and on the challenge's queries.
PAPER = {
    name: dict(zip(TABLE_ONE, scores, strict=False))
    for name, scores in {
        INNER_TEST: (0.575, 0.591, 0.500, 0.650, 0.541),
        CHALLENGE: (0.535, 0.540, 0.470, 0.600, 0.503),
    }.items()
}
QUERIES_AT_ONCE = 16


def main():
    arguments = parse_arguments()
    start = time.perf_counter()
    data = make_phantoms(arguments) if arguments.synthetic else load_data(arguments)
    rng = np.random.default_rng(arguments.seed)
    if arguments.quick:
        data.generated = draw(data.generated, 100, rng)
    print(
        f"{int(data.target.sum())} used, {int((1 - data.target).sum())} not used, "
        f"{len(data.generated)} generated images; {len(data.queries)} queries"
    )

    families = {
        "local statistics": LocalStats(),
        "Gabor": GaborBank(),
        "steerable Gaussian": SteerableGaussian(),
        "multiscale Hessian": MultiscaleHessian(),
    }
    classical = list(families)
    if arguments.weights is not None:
        weights = None if arguments.weights == "none" else arguments.weights
        families["ResNet-50"] = ResNetFeatures(weights, n_quantiles=49, steps="equal")
    real, distances = {}, {}
    for name, descriptor in families.items():
        since = time.perf_counter()
        descriptor.set_params(n_jobs=arguments.n_jobs, memory=arguments.memory)
        real[name] = descriptor.fit(data.real).transform(data.real)
        generated = descriptor.transform(data.generated)
        distances[name] = distances_to(generated, real[name], descriptor)
        print(
            f"  {name}: {distances[name].shape[2]} maps, {time.perf_counter() - since:.1f} s",
            flush=True,
        )
    stacked = f"all {sum(distances[name].shape[2] for name in classical)} classical maps"
    inputs = {stacked: np.concatenate([distances[name] for name in classical], axis=2), **distances}

    train, test = train_test_split(
        np.arange(len(data.target)),
        test_size=0.1,
        stratify=data.target,
        random_state=arguments.seed,
    )
    print(f"\nInner test: {len(test)} queries; fitted on {len(train)}.")
    rows, identifiers = {}, {}
    for name, values in inputs.items():
        identifiers[name] = SourceIdentifier(
            max_pairs=None if arguments.all_pairs else 8000,
            random_state=arguments.seed,
            n_jobs=arguments.n_jobs,
        ).fit(values[train], data.target[train])
        probability = identifiers[name].predict_proba(values[test])[:, 1]
        rows[name] = table_one(data.target[test], probability)
    print_table(INNER_TEST, rows, data.target[test])
    if arguments.data:
        print(
            "These hold if no patient has two images; the split is by image, as in the paper. "
            "identify_sources.py splits by patient."
        )

    if not data.queries:
        print(f"\nNo run file: {data.DESCR}")
        return
    # The challenge's queries have generated images of their own, as many as one likes: fused by
    # the mean, the identifier takes any number.
    n_generated = arguments.challenge_generated or len(data.generated)
    query_generated = draw(data.query_generated, n_generated, rng)
    probability = score_queries(
        data.queries,
        query_generated,
        {name: families[name] for name in classical},
        identifiers[stacked],
    )
    predictions = (probability >= 0.5).astype(int)
    write_run(arguments.output, data.ids, predictions)
    print(
        f"\nChallenge: {len(data.ids)} queries against {len(query_generated)} generated images; "
        f"{predictions.sum()} said to be used. Run file: {arguments.output}"
    )
    if data.status is not None:
        row = {stacked: table_one(data.status, probability)}
        print_table(CHALLENGE, row, data.status)
    of_the_paper = verdict(PAPER[CHALLENGE]["accuracy"], CHALLENGE_QUERIES)
    print(
        f"\nThe paper's challenge accuracy, {of_the_paper}: not to be told from chance.\n"
        f"{time.perf_counter() - start:.0f} s"
    )


def distances_to(generated, quantiles, descriptor):
    """Distances of images to generated ones, map by map."""
    pairer = CDFWassersteinPairer(descriptor.n_quantiles, descriptor.grid, steps=descriptor.steps)
    return pairer.fit(quantiles, generated=(generated,)).transform(quantiles)


def score_queries(queries, generated, families, identifier):
    """Probability of each query, a few at a time, with generated images of their own."""
    described = [
        (family.transform(queries), family.transform(generated), family)
        for family in families.values()
    ]
    probability = []
    for first in range(0, len(queries), QUERIES_AT_ONCE):
        block = slice(first, first + QUERIES_AT_ONCE)
        distances = [distances_to(fake, some[block], family) for some, fake, family in described]
        probability.append(identifier.predict_proba(np.concatenate(distances, axis=2))[:, 1])
    return np.concatenate(probability)


def print_table(paper, rows, status):
    """Print scores beside the paper's and naive ones, then what the accuracies mean."""
    width = max(map(len, [paper, *rows]))
    print(f"{'':{width}}  " + "  ".join(f"{column:>11}" for column in TABLE_ONE))
    for name, scores in {paper: PAPER[paper], **rows, **naive_answers(status)}.items():
        values = (f"{scores[c]:.3f}" if c in scores else "-" for c in TABLE_ONE)
        print(f"{name:{width}}  " + "  ".join(f"{value:>11}" for value in values))
    for name, scores in rows.items():
        print(f"{name}: accuracy {verdict(scores['accuracy'], len(status))}")


def verdict(accuracy, n):
    """Say what an accuracy on n independent queries means."""
    result = binomtest(round(accuracy * n), n, alternative="greater")
    low, high = binomtest(round(accuracy * n), n).proportion_ci(method="wilson")
    return (
        f"{accuracy:.3f} of {n}: 95 % Wilson interval {low:.3f} to {high:.3f}, exact one-sided "
        f"p against 1/2 = {result.pvalue:.2g}"
    )


def load_data(arguments):
    return Bunch(**load_imageclef_gans(arguments.data), status=None)


def make_phantoms(arguments):
    """Lay out phantoms like the challenge's data: a development part, and queries."""
    n, n_queries, size = (40, 20, 64) if arguments.quick else (80, 100, 128)
    n_generated = 100 if arguments.quick else 500
    data = make_source_identification(
        n + n_queries,
        n + n_queries,
        2 * n_generated,
        size=size,
        leakage=arguments.leakage,
        slices_per_patient=1,
        random_state=arguments.seed,
    )
    by_status = [np.flatnonzero(data.used == status) for status in (1, 0)]
    development = np.concatenate([rows[:n] for rows in by_status])
    queries = np.setdiff1d(np.arange(len(data.used)), development)
    return Bunch(
        real=data.real[development],
        target=data.used[development],
        generated=list(data.generated[:n_generated]),
        queries=list(data.real[queries]),
        ids=[f"phantom_{i:03d}" for i in range(len(queries))],
        query_generated=list(data.generated[n_generated:]),
        status=data.used[queries],
        DESCR=data.DESCR,
    )


def draw(images, n, rng):
    """At most n of the images, in order."""
    chosen = np.sort(rng.permutation(len(images))[:n])
    return [images[i] for i in chosen]


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__.partition("\n")[0],
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--data", metavar="DIR", help="folder of the challenge's data")
    source.add_argument("--synthetic", action="store_true", help="phantoms in their place")
    parser.add_argument("--leakage", type=float, default=0.8, help="of the phantoms' generator")
    parser.add_argument(
        "--weights",
        metavar="W",
        help="deep features too: DEFAULT, a name of torchvision's weights, the path of a state "
        "dict, or none for an untrained network",
    )
    parser.add_argument("--quick", action="store_true", help="100 generated, few small phantoms")
    parser.add_argument("--all-pairs", action="store_true", help="fit on all pairs; hours")
    parser.add_argument(
        "--challenge-generated",
        type=int,
        metavar="N",
        help="generated images that the challenge's queries are compared with; None: as many as "
        "in development",
    )
    parser.add_argument("--output", default="run.csv", help="the run file")
    parser.add_argument("--memory", metavar="DIR", help="keep what is described there")
    parser.add_argument("--n-jobs", type=int, help="workers; None means 1")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    if not arguments.data and not arguments.synthetic:
        parser.exit(2, WHERE_THE_DATA_ARE + "\n")
    return arguments


if __name__ == "__main__":
    main()
