"""Images that say nothing: of a single grey level, or the same again and again."""

import numpy as np


def empty_sets(identities, used):
    """Return of each set of images that says nothing a phrase that says so.

    More than half of its images are blank, or repeat another one.
    """
    keys, blank = np.array(identities.real), np.array(identities.real_blank)
    sets = (
        ("used images", keys[used], blank[used]),
        ("not-used images", keys[~used], blank[~used]),
        ("synthetic images", np.array(identities.generated), np.array(identities.generated_blank)),
    )
    return tuple(
        f"of the {len(known)} {name} {empty.sum()} are of a single grey level or nearly, "
        f"and the others show {n_distinct} different images"
        for name, known, empty in sets
        for n_distinct in [len(np.unique(known[~empty]))]
        if 2 * n_distinct < len(known)
    )
