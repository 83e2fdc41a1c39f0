"""From the words of the command line to the exit status of a command."""

import argparse
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout

from .._compat._printable import Printer, printable
from .._version import __version__
from . import _audit, _describe, _identify, _release, _versions
from ._config import with_file

_BAD_INPUT = 3
#: What shells give for a process ended by Ctrl-C.
_STOPPED = 130

#: A command is a module: `NAME`; `add_to`, which gives a parser its options; `run`, which takes
#: what was chosen and the words, and returns an exit status.
_COMMANDS = {module.NAME: module for module in (_audit, _release, _identify, _describe, _versions)}

_EPILOG = """\
ganisi COMMAND --help says what a command does, with an example. python -m ganisi is the same.

exit status: 0 where a command did what it says; 3 for bad input; 130 where it was stopped by
Ctrl-C. Those of audit and release are a verdict.
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors have the exit status of bad input."""

    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(_BAD_INPUT, f"{self.prog}: error: {message}\n")


def main(arguments=None):
    """Run the command line; return 0, 1, 2 (done, or verdicts), 3 (not done) or 130 (stopped)."""
    arguments = sys.argv[1:] if arguments is None else arguments
    # Nobody listening, or no characters for a name, must not change the exit status.
    with redirect_stdout(Printer(sys.stdout)), redirect_stderr(Printer(sys.stderr)):
        return _main(arguments)


def _main(arguments):
    chosen = parser().parse_args(arguments)
    said = f"ganisi {chosen.command}"
    try:
        if getattr(chosen, "config", None) is not None:
            arguments = with_file(parser, arguments, chosen)
            chosen = parser().parse_args(arguments)
        return _COMMANDS[chosen.command].run(chosen, arguments)
    except KeyboardInterrupt as error:
        print(f"{said}: stopped; {str(error) or 'nothing was written'}", file=sys.stderr)
        return _STOPPED
    except MemoryError as error:
        why = printable(str(error)) or "a step asked for more than there is."
        print(
            f"{said}: the memory is full: {why} Take fewer --n-jobs, fewer or smaller images, "
            "a folder for what is computed of them (--store DIR), or a larger machine.",
            file=sys.stderr,
        )
    except (OSError, ValueError, TypeError, ImportError) as error:
        print(f"{said}: {printable(str(error))}", file=sys.stderr)
    except Exception:
        # Python's own status would be 1, which means leakage in an audit.
        traceback.print_exc()
    return _BAD_INPUT


def parser():
    """Return the parser of all commands; what completes words in a shell is made from it too."""
    whole = _Parser(
        prog="ganisi",
        description="Was this real image used to train the generator of these synthetic images?",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action="version", version=f"ganisi {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in _COMMANDS.items():
        one = commands.add_parser(
            name,
            help=module.HELP,
            description=module.DESCRIPTION,
            epilog=module.EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_to(one)
    return whole
