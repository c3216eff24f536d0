"""`keylint init` adds the hook to a configuration of pre-commit, and changes nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from keylint.commands.setup.edits import EditRefusedError
from keylint.commands.setup.pre_commit import HOOKS_REPOSITORY, add_hook
from keylint.core.install import find_revision
from tests.commands.set_up import files, on_github
from tests.conftest import Repository, Run

REVISION = find_revision()
ENTRY = {'repo': HOOKS_REPOSITORY, 'rev': REVISION, 'hooks': [{'id': 'keylint'}]}


# The hook

UNCHANGED = {
    'the hook is there': 'repos:\n- repo: https://example.org/a\n  hooks: [{id: keylint}]\n',
    'the hook for pushes is there': 'repos:\n- repo: local\n  hooks:\n  - id: keylint-push\n',
}


@pytest.mark.parametrize('case', UNCHANGED)
def test_a_hook_is_added_once(case: str) -> None:
    assert add_hook(UNCHANGED[case])[0] is None


REFUSED = {
    'no YAML': 'repos: [\n',
    'two documents': 'repos: []\n---\nrepos: []\n',
    'a list': '- a\n',
    'a flow list': 'repos: [{repo: local, hooks: []}]\n',
    'a flow mapping': '{repos: [{repo: local, hooks: []}]}\n',
    'a text': 'repos: none\n',
}


@pytest.mark.parametrize('case', REFUSED)
def test_what_cannot_be_edited_safely_is_not(case: str) -> None:
    with pytest.raises(EditRefusedError, match='add by hand'):
        add_hook(REFUSED[case])


NEW = f'repo: {HOOKS_REPOSITORY}\n'


ADDED = {
    'no file': (None, f'repos:\n  - {NEW}    rev: {REVISION}\n    hooks:\n      - id: keylint\n'),
    'only a comment': (
        '# none',
        f'# none\nrepos:\n  - {NEW}    rev: {REVISION}\n    hooks:\n      - id: keylint\n',
    ),
    'no repos yet': (
        'ci: {}\n',
        f'ci: {{}}\nrepos:\n  - {NEW}    rev: {REVISION}\n    hooks:\n      - id: keylint\n',
    ),
    'an empty list': (
        'repos: []  # soon\nci: {}\n',
        (
            f'repos:  # soon\n  - {NEW}    rev: {REVISION}\n    hooks:\n'
            f'      - id: keylint\nci: {{}}\n'
        ),
    ),
    'nothing in it': (
        'repos:\nci: {}\n',
        f'repos:\n  - {NEW}    rev: {REVISION}\n    hooks:\n      - id: keylint\nci: {{}}\n',
    ),
    'wide dashes, comments, a key behind it': (
        '# a\nrepos:\n-   repo: local  # b\n    hooks:\n    -   id: x  # c\n\n# d\nci: {}\n',
        f'# a\nrepos:\n-   repo: local  # b\n    hooks:\n    -   id: x  # c\n'
        f'-   {NEW}    rev: {REVISION}\n    hooks:\n    -   id: keylint\n'
        '\n# d\nci: {}\n',
    ),
    'no end of the last line': (
        'repos:\n  - repo: local\n    hooks:\n      - id: x',
        (
            f'repos:\n  - repo: local\n    hooks:\n      - id: x\n'
            f'  - {NEW}    rev: {REVISION}\n    hooks:\n      - id: keylint\n'
        ),
    ),
    'hooks in one line': (
        'repos:\n- repo: local\n  hooks: [{id: x}]  # y\n',
        (
            f'repos:\n- repo: local\n  hooks: [{{id: x}}]  # y\n- {NEW}  rev: {REVISION}\n'
            f'  hooks:\n    - id: keylint\n'
        ),
    ),
    'an alias at the end': (
        'repos:\n- repo: local\n  hooks: &h\n  - id: x\n- repo: other\n  hooks: *h\n',
        (
            f'repos:\n- repo: local\n  hooks: &h\n  - id: x\n- repo: other\n  hooks: *h\n'
            f'- {NEW}  rev: {REVISION}\n  hooks:\n    - id: keylint\n'
        ),
    ),
    'a block of text at the end': (
        'repos:\n- repo: local\n  hooks:\n  - id: x\n    exclude: |\n      a\n      b\n',
        'repos:\n- repo: local\n  hooks:\n  - id: x\n    exclude: |\n      a\n      b\n'
        f'- {NEW}  rev: {REVISION}\n  hooks:\n  - id: keylint\n',
    ),
}


@pytest.mark.parametrize('ends', ['\n', '\r\n'])
@pytest.mark.parametrize('case', ADDED)
def test_the_hook_is_added_and_all_else_stays(case: str, ends: str) -> None:
    before, want = ADDED[case]
    made = add_hook(before.replace('\n', ends) if before else before)[0]
    assert made == want.replace('\n', ends if before and '\n' in before else '\n')
    assert yaml.safe_load(made)['repos'][-1] == ENTRY
    assert add_hook(made)[0] is None


def test_pre_commit_takes_what_is_written(keylint: Run, repository: Repository) -> None:
    assert keylint('init', cwd=repository.folder).returncode == 0
    command = [sys.executable, '-m', 'pre_commit', 'validate-config', '.pre-commit-config.yaml']
    done = subprocess.run(command, cwd=repository.folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


# The whole


def test_a_second_run_changes_nothing(keylint: Run, repository: Repository) -> None:
    on_github(repository).write(
        '.gitlab-ci.yml',
        'stages: [build]\nb:\n  stage: build\n  script: [!reference [.x, script]]\n.x:\n'
        '  script: [a]\n',
    )
    repository.write('pyproject.toml', '[project]\nname = "bot"  # mine\n')
    repository.commit()
    first = keylint('init', cwd=repository.folder)
    assert (first.returncode, first.stderr) == (0, '')
    written = files(repository.folder)
    assert set(written) == {
        '.github/workflows/keylint.yml',
        '.gitignore',
        '.gitlab-ci.yml',
        '.pre-commit-config.yaml',
        'pyproject.toml',
    }
    second = keylint('init', cwd=repository.folder)
    assert (second.returncode, second.stderr) == (0, '')
    assert files(repository.folder) == written
    assert len(second.stdout.splitlines()) == 5
    assert 'written' not in second.stdout
    scanned = keylint('scan', cwd=repository.folder)
    assert (scanned.returncode, scanned.stderr) == (0, ''), scanned.stdout


def test_a_dry_run_shows_and_writes_nothing(keylint: Run, repository: Repository) -> None:
    on_github(repository).write('pyproject.toml', '[project]\nname = "bot"')
    before = files(repository.folder)
    done = keylint('init', '--dry-run', cwd=repository.folder)
    assert done.returncode == 0
    assert files(repository.folder) == before
    for line in (
        '+++ .pre-commit-config.yaml',
        '+++ .github/workflows/keylint.yml',
        '--- pyproject.toml',
        '+[tool.keylint]',
        '+.env',
    ):
        assert any(shown.startswith(line) for shown in done.stdout.splitlines()), line


def test_a_run_below_the_top_writes_at_the_top(keylint: Run, repository: Repository) -> None:
    (repository.folder / 'deep').mkdir()
    done = keylint('init', cwd=repository.folder / 'deep')
    assert '../.pre-commit-config.yaml: written' in done.stdout
    assert (repository.folder / '.pre-commit-config.yaml').exists()
    assert not list((repository.folder / 'deep').iterdir())


def test_permissions_stay_and_nothing_is_left_behind(keylint: Run, repository: Repository) -> None:
    repository.write('.pre-commit-config.yaml', 'repos: []\n').chmod(0o640)
    keylint('init', cwd=repository.folder)
    assert (repository.folder / '.pre-commit-config.yaml').stat().st_mode & 0o777 == 0o640
    assert not list(repository.folder.rglob('*.keylint-new'))


def test_outside_of_a_repository_there_is_a_configuration_only(
    keylint: Run, tmp_path: Path
) -> None:
    done = keylint('init')
    assert done.returncode == 0
    assert 'no git repository here' in done.stdout
    assert 'next: `keylint scan`' in done.stdout
    assert list(files(tmp_path)) == ['keylint.toml']


def test_a_step_that_cannot_be_made_is_said_and_the_others_are_made(
    keylint: Run, repository: Repository, tmp_path: Path
) -> None:
    repository.write('.pre-commit-config.yaml', 'repos: [\n')
    (tmp_path / 'elsewhere').mkdir()
    (repository.folder / '.gitignore').symlink_to(tmp_path / 'nowhere')
    (repository.folder / '.github').symlink_to(tmp_path / 'elsewhere')
    done = keylint('init', cwd=repository.folder)
    assert done.returncode == 2
    named = [line.split(': ')[:2] for line in done.stderr.splitlines()]
    assert named == [
        ['keylint', name]
        for name in ('.pre-commit-config.yaml', '.github/workflows/keylint.yml', '.gitignore')
    ]
    assert (repository.folder / 'keylint.toml').exists()
    assert not (tmp_path / 'nowhere').exists()
    assert not list((tmp_path / 'elsewhere').iterdir())


def test_a_missing_folder_is_one_line(keylint: Run) -> None:
    done = keylint('init', 'nowhere')
    assert (done.returncode, done.stderr) == (2, 'keylint: nowhere: no such folder\n')
