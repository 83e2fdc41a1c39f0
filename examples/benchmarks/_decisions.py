"""Studies of decisions about single images: how many are false, and how many are found."""

import numpy as np
from _audit_points import LearnedThreshold, many
from sklearn.metrics import roc_auc_score

from ganisi import GANISI, CDFWassersteinPairer, Intensity
from ganisi.audit import CrossFit, query_decisions, reference_split, release_list
from ganisi.baselines import NearestGenerated

FDR = 0.1
#: Patients: known and used, known and not used, asked about and used, asked about and not used.
#: So few are asked about, and so many known, that the rate is reached also where nothing leaks.
N_PATIENTS = (40, 200, 4, 4)


def patients(rng, n_patients, slices):
    """Points in space of patients 1 apart, with slices 0.1 around each."""
    centres = rng.normal(size=(n_patients, 3)).repeat(slices, axis=0)
    return centres + 0.1 * rng.normal(size=centres.shape), np.arange(n_patients).repeat(slices)


def mean(values):
    """Return the mean of values, and its Monte-Carlo standard error."""
    return np.mean(values), np.std(values) / np.sqrt(len(values))


def _decide(seed, leak, slices, folds, method="bh"):
    """Return the share of patients accused falsely, and of the leaking ones who are found."""
    rng = np.random.default_rng(seed)
    known_used, known_not, asked_used, asked_not = N_PATIENTS
    real, groups = patients(rng, known_used + known_not, slices)
    queries, of_queries = patients(rng, asked_used + asked_not, slices)
    used = groups < known_used
    n_leaking = round(leak * asked_used)
    leaking = np.concatenate(
        [real[groups < round(leak * known_used)], queries[of_queries < n_leaking]]
    )
    near = leaking + 0.02 * rng.normal(size=leaking.shape)
    fit = CrossFit(
        CDFWassersteinPairer(n_quantiles=1),
        LearnedThreshold(),
        real,
        used,
        generated=(np.concatenate([rng.normal(size=(100, 3)), near]),),
        groups=groups,
        cv=reference_split(used, groups, seed) if folds == 1 else folds,
    )
    found = query_decisions(
        fit, queries, groups=of_queries, fdr=FDR, method=method, random_state=seed
    )
    accused = np.unique(of_queries[found.decision == "used"])
    false = np.count_nonzero(accused >= n_leaking) / max(1, len(accused))
    return false, np.count_nonzero(accused < n_leaking) / max(1, n_leaking)


def decisions(n, n_jobs):
    """Which queries were used: false discoveries among patients accused, and patients found."""
    answers = {}
    for leak in (0.0, 0.5, 1.0):
        for slices in (1, 4):
            for folds, method in ((1, "bh"), (5, "bh"), (5, "by")):
                rows = many(
                    _decide, n, n_jobs, leak=leak, slices=slices, folds=folds, method=method
                )
                false, power = np.transpose(rows)
                at = f"leak {leak:g}, {slices} slices, {folds} folds, {method}: "
                answers[at + "false"] = mean(false)
                if leak:
                    answers[at + "found"] = mean(power)
    return answers


SIDE = 8
#: What a generator makes of the image that it returns.
KINDS = {
    "noisy": lambda image, noise: image + 0.1 * noise,
    "noisier": lambda image, noise: image + 1.5 * noise,
    "mirrored": lambda image, noise: image[:, ::-1] + 0.1 * noise,
}


def _images(rng, n_patients, slices):
    """Images of patients who differ, and whose slices differ less."""
    patient = rng.uniform(size=(n_patients, SIDE, SIDE)).repeat(slices, axis=0)
    return patient + 0.3 * rng.uniform(size=patient.shape)


def _attack(views):
    """Return the attack that compares pixel by pixel, under views."""
    return GANISI(
        Intensity(grid=SIDE, n_quantiles=1),
        pairer=CDFWassersteinPairer(n_quantiles=1, grid=SIDE, relative=True),
        identifier=NearestGenerated(),
        views=views,
    )


