"""Bring a store to the form that this keylint reads; imported where there is a step to make."""

from __future__ import annotations

import os

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from keylint.core.errors import SourceError

_FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'migrations')


def upgrade_store(connection: Connection) -> None:
    """Make all steps that the store lacks. Raises SourceError for one of a newer keylint."""
    config = Config()
    config.set_main_option('script_location', _FOLDER.replace('%', '%%'))
    config.attributes['connection'] = connection
    try:
        command.upgrade(config, 'head')
    except CommandError:
        raise SourceError('the store was written by a newer keylint: use that one') from None
