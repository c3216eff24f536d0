"""A repository with leaks in each place, and what its history's report says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema

from tests.hiding import Git, build, leak

SCHEMA = json.loads(
    (Path(__file__).parent.parent.parent / 'docs' / 'report.schema.json').read_text()
)


HISTORY = ('scan', '--history', '--isolated')


class Hidden:
    """The repository, what is to be said of it, and what keylint says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.places = build(folder)
        self.before = listing(folder)
        self.report = report(folder / 'bot', '--show-secrets')
        self.after = listing(folder)


def listing(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Every entry with its kind, size and times: what is written shows."""
    entries = ((str(path.relative_to(folder)), path.lstat()) for path in sorted(folder.rglob('*')))
    return {name: (status.st_mode, status.st_size, status.st_mtime_ns) for name, status in entries}


def report(folder: Path, *arguments: str, code: int | None = 1) -> dict[str, Any]:
    """Return the JSON report of a repository's history, checked against its schema."""
    command = [
        sys.executable,
        '-m',
        'keylint',
        *HISTORY,
        str(folder),
        '--format',
        'json',
        *arguments,
    ]
    done = subprocess.run(command, capture_output=True, check=False, timeout=120)
    assert b'Traceback' not in done.stderr
    assert code is None or done.returncode == code, (
        done.returncode,
        done.stderr,
        done.stdout[:2000],
    )
    document = json.loads(done.stdout)
    jsonschema.validate(document, SCHEMA)
    return dict(document)


def of(document: dict[str, Any], value: str) -> list[dict[str, Any]]:
    """Return the findings that hold a value."""
    return [
        finding
        for finding in document['findings']
        if any(part.get('value') == value for part in finding['parts'])
    ]


def one(document: dict[str, Any], value: str) -> dict[str, Any]:
    (finding,) = of(document, value)
    return finding


# Other repositories


def leaking(folder: Path, *arguments: str) -> Git:
    """Return a repository with a leak in HEAD and one that was removed."""
    git = Git(folder, *arguments)
    git.write('old.env', leak('old'))
    git.commit()
    (git.folder / 'old.env').unlink()
    git.write('new.env', leak('new'))
    git.commit()
    return git
