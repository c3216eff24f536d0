"""`keylint completion`: a script of completions, made by shtab from the command line itself."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from keylint.core.errors import KeylintError

try:
    import shtab
except ImportError:  # it is an extra
    shtab = None  # type: ignore[assignment]  # compared with None alone


def run(arguments: Namespace, parser: ArgumentParser) -> int:
    """Print the script and return 0. Raises KeylintError if shtab is not installed."""
    if shtab is None:
        raise KeylintError("completion: needs the package shtab: pip install 'keylint[completion]'")
    sys.stdout.write(shtab.complete(parser, arguments.shell) + '\n')
    return 0
