"""`keylint init` adds a configuration, a job of CI and patterns for git to ignore."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from keylint.commands.setup.edits import EditRefusedError
from keylint.commands.setup.gitlab import GITLAB_JOB, add_job
from keylint.rules.recipes import expand_recipes
from tests.commands.set_up import files
from tests.conftest import Repository, Run

# The configuration


@pytest.mark.parametrize('text', ['[project]\nname = "a"', '[tool.other]\na = 1\r\n', ''])
def test_a_project_gets_a_table(keylint: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / 'pyproject.toml').write_text(text, newline='')
    keylint('init')
    made = (tmp_path / 'pyproject.toml').read_bytes().decode()
    assert made.startswith(text)
    assert '[tool.keylint]' in made
    assert keylint('config').stdout.splitlines()[0].split()[1] == '"pyproject.toml"'


@pytest.mark.parametrize('text', ['tool = {}\n', 'a = [\n'])
def test_a_project_that_takes_no_table_is_left_alone(
    keylint: Run, tmp_path: Path, text: str
) -> None:
    (tmp_path / 'pyproject.toml').write_text(text)
    keylint('init')
    assert (tmp_path / 'pyproject.toml').read_text() == text
    assert (tmp_path / 'keylint.toml').exists()


def test_a_configuration_that_is_there_stays(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keylint.toml').write_text('severity = "high"\n')
    (tmp_path / 'pyproject.toml').write_text('[project]\n')
    assert 'keylint.toml: configures keylint already' in keylint('init').stdout
    assert (tmp_path / 'keylint.toml').read_text() == 'severity = "high"\n'
    assert (tmp_path / 'pyproject.toml').read_text() == '[project]\n'


# CI

HOSTS = {
    'nothing': (['https://example.org/github.com/a.git'], set()),
    'github by ssh': (['git@github.com:a/b.git'], {'.github/workflows/keylint.yml'}),
    'github by https': (['https://github.com/a/b'], {'.github/workflows/keylint.yml'}),
    "a gitlab of one's own": (['https://gitlab.example.org:8443/a/b.git'], {'.gitlab-ci.yml'}),
    'both': (
        ['git@gitlab.com:a/b.git', 'ssh://git@github.com/a/b'],
        {'.github/workflows/keylint.yml', '.gitlab-ci.yml'},
    ),
}


@pytest.mark.parametrize('case', HOSTS)
def test_the_host_is_recognised_by_its_remotes(
    case: str, keylint: Run, repository: Repository
) -> None:
    urls, want = HOSTS[case]
    for number, url in enumerate(urls):
        repository.git('remote', 'add', f'r{number}', url)
    done = keylint('init', cwd=repository.folder)
    assert {
        name for name in files(repository.folder) if 'keylint.yml' in name or 'gitlab' in name
    } == want
    assert ('no GitHub or GitLab was recognised' in done.stdout) == (not want)


def test_a_token_in_a_remote_is_not_shown(keylint: Run, repository: Repository) -> None:
    token = expand_recipes('{alnum:20}', 'remote')
    repository.git('remote', 'add', 'origin', f'https://oauth2:{token}@gitlab.com/a/b.git')
    done = keylint('init', cwd=repository.folder)
    assert '.gitlab-ci.yml: written' in done.stdout
    assert token not in done.stdout + done.stderr


def test_a_workflow_that_runs_keylint_is_enough(keylint: Run, repository: Repository) -> None:
    repository.write('.github/workflows/lint.yaml', 'jobs: {a: {steps: [{run: keylint scan}]}}\n')
    assert (
        '.github/workflows/lint.yaml: runs keylint already'
        in keylint('init', cwd=repository.folder).stdout
    )
    assert not (repository.folder / '.github' / 'workflows' / 'keylint.yml').exists()


@pytest.mark.parametrize(
    ('text', 'stage'),
    [
        pytest.param('# c\na:\n  script: [b]\n', None, id='the stage that is always there'),
        pytest.param('stages: [check, test]\n', None, id='a stage test of its own'),
        pytest.param(
            'stages:\n- check\n- build\na: {script: !reference [.x]}', 'check', id='no stage test'
        ),
    ],
)
def test_a_job_is_added_behind_all_others(text: str, stage: str | None) -> None:
    made = add_job(text)[0]
    assert made is not None
    assert made.startswith(text)
    job = yaml.safe_load(made[len(text) :])['keylint']
    assert job.pop('stage', None) == stage
    assert job == yaml.safe_load(GITLAB_JOB)['keylint']


@pytest.mark.parametrize(
    'text', ['spec:\n  inputs: {}\n---\na: 1\n', 'a: [\n', '{a: 1}\n', '- a\n']
)
def test_a_pipeline_of_another_form_is_left_alone(text: str) -> None:
    with pytest.raises(EditRefusedError, match='cannot be edited safely'):
        add_job(text)


# .gitignore


def ignored(repository: Repository, *names: str) -> set[str]:
    return {name for name in names if repository.git('check-ignore', '--no-index', name)}


def test_secrets_are_ignored_and_their_examples_are_not(
    keylint: Run, repository: Repository
) -> None:
    repository.write('.gitignore', '*.pyc')
    keylint('init', cwd=repository.folder)
    assert ignored(
        repository,
        '.env',
        'a/.env',
        '.env.local',
        '.env.example',
        'a/b.pem',
        'c.key',
        'a.py',
        'UTC--2024',
        'x.pyc',
    ) == {'.env', 'a/.env', '.env.local', 'a/b.pem', 'c.key', 'UTC--2024', 'x.pyc'}


@pytest.mark.parametrize('line', ['.env', '.env*', '/.env', '**/.env', '*'])
def test_nothing_is_doubled(keylint: Run, repository: Repository, line: str) -> None:
    repository.write('.gitignore', f'{line}\n')
    keylint('init', cwd=repository.folder)
    lines = (repository.folder / '.gitignore').read_text().splitlines()
    assert len([one for one in lines[1:] if one == '.env']) == 0
    assert len(lines) == len(set(lines))


def test_a_pattern_that_would_hide_tracked_files_is_left_out(
    keylint: Run, repository: Repository
) -> None:
    repository.write('certificates/ca.pem', 'public\n')
    repository.commit()
    assert (
        'not *.pem: tracked files have such names' in keylint('init', cwd=repository.folder).stdout
    )
    assert '*.pem' not in (repository.folder / '.gitignore').read_text()
    assert '*.key' in (repository.folder / '.gitignore').read_text()


def test_what_only_this_machine_ignores_does_not_count(
    keylint: Run, repository: Repository
) -> None:
    (repository.folder / '.git' / 'info').mkdir(exist_ok=True)
    (repository.folder / '.git' / 'info' / 'exclude').write_text('.env\n')
    keylint('init', cwd=repository.folder)
    assert '.env' in (repository.folder / '.gitignore').read_text().splitlines()
