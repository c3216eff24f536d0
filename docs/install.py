"""Rewrites how the pages install keylint: from its repository until there is a release.

`keylint/_version.py` says which (`IS_RELEASED`); `docs/build.py` runs this over all pages.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from keylint._version import IS_RELEASED, __version__
from keylint.commands.setup.gitlab import GITLAB_JOB
from keylint.core.install import BRANCH, REPOSITORY, format_requirement

DOCS = Path(__file__).resolve().parent
TEMPLATE = '../.gitlab/keylint.gitlab-ci.yml'  # the job of `keylint init`, for `include:`
# What pages say until there is a release, and no longer.
NOTE = 'There is no release yet: these lines install keylint from its repository.'

_COMMAND = r'\b(?:pip\ install\ (?:--no-deps\ )?|pipx\ install\ |uv\ tool\ install\ |uvx\ --from\ )'
_PLACE = re.escape(f'git+{REPOSITORY}')
_INSTALL = re.compile(
    rf"""(?P<command>{_COMMAND})(?:
        {_PLACE}
        | keylint(?:==[\d.]+\d)?
        | 'keylint\[(?P<extra>[a-z,]+)\](?:\ @\ {_PLACE})?'
    )(?=[\s`')]|$)""",
    re.VERBOSE,
)
_REVISION = re.compile(
    r'(?P<what>\brev: |\buses: keylint/keylint@|/keylint/keylint/(?=[\w.]+/\.gitlab/))'
    r'(?:v\d+\.\d+\.\d+|main)\b'
)


def state_install(text: str, is_released: bool) -> str:
    """Return a page with the commands of before the first release, or of after it."""

    def install(match: re.Match[str]) -> str:
        requirement = format_requirement(match['extra'] or '', is_released=is_released)
        return match['command'] + requirement

    revision = f'v{__version__}' if is_released else BRANCH
    text = _REVISION.sub(lambda match: match['what'] + revision, _INSTALL.sub(install, text))
    return re.sub(rf'{re.escape(NOTE)}(?:\n\n|\s)', '', text) if is_released else text


def state_pages() -> dict[str, str]:
    """Return the written pages as they must be, by their paths from this folder."""
    files = [DOCS.parent / 'README.md', *sorted(DOCS.glob('*.md'))]
    pages = {
        os.path.relpath(path, DOCS): state_install(path.read_text(encoding='utf-8'), IS_RELEASED)
        for path in files
    }
    return pages | {TEMPLATE: GITLAB_JOB}
