"""Find rule files. Separate from reading them, so that a warm start imports no PyYAML."""

from __future__ import annotations

import os

from keylint.core.errors import RuleError

_ENDINGS = ('.yaml', '.yml')
_EXAMPLES = ('.examples.yaml', '.examples.yml')


def find_builtin_rules() -> str:
    """Return the folder of keylint's own rules: in the wheel, or at the top of a checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    packaged = os.path.join(package, 'data', 'rules')
    return packaged if os.path.isdir(packaged) else os.path.join(os.path.dirname(package), 'rules')


def list_definitions(folders: tuple[str, ...]) -> list[tuple[str, int, int]]:
    """Return path, size and modification time (ns) of every definition, sorted by path.

    Files of examples are left out: only `rules check` and `explain` read them, so a changed example
    needs no new rule pack. Raises RuleError for a folder that cannot be read.
    """
    found = []
    for entry in _walk(folders):
        if not entry.name.endswith(_EXAMPLES):
            status = entry.stat()
            found.append((entry.path, status.st_size, status.st_mtime_ns))
    return sorted(found)


def list_examples(folders: tuple[str, ...]) -> list[str]:
    """Return the paths of all files of examples, sorted. Raises RuleError."""
    return sorted(entry.path for entry in _walk(folders) if entry.name.endswith(_EXAMPLES))


def _walk(folders: tuple[str, ...]) -> list[os.DirEntry[str]]:
    """Return every YAML file below the folders; links to folders are not followed."""
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
            elif entry.name.endswith(_ENDINGS):
                found.append(entry)
    return found