def _release(seed, n_used, n_not_used, slices, fdr, kind=None, views=None, leak=0.6):
    """Return the false share of patients, of copies withheld, and of other generated images."""
    rng = np.random.default_rng(seed)
    n_patients = n_used + n_not_used
    # Who was used is drawn last: where nothing is planted, halves of one population.
    real, groups = _images(rng, n_patients, slices), np.arange(n_patients).repeat(slices)
    chosen = rng.permutation(n_patients)[:n_used]
    used = np.isin(groups, chosen)
    leaking = chosen[: round(leak * n_used)] if kind else chosen[:0]
    source = np.flatnonzero(np.isin(groups, leaking))
    noise = rng.uniform(size=(len(source), SIDE, SIDE)) - 0.5
    copies = [KINDS[kind](real[i], one) for i, one in zip(source, noise, strict=True)]
    others = _images(rng, 60, 1)
    found = release_list(
        _attack(views),
        real,
        used,
        generated=(np.concatenate([others, *[one[None] for one in copies]]),),
        groups=groups,
        fdr=fdr,
        random_state=seed,
    )
    withheld = found.decision == "withhold"
    named = np.unique(groups[found.nearest[withheld]])
    false = np.count_nonzero(~np.isin(named, leaking)) / max(1, len(named))
    return false, withheld[60:].mean() if kind else np.nan, withheld[:60].mean()


def release(n, n_jobs):
    """Which generated images must go: false reasons by patient, and planted copies withheld."""
    answers = {}
    for n_used, n_not_used in ((30, 30), (6, 120)):
        for slices in (1, 4):
            for fdr in (0.05, 0.1):
                dials = {"n_used": n_used, "n_not_used": n_not_used, "slices": slices, "fdr": fdr}
                at = f"{n_used} used, {n_not_used} not, {slices} slices, fdr {fdr:g}: "
                false, _, _ = np.transpose(many(_release, n, n_jobs, **dials))
                answers[at + "nothing leaks, false"] = mean(false)
    for kind in KINDS:
        for views in (None, "mirrors"):
            dials = {"n_used": 60, "n_not_used": 60, "slices": 2, "fdr": 0.05}
            rows = many(_release, n, n_jobs, **dials, kind=kind, views=views)
            at = f"{kind} copies of 60 % of 60 used, views {views}: "
            for name, values in zip(
                ("false", "copies withheld", "others withheld"), np.transpose(rows), strict=True
            ):
                answers[at + name] = mean(values)
    return answers


def _left(seed, views):
    """Return what is seen before and after a list made with `views`, of given and other patients.

    Of 90 used patients 60 are given, and so of the others. Half of the copies are mirrored.
    """
    rng = np.random.default_rng(seed)
    images, used = _images(rng, 180, 1), np.arange(180) < 90
    given = np.arange(180) % 3 > 0
    leaking = np.flatnonzero(used & (rng.uniform(size=180) < 0.6))
    copies = images[leaking] + 0.1 * (rng.uniform(size=(len(leaking), SIDE, SIDE)) - 0.5)
    copies[::2] = copies[::2, :, ::-1]
    generated = np.concatenate([_images(rng, 60, 1), copies])
    found = release_list(
        _attack(views), images[given], used[given], generated=(generated,), random_state=seed
    )
    left = generated[found.decision == "release"]
    answers = []
    for shown, look in ((generated, views), (left, views), (left, "mirrors")):
        attack, fakes = _attack(look), {"generated": (shown,)}
        fit = CrossFit.from_images(attack, images[given], used[given], **fakes)
        attack.fit(images[given], used[given], **fakes)
        others = attack.predict_proba(images[~given])[:, 1]
        answers += [fit.roc_auc(fit.raw_scores()), roc_auc_score(used[~given], others)]
    return answers


def left(n, n_jobs):
    """What a list leaves: ROC AUC of patients who were given for it, and of others."""
    answers = {}
    for views in (None, "mirrors"):
        rows = np.transpose(many(_left, n, n_jobs, views=views))
        looks = ("before, the same attack", "after, the same attack", "after, one under mirrors")
        asked = [(look, who) for look in looks for who in ("given", "not given")]
        for (look, who), values in zip(asked, rows, strict=True):
            answers[f"views {views}, {look}, patients {who}: AUC"] = mean(values)
    return answers


STUDIES = {"decisions": decisions, "release": release, "left": left}
DRAWS = {"decisions": (1000, 40), "release": (400, 20), "left": (200, 10)}
