"""Running git so that a hostile repository cannot run code or fetch: plumbing only, no hooks, no fsmonitor, no filters."""

from __future__ import annotations

import os
import subprocess

from keylint.errors import SourceError

_SAFE = (
    '-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'core.pager=cat', '-c', 'protocol.allow=never',
    '-c', 'core.untrackedCache=false', '-c', 'core.quotePath=false', '-c', 'submodule.recurse=false', '-c', 'core.attributesFile=/dev/null',
)  # fmt: skip


def environment() -> dict[str, str]:
    """The environment for git: no prompts, no lazy fetch, no locks, no trace of the user's own redirections."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(('GIT_TRACE', 'GIT_CONFIG', 'GIT_EXTERNAL'))}
    kept |= {'GIT_OPTIONAL_LOCKS': '0', 'GIT_NO_LAZY_FETCH': '1', 'GIT_TERMINAL_PROMPT': '0', 'GIT_NO_REPLACE_OBJECTS': '1', 'LC_ALL': 'C'}
    return kept


def command(folder: str, *arguments: str) -> list[str]:
    """The full command line."""
    return ['git', '-C', folder, '--no-pager', *_SAFE, *arguments]


def run(folder: str, *arguments: str, given: bytes = b'') -> bytes:
    """What git prints, with `given` on its standard input. Raises SourceError with git's first line when it fails or is missing."""
    try:
        done = subprocess.run(command(folder, *arguments), capture_output=True, env=environment(), check=False, input=given)
    except FileNotFoundError:
        raise SourceError('git is not installed or not on the PATH; keylint needs it for repositories') from None
    if done.returncode:
        first = done.stderr.decode('utf-8', 'replace').strip().split('\n', 1)[0]
        raise SourceError(f'{folder}: git {arguments[0]} failed: {first}')
    return done.stdout


def top_of(folder: str) -> str | None:
    """The work tree that holds `folder`, or None; found by looking for `.git`, without running git."""
    folder = os.path.realpath(folder)
    while True:
        if os.path.exists(os.path.join(folder, '.git')):
            return folder
        parent = os.path.dirname(folder)
        if parent == folder:
            return None
        folder = parent
