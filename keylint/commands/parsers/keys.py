"""Options of `keylint keys`."""

from __future__ import annotations

from argparse import ArgumentParser

from keylint.commands.parsers import shared


def add_options(keys: ArgumentParser) -> None:
    """Add the options of `keylint keys`."""
    shared.add_paths(keys)
    keys.add_argument(
        '--recipe',
        action='store_true',
        help='for each exchange that the code uses, the smallest key that would do',
    )
    keys.add_argument(
        '--ask',
        action='store_true',
        help='for each exchange of the tree, the request that shows what a key may do, and a '
        'command for you to run: keylint itself never connects',
    )
    keys.add_argument(
        '--ask-all', action='store_true', help='the same for every exchange that has such a request'
    )
    keys.add_argument(
        '--details',
        action='store_true',
        help='below the table: where each key is, which calls need what, what was not read',
    )
    keys.add_argument('--format', choices=('text', 'json', 'markdown', 'html'), default='text')
    shared.add_output(keys)
    shared.add_no_ignore(keys)
    shared.add_today(keys)
    shared.add_rules(keys)
    shared.add_no_progress(keys)
    shared.add_color(keys)
    shared.add_config(keys)
