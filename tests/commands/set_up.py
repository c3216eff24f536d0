"""Projects that `keylint init` edits."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Repository


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob('*'))
        if path.is_file() and '.git/' not in str(path)
    }


def on_github(repository: Repository) -> Repository:
    repository.git('remote', 'add', 'origin', 'git@github.com:somebody/bot.git')
    return repository
