"""What a list costs: how like real images the rest is. Studies of `audit_simulations.py`.

The measure is the energy distance (Szekely and Rizzo, 2013) of generated and real images, by the
paper's textures. It needs no model, it is 0 where both are of one distribution, whatever the number
of images, and it grows where kinds of images are missing as where they are wrong.
"""

import numpy as np
from _audit_points import many
from _decisions import mean

from ganisi import CDFWassersteinPairer, classical_descriptors
from ganisi.audit import degrade, release_list
from ganisi.baselines import correlation, pixels
from ganisi.datasets import load_phantom_diffusion, make_source_identification

N_QUANTILES, FDR, N_LOTS = 16, 0.05, 20
ATTACKS = {"pixels": pixels, "correlation": correlation}
#: What a generator makes of an image that it returns.
KINDS = {
    "noise 0.25": lambda image: degrade(image, "noise", 0.25),
    "mirrored": lambda image: image[:, ::-1],
    "moved 2": lambda image: degrade(image, "shift", 2),
}
#: Patients, of an image each: used; not used and given for the list; of whom the generator's own
#: images are, as if it were perfect; and not shown to anybody before.
N_PATIENTS, LEAKING = 60, 36


class Utility:
    """How like real images sets of generated ones are."""

    def __init__(self, generated, real, patients):
        self._n, self._patients = len(generated), np.asarray(patients)
        rows = classical_descriptors(n_quantiles=N_QUANTILES).fit_transform([*generated, *real])
        pairer = CDFWassersteinPairer(n_quantiles=N_QUANTILES).fit(rows, generated=(rows,))
        by_map = pairer.transform(rows).astype(float)
        among = by_map[self._n :, self._n :][_apart(self._patients)]
        # 1 is what two real images of different patients have on average.
        self._distances = (by_map / among.mean(axis=0)).mean(axis=2)

    def distance(self, shown, real):
        """Return the energy distance, without bias, of generated images to real ones.

        Both are indices. Two images of one patient tell nothing of how different patients are.
        """
        d, behind = self._distances, self._n + real
        within = d[np.ix_(shown, shown)][~np.eye(len(shown), dtype=bool)].mean()
        among = d[np.ix_(behind, behind)][_apart(self._patients[real])].mean()
        return 2 * d[np.ix_(shown, behind)].mean() - within - among

    def before_after_and_by_lot(self, published, kept, real, seed):
        """Return the distance of what was published, of what is kept, and of as many by lot."""
        rng = np.random.default_rng(seed)
        lots = [rng.permutation(published)[: len(kept)] for _ in range(N_LOTS)]
        before, after, *by_lot = (self.distance(one, real) for one in (published, kept, *lots))
        return before, after, np.mean(by_lot)


def _apart(patients):
    return patients[:, None] != patients


def _planted(seed):
    """Return shares withheld and distances to unseen and used images, by kind and attack."""
    data = make_source_identification(
        N_PATIENTS, 3 * N_PATIENTS, 1, size=32, slices_per_patient=1, random_state=seed
    )
    used = data.real[data.used == 1]
    given, nobodys, unseen = np.split(data.real[data.used == 0], 3)
    copies = {kind: [change(image) for image in used[:LEAKING]] for kind, change in KINDS.items()}
    utility = Utility(
        [*nobodys, *(image for some in copies.values() for image in some)],
        [*unseen, *used],
        np.arange(2 * N_PATIENTS),
    )
    answers = []
    for k, some in enumerate(copies.values()):
        generated = np.concatenate([nobodys, some])
        published = np.r_[:N_PATIENTS, N_PATIENTS + k * LEAKING + np.arange(LEAKING)]
        for attack in ATTACKS.values():
            found = release_list(
                attack(), np.concatenate([used, given]), np.repeat([1, 0], N_PATIENTS),
                generated=(generated,), fdr=FDR, random_state=seed,
            )  # fmt: skip
            withheld = found.decision == "withhold"
            answers += [withheld[N_PATIENTS:].mean(), withheld[:N_PATIENTS].mean()]
            for real in np.arange(2 * N_PATIENTS).reshape(2, N_PATIENTS):
                answers += utility.before_after_and_by_lot(
                    published, published[~withheld], real, seed
                )
    return answers


SETS = ("published", "kept", "as many by lot")


def utility(n, n_jobs):
    """What a list costs: distances of generated images, copies among phantoms, to real ones."""
    what = ["copies withheld", "others withheld"]
    what += [f"{one} to {real} images" for real in ("unseen", "used") for one in SETS]
    names = [f"{kind}, {name}: {one}" for kind in KINDS for name in ATTACKS for one in what]
    columns = np.transpose(many(_planted, n, n_jobs))
    return {name: mean(values) for name, values in zip(names, columns, strict=True)}


def utility_of_diffusion(n, n_jobs):
    """The same of the phantoms' diffusion model, which remembers: one set, by lot n times 20."""
    data = load_phantom_diffusion("flips")
    utility = Utility(data.generated, data.real, data.groups)
    published, answers = np.arange(len(data.generated)), {}
    for name, attack in ATTACKS.items():
        found = release_list(
            attack(), data.real, data.used, generated=(data.generated,), groups=data.groups,
            fdr=FDR, random_state=0,
        )  # fmt: skip
        kept = np.flatnonzero(found.decision != "withhold")
        answers[f"{name}: kept"] = len(kept) / len(published)
        for status, real in ((0, "not-used"), (1, "used")):
            index = np.flatnonzero(data.used == status)
            draws = [
                utility.before_after_and_by_lot(published, kept, index, seed) for seed in range(n)
            ]
            for one, values in zip(SETS, np.transpose(draws), strict=True):
                answers[f"{name}: {one} to {real} images"] = np.mean(values)
    return answers


STUDIES = {"utility": utility, "utility_of_diffusion": utility_of_diffusion}
DRAWS = {"utility": (20, 2), "utility_of_diffusion": (5, 1)}
