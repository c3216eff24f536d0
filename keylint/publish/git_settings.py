"""Find what git's own settings would give away: addresses with passwords, hooks, stashes, hosts."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from keylint.core.errors import SourceError
from keylint.history.repository import Repository
from keylint.publish.exposures import LOOK, STOP, Exposure
from keylint.sources import git
from keylint.sources.objects import find_common_folder

_MIN_SECRET_CHARS = 8
_URL_WITH_SECRET = re.compile(
    r'^[a-z][a-z0-9+.-]*://[^/@:\s]*:[^/@\s]+@'  # a password
    r'|^[a-z][a-z0-9+.-]*://(?:gh[pousr]_|github_pat_|glpat-|x-access-token)[^/@\s]*@'  # a token
)
_TOKEN_HEADER = re.compile(r'(?i)authorization|token')
_SECRET_KEY = re.compile(r'(?i).*(?:token|passw(?:or)?d|secret|apikey)')
# Hosts without a dot, of local domains, and of private IPv4 networks (RFC 1918).
_PRIVATE_HOST = re.compile(
    r'(?i)^(?:localhost|[^.]+|.*\.(?:local|internal|intranet|corp|lan|home|private|test)'
    r'|10\..*|127\..*|192\.168\..*|172\.(?:1[6-9]|2\d|3[01])\..*)$'
)
_URL_HOST = re.compile(r'(?i)(?:[a-z][a-z0-9+.-]*://)(?:[^/@]*@)?(\[[^\]]*\]|[^/:]*)')
_SCP_HOST = re.compile(r'(?:[^/@:]*@)?([^/:]+):')


def read_git_config(folder: str, *source: str) -> list[tuple[str, str]]:
    """List name and value of each entry of a git configuration file, without what it includes.

    `source` are the options of `git config` that name the file. Empty if there is no such file.
    """
    try:
        listing = git.run_git(folder, 'config', *source, '--no-includes', '--null', '--list')
    except SourceError:
        return []
    rows = (os.fsdecode(entry).partition('\n') for entry in listing.split(b'\x00') if entry)
    return [(name, value) for name, _, value in rows]


def find_config_secrets(folder: str) -> Iterator[Exposure]:
    """Find settings of the repository that hold a password or a token."""
    for name, value in read_git_config(
        folder, '--file', os.path.join(find_common_folder(folder), 'config')
    ):
        text = _explain_secret(name, value)
        if text:
            yield Exposure('git-config', STOP, '.git/config', text, 'git')


def _explain_secret(name: str, value: str) -> str:
    """Say what a setting gives away, without showing it; empty if nothing."""
    section, _, key = name.rpartition('.')
    key = key.lower()
    # The name of a section may itself be an address: `url.https://….insteadOf`.
    if _URL_WITH_SECRET.search(value) or _URL_WITH_SECRET.search(section.partition('.')[2]):
        where = section if key in ('url', 'pushurl') else name
        return f'{_name_setting(where)} has a password or token in its address'
    if key == 'extraheader' and _TOKEN_HEADER.search(value):
        return f'{_name_setting(name)} sends a token'
    if _SECRET_KEY.fullmatch(key) and len(value) >= _MIN_SECRET_CHARS:
        return f'{_name_setting(name)} looks like a credential'
    return ''


def _name_setting(name: str) -> str:
    """Name a setting for people; an address within the name may hold a password and is cut off."""
    first, _, rest = name.partition('.')
    return f'{first} (address)' if '://' in rest else f'{first} {rest}'.strip()


def find_hooks(folder: str) -> Iterator[Exposure]:
    """Find hooks that somebody wrote; those that git ships end in `.sample`."""
    root = os.path.join(find_common_folder(folder), 'hooks')
    if not os.path.isdir(root):
        return
    for name in sorted(os.listdir(root)):
        if not name.endswith('.sample'):
            what = 'a hook of yours: no push takes it along, a copy of the folder does'
            yield Exposure('hook', LOOK, f'.git/hooks/{name}', what, 'git')


def find_stashes(repository: Repository) -> Iterator[Exposure]:
    """Find the stashes, all of them as one."""
    names = [name.name for name in repository.history.names]
    if 'refs/stash' not in names:
        return
    count = names.count('reflog of refs/stash') + 1
    stashes = f'{count} stashes' if count > 1 else 'a stash'
    what = f'{stashes}: no push takes them along, a copy of the folder does'
    yield Exposure('stash', LOOK, 'refs/stash', what, 'git')


def find_submodules(folder: str, top: str | None) -> Iterator[Exposure]:
    """Find submodules whose address holds a password, or that nobody else can reach."""
    source = ('--blob', 'HEAD:.gitmodules')
    if top is not None:
        path = os.path.join(top, '.gitmodules')
        if not os.path.isfile(path) or os.path.islink(path):
            return
        source = ('--file', path)
    for name, value in read_git_config(folder, *source):
        if not name.endswith('.url'):
            continue
        label = name.removeprefix('submodule.').removesuffix('.url')
        if _URL_WITH_SECRET.search(value):
            what = f'submodule {label} has a password or token in its address'
            yield Exposure('submodule', STOP, '.gitmodules', what, 'tracked')
        elif is_private_url(value):
            what = f'submodule {label} points to a host that others cannot reach'
            yield Exposure('submodule', LOOK, '.gitmodules', what, 'tracked')


def is_private_url(url: str) -> bool:
    """Tell whether an address is a path or a host that only its owner can reach.

    Relative addresses stay with the repository and are not private.
    """
    if url.startswith(('./', '../')):
        return False
    if url.startswith('file:'):
        return True
    host = _URL_HOST.match(url) or _SCP_HOST.match(url)
    return host is None or bool(_PRIVATE_HOST.match(host[1]))
