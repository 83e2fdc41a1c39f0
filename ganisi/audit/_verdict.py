"""The one sentence at the end, and why."""

LEAKAGE = "leakage detected"
NONE_DETECTED = "no leakage detected at this power"
CANNOT_SAY = "cannot say"
VERDICTS = (LEAKAGE, NONE_DETECTED, CANNOT_SAY)


def decide(
    *,
    best,
    p_value,
    excess_low,
    alpha,
    max_auc,
    minimum_detectable,
    control_found,
    copies,
    n_mixed_patients,
):
    """Return the verdict and its reason; `excess_low`, `control_found` None where not known."""
    # A published training image is a leak, whatever the statistics say of the others.
    published = [
        f"{copies[kind]} {name}"
        for kind, name in (("used", "of the used images"), ("queries", "of the queries"))
        if copies[kind]
    ]
    if published:
        return LEAKAGE, (
            f"{' and '.join(published)} are among the synthetic images, pixel for pixel; either "
            "the generator gave them out, or they were put into the folder of synthetic images"
        )
    if copies["not_used"]:
        return CANNOT_SAY, (
            f"{copies['not_used']} of the not-used images are among the synthetic images, pixel "
            "for pixel: they were used after all, or were put into the folder of synthetic images; "
            "put this right and audit again"
        )
    if p_value <= alpha:
        beats = f"the best attack ({best}) tells used from unused images better than chance"
        beats += f" (p = {p_value:.3g})"
        if excess_low is None:
            return CANNOT_SAY, (
                f"{beats}, but there were too few not-used patients for the blind checks, so a "
                "difference between the two groups of real images would look the same"
            )
        if excess_low > 0:
            return LEAKAGE, (
                f"{beats}, and by more than differences between the two groups of real images "
                f"explain (excess over the blind checks at least {excess_low:.2f})"
            )
        return CANNOT_SAY, (
            f"{beats}, but not reliably better than checks that cannot see training at all; the "
            "two groups of real images may differ in themselves"
        )
    chance = f"no attack did better than chance (p = {p_value:.3g})"
    if control_found is None:
        return CANNOT_SAY, (
            f"{chance}, but there were too few not-used patients to plant copies and see whether "
            "the attack would have found them"
        )
    if not control_found:
        return CANNOT_SAY, (
            f"{chance}, but the attack did not find exact copies planted on purpose either, so its "
            "silence means nothing"
        )
    smallest = (
        f"the smallest AUC that these images show with power 0.8 is {minimum_detectable:.2f}"
        if minimum_detectable is not None
        else "these images are too few to show any leak with power 0.8"
    )
    if max_auc is None:
        return CANNOT_SAY, (
            f"{chance}, but nobody said how large an AUC would be tolerable (max_auc); {smallest}"
        )
    below = minimum_detectable is not None and minimum_detectable < max_auc
    if n_mixed_patients and below:
        return CANNOT_SAY, (
            f"{chance}, but {n_mixed_patients} patients have used and not-used images, and what "
            "the generator keeps of a patient would show in both"
        )
    if below:
        return NONE_DETECTED, (
            f"{chance}, exact copies planted on purpose were found, and an AUC of "
            f"{minimum_detectable:.2f}, below the bound {max_auc:g}, would have been seen with "
            "power 0.8"
        )
    return CANNOT_SAY, f"{chance}, but {smallest}, not below the bound {max_auc:g}"


def verdict_step(design, copies, best, attack, baselines, controls, power):
    """Decide by what the sections say: the best attack's excess, and the p-value of the largest."""
    interval = baselines.get(best.name, attack).excess_interval
    return decide(
        best=best.name,
        p_value=best.p_value,
        excess_low=None if interval is None else interval[0],
        alpha=design.alpha,
        max_auc=design.max_auc,
        minimum_detectable=power.minimum_detectable_auc,
        control_found=controls.found,
        copies={kind: len(copies[kind]) for kind in ("used", "not_used", "queries")},
        n_mixed_patients=design.n_mixed_patients,
    )
