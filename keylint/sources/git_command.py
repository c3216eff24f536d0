"""The command line and environment that stop a hostile repository from running code through git.

Separate from the module that runs git, because the front of the hook needs nothing else.
"""

from __future__ import annotations

import os

from keylint.core.errors import SourceError

_SAFE = (
    '-c',
    'core.fsmonitor=false',
    '-c',
    'core.hooksPath=/dev/null',
    '-c',
    'core.pager=cat',
    '-c',
    'protocol.allow=never',
    '-c',
    'core.untrackedCache=false',
    '-c',
    'core.quotePath=false',
    '-c',
    'submodule.recurse=false',
    '-c',
    'core.attributesFile=/dev/null',
    '-c',
    'core.commitGraph=false',
)
# These win over the repository's own configuration, which may allow a protocol that
# `protocol.allow=never` forbids. A git older than 2.45 does not know GIT_NO_LAZY_FETCH: it starts
# `git fetch`, which then finds no protocol that it is allowed to use.
_SETTINGS = {
    'GIT_OPTIONAL_LOCKS': '0',
    'GIT_NO_LAZY_FETCH': '1',
    'GIT_ALLOW_PROTOCOL': '',
    'GIT_TERMINAL_PROMPT': '0',
    'GIT_NO_REPLACE_OBJECTS': '1',
    'GIT_GRAFT_FILE': os.devnull,
    'LC_ALL': 'C',
}


def make_environment() -> dict[str, str]:
    """Make the environment for git.

    It disables prompts, lazy fetches and locks, and drops the user's own redirections.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(('GIT_TRACE', 'GIT_CONFIG', 'GIT_EXTERNAL'))
    }
    return kept | _SETTINGS


def find_git() -> str:
    """Find git by its full path, in the absolute folders of the PATH.

    Skips `.` and empty entries: they mean the working directory, which may be a hostile tree.
    Raises SourceError if git is not found.
    """
    name = 'git.exe' if os.name == 'nt' else 'git'
    for folder in os.environ.get('PATH', os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)
        if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise SourceError('git is not installed or not on the PATH; keylint needs it for repositories')


def build_command(folder: str, *arguments: str) -> list[str]:
    """Build the full command line. Raises SourceError if git is not found."""
    return [find_git(), '-C', folder, '--no-pager', *_SAFE, *arguments]
