"""What rows of half precision lose: `half=True` of `recommended()`, which keeps them in a store.

    python examples/benchmarks/half_precision.py                # the shipped generator
    python examples/benchmarks/half_precision.py --data DIR     # your images, of one size

Prints the ROC AUC of used images against those of other patients, over 5 folds by patient (mean
over the folds), with the rows of the generated images as they are and in half precision, and by
how much the score of an image changes at most, in standard deviations of the scores. DIR holds the
folders real_used, real_not_used and generated, and groups.csv.
"""

import argparse
from pathlib import Path

import _generator_sets as sets
import numpy as np

from ganisi import recommended
from ganisi.audit import CrossFit
from ganisi.model._describing import described


def measure(arrays, model):
    """ROC AUC with whole and with halved rows, and the largest change of a score."""
    descriptor, pairer, identifier = model.stages()
    descriptor.fit(arrays["images"])
    rows = described(descriptor, arrays["images"], views=model.views)
    whole = described(descriptor, arrays["generated"])
    scores, aucs = [], []
    for generated in (whole, whole.astype(np.float16)):
        known = {"generated": (generated,), "groups": arrays["groups"]}
        fit = CrossFit(pairer, identifier, rows, arrays["used"], **known)
        scores.append(fit.raw_scores())
        aucs.append(fit.roc_auc(scores[-1]))
    return *aucs, abs(scores[1] - scores[0]).max() / scores[0].std()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="folder of images instead of phantoms")
    options = parser.parse_args()
    arrays = sets.labelled(sets.of_folder(options.data, "flips"))
    whole, halved, change = measure(arrays, recommended())
    print(f"{len(arrays['images'])} real images, {len(arrays['generated'])} generated")
    print(f"ROC AUC {whole:.4f}, in half precision {halved:.4f}")
    print(f"largest change of a score: {change:.5f} standard deviations")


if __name__ == "__main__":
    main()
