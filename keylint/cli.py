"""The command line and the one door for errors."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from keylint.core.errors import KeylintError, describe_crash
from keylint.core.regex_cache import PATTERNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import NoReturn

# Each command and its line of help. The module of this name in keylint/commands runs it, the one in
# keylint/commands/parsers has its options.
_COMMANDS = {
    'scan': 'scan files, folders, the index or standard input',
    'keys': 'list every exchange key, what it may do, and the smallest key that would do',
    'fleet': 'scan thousands of repositories on Dask: which keys are where, what to revoke first',
    'publish': 'can this repository be published? if not: what to do, in which order',
    'baseline': ('accept known findings, so that only new ones fail a run; review them one by one'),
    'fix': 'move leaked values out of the files into an untracked .env',
    'lsp': 'show findings in an editor: the language server (needs the extra lsp)',
    'agent-hook': 'check what a coding agent is about to do: its event on standard input',
    'init': 'set up keylint: hook, configuration, CI, .gitignore; or a key inventory',
    'doctor': 'check the installation, what a scan covers, and what it would miss',
    'config': 'show the effective configuration and where each value comes from',
    'completion': 'print a completion script for your shell',
    'rules': 'list the rules, or check them',
    'explain': 'explain a rule: why it matters and what to do',
}


def entry() -> NoReturn:
    """Run a command and end this process without taking the interpreter down.

    That would be 8 ms of the hook's 50, for nothing that is kept. A standard stream that was closed
    is None in Python: it is reopened on the null device, so that later files do not reuse
    descriptors 0 to 2, which git inherits.
    """
    if sys.stdin is None:
        os.open(os.devnull, os.O_RDONLY)
    for name in ('stdout', 'stderr'):
        if getattr(sys, name) is None:
            # It stays open until the end.
            setattr(sys, name, open(os.devnull, 'w', encoding='utf-8'))  # noqa: SIM115
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    if PATTERNS.missed:
        import_module('keylint.core.write_regex_cache').write_regex_cache()
    os._exit(code)


def main(argv: list[str] | None = None) -> int:
    """Run a command and return its exit code.

    0: clean, 1: findings, 2: wrong usage, an accident, or not everything was scanned, 130:
    interrupted.
    """
    try:
        given = sys.argv[1:] if argv is None else argv
        if given[:1] == ['help'] and given[1:]:
            given = [*given[1:], '--help']
        if not given or given == ['help']:
            build_parser().print_help()
            return 0 if given else 2  # a job without a command has checked nothing
        wanted = given[0] if given[0] in _COMMANDS else None
        if wanted == 'fleet':
            given = import_module('keylint.commands.parsers.fleet').complete_arguments(given)
        code = _run_command(_read_arguments(given, wanted))
        sys.stdout.flush()
    except KeylintError as error:
        import_module('keylint.commands.failures').print_error(error)
        return 2
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2  # in silence: whoever closed it, such as `head`, has seen enough
    except KeyboardInterrupt:
        print('keylint: interrupted', file=sys.stderr)
        return 130
    except Exception as error:
        if os.environ.get('KEYLINT_DEBUG') == '1':
            raise
        print(f'keylint: {_explain_crash(error)}', file=sys.stderr)
        return 2
    return code


def _explain_crash(error: Exception) -> str:
    """Say in one line what stopped the run, without a word of the files it was looking at."""
    if isinstance(error, FileNotFoundError) and not _has_working_folder():
        return 'the working folder does not exist any more'
    if isinstance(error, MemoryError):
        return 'out of memory'
    crash = describe_crash(error)
    if isinstance(error, ModuleNotFoundError) and crash.startswith('the package'):
        return crash
    if isinstance(error, OSError):
        return f'the system refused: {crash}'
    return f'an error of keylint itself: {crash}; KEYLINT_DEBUG=1 shows all of it, values included'


def _has_working_folder() -> bool:
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def _run_command(arguments: argparse.Namespace) -> int:
    """Import the module of the command, and only that, and run it."""
    command = import_module(f'keylint.commands.{_name_module(arguments.command)}')
    code: int = (
        command.run(arguments, build_parser())
        if arguments.command == 'completion'
        else command.run(arguments)
    )
    return code


def _name_module(command: str) -> str:
    return command.replace('-', '_')


def build_parser(wanted: str | None = None) -> argparse.ArgumentParser:
    """Build the whole command line, or that of one command, so that no run waits for another."""
    module = import_module('keylint.commands.parsers.command_line')
    parser: argparse.ArgumentParser = module.build_command_parser(_COMMANDS, wanted)
    return parser


def _read_arguments(given: list[str], wanted: str | None) -> argparse.Namespace:
    """Read the command line; that of the hook without argparse, which takes as long as Python."""
    arguments: argparse.Namespace | None = None
    if given[:2] == ['scan', '--staged']:
        plain = import_module('keylint.commands.parsers.hook_call')
        arguments = plain.read_hook_call(given)
    return build_parser(wanted).parse_args(given) if arguments is None else arguments


if __name__ == '__main__':
    entry()
