"""What lists withhold of a folder of synthetic images, and what they would by chance.

    python examples/benchmarks/release_of_folders.py FOLDER --draws 40

FOLDER holds the folders generated, real_used and real_not_used, and groups.csv (the columns folder,
file, group). By chance: random halves of the not-used patients are called used, and nothing else is
shown to the list. Copies, pixel for pixel or nearly, are no statistics and counted apart.
--utility also says how far the synthetic images are from the not-used ones, see `_utility.py`.
"""

import argparse
from pathlib import Path

import numpy as np
from _utility import SETS, Utility

from ganisi import recommended
from ganisi.audit import release_list
from ganisi.baselines import correlation, pixels
from ganisi.datasets import load_groups, load_image_folder
from ganisi.images._patients import TooFewError
from ganisi.model._describing import keeping_rows

ATTACKS = {"pixels": pixels, "correlation": correlation, "recommended": recommended}


def load(folder):
    """Return generated images, real ones, whether these were used, and their patients."""
    folders = [Path(folder, name) for name in ("generated", "real_used", "real_not_used")]
    generated, used, not_used = (load_image_folder(one).images for one in folders)
    images, is_used = used + not_used, np.repeat([True, False], [len(used), len(not_used)])
    return generated, images, is_used, np.asarray(load_groups(Path(folder, "groups.csv"), images))


def told(attack, generated, images, used, groups, fdr, utility=None):
    """Count what a list withholds, why, and the used images that it names; say what it costs."""
    found = release_list(
        attack, images, used, generated=(generated,), groups=groups, fdr=fdr, random_state=0
    )
    near = found.q_value <= found.fdr
    withheld = found.decision == "withhold"
    named = np.unique(found.nearest[withheld])
    counts = (
        f"{withheld.sum()} withheld, {np.sum(withheld & ~near)} of them as copies only, naming "
        f"{used[named].sum()} used images"
    )
    if utility is None or (~withheld).sum() < 2:
        return counts
    sets = np.arange(len(withheld)), np.flatnonzero(~withheld)
    away = utility.before_after_and_by_lot(*sets, np.flatnonzero(~used), seed=0)
    costs = (f"{name} {one:.3f}" for name, one in zip(SETS, away, strict=True))
    return f"{counts}\n  distance to not-used images: {', '.join(costs)}"


def by_chance(attack, generated, images, groups, fdr, n_draws):
    """Return how often anything is withheld for nearness where random halves are called used."""
    names = np.unique(groups)
    draws = []
    for seed in range(n_draws):
        chosen = np.random.default_rng(seed).permutation(names)[: len(names) // 2]
        found = release_list(
            attack, images, np.isin(groups, chosen), generated=(generated,), groups=groups, fdr=fdr,
            random_state=seed,
        )  # fmt: skip
        draws.append((found.q_value <= fdr).any())
    return np.mean(draws), np.std(draws) / np.sqrt(n_draws)


def main(arguments=None):
    """Print both for each attack and rate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--draws", type=int, default=40)
    parser.add_argument("--fdr", type=float, nargs="+", default=[0.05, 0.1])
    parser.add_argument("--attacks", nargs="+", choices=ATTACKS, default=["pixels"])
    parser.add_argument("--utility", action="store_true", help="what a list costs")
    chosen = parser.parse_args(arguments)
    generated, images, used, groups = load(chosen.folder)
    others = [image for image, yes in zip(images, used, strict=True) if not yes]
    whose = groups[~used]
    utility = Utility(generated, images, groups) if chosen.utility else None
    print(f"{len(generated)} generated, {used.sum()} used and {(~used).sum()} not-used images")
    for name in chosen.attacks:
        attack = ATTACKS[name]()
        with keeping_rows():
            for fdr in chosen.fdr:
                try:
                    said = told(attack, generated, images, used, groups, fdr, utility)
                    print(f"{name}, fdr {fdr:g}: {said}")
                    share, error = by_chance(attack, generated, others, whose, fdr, chosen.draws)
                    print(
                        f"  by chance, anything withheld for nearness: {share:.3f} +- {error:.3f}"
                    )
                except TooFewError as why:
                    print(f"  {why}")


if __name__ == "__main__":
    main()
