"""Mistakes that could be made where folds share distances."""

from planted._mistake import Mistake

FOLDS = "tests/distances/test_folds.py"

IN_FOLDS = [
    Mistake(
        "the scale of the views learned from those left out too",
        "ganisi/distances/_base.py",
        "fitted[-1]._learn_view_scale(queries[train], distances[train])",
        "fitted[-1]._learn_view_scale(queries, distances)",
        FOLDS,
    ),
    Mistake(
        "one scale of the views for all folds",
        "ganisi/distances/_views_of_queries.py",
        "scales = [pairer.view_scale_ for pairer, _ in wanted]",
        "scales = [wanted[0][0].view_scale_ for _ in wanted]",
        FOLDS,
    ),
    Mistake(
        "all folds write to one array",
        "ganisi/distances/_base.py",
        "distances if pairer.n_views == 1 else queries_of(distances, np.arange(len(distances)))",
        "distances",
        FOLDS,
    ),
    Mistake(
        "what is left out made relative as the train queries are",
        "ganisi/distances/_base.py",
        "pairer._as_relative(queries_of(own, test)[:, some])",
        "pairer._learn_relative(queries_of(own, test)[:, some], patients[test])",
        FOLDS,
    ),
    Mistake(
        "patients of the folds forgotten",
        "ganisi/distances/_base.py",
        "patients = check_groups(groups, len(queries))",
        "patients = check_groups(None, len(queries))",
        FOLDS,
    ),
    Mistake(
        "patients forgotten where a pairer knows no folds",
        "ganisi/distances/_folds.py",
        "of_train = None if groups is None else groups[train]",
        "of_train = None",
        FOLDS,
    ),
    Mistake(
        "one fitted pairer for all folds",
        "ganisi/distances/_folds.py",
        "of_fold = clone(pairer)",
        "of_fold = pairer",
        FOLDS,
    ),
    Mistake(
        "the caller's pairer fitted",
        "ganisi/distances/_base.py",
        "kept = clone(self)",
        "kept = self",
        FOLDS,
    ),
    Mistake(
        "a child that fits otherwise is passed over",
        "ganisi/distances/_folds.py",
        "return of_folds is not None and all(issubclass(of_folds, one) for one in others)",
        "return of_folds is not None",
        FOLDS,
    ),
    Mistake(
        "patients of a union's folds forgotten",
        "ganisi/distances/_union.py",
        "pair_folds(pairer, rows, folds, generated=sets, groups=groups)",
        "pair_folds(pairer, rows, folds, generated=sets)",
        FOLDS,
    ),
    Mistake(
        "the fold of one pairer beside the next of another",
        "ganisi/distances/_union.py",
        "[folds_of.pop(0) for folds_of in of_pairers]",
        "[folds_of.pop(-k) for k, folds_of in enumerate(of_pairers)]",
        FOLDS,
    ),
    Mistake(
        "others of a fold are those of all folds",
        "ganisi/distances/_base.py",
        "of_train = pairer._learn_relative(queries_of(own, train)[:, some], patients[train])",
        "of_train = pairer._learn_relative(queries_of(own, train), patients[train])",
        FOLDS,
    ),
    Mistake(
        "others take the place in the pairer of the fold itself",
        "ganisi/distances/_base.py",
        "        other = copy(self)\n        other.generated_rows_ =",
        "        other = self\n        other.generated_rows_ =",
        FOLDS,
    ),
    Mistake(
        "the caller's union fitted",
        "ganisi/distances/_union.py",
        "kept, of_pairers = clone(self), []",
        "kept, of_pairers = self, []",
        FOLDS,
    ),
    Mistake(
        "a child in a union that fits otherwise is passed over",
        "ganisi/distances/_union.py",
        "pair_folds(pairer, rows, folds, generated=sets, groups=groups)",
        "pairer.fit_transform_folds(rows, folds, generated=sets, groups=groups)",
        FOLDS,
    ),
    Mistake(
        "settings of a pairer not checked in folds",
        "ganisi/distances/_base.py",
        "    @fit_context(prefer_skip_nested_validation=True)\n    def fit_transform_folds(",
        "    def fit_transform_folds(",
        FOLDS,
    ),
    Mistake(
        "a union in a union told by its class",
        "ganisi/audit/report/_seen.py",
        "for one in _members(part)]",
        "for one in [part]]",
        "tests/audit/test_eyes.py",
    ),
]
