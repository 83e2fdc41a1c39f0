"""Mistakes that could be made with rows and distances in files."""

from planted._mistake import Mistake

STORE = "tests/model/test_store.py"
LARGE = "tests/distances/test_large.py"
AUDITS = "tests/audit/test_stores_of_audits.py"

IN_STORES = [
    Mistake(
        "the settings of the descriptor not in the name of a file",
        "ganisi/model/_row_files.py",
        '"\\n".join([self._settings, *contents])',
        '"\\n".join(contents)',
        STORE,
    ),
    Mistake(
        "files of any order of the images taken for each other",
        "ganisi/model/_row_files.py",
        '"\\n".join([self._settings, *contents])',
        '"\\n".join([self._settings, *sorted(contents)])',
        STORE,
    ),
    Mistake(
        "a file whose bytes were changed taken for whole",
        "ganisi/model/_row_files.py",
        "size == 0 and file.read() == digest.digest()",
        "size == 0",
        STORE,
    ),
    Mistake(
        "the file of other images taken for whole",
        "ganisi/model/_row_files.py",
        "digest = hashlib.sha256(path.name.encode())\n            while",
        'digest = hashlib.sha256(b"")\n            while',
        STORE,
    ),
    Mistake(
        "files that are there described again",
        "ganisi/model/_row_files.py",
        "        if _is_whole(path):\n            return\n",
        "",
        STORE,
    ),
    Mistake(
        "a file may hold another image by the time it is described",
        "ganisi/model/_row_files.py",
        "    images = known_files(images, contents)\n",
        "",
        STORE,
    ),
    Mistake(
        "rows returned by workers",
        "ganisi/model/_row_files.py",
        "write_bytes(path, *parts, _checksum(path.name, *parts))",
        "write_bytes(path, *parts, _checksum(path.name, *parts))\n            return rows",
        STORE,
    ),
    Mistake(
        "a folder that all may read",
        "ganisi/model/_row_files.py",
        "self._folder.mkdir(mode=0o700, ",
        "self._folder.mkdir(",
        STORE,
    ),
    Mistake(
        "distances of a fit held in memory in spite of a store",
        "ganisi/model/_image_pairer.py",
        'with watched(within.subcontext("pairing"), model), large_distances_in(self.store):',
        'with watched(within.subcontext("pairing"), model):',
        STORE,
    ),
    Mistake(
        "the store not handed on by the whole method",
        "ganisi/model/_ganisi.py",
        "ImagePairer(**{name: getattr(self, name) for name in names})",
        'ImagePairer(**{name: getattr(self, name) for name in names if name != "store"})',
        STORE,
    ),
    Mistake(
        "half precision summed in half precision",
        "ganisi/distances/_pairer.py",
        "cells.mean(axis=(3, 5), dtype=np.float32)",
        "cells.mean(axis=(3, 5))",
        STORE,
    ),
    Mistake(
        "rows beyond half precision kept as infinite",
        "ganisi/model/_row_files.py",
        "if not np.isfinite(halved).all():",
        "if False:",
        STORE,
    ),
    Mistake(
        "maps of several pairers put together in memory",
        "ganisi/distances/_large.py",
        "out=empty_distances(shape)",
        "out=np.empty(shape, np.float32)",
        LARGE,
    ),
    Mistake(
        "queries of a fold copied into memory",
        "ganisi/distances/_large.py",
        "chosen = empty_distances((len(queries), *distances.shape[1:]))",
        "chosen = np.empty((len(queries), *distances.shape[1:]), np.float32)",
        LARGE,
    ),
    Mistake(
        "an audit holds distances in memory in spite of a store",
        "ganisi/audit/_auditing.py",
        "large_distances_in(given.store)",
        "large_distances_in(None)",
        AUDITS,
    ),
    Mistake(
        "an audit holds rows in memory in spite of a store",
        "ganisi/audit/_auditing.py",
        "            given.store,\n",
        "            None,\n",
        AUDITS,
    ),
    Mistake(
        "ways to look put side by side in memory",
        "ganisi/audit/_ways.py",
        "return _large.side_by_side(distances, axis=2)",
        "return np.concatenate(distances, axis=2)",
        AUDITS,
    ),
    Mistake(
        "a release list without the store of its estimator",
        "ganisi/audit/_release_list.py",
        "store=estimator.store,",
        "store=None,",
        AUDITS,
    ),
    Mistake(
        "reports that say where a store is",
        "ganisi/audit/report/_names.py",
        '(but, "memory", "store")',
        '(but, "memory")',
        AUDITS,
    ),
]
