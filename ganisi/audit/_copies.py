"""Real images that are among the generated ones as they are: no inference, a fact."""

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from ..images._checks import image_name
from ..images._known_files import known_files
from ..images._survey import image_facts
from .report._names import called
from .report._sections import Copies


@dataclass(frozen=True)
class Identities:
    """What every image is known by, what it is called, and whether it shows next to nothing."""

    real: list
    real_names: list
    real_blank: list
    generated: list
    generated_blank: list
    queries: list
    query_names: list
    query_blank: list

    @classmethod
    def of(cls, images, generated, queries):
        """Look at every image once."""
        asked = () if queries is None else queries
        keys, _, blank = _known(generated, "generated")
        return cls(*_known(images, "X"), keys, blank, *_known(asked, "queries"))

    def files_of(self, images, sets, queries):
        """Return all images so that none can be described but those that these are of."""
        ends = np.cumsum([0, *map(len, sets)])
        return (
            known_files(images, self.real),
            [
                known_files(set_, self.generated[start:end])
                for set_, start, end in zip(sets, ends, ends[1:], strict=False)
            ],
            None if queries is None else known_files(queries, self.queries),
        )

    def called(self, names):
        """Return these as a report names them; errors name files, or nobody could find them."""
        return replace(
            self,
            real_names=_called(names, self.real_names, "X"),
            query_names=_called(names, self.query_names, "queries"),
        )


def _called(names, full, set_):
    shown = [called(names, name, f"{set_}[{i}]") for i, name in enumerate(full)]
    counts = Counter(shown)
    # Files of one name in several folders are told apart.
    return [name if counts[name] == 1 else f"{name} ({set_}[{i}])" for i, name in enumerate(shown)]


def _known(images, name):
    keys, names, blank = [], [], []
    for i, image in enumerate(images):
        facts = image_facts(image)
        keys.append(facts.content)
        names.append(image_name(image, f"{name}[{i}]"))
        # A blank slice, or one with a marker only, says nothing: it is like any other.
        blank.append(facts.span == 0 or facts.plain)
    return keys, names, blank


def find_copies(identities, used):
    """Name the used, not-used and queried images that are among the generated ones."""
    generated = set(identities.generated)

    def among(keys, names, blank, which):
        rows = zip(keys, names, blank, which, strict=True)
        return [name for key, name, empty, yes in rows if yes and not empty and key in generated]

    real = identities.real, identities.real_names, identities.real_blank
    asked = identities.queries, identities.query_names, identities.query_blank
    return Copies(
        used=among(*real, used),
        not_used=among(*real, ~used),
        queries=among(*asked, np.ones(len(asked[0]), dtype=bool)),
    )


def check_contradictions(identities, used):
    """Refuse one image under both labels, but for blank ones, which are like any other."""
    names, labels = identities.real_names, {}
    rows = zip(identities.real, used.tolist(), identities.real_blank, strict=True)
    for i, (key, label, empty) in enumerate(rows):
        first, other = labels.setdefault(key, (i, label))
        if other != label and not empty:
            raise ValueError(
                f"{names[first]} and {names[i]} are the same image, one labelled used and one not "
                "used; find out which is true and leave the other out."
            )


def check_queries_unknown(identities):
    """Refuse queries that are among the images of known status."""
    known = dict(zip(identities.real, identities.real_names, strict=True))
    rows = zip(identities.queries, identities.query_names, identities.query_blank, strict=True)
    for key, name, blank in rows:
        if key in known and not blank:
            raise ValueError(
                f"{name} and {known[key]} are the same image, whose status is known; leave it out "
                "of the queries."
            )
