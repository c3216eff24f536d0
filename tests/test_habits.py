"""The files that contributors and their tools read: hooks, templates, changelog, commands."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository

ROOT = Path(__file__).parent.parent
HOOKS = ROOT / '.pre-commit-config.yaml'
TEMPLATES = sorted(
    path
    for path in (ROOT / '.github' / 'ISSUE_TEMPLATE').glob('*.yml')
    if path.name != 'config.yml'
)
SECTIONS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security']


def run_hooks(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run pre-commit with this environment's Python first in the path."""
    path = f'{Path(sys.executable).parent}{os.pathsep}{os.environ["PATH"]}'
    home = str(cwd / '.pre-commit-home')
    environment = {**os.environ, 'PATH': path, 'PRE_COMMIT_HOME': home, 'PYTHONPATH': str(ROOT)}
    command = [sys.executable, '-m', 'pre_commit', *arguments]
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_pre_commit_accepts_our_hooks() -> None:
    command = [sys.executable, '-m', 'pre_commit', 'validate-config', str(HOOKS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_hook_is_cloned_or_installed() -> None:
    repositories = yaml.safe_load(HOOKS.read_text())['repos']
    assert [each['repo'] for each in repositories] == ['local']
    assert {hook['language'] for each in repositories for hook in each['hooks']} == {'system'}


def test_our_hooks_of_keylint_are_those_that_we_publish() -> None:
    """Only the way to start keylint differs: users get an environment, we have one."""
    (local,) = yaml.safe_load(HOOKS.read_text())['repos']
    ours = {hook['id']: hook for hook in local['hooks']}
    published = yaml.safe_load((ROOT / '.pre-commit-hooks.yaml').read_text())
    compared = [hook for hook in published if hook['id'] in ours]
    assert [hook['id'] for hook in compared] == ['keylint', 'keylint-push']
    for hook in compared:
        want = {**hook, 'language': 'system', 'entry': f'python -m {hook["entry"]}'}
        del want['description'], want['minimum_pre_commit_version']
        assert ours[hook['id']] == want


def test_our_hook_stops_a_key(repository: Repository) -> None:
    (repository.folder / '.pre-commit-config.yaml').write_text(HOOKS.read_text())
    repository.write('notes.txt', 'nothing to see\n')
    repository.git('add', '-A')
    done = run_hooks('run', 'keylint', cwd=repository.folder)
    assert done.returncode == 0, done.stdout + done.stderr
    secret = expand_recipes('{alnum:64}', 'habits')
    repository.write('keys.env', f'BINANCE_API_SECRET={secret}\n')
    repository.git('add', '-A')
    done = run_hooks('run', 'keylint', cwd=repository.folder)
    assert done.returncode == 1
    assert 'keys.env' in done.stdout
    assert secret not in done.stdout


@pytest.mark.parametrize('path', TEMPLATES, ids=lambda path: path.stem)
def test_issue_templates_warn_first_and_ask_for_a_promise(path: Path) -> None:
    template: dict[str, Any] = yaml.safe_load(path.read_text())
    first, *_, last = template['body']
    assert first['type'] == 'markdown'
    assert 'Never paste a real key' in first['attributes']['value']
    assert last['type'] == 'checkboxes'
    assert all(option['required'] for option in last['attributes']['options'])
    fields = [each['id'] for each in template['body'][1:]]
    assert len(set(fields)) == len(fields)


def test_there_are_three_issue_templates_and_no_blank_one() -> None:
    assert [path.stem for path in TEMPLATES] == ['false-alarm', 'missed-key', 'other']
    config = yaml.safe_load((ROOT / '.github' / 'ISSUE_TEMPLATE' / 'config.yml').read_text())
    assert config['blank_issues_enabled'] is False


def test_the_template_for_pull_requests_warns_first() -> None:
    text = (ROOT / '.github' / 'pull_request_template.md').read_text()
    assert 'Never paste a real key' in text.splitlines()[0]


def test_the_changelog_has_the_form_of_keep_a_changelog() -> None:
    text = (ROOT / 'CHANGELOG.md').read_text()
    releases = re.findall(r'^## (.*)$', text, re.MULTILINE)
    assert releases[0] == '[Unreleased]'
    form = r'\[\d+\.\d+\.\d+\] - \d{4}-\d{2}-\d{2}'
    assert [name for name in releases[1:] if not re.fullmatch(form, name)] == []
    names = [name.partition(']')[0] + ']' for name in releases]
    assert [name for name in names if f'\n{name}: https://' not in text] == []
    for release in text.split('\n## ')[1:]:
        sections = re.findall(r'^### (.*)$', release, re.MULTILINE)
        assert sections == [name for name in SECTIONS if name in sections]


def test_contributing_names_files_and_tests_that_exist() -> None:
    text = (ROOT / 'CONTRIBUTING.md').read_text()
    paths = re.findall(r'\b((?:tests|benchmarks|docs|rules|\.ci)/[\w./-]*\w)(?:::(\w+))?', text)
    assert len(paths) > 8
    for path, test in paths:
        assert (ROOT / path).exists(), path
        assert not test or f'def {test}(' in (ROOT / path).read_text(), test


def test_the_editor_is_told_the_width_that_ruff_holds() -> None:
    parser = configparser.ConfigParser()
    parser.read_string('[top]\n' + (ROOT / '.editorconfig').read_text())
    assert parser['top']['root'] == 'true'
    assert parser['*.py']['max_line_length'] == '100'


def test_the_fast_subset_leaves_out_what_starts_processes(request: pytest.FixtureRequest) -> None:
    slow = {item.nodeid for item in request.session.items if item.get_closest_marker('slow')}
    starting = {
        item.nodeid
        for item in request.session.items
        if {'process', 'repository'} & set(getattr(item, 'fixturenames', ()))
    }
    assert starting <= slow
    assert request.node.nodeid not in slow
