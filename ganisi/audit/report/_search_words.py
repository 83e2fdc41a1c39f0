"""What is said of searches: which candidate won where."""

from collections import Counter


def winners_text(report):
    """Return a sentence for each attack that is a search."""
    return [
        f"{name} is a search, made again in every fold from the images that the fold is fitted on, "
        f"and for every permutation. Chosen with the true labels: {_counted(attack.winners)}."
        for name, attack in report.attacks.items()
        if attack.winners is not None
    ]


def _counted(winners):
    return "; ".join(
        f"{winner} in {n} of {len(winners)} folds" for winner, n in Counter(winners).most_common()
    )
