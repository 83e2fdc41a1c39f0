"""What a report says of how used and not used came about, and of the image itself."""

from ._words import p_text


def design_text(report):
    """Say what the audit was told of the two groups, and what it therefore asks."""
    if report.settings.design == "randomised":
        return (
            "Lots decided which patients were used, as the audit was told: any difference between "
            "the two groups is chance, and shuffled labels show how large that may be. So what "
            "follows here forbids no verdict. It would, if it were not so: find out."
        )
    return (
        "Lots did not decide which patients were used, as far as the audit was told. So the two "
        "groups may be patients of different kinds, which the generator may know without having "
        "kept an image, and then what follows here counts."
    )


def image_itself_text(report):
    """Say whether used images are nearer to synthetic ones than these are to each other."""
    itself = report.image_itself
    if itself is None:
        return (
            "Whether used images are nearer to synthetic ones than these are to each other could "
            "not be asked: there are too few of one or the other."
        )
    return (
        "A generator that keeps no image still draws images of the kinds of patients it has seen; "
        "a used image then lies to them as they lie to each other. "
        "Measured by the distances among synthetic neighbours, "
        f"{itself.share:.0%} of the used images are among the nearest quarter of both, and "
        f"{itself.usual:.0%} of the synthetic ones (at 16 x 16 pixels, moved, mirrored or turned "
        "by 90 degrees to where they fit best); the two are equal where no image was kept, but "
        f"for chance, p = {p_text(itself.p_value)}. A generator whose images are noisier than real "
        "ones looks like one that kept some."
    )
