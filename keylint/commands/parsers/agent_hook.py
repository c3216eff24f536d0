"""Options of `keylint agent-hook`."""

from __future__ import annotations

from argparse import ArgumentParser

from keylint.agents.events import AGENTS, name_agent


def add_options(hook: ArgumentParser) -> None:
    """Add the options of `keylint agent-hook`."""
    hook.add_argument(
        '--agent',
        type=name_agent,
        choices=AGENTS,
        metavar='NAME',
        help=f'who calls: {", ".join(AGENTS)} (default: recognised from the event)',
    )
    hook.add_argument(
        '--fail-closed',
        action='store_true',
        help='stop the agent also if its event cannot be checked',
    )
