"""Files and folders: tracked and untracked-but-not-ignored inside a repository, everything but dependencies elsewhere."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from keylint.config import Config, matches
from keylint.errors import SourceError
from keylint.model import Blob, Failure, Origin, Report
from keylint.sources import MOST_BYTES, git

# Folders of builds and dependencies; docs/configuration.md lists them.
LEFT_OUT = frozenset(
    """.git .hg .svn node_modules bower_components .venv venv virtualenv .tox .nox __pycache__ .mypy_cache .ruff_cache .pytest_cache
    .hypothesis .eggs site-packages .gradle .idea .next .nuxt .cargo .terraform .cache""".split(),
)


def read(paths: list[str], config: Config, report: Report, ignored_too: bool) -> Iterator[Blob | Failure]:
    """The files below `paths`, sorted, each once. Raises SourceError for a path that does not exist."""
    seen: set[str] = set()
    for path in paths:
        for name in _names(path, report, ignored_too):
            shown = _shown(name)
            if shown in seen:
                continue
            seen.add(shown)
            if any(matches(shown, pattern) for pattern in config.exclude):
                _skip(report, 'excluded by configuration')
                continue
            yield from read_file(name, shown, report)


def _shown(name: str) -> str:
    """The path as it is printed: with `/`, without `./`."""
    shown = name.replace(os.sep, '/')
    return shown[2:] if shown.startswith('./') else shown


def _skip(report: Report, why: str) -> None:
    report.skipped[why] = report.skipped.get(why, 0) + 1


def _names(path: str, report: Report, ignored_too: bool) -> Iterator[str]:
    if not os.path.lexists(path):
        raise SourceError(f'{path}: no such file or folder')
    if not os.path.isdir(path):
        yield path
        return
    top = None if ignored_too else git.top_of(path)
    yield from _tracked(path, report) if top else _walk(path, report, ignored_too)


def _tracked(path: str, report: Report) -> Iterator[str]:
    """What git knows of below `path`, and untracked files that it does not ignore; checked-out submodules too."""
    listing = git.run(path, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate')
    for name in sorted(listing.split(b'\x00')):
        if not name:
            continue
        full = os.path.join(path, os.fsdecode(name)) if path not in ('.', './') else os.fsdecode(name)
        if os.path.isdir(full) and not os.path.islink(full):
            if os.path.exists(os.path.join(full, '.git')):
                yield from _tracked(full, report)
            else:
                _skip(report, 'submodule that is not checked out')
        elif os.path.lexists(full):
            yield full
        else:
            _skip(report, 'deleted in the work tree')


def _walk(path: str, report: Report, ignored_too: bool) -> Iterator[str]:
    """All files below a folder; links to folders are not followed."""
    try:
        entries = sorted(os.scandir(path), key=lambda entry: entry.name)
    except OSError as error:
        report.failures.append(Failure(_shown(path), 'read', error.strerror or str(error)))
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if entry.name in LEFT_OUT and not (ignored_too and entry.name != '.git'):
                _skip(report, f'folder {entry.name}')
            else:
                yield from _walk(entry.path, report, ignored_too)
        else:
            yield entry.path


def read_file(name: str, shown: str, report: Report) -> Iterator[Blob | Failure]:
    """One file. A link is followed only to a file inside the folder that it stands in, devices and pipes never."""
    try:
        status = os.lstat(name)
        if stat.S_ISLNK(status.st_mode):
            _skip(report, 'symbolic link')
            return
        if not stat.S_ISREG(status.st_mode):
            _skip(report, 'no regular file')
            return
        if status.st_size > MOST_BYTES:
            yield Failure(shown, 'read', f'larger than {MOST_BYTES // 1024 // 1024} MB')
            return
        with open(name, 'rb') as file:
            data = file.read()
    except OSError as error:
        yield Failure(shown, 'read', error.strerror or str(error))
        return
    yield Blob(data, Origin(shown))
