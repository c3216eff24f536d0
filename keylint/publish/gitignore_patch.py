"""Make a patch that adds to .gitignore what would be published by accident."""

from __future__ import annotations

import difflib
import os
from collections.abc import Sequence
from fnmatch import fnmatchcase

from keylint.publish.exposures import Exposure
from keylint.publish.file_kinds import list_ignore_lines

# `keylint init` does not write these lines; they are for files that the repository has.
_FOUND_ONLY = ('*.env', '.envrc')


def make_ignore_patch(exposures: Sequence[Exposure], top: str | None) -> str:
    """Return a patch that `git apply` takes; empty if no line is missing.

    `top` is the root of the work tree; without one the patch makes a new file.
    """
    before = _read_gitignore(top)
    known = {line.strip() for line in before.splitlines()}
    kinds = {'env-file', *(item.kind for item in exposures)}
    missing = [
        line
        for line in list_ignore_lines(kinds)
        if line not in known
        and not (line.startswith('!') and '.env.*' in known)  # a later line wins
        and not (line in _FOUND_ONLY and not _has_name(exposures, line))
    ]
    if not missing:
        return ''
    old = before.splitlines(keepends=True)
    new = [*_end_last_line(old), *(f'{line}\n' for line in missing)]
    name = 'a/.gitignore' if before else '/dev/null'
    return ''.join(
        line if line.endswith('\n') else f'{line}\n\\ No newline at end of file\n'
        for line in difflib.unified_diff(old, new, name, 'b/.gitignore')
    )


def _has_name(exposures: Sequence[Exposure], line: str) -> bool:
    return any(fnmatchcase(os.path.basename(item.path), line) for item in exposures)


def _read_gitignore(top: str | None) -> str:
    path = os.path.join(top, '.gitignore') if top else ''
    if not os.path.isfile(path) or os.path.islink(path):
        return ''
    with open(path, encoding='utf-8', errors='surrogateescape', newline='') as file:
        return file.read()


def _end_last_line(lines: list[str]) -> list[str]:
    if not lines or lines[-1].endswith('\n'):
        return lines
    return [*lines[:-1], f'{lines[-1]}\n']
