"""The command line and the environment of git, by which a hostile repository runs nothing.

Apart from running it: the front of the hook needs these and nothing else.
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
# `git fetch`, which then finds no protocol that it may use.
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

    It has no prompts, no lazy fetch, no locks, and none of the user's own redirections.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(('GIT_TRACE', 'GIT_CONFIG', 'GIT_EXTERNAL'))
    }
    return kept | _SETTINGS


def find_git() -> str:
    """Find git by its full path, in the absolute folders of the PATH.

    `.` and empty entries are the working directory, perhaps a hostile tree. Raises SourceError
    where there is none.
    """
    name = 'git.exe' if os.name == 'nt' else 'git'
    for folder in os.environ.get('PATH', os.defpath).split(os.pathsep):
        path = os.path.join(folder, name)
        if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise SourceError('git is not installed or not on the PATH; keylint needs it for repositories')


def build_command(folder: str, *arguments: str) -> list[str]:
    """Build the full command line. Raises SourceError without git."""
    return [find_git(), '-C', folder, '--no-pager', *_SAFE, *arguments]
