"""Mistakes that could be made where things are checked before, or told after, the long work."""

from planted._mistake import Mistake

FIRST = "tests/model/test_checked_first.py"
REHEARSAL = "tests/model/test_rehearsal.py"
KNOWN = "tests/images/test_known_files.py"
SWAPPED = "tests/audit/test_swapped_files.py"
NAMES = "tests/cli/test_names.py"
NUMBA = "tests/compat/test_numba.py"

CHECKED_FIRST = [
    Mistake(
        "a model tries no identifier first",
        "ganisi/model/_ganisi.py",
        "        pairing._rehearse(images, sets, groups, y).identify(identifier)\n",
        "        pairing._rehearse(images, sets, groups, y)\n",
        FIRST,
    ),
    Mistake(
        "an image pairer tries nothing before it fits",
        "ganisi/model/_image_pairer.py",
        '        self._rehearse(images, sets, groups, method="fit")\n',
        "",
        FIRST,
    ),
    Mistake(
        "an audit tries the attack under audit only",
        "ganisi/audit/_door.py",
        "            try_attack(baseline)\n",
        "            pass\n",
        FIRST,
    ),
    Mistake(
        "an audit tries no other eye",
        "ganisi/audit/_door.py",
        "            _rehearse(other, images, n_generated, used, patients, folds)\n",
        "            other.descriptor.fit(images)\n",
        FIRST,
    ),
    Mistake(
        "settings of stages are looked at only where they are used",
        "ganisi/audit/_attacks.py",
        "            check_params(stage)\n",
        "            pass\n",
        FIRST,
    ),
    Mistake(
        "nobody is asked for predictions",
        "ganisi/model/_rehearsal.py",
        "            fitted.predict_proba(distances, **keys)\n",
        "",
        FIRST,
    ),
    Mistake(
        "no workers at all are fine",
        "ganisi/_compat/_sklearn.py",
        'Interval(Integral, None, -1, closed="right")',
        'Interval(Integral, None, 0, closed="right")',
        FIRST,
    ),
    Mistake(
        "what a few images are too few for is refused",
        "ganisi/model/_rehearsal.py",
        "                return step(np.arange(self._n_images), self._n_generated)\n",
        "                raise\n",
        REHEARSAL,
    ),
    Mistake(
        "a rehearsal is as large as the work",
        "ganisi/model/_rehearsal.py",
        "return step(self._few, min(_GENERATED, self._n_generated))",
        "return step(np.arange(self._n_images), self._n_generated)",
        REHEARSAL,
    ),
    Mistake(
        "a rehearsal warns",
        "ganisi/model/_rehearsal.py",
        '        warnings.simplefilter("ignore")\n',
        "",
        REHEARSAL,
    ),
    Mistake(
        "an audit describes whatever a file holds by then",
        "ganisi/audit/_door.py",
        "    images, sets, unknown = identities.files_of(images, sets, unknown)\n",
        "",
        SWAPPED,
    ),
    Mistake(
        "generated sets are known by the contents of the first",
        "ganisi/audit/_copies.py",
        "self.generated[start:end]",
        "self.generated[: end - start]",
        SWAPPED,
    ),
    Mistake(
        "a known file is read unchecked",
        "ganisi/images/_known_files.py",
        "        self.check(image_key(image))\n",
        "",
        KNOWN,
    ),
    Mistake(
        "the cache has a row for whatever a known file holds",
        "ganisi/images/_survey.py",
        "            file.check(facts.content)\n",
        "",
        KNOWN,
    ),
    Mistake(
        "names of what was left alone are in every report",
        "ganisi/audit/_provenance.py",
        '"names": these if names == "full" else None',
        '"names": these',
        NAMES,
    ),
    Mistake(
        "endings that are parts of names are in every report",
        "ganisi/audit/_provenance.py",
        'return "no image" if ending and ending[1] not in PROSE_SUFFIXES else why',
        "return why",
        NAMES,
    ),
    Mistake(
        "damaged compiled code stays",
        "ganisi/_compat/_numba.py",
        "            self._begin_again()\n            _warn(",
        "            _warn(",
        NUMBA,
    ),
    Mistake(
        "each function warns of damaged compiled code",
        "ganisi/_compat/_numba.py",
        "        _told.add(folder)\n",
        "",
        NUMBA,
    ),
    Mistake(
        "an index names other code when there was no room",
        "ganisi/_compat/_numba.py",
        "            self._begin_again()\n            self._kept.disable()\n",
        "            self._kept.disable()\n",
        NUMBA,
    ),
    Mistake(
        "a table of arrays goes in the place of a link",
        "ganisi/cli/_describe.py",
        "partial(write_file, data=data)",
        "lambda file: __import__('pathlib').Path(file).unlink() or write_file(file, data)",
        "tests/cli/test_faults.py",
    ),
    Mistake(
        "patients are asked for where a pairer needs none",
        "ganisi/model/_image_pairer.py",
        'self._rehearse(images, sets, groups, method="fit")',
        "self._rehearse(images, sets, groups)",
        REHEARSAL,
    ),
    Mistake(
        "one patient is found to be too few after all distances",
        "ganisi/distances/_base.py",
        "            check_several(check_groups(groups, len(queries)))\n",
        "            pass\n",
        "tests/distances/test_relative.py",
    ),
    Mistake(
        "attacks that take no patients are refused",
        "ganisi/audit/_rehearsing.py",
        "tried.identify(_told(attack), groups_if_wanted=True)",
        "tried.identify(_told(attack))",
        REHEARSAL,
    ),
    Mistake(
        "a cross-validation of images tries no attack first",
        "ganisi/audit/_cross_fitting.py",
        "        try_attack(identifier)\n",
        "",
        FIRST,
    ),
    Mistake(
        "attacks are told the labels of the user in a rehearsal",
        "ganisi/audit/_rehearsing.py",
        "return clone(identifier).set_params(pos_label=None)",
        "return identifier",
        "tests/audit/test_audit.py",
    ),
    Mistake(
        "made-up rows are given to stages of others too",
        "ganisi/model/_rehearsal.py",
        "        if n_columns is not None and _is_ours(pairer):\n",
        "        if n_columns is not None:\n",
        REHEARSAL,
    ),
    Mistake(
        "what a pairer of ours consists of is ours",
        "ganisi/model/_rehearsal.py",
        "for one in (pairer, *parts))",
        "for one in (pairer,))",
        REHEARSAL,
    ),
]
