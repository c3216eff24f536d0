"""Where rule files lie. Kept apart from reading them, so that a warm start imports no PyYAML."""

from __future__ import annotations

import os

from keylint.core.errors import RuleError


def built_in() -> str:
    """The folder of the rules that come with keylint: inside the wheel, or at the top of a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    packaged = os.path.join(package, 'data', 'rules')
    return packaged if os.path.isdir(packaged) else os.path.join(os.path.dirname(package), 'rules')


def listing(folders: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """Path, size and modification time (ns) of every YAML file below the folders, sorted by path."""
    found = []
    pending = list(folders)
    while pending:
        try:
            entries = list(os.scandir(pending.pop()))
        except OSError as error:
            raise RuleError(f'{error.filename}: cannot read the rules: {error.strerror}') from None
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
            elif entry.name.endswith(('.yaml', '.yml')):
                status = entry.stat()
                found.append((entry.path, status.st_size, status.st_mtime_ns))
    return sorted(found)
