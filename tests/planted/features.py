"""Mistakes that could be made where features were computed elsewhere."""

from planted._mistake import Mistake

TABLE = "tests/model/test_precomputed.py"
GROUPS = "tests/distances/test_feature_pairer.py"
AUDITED = "tests/audit/test_features_in_audit.py"

WITH_FEATURES = [
    Mistake(
        "columns are standardised by the queries",
        "ganisi/distances/_feature_pairer.py",
        "StandardScaler().fit(np.concatenate(self.generated_rows_, dtype=float))",
        "StandardScaler().fit(queries)",
        GROUPS,
    ),
    Mistake(
        "columns of a generated table are taken in the order that they have there",
        "ganisi/distances/_feature_pairer.py",
        "            rows = rows[wanted]\n",
        "",
        GROUPS,
    ),
    Mistake(
        "names of columns are not looked up in a union of pairers",
        "ganisi/model/_matching.py",
        "        _look_columns_up(pairer, part)\n",
        "",
        TABLE,
    ),
    Mistake(
        "the places of columns are written into the pairer of the user",
        "ganisi/model/_matching.py",
        "    pairer, n_views = clone(pairer), len(views)\n",
        "    n_views = len(views)\n",
        TABLE,
    ),
    Mistake(
        "rows are looked up in the table of a union too late",
        "ganisi/descriptors/_precomputed.py",
        "for one in (descriptor, *descriptor.get_params(deep=True).values()):",
        "for one in (descriptor,):",
        TABLE,
    ),
    Mistake(
        "rows of views are looked for once the images are described",
        "ganisi/model/_image_pairer.py",
        "check_known(self.descriptor_, named, self.views)",
        "check_known(self.descriptor_, named)",
        TABLE,
    ),
    Mistake(
        "rows of queries are looked for once an audit has begun",
        "ganisi/audit/_door.py",
        "    check_known(eye.descriptor, named, eye.views)\n",
        "    check_known(eye.descriptor, named[:2], eye.views)\n",
        AUDITED,
    ),
    Mistake(
        "rows for another eye are looked for once an audit has begun",
        "ganisi/audit/_door.py",
        "            check_known(other.descriptor, named, other.views)\n",
        "",
        AUDITED,
    ),
    Mistake(
        "an image that is twice in a table has its last row",
        "ganisi/descriptors/_precomputed.py",
        "if not np.array_equal(values[first], values[i]):",
        "if False:",
        TABLE,
    ),
    Mistake(
        "copies that no table has a row of are said to be too large for the images",
        "ganisi/audit/_auditing.py",
        "copies_without_rows=n_without > 0",
        "copies_without_rows=False",
        AUDITED,
    ),
    Mistake(
        "a default pairer is made for the descriptor that was there before",
        "ganisi/model/_default_stages.py",
        'make(params.get("descriptor", self.descriptor))',
        "make(self.descriptor)",
        TABLE,
    ),
]
