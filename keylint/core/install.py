"""The source to install keylint from, for every file and message that tells people to install it.

A name on PyPI is only recommended once it is ours: otherwise, whoever registers it first could put
any program there. A release changes only `IS_RELEASED` in `keylint/_version.py`.
"""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, distribution

from keylint._version import IS_RELEASED, __version__

REPOSITORY = 'https://github.com/keylint/keylint'
BRANCH = 'main'


def format_requirement(
    extra: str = '', version: str = '', commit: str = '', is_released: bool = IS_RELEASED
) -> str:
    """Return the requirement for pip, in quotes where a shell needs them.

    `version` is used once there are releases, `commit` as long as there are none.
    """
    if is_released:
        required = f'keylint[{extra}]' if extra else 'keylint'
        required += f'=={version}' if version else ''
        return f"'{required}'" if extra else required
    place = f'git+{REPOSITORY}' + (f'@{commit}' if commit else '')
    return f"'keylint[{extra}] @ {place}'" if extra else place


def find_revision(is_released: bool = IS_RELEASED) -> str:
    """Return the revision of the repository that belongs to this installation.

    That is the tag of a release; before the first release, the commit that pip installed, else the
    branch.
    """
    return f'v{__version__}' if is_released else find_commit() or BRANCH


def find_commit() -> str:
    """Return the commit that pip installed keylint from; empty if it was not a repository."""
    try:
        text = distribution('keylint').read_text('direct_url.json')
        document = json.loads(text or '{}')
    except (PackageNotFoundError, ValueError):
        return ''
    source = document.get('vcs_info') if isinstance(document, dict) else None
    commit = source.get('commit_id') if isinstance(source, dict) else None
    return commit if isinstance(commit, str) else ''


# The command in generated jobs.
INSTALL = f'pip install {format_requirement(version=__version__)}'


def pin_requirement(job: str) -> str:
    """Return a generated job that installs the same commit as pip did here, if there is one."""
    pinned = format_requirement(version=__version__, commit=find_commit())
    return job.replace(INSTALL, f'pip install {pinned}')
