"""Options of `keylint rules`."""

from __future__ import annotations

from argparse import ArgumentParser


def add_options(rules: ArgumentParser) -> None:
    rules.add_argument('action', nargs='?', choices=('list', 'check'), default='list')
    rules.add_argument('folders', nargs='*', metavar='DIR', help='folders with your own dossiers')
