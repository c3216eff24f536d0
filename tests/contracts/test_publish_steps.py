"""What `keylint publish` says is to be done, and in which order.

The whole text, for each place where a leak can sit.

A step that is missing where it is needed leaves a value in the world; one that is not needed
teaches people to skip steps. The files in `steps/` hold the plan as it must be said.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run

STEPS = Path(__file__).parent / 'steps'
LEAK = expand_recipes(
    '{{"exchange": {{"name": "binance", "key": "{alnum:64}", "secret": "{alnum:64}"}}}}\n', 'steps'
)


def write_leak(repository: Repository) -> None:
    repository.write('config.json', LEAK)


def commit_leak(repository: Repository) -> None:
    write_leak(repository)
    repository.commit('settings')


def remove_leak(repository: Repository) -> None:
    repository.write('config.json', '{}\n')
    repository.commit('no settings')


def in_no_file(repository: Repository) -> None:
    repository.write('README.md', 'A bot.\n')


def in_an_untracked_file(repository: Repository) -> None:
    write_leak(repository)


def in_the_work_tree_only(repository: Repository) -> None:
    repository.write('config.json', '{}\n')
    repository.commit('settings')
    write_leak(repository)


def in_a_stash_only(repository: Repository) -> None:
    in_the_work_tree_only(repository)
    repository.git('stash')


def in_the_history_only(repository: Repository) -> None:
    commit_leak(repository)
    remove_leak(repository)


def in_the_last_commit(repository: Repository) -> None:
    commit_leak(repository)


def on_a_remote(repository: Repository) -> None:
    commit_leak(repository)
    repository.git('remote', 'add', 'origin', 'https://git.example.org/bot.git')
    repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
    remove_leak(repository)


def an_accident_in_the_history(repository: Repository) -> None:
    repository.write('.env', 'MODE=dry\n')
    repository.commit('settings')


PLACES: dict[str, Callable[[Repository], None]] = {
    place.__name__.replace('_', '-'): place
    for place in (
        in_no_file,
        in_an_untracked_file,
        in_the_work_tree_only,
        in_a_stash_only,
        in_the_history_only,
        in_the_last_commit,
        on_a_remote,
        an_accident_in_the_history,
    )
}


def render(answer: dict[str, Any], folder: Path) -> str:
    """Render verdict, leaks, exposures and plan as text, line by line.

    Without the issuer's own steps, which its dossier may change.
    """
    assert answer['failures'] == []
    lines = [answer['verdict']]
    for leak in answer['leaks']:
        lines += [
            f'leak: {leak["path"]}: {leak["verdict"]["action"]}',
            *(f'  {reason}' for reason in leak['verdict']['reasons']),
        ]
    lines += [
        f'accident: {item["path"]}: {item["kind"]}, {item["seat"]}, {item["level"]}'
        for item in answer['exposures']
    ]
    for step in answer['plan']:
        lines += ['', f'# {step["title"]}', step['why']]
        for action in step['actions']:
            lines.append(f'* {action["what"]}')
            if action['link']:
                lines.append(f'  {action["link"]}')
            details = [
                detail
                for detail in action['details']
                if not action['link'] or detail.startswith('Found in')
            ]
            lines += [
                *(f'  - {detail}' for detail in details),
                *(f'  $ {command}' for command in action['commands']),
            ]
    return '\n'.join(lines).replace(str(folder), 'FOLDER') + '\n'


@pytest.mark.parametrize('place', PLACES)
def test_steps(place: str, repository: Repository, keylint: Run, tmp_path: Path) -> None:
    repository.write('bot.py', 'print(1)\n')
    repository.commit('first')
    PLACES[place](repository)
    done = keylint('publish', str(repository.folder), '--format', 'json')
    assert render(json.loads(done.stdout), tmp_path) == (STEPS / f'{place}.txt').read_text(
        encoding='utf-8'
    )


@pytest.mark.parametrize('place', ['in-the-history-only', 'in-a-stash-only'])
def test_steps_in_a_mirror(
    place: str, repository: Repository, keylint: Run, tmp_path: Path
) -> None:
    """A mirror holds what its remote holds: what is in it, in a stash too, was seen there."""
    repository.write('bot.py', 'print(1)\n')
    repository.commit('first')
    PLACES[place](repository)
    repository.git('clone', '-q', '--mirror', str(repository.folder), str(tmp_path / 'mirror.git'))
    done = keylint('publish', str(tmp_path / 'mirror.git'), '--format', 'json')
    assert render(json.loads(done.stdout), tmp_path) == (STEPS / f'mirror-{place}.txt').read_text(
        encoding='utf-8'
    )
