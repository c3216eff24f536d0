"""A server of PostgreSQL for the tests of a module, on a socket in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

USER = 'postgres'


def find_programs() -> Path | None:
    """Return the folder of the newest server that is installed."""
    found = shutil.which('initdb')
    folders = [Path(found).parent] if found else []
    folders += Path('/usr/lib/postgresql').glob('*/bin')
    return max(folders, default=None)


PROGRAMS = find_programs()
needs_postgresql = pytest.mark.skipif(
    PROGRAMS is None or find_spec('psycopg') is None,
    reason='no server of PostgreSQL here, or no psycopg',
)


def run_program(name: str, *arguments: str) -> None:
    """Run a program of the server, which refuses to be run by root, as its own user then."""
    command = [str(PROGRAMS and PROGRAMS / name), *arguments]
    if os.getuid() == 0:
        command = ['runuser', '-u', USER, '--', *command]
    subprocess.run(command, check=True, cwd='/', stdout=subprocess.DEVNULL)


@contextmanager
def start_server() -> Iterator[str]:
    """Give the URL of a server, without the name of a database; it ends with the context."""
    with tempfile.TemporaryDirectory(prefix='keylint-pg-') as name:  # a socket's path is short
        folder = Path(name)
        if os.getuid() == 0:
            shutil.chown(folder, USER)
        run_program('initdb', '-D', f'{folder}/data', '-U', 'fleet', '-A', 'trust', '--no-sync')
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        where = ('-D', f'{folder}/data', '-l', f'{folder}/log')
        run_program('pg_ctl', 'start', '-w', *where, '-o', options)
        try:
            yield f'postgresql+psycopg://fleet@/DATABASE?host={folder}'
        finally:
            run_program('pg_ctl', 'stop', '-m', 'immediate', *where)
