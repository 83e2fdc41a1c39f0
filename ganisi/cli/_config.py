"""Options from a TOML file, which those of the command line go before."""

import argparse
from pathlib import Path

try:
    import tomllib
except ImportError:  # Before Python 3.11.
    import tomli as tomllib


def with_file(make_parser, arguments, chosen):
    """Return the words of the command line with the options of a file that are not among them.

    Unknown names, and values that no option takes, raise ValueError.
    """
    whole = make_parser()
    parser = _of_command(whole, chosen.command)
    options = {
        word.removeprefix("--"): action
        for action in parser._actions
        for word in action.option_strings
        if word.startswith("--")
        and not word.startswith("--no-")
        and action.dest not in ("help", "config")
    }
    read = _read(chosen.config)
    unknown = [name for name in read if name not in options]
    if unknown:
        raise ValueError(
            f"{chosen.config}: there is no option {unknown[0]!r}; expected the long names of "
            f"options without the dashes: {', '.join(options)}."
        )
    for action in parser._actions:
        action.default = argparse.SUPPRESS
    given = set(vars(whole.parse_args(arguments)))
    for group in parser._mutually_exclusive_groups:
        together = {action.dest for action in group._group_actions}
        if together & given:
            given |= together
    words = [
        word
        for name, value in read.items()
        if options[name].dest not in given
        for word in _words(name, value, options[name], chosen.config)
    ]
    # After the folders, lest an option that takes several words take these too.
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return [*arguments[:end], *words, *arguments[end:]]


def _of_command(whole, command):
    """Return the parser of a command."""
    (commands,) = (a for a in whole._actions if isinstance(a, argparse._SubParsersAction))
    return commands.choices[command]


def _read(path):
    """Read a file of options."""
    try:
        # With a byte order mark, as editors of Windows write it.
        return tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{path} is no TOML, {error}; write a line NAME = VALUE each, in UTF-8."
        ) from error
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}; name another file.") from error


def _words(name, value, action, path):
    """Return an option as words of the command line."""
    if action.nargs == 0:
        if not isinstance(value, bool):
            raise ValueError(f"{path}: {name} = {value!r}; expected true or false.")
        off = f"--no-{name}" if f"--no-{name}" in action.option_strings else None
        return [f"--{name}"] if value else [off] if off else []
    values = value if isinstance(value, list) else [value]
    several = action.nargs == "+"
    if (
        not values
        or (isinstance(value, list) and not several)
        or any(isinstance(one, bool) or not isinstance(one, (str, int, float)) for one in values)
    ):
        expected = "a text, a number, or a list of these" if several else "a text or a number"
        raise ValueError(f"{path}: {name} = {value!r}; expected {expected}.")
    if len(values) == 1:
        # So that a text may begin with a dash.
        return [f"--{name}={values[0]}"]
    return [f"--{name}", *map(str, values)]
