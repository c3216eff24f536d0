"""Options of `keylint config`."""

from __future__ import annotations

from argparse import ArgumentParser

from keylint.commands.parsers import shared


def add_options(config: ArgumentParser) -> None:
    """Add the options of `keylint config`."""
    shared.add_paths(config)
    shared.add_settings(config)
    config.add_argument('--pedantic', action='store_true', help='severity info and low confidence')
    config.add_argument('--format', choices=('text', 'json'), default='text')
