"""`keylint fleet`: many repositories. Needs the extra `fleet`, and says so where it is missing."""

from __future__ import annotations

import sys
from argparse import Namespace
from importlib import import_module
from importlib.util import find_spec

from keylint.core.errors import ConfigError
from keylint.core.install import format_requirement

_NEEDED = ('distributed', 'sqlalchemy', 'alembic')


def run(arguments: Namespace) -> int:
    """Run an action and return its exit code."""
    if any(find_spec(name) is None for name in _NEEDED):
        command = f'pip install {format_requirement("fleet")}'
        raise ConfigError(f'`keylint fleet` needs its extra: {command}')
    if sys.platform == 'win32':
        raise ConfigError('`keylint fleet` runs on Linux and macOS')
    code: int = import_module(f'keylint.commands.fleet.{arguments.action}').run(arguments)
    return code
