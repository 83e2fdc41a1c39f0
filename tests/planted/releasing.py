"""Mistakes that could be made on the way from an audit to a release."""

from planted._mistake import Mistake

RELEASING = "ganisi/audit/_releasing.py"
FILLING = "ganisi/cli/_filling.py"
COMMAND = "ganisi/cli/_release.py"
DISCLOSURE = "ganisi/audit/_disclosure.py"
DECIDING = "ganisi/cli/_deciding.py"
NEAR = "ganisi/audit/_near_copies.py"
WRITING = "ganisi/_compat/_writing.py"
ROUNDS = "tests/audit/test_releasing.py"
COPIES = "tests/audit/test_copy_list.py"
SHEET = "ganisi/plotting/_contact_sheet.py"
SHEETS = "tests/plotting/test_contact_sheet.py"
RISK = "tests/audit/test_disclosure.py"
FOLDER = "tests/compat/test_new_folder.py"
COMMANDS = "tests/cli/test_release.py"
DECISIONS = "tests/cli/test_decisions.py"

IN_RELEASING = [
    Mistake(
        "what is left is cleared while another attack finds it",
        RELEASING,
        "return report.verdict == LEAKAGE or least <= report.settings.alpha",
        "return report.verdict == LEAKAGE",
        ROUNDS,
    ),
    Mistake(
        "the bound on withheld images is not kept",
        RELEASING,
        "not self.still_found and self.within_bound",
        "not self.still_found",
        ROUNDS,
    ),
    Mistake(
        "each round lists all images again",
        RELEASING,
        "generated=_taken(sets, left),",
        "generated=_taken(sets, np.arange(len(left))),",
        ROUNDS,
    ),
    Mistake(
        "the audit of what is left is of everything",
        RELEASING,
        "        left = _taken(sets, which)\n",
        "        left = tuple(sets)\n",
        ROUNDS,
    ),
    Mistake(
        "the audits have other seeds",
        RELEASING,
        "after, stopped = _audit_of_rest(audited, left, seed)",
        "after, stopped = _audit_of_rest(audited, left, None)",
        ROUNDS,
    ),
    Mistake(
        "what could not be audited may go",
        RELEASING,
        "good = self.after is not None and",
        "good =",
        ROUNDS,
    ),
    Mistake(
        "whether a list can be made is found out after the audit",
        RELEASING,
        "    Listing.of(estimator, images, y, tuple(sets), names",
        "    dict(names",
        ROUNDS,
    ),
    Mistake(
        "near copies need a statistic",
        "ganisi/audit/_release_list.py",
        "        reason = np.where(thumbnails.is_copy, NEAR_COPY, reason)\n",
        "",
        COPIES,
    ),
    Mistake(
        "slices of one patient set the unit of near copies",
        NEAR,
        "same = groups[real.kept, None] == groups[kept]",
        "same = real.kept[:, None] == kept",
        f"{COPIES} tests/audit/test_near_copies.py",
    ),
    Mistake(
        "images are brought to a size by the pixels whose centres lie in it",
        NEAR,
        "covered = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)",
        "covered = (pixels + 0.5 > edges[:-1, None]) * 1.0 * (pixels + 0.5 <= edges[1:, None])",
        "tests/audit/test_near_copies.py",
    ),
    Mistake(
        "a list without not-used images clears",
        "ganisi/audit/_copy_list.py",
        'NOT_CLEARED = "not cleared"',
        'NOT_CLEARED = "release"',
        f"{COPIES} {COMMANDS}",
    ),
    Mistake(
        "no copies found is status 0",
        COMMAND,
        "EXIT_STATUS[LEAKAGE if n_copies else CANNOT_SAY]",
        "EXIT_STATUS[LEAKAGE if n_copies else NONE_DETECTED]",
        COMMANDS,
    ),
    Mistake(
        "all images are copied",
        COMMAND,
        "if go])",
        "if go or not go])",
        COMMANDS,
    ),
    Mistake(
        "the folder is made in a folder of images",
        FILLING,
        "if is_within(chosen.to, folder) or is_within(folder, chosen.to):",
        "if is_within(folder, chosen.to):",
        COMMANDS,
    ),
    Mistake(
        "the list is written into a folder of images",
        FILLING,
        "        if is_within(file, folder):",
        "        if file == folder:",
        COMMANDS,
    ),
    Mistake(
        "a file that changed is released",
        FILLING,
        "            _check_unchanged(path, version)\n            if chosen.link is None:",
        "            if chosen.link is None:",
        COMMANDS,
    ),
    Mistake(
        "slices of a volume are copied as the volume",
        FILLING,
        "if one.index is not None or",
        "if",
        COMMANDS,
    ),
    Mistake(
        "files of other folders under one name",
        FILLING,
        "os.path.join(folder, name)",
        "os.path.join(folder, os.path.basename(name))",
        COMMANDS,
    ),
    Mistake(
        "a folder is filled under its own name",
        WRITING,
        "    temporary = _folder_beside(real)\n    try:\n        yield temporary",
        "    temporary = _folder_beside(real)\n    try:\n"
        "        real.mkdir(exist_ok=True)\n        yield real",
        FOLDER,
    ),
    Mistake(
        "a half-filled folder stays",
        WRITING,
        "        shutil.rmtree(temporary, ignore_errors=True)\n",
        "",
        f"{FOLDER} {COMMANDS}",
    ),
    Mistake(
        "a folder that is not empty is taken",
        WRITING,
        "if any(real.iterdir()):",
        "if not real:",
        f"{FOLDER} {COMMANDS}",
    ),
    Mistake(
        "a name that begins as a folder's does lies in it",
        WRITING,
        "return folder == path or folder in path.parents",
        "return str(path).startswith(str(folder))",
        FOLDER,
    ),
    Mistake(
        "patients of queries are not decided about together",
        DECIDING,
        "groups=asked, keys=query_keys",
        "groups=None, keys=query_keys",
        DECISIONS,
    ),
    Mistake(
        "queries of patients of known status are decided about",
        DECIDING,
        "if groups is not None and query_groups is not None:",
        "if groups is None and query_groups is not None:",
        DECISIONS,
    ),
    Mistake(
        "probabilities are of the model that sets patients aside",
        DECIDING,
        "    identifier.fit(distances, used, groups=patients, "
        '**({"keys": keys} if jointly else {}))\n',
        "    train, _ = fit.folds[0]\n    identifier.fit(distances[train], used[train])\n",
        DECISIONS,
    ),
    Mistake(
        "images are counted in the bound on epsilon",
        "ganisi/metrics/_epsilon.py",
        "np.unique(groups, return_inverse=True, return_counts=True)",
        "np.unique(np.arange(len(used)), return_inverse=True, return_counts=True)",
        "tests/metrics/test_epsilon.py",
    ),
    Mistake(
        "epsilon of the rates themselves instead of their ends",
        "ganisi/metrics/_epsilon.py",
        "    return low, 1 - low\n",
        "    return n_right / n, max(1 - n_right / n, 1 / n)\n",
        "tests/metrics/test_epsilon.py",
    ),
    Mistake(
        "an audit counts images in the bound on epsilon",
        "ganisi/audit/_contest.py",
        "design.used, probability, groups=design.groups, confidence=1 - design.alpha\n",
        "design.used, probability, confidence=1 - design.alpha\n",
        "tests/audit/test_contest.py",
    ),
    Mistake(
        "the risk of disclosure is that of the attack under audit",
        DISCLOSURE,
        "for name, attack in attacks.items()",
        "for name, attack in list(attacks.items())[:1]",
        RISK,
    ),
    Mistake(
        "the estimate of a risk is held against the bound",
        DISCLOSURE,
        "None if most is None else interval[1] < most",
        "None if most is None else risk < most",
        RISK,
    ),
    Mistake(
        "the surest answers are no risk",
        DISCLOSURE,
        "        if key.startswith(_SUREST):",
        "        if key.startswith(_SUREST) and False:",
        RISK,
    ),
    Mistake(
        "a risk above the bound is cleared",
        "ganisi/audit/_findings.py",
        '    Finding("disclosure risk", frozenset({CLEARANCE}), disclosure_reaches_the_bound),\n',
        "",
        "tests/audit/test_verdict.py",
    ),
    Mistake(
        "queries are decided about at alpha whatever was asked for",
        "ganisi/audit/_set_level.py",
        "            fdr=design.fdr,\n",
        "            fdr=design.alpha,\n",
        "tests/audit/test_set_of_queries.py",
    ),
    Mistake(
        "the crosswalk says that all fields are filled",
        "ganisi/audit/report/_crosswalk.py",
        "if value_at(report, path) is None],",
        "if value_at(report, path) is path],",
        "tests/audit/test_crosswalk.py",
    ),
    Mistake(
        "the crosswalk of the JSON lacks what no figure says",
        "ganisi/audit/report/_crosswalk.py",
        "                **to_plain(row),\n",
        '                **{**to_plain(row), "not_said": ""},\n',
        "tests/audit/test_crosswalk.py",
    ),
    Mistake(
        "every round describes all images",
        RELEASING,
        "    with keeping_rows():\n        left, of_round",
        "    if rounds:\n        left, of_round",
        ROUNDS,
    ),
    Mistake(
        "kept rows are taken for those of other views",
        "ganisi/model/_describing.py",
        "keys = [(how, repr(views), content)",
        "keys = [(how, content)",
        "tests/model/test_keeping_rows.py",
    ),
    Mistake(
        "kept rows stand in the places of new ones",
        "ganisi/model/_describing.py",
        "[of_new[i] if i in of_new else kept[keys[i]] for",
        "[kept.get(keys[i], described[0] if new else None) for",
        "tests/model/test_keeping_rows.py",
    ),
    Mistake(
        "rows are kept for good",
        "ganisi/model/_describing.py",
        "        _KEPT.reset(token)\n",
        "        token = None\n",
        "tests/model/test_keeping_rows.py",
    ),
    Mistake(
        "a sheet shows what is withheld unasked",
        SHEET,
        "None if nearest is None and reason else np.asarray(image)",
        "None if nearest is None and not image.size else np.asarray(image)",
        SHEETS,
    ),
    Mistake(
        "the difference to a private image is not called private",
        SHEET,
        '"PRIVATE difference", True, colours',
        '"difference", bool(self.reasons[i]), colours',
        SHEETS,
    ),
    Mistake(
        "the nearest of a release is that of its first list",
        RELEASING,
        "            left = left[self.round[left] != k]\n        return columns\n",
        "            break\n        return columns\n",
        ROUNDS,
    ),
    Mistake(
        "a near copy is turned the wrong way",
        NEAR,
        "dict(_VIEWS)[turns_back.get(name, name)](image)",
        "dict(_VIEWS)[name](image)",
        SHEETS,
    ),
    Mistake(
        "private images are on every sheet",
        "ganisi/cli/_sheet.py",
        " if chosen.with_images else {}",
        "",
        COMMANDS,
    ),
    Mistake(
        "a sheet lies among the images",
        FILLING,
        '("list", "html", "json", "sheet")',
        '("list", "html", "json")',
        COMMANDS,
    ),
    Mistake(
        "queries from elsewhere are named",
        "ganisi/audit/_set_level.py",
        "if blind.p_value <= design.alpha:",
        "if blind.p_value < 0:",
        "tests/audit/test_set_of_queries.py",
    ),
    Mistake(
        "an audit decides about queries without their patients",
        "ganisi/audit/_set_level.py",
        "            groups=design.query_groups,\n            keys",
        "            groups=None,\n            keys",
        "tests/audit/test_set_of_queries.py",
    ),
    Mistake(
        "all queries are named",
        "ganisi/audit/report/_query_words.py",
        ' for name, decision, q in rows if decision == "used"]',
        " for name, decision, q in rows if decision]",
        "tests/audit/test_query_words.py",
    ),
]
