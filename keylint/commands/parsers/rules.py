"""Options of `keylint rules`."""

from __future__ import annotations

from argparse import ArgumentParser


def add_options(rules: ArgumentParser) -> None:
    """Add the options of the command."""
    rules.add_argument(
        'action',
        nargs='?',
        choices=('list', 'check', 'new'),
        default='list',
        help='list all rules (default), prove their examples, or write a new dossier',
    )
    rules.add_argument(
        'folders',
        nargs='*',
        metavar='DIR',
        help='folders with your own dossiers; with new, the name of an issuer',
    )
    rules.add_argument('--kind', metavar='KIND', help='with new: what the issuer is (exchange)')
    rules.add_argument('--to', metavar='DIR', help='with new: the folder (keylint-rules)')
