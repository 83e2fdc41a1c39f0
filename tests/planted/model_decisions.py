"""Mistakes that could be made where a fitted model decides about queries."""

from planted._mistake import Mistake

TESTS = "tests/model/test_query_decisions.py"
METHOD = "ganisi/model/_query_decisions.py"

IN_MODEL_DECISIONS = [
    Mistake(
        "images of fit are the reference",
        METHOD,
        "if key in fitted]",
        "if key in ()]",
        TESTS,
    ),
    Mistake(
        "fit forgets which images it saw",
        "ganisi/model/_ganisi.py",
        "frozenset(known_by(images)) - {None}",
        "frozenset()",
        TESTS,
    ),
    Mistake(
        "images set aside are counted as patients",
        METHOD,
        'check_groups(reference_groups, len(held_out), "reference_groups")',
        'check_groups(None, len(held_out), "reference_groups")',
        TESTS,
    ),
    Mistake(
        "each query is its own patient to a model",
        METHOD,
        "check_groups(groups, len(queries))",
        "check_groups(None, len(queries))",
        TESTS,
    ),
    Mistake(
        "reference and queries change places",
        METHOD,
        "[probability[n:]], patients, [probability[:n]]",
        "[probability[:-n]], patients, [probability[-n:]]",
        TESTS,
    ),
    Mistake(
        "the label that sorts last means used",
        METHOD,
        'positive_class(self.classes_, getattr(self.identifier_, "pos_label", None))',
        "1",
        TESTS,
    ),
    Mistake(
        "one image set aside is two patients",
        METHOD,
        "whose[i] != whose[j := first.setdefault(key, i)]",
        "(j := first.setdefault(key, i)) < 0",
        TESTS,
    ),
    Mistake(
        "a blank image is known again",
        METHOD,
        "None if facts.plain else facts.content",
        "facts.content",
        TESTS,
    ),
    Mistake(
        "queries of patients set aside are asked about",
        METHOD,
        "if groups is not None and reference_groups is not None:",
        "if groups is None and reference_groups is None:",
        TESTS,
    ),
    Mistake(
        "the way to pay for many patients is not passed on",
        METHOD,
        "[whose], fdr, method, rng)",
        '[whose], fdr, "bh", rng)',
        TESTS,
    ),
    Mistake(
        "the rate is not looked at before the work",
        METHOD,
        "        check_enough_patients([whose], patients, fdr, method, rng)\n",
        "",
        TESTS,
    ),
]
