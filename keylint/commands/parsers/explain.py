"""Options of `keylint explain`."""

from __future__ import annotations

from argparse import ArgumentParser


def add_options(explain: ArgumentParser) -> None:
    """Add the options of `keylint explain`."""
    explain.add_argument('rule', metavar='RULE')
    explain.add_argument('--rules', action='append', default=[], metavar='DIR')
