"""Options of `keylint init`."""

from __future__ import annotations

from argparse import ArgumentParser

from keylint.agents.events import name_agent
from keylint.commands.parsers import shared
from keylint.commands.setup.agents import AGENT_FILES


def add_options(init: ArgumentParser) -> None:
    """Add the options of `keylint init`."""
    init.add_argument('paths', nargs='*', metavar='PATH', help='the folder (default: .)')
    init.add_argument(
        '--keys',
        action='store_true',
        help='only a key inventory, keys.yaml: an entry for each exchange that the code uses',
    )
    init.add_argument(
        '--from',
        dest='answers',
        action='append',
        default=[],
        metavar='ANSWER',
        help='with --keys: a saved answer of an exchange that says what a key may do, to fill the '
        'entries from; may be given several times',
    )
    init.add_argument(
        '--agents',
        nargs='*',
        type=name_agent,
        choices=tuple(AGENT_FILES),
        metavar='NAME',
        help='only the hooks of coding agents, and a skill that says how to use keylint: '
        f'{", ".join(AGENT_FILES)} (default: those that the folder has files of)',
    )
    init.add_argument('--dry-run', action='store_true', help='print what would be written')
    init.add_argument(
        '--no-ignore',
        action='store_true',
        help='look also at files that git ignores and folders of dependencies',
    )
    shared.add_rules(init)
    shared.add_no_progress(init)
    shared.add_config(init)
