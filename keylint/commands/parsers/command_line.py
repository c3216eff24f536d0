"""Parsers of the command line. Apart from what starts a command: the hook needs none."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import NoReturn

from keylint._version import __version__


def build_command_parser(
    commands: Mapping[str, str], wanted: str | None = None
) -> argparse.ArgumentParser:
    """Build the whole command line, or that of one command, from names and lines of help."""
    top = _CommandParser(
        prog='keylint',
        description='A security linter for crypto trading bots: leaked keys, named and assembled.',
        formatter_class=_Help,
    )
    top.add_argument('-V', '--version', action='version', version=f'keylint {__version__}')
    parsers = top.add_subparsers(
        dest='command', required=True, metavar='COMMAND', prog='keylint'
    )  # a given prog spares argparse its formatter
    for name in (wanted,) if wanted else commands:
        options = import_module(f'keylint.commands.parsers.{name.replace("-", "_")}')
        options.add_options(parsers.add_parser(name, help=commands[name], formatter_class=_Help))
    return top


class _CommandParser(argparse.ArgumentParser):
    """Say in one line what is wrong with a command line, and what was probably meant."""

    def error(self, message: str) -> NoReturn:
        """End with code 2."""
        explain = import_module('keylint.commands.usage').explain_usage
        self.exit(2, f'{self.prog}: {explain(message, self)}\n')


class _Help(argparse.HelpFormatter):
    """Format help as wide as the terminal.

    argparse makes a formatter for every option that is added, and its own imports shutil for the
    width.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_terminal_width() - 2)


def _terminal_width() -> int:
    """Return the columns of the terminal, as shutil.get_terminal_size does."""
    asked = os.environ.get('COLUMNS', '')
    if asked.isascii() and asked.isdigit() and int(asked) > 0:
        return int(asked)
    try:
        handle = sys.__stdout__.fileno()  # type: ignore[union-attr]  # None is an AttributeError
        return os.get_terminal_size(handle).columns or 80
    except (AttributeError, ValueError, OSError):
        return 80
