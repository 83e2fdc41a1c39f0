"""Mistakes that could be made on the way from the command line to the work."""

from planted._mistake import Mistake

COMMANDS = "tests/cli/test_commands.py"
CONFIG = "tests/cli/test_config.py"

IN_THE_COMMAND_LINE = [
    Mistake(
        "the file of options goes before the command line",
        "ganisi/cli/_config.py",
        "        if options[name].dest not in given\n",
        "",
        CONFIG,
    ),
    Mistake(
        "an option of the file beside another of which only one may stand",
        "ganisi/cli/_config.py",
        "            given |= together\n",
        "            pass\n",
        CONFIG,
    ),
    Mistake(
        "unknown names in the file of options are passed by",
        "ganisi/cli/_config.py",
        "    if unknown:\n",
        "    if False:\n",
        CONFIG,
    ),
    Mistake(
        "options of the file that take several words take the folders too",
        "ganisi/cli/_config.py",
        "    return [*arguments[:end], *words, *arguments[end:]]\n",
        "    return [arguments[0], *words, *arguments[1:]]\n",
        CONFIG,
    ),
    Mistake(
        "the file of options is named in the report",
        "ganisi/cli/_accounts.py",
        '    "--config": "TOML",\n',
        "",
        CONFIG,
    ),
    Mistake(
        "a report is written over the file of options",
        "ganisi/cli/_reports.py",
        '("groups", "config")',
        '("groups",)',
        CONFIG,
    ),
    Mistake(
        "identify asks about images whose status it was told",
        "ganisi/cli/_identify.py",
        "    check_queries_unknown(identities)\n",
        "",
        COMMANDS,
    ),
    Mistake(
        "identify fits without patients",
        "ganisi/cli/_identify.py",
        "generated=(generated.images,), groups=groups)",
        "generated=(generated.images,))",
        COMMANDS,
    ),
    Mistake(
        "describe cuts numbers off",
        "ganisi/cli/_describe.py",
        "{value:.9g}",
        "{value:.6g}",
        COMMANDS,
    ),
    Mistake(
        "describe is done although nothing was written",
        "ganisi/cli/_describe.py",
        "    return 0 if all(written) else 3\n",
        "    return 0\n",
        COMMANDS,
    ),
    Mistake(
        "ids of tables are executed by a spreadsheet",
        "ganisi/cli/_tables.py",
        "quoted(printable(name))",
        "printable(name)",
        COMMANDS,
    ),
    Mistake(
        "names that are no text reach a table",
        "ganisi/cli/_tables.py",
        "quoted(printable(name))",
        "quoted(name)",
        COMMANDS,
    ),
    Mistake(
        "a full standard output is nobody listening",
        "ganisi/cli/_reports.py",
        "    if error is None or isinstance(error, BrokenPipeError):\n",
        "    if True:\n",
        COMMANDS,
    ),
    Mistake(
        "the byte order mark of the file of options",
        "ganisi/cli/_config.py",
        'encoding="utf-8-sig"',
        'encoding="utf-8"',
        CONFIG,
    ),
    Mistake(
        "progress counts blocks",
        "ganisi/model/_describing.py",
        "progress_bar(blocks, task, verbose, sizes)",
        "progress_bar(blocks, task, verbose)",
        "tests/model/test_describing.py",
    ),
]
