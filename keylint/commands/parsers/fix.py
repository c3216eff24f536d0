"""Options of `keylint fix`."""

from __future__ import annotations

from argparse import ArgumentParser

from keylint.commands.parsers import shared


def add_options(fix: ArgumentParser) -> None:
    """Add the options of `keylint fix`."""
    shared.add_paths(fix)
    fix.add_argument(
        '--dry-run',
        action='store_true',
        help='show what would change, every value masked, and write nothing',
    )
    shared.add_exclude(fix)
    shared.add_select(fix)
    fix.add_argument(
        '--baseline',
        metavar='FILE',
        help='known findings, which are left alone (default: as for scan)',
    )
    fix.add_argument('--no-baseline', action='store_true', help='fix known findings too')
    shared.add_rules(fix)
    shared.add_today(fix)
    shared.add_no_progress(fix)
    shared.add_config(fix)
