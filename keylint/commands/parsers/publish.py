"""Options of `keylint publish`."""

from __future__ import annotations

from argparse import ArgumentParser

from keylint.commands.parsers import shared


def add_options(publish: ArgumentParser) -> None:
    """Add the options of `keylint publish`."""
    publish.add_argument('paths', nargs='*', metavar='REPO', help='the repository (default: .)')
    publish.add_argument(
        '--plan',
        metavar='DIR',
        help='write the plan into DIR, outside of any repository: '
        'replacements, commands, checklist',
    )
    publish.add_argument(
        '--verify',
        action='store_true',
        help='after the purge: whether anything of the plan in --plan DIR is left, and where',
    )
    publish.add_argument(
        '--identity', action='store_true', help="also authors' names and e-mail addresses"
    )
    publish.add_argument(
        '--keep-harmless',
        action='store_true',
        help='let the plan leave in what is proven to be harmless, such as keys of a testnet',
    )
    publish.add_argument('--format', choices=('text', 'markdown', 'json', 'html'), default='text')
    shared.add_output(publish)
    shared.add_exclude(publish)
    shared.add_rules(publish)
    shared.add_no_cache(publish)
    shared.add_no_progress(publish)
    shared.add_color(publish)
    shared.add_config(publish)
