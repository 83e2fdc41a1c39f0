"""Mistakes that could be made in the rooms below the audit."""

from planted._mistake import Mistake

IDENTITY = "tests/test_identity.py"
BASELINES = "tests/identification/test_baselines.py"
RIVALS = "tests/identification/test_rivals.py"

WRITING = "tests/compat/test_writing.py"
TARGETS = "tests/cli/test_targets.py"

IN_OTHER_ROOMS = [
    Mistake(
        "a file is replaced before it is complete",
        "ganisi/_compat/_writing.py",
        "    temporary = _write_beside(real, text)\n    try:",
        "    real.write_text('', 'utf-8')\n    temporary = _write_beside(real, text)\n    try:",
        WRITING,
    ),
    Mistake(
        "a link is replaced by a file",
        "ganisi/_compat/_writing.py",
        "    real = _real(path)\n    if",
        "    real = Path(path)\n    if",
        WRITING,
    ),
    Mistake(
        "targets are tried after the work",
        "ganisi/cli/_audit.py",
        "    _check_targets(chosen)\n",
        "",
        TARGETS,
    ),
    Mistake(
        "a report that cannot be written is bad input",
        "ganisi/cli/_audit.py",
        "_write_or_rescue(report.to_html, chosen.html)",
        "report.to_html(chosen.html)",
        TARGETS,
    ),
    Mistake(
        "control characters reach the page",
        "ganisi/audit/report/_rendering.py",
        "printable(page.render(report=report, colour=_COLOURS[report.verdict]))",
        "page.render(report=report, colour=_COLOURS[report.verdict])",
        "tests/audit/test_page.py",
    ),
    Mistake(
        "stages() without cloning the descriptor",
        "ganisi/model/_image_pairer.py",
        "classical_descriptors() if self.descriptor is None else clone(self.descriptor)",
        "classical_descriptors() if self.descriptor is None else self.descriptor",
        "tests/model/test_model.py",
    ),
    Mistake(
        "no floor of spread in the relative scale of new queries",
        "ganisi/distances/_relative.py",
        "scale[block] = np.maximum(logs.std(axis=0, dtype=np.float64), _SPREAD_FLOOR)",
        "scale[block] = np.maximum(logs.std(axis=0, dtype=np.float64), 1e-30)",
        "tests/distances",
    ),
    Mistake(
        "cache key without Gabor's wavelengths",
        "ganisi/descriptors/_gabor_bank.py",
        "return *super()._settings(), tuple(self.wavelengths_)",
        "return super()._settings()",
        "tests/descriptors/test_cache.py",
    ),
    Mistake(
        "evidence by the smallest single map",
        "ganisi/model/_evidence.py",
        "np.argsort(z @ weights",
        "np.argsort(z.min(axis=2)",
        "tests/model/test_evidence.py",
    ),
    Mistake(
        "patients not left out of their own relative scale",
        "ganisi/distances/_base.py",
        "standardise_left_out(distances, check_groups(groups, len(queries)))",
        "standardise_left_out(distances, check_groups(None, len(queries)))",
        "tests/distances/test_pairing.py",
    ),
    Mistake(
        "a baseline's query among its own references",
        "ganisi/identification/baselines/_referenced.py",
        "self._scores_against(pairs[own], references[~own])",
        "self._scores_against(pairs[own], references)",
        BASELINES,
    ),
    Mistake(
        "the sign of an attack learned from the labels",
        "ganisi/identification/_row_classifiers.py",
        "if self.sigmoid_.a_ > 0:",
        "if False:",
        BASELINES,
    ),
    Mistake(
        "the data type is part of an image's identity",
        "ganisi/images/_identity.py",
        'head = f"{levels.shape} ".encode()',
        'head = f"{np.asarray(image).dtype} {levels.shape} ".encode()',
        IDENTITY,
    ),
    Mistake(
        "-0.0 is another grey level than 0.0",
        "ganisi/images/_identity.py",
        " + np.float32(0)",
        "",
        IDENTITY,
    ),
    Mistake(
        "bit depth left out of the cache's key",
        "ganisi/descriptors/_base.py",
        "            self.depth_,\n            self.bits_,",
        "            self.bits_,",
        IDENTITY,
    ),
    Mistake(
        "a union's families without their prefixes",
        "ganisi/descriptors/_map_info.py",
        ', family=f"{name}__{info.family}")',
        ")",
        "tests/model/test_evidence.py",
    ),
    Mistake(
        "the member that tells nothing of its maps has them all",
        "ganisi/descriptors/_map_info.py",
        "_numbered(n_maps - known)",
        "_numbered(n_maps)",
        "tests/model/test_evidence.py",
    ),
    Mistake(
        "entropies of curvature: unit of another invariant",
        "ganisi/descriptors/_multiscale_hessian.py",
        '"curvature": "grey levels² / pixel⁴"',
        '"curvature": "grey levels / pixel²"',
        "tests/plotting/test_feature_maps.py",
    ),
    Mistake(
        "no float may exceed 1 by rounding",
        "ganisi/images/_grey_levels.py",
        "_ROUNDING = 1e-6",
        "_ROUNDING = 0",
        "tests/images/test_pixels.py",
    ),
    Mistake(
        "uint16 white at 255",
        "ganisi/images/_grey_levels.py",
        '"uint16": (0, 65535)',
        '"uint16": (0, 255)',
        "tests/descriptors/filters/test_local_statistics.py",
    ),
    Mistake(
        "number of maps not checked",
        "ganisi/descriptors/_base.py",
        "maps.ndim != 3 or len(maps) != n_maps or 0 in maps.shape",
        "maps.ndim != 3 or 0 in maps.shape",
        "tests/descriptors/test_descriptors.py",
    ),
    Mistake(
        "maps that are no numbers pass",
        "ganisi/descriptors/_base.py",
        "return descriptor._finite(rows.ravel())",
        "return rows.ravel()",
        "tests/descriptors/test_descriptors.py",
    ),
    Mistake(
        "a grid looks at one size of images only",
        "ganisi/descriptors/_base.py",
        "height, width = min(sizes.values(), key=min)",
        "height, width = max(sizes.values(), key=min)",
        "tests/descriptors/test_descriptors.py",
    ),
    Mistake(
        "fit makes the maps of every image",
        "ganisi/descriptors/_base.py",
        "if sizes[shape] is None:",
        "if True:",
        "tests/descriptors/test_descriptors.py",
    ),
    Mistake(
        "blocks of a falling sum",
        "ganisi/descriptors/_kernels.py",
        "first = at + count - left if k < 0x8000 else at + left - whole",
        "first = at + count - left",
        "tests/distances/test_wasserstein.py",
    ),
    Mistake(
        "a query is its own rival",
        "ganisi/identification/_rivals.py",
        "np.where(self.owners[0] == owners[:, None], self",
        "np.where(False, self",
        RIVALS,
    ),
    Mistake(
        "the second nearest is a copy of the nearest",
        "ganisi/identification/_rivals.py",
        "np.where(owners == owner, np.float32(np.inf)",
        "np.where(np.arange(len(owners))[:, None] == first, np.float32(np.inf)",
        RIVALS,
    ),
    Mistake(
        "rivals of fit forgotten",
        "ganisi/identification/_rivals.py",
        "known.and_among(NearestReal.among(one, owners))",
        "NearestReal.among(one, owners)",
        RIVALS,
    ),
    Mistake(
        "rivals of the call forgotten",
        "ganisi/identification/_rivals.py",
        "known.and_among(NearestReal.among(one, owners))",
        "known",
        RIVALS,
    ),
    Mistake(
        "images of fit not known again",
        "ganisi/identification/_rivals.py",
        "numbers = dict(self.numbers_)",
        "numbers = {}",
        RIVALS,
    ),
    Mistake(
        "every block of queries competes for itself",
        "ganisi/model/_ganisi.py",
        "return score(blocks, keys=content_keys(check_images(X)))",
        "start, keys, parts = 0, content_keys(check_images(X)), []\n"
        "            for block in blocks:\n"
        "                parts.append(score(block, keys=keys[start : start + len(block)]))\n"
        "                start += len(block)\n"
        "            return np.concatenate(parts)",
        "tests/model/test_rivals_of_images.py",
    ),
    Mistake(
        "images known by their place in the call",
        "ganisi/model/_ganisi.py",
        "keys=content_keys(check_images(X))",
        "keys=range(len(X))",
        "tests/model/test_rivals_of_images.py",
    ),
    Mistake(
        "sizes of two sets never compared",
        "ganisi/images/_survey.py",
        "        warn_of_sizes(scans[0], scan)\n",
        "",
        "tests/model/test_scales_and_sizes.py",
    ),
]
