"""The hook under the real pre-commit, with the fields of .pre-commit-hooks.yaml."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository

HOOK = yaml.safe_load((Path(__file__).parent.parent / '.pre-commit-hooks.yaml').read_text())[0]
LEAK = expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'hook')


@pytest.fixture
def hooked(repository: Repository, tmp_path: Path) -> Repository:
    """Provide a repository whose hook runs this checkout's keylint.

    `language: system` spares building an environment.
    """
    arguments = HOOK['entry'].split(maxsplit=1)[1]
    hook = {**HOOK, 'language': 'system', 'entry': f'{sys.executable} -m keylint {arguments}'}
    hook.pop('minimum_pre_commit_version')
    repository.write(
        '.pre-commit-config.yaml', yaml.safe_dump({'repos': [{'repo': 'local', 'hooks': [hook]}]})
    )
    os.environ['PRE_COMMIT_HOME'] = str(tmp_path / 'pre-commit')
    repository.commit('set up')
    assert 'installed' in pre_commit(repository, 'install').stdout
    return repository


def pre_commit(repository: Repository, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, '-m', 'pre_commit', *arguments]
    return subprocess.run(
        command, cwd=repository.folder, capture_output=True, check=False, text=True
    )


def head(repository: Repository) -> str:
    return repository.git('log', '-1', '--format=%s').strip()


def test_a_leak_is_refused_and_a_clean_change_passes(hooked: Repository) -> None:
    hooked.write('a.env', LEAK)
    hooked.commit('leak')
    assert head(hooked) == 'set up'
    hooked.write('a.env', 'BINANCE_API_KEY=your_key\n')
    hooked.commit('clean')
    assert head(hooked) == 'clean'


def test_only_the_staged_half_of_a_file_counts(hooked: Repository) -> None:
    hooked.write('a.env', 'A=1\n')
    hooked.git('add', 'a.env')
    hooked.write('a.env', LEAK)
    hooked.git('commit', '-q', '-m', 'half')
    assert head(hooked) == 'half'


def test_run_all_files_really_scans_all_files(hooked: Repository) -> None:
    hooked.write('a.env', LEAK)
    hooked.git('add', '-A')
    hooked.git('commit', '-q', '--no-verify', '-m', 'leaked before')
    done = pre_commit(hooked, 'run', '--all-files')
    assert done.returncode == 1
    assert 'Binance live credential' in done.stdout


def test_a_merge_commit_is_scanned(hooked: Repository) -> None:
    hooked.git('checkout', '-q', '-b', 'other')
    hooked.write('a.txt', 'other\n')
    hooked.commit('other')
    hooked.git('checkout', '-q', 'main')
    hooked.write('a.txt', 'mine\n')
    hooked.commit('mine')
    hooked.git('merge', 'other')
    hooked.write('a.txt', LEAK)
    hooked.git('add', 'a.txt')
    hooked.git('commit', '-q', '-m', 'merged')
    assert head(hooked) == 'mine'
