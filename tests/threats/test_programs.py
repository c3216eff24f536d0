"""No program and no module of a hostile tree runs."""

from __future__ import annotations

import importlib.metadata
import os
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import Repository
from tests.threats.trees import LEAK, SCRIPTS, TREE, findings, process, trapped

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == 'nt', reason='links, modes and limits of POSIX'),
]


def module_names() -> set[str]:
    """Return every module that keylint, what it needs and the standard library have.

    Two more are those that Python looks for by itself.
    """
    names = {
        *sys.stdlib_module_names,
        *importlib.metadata.packages_distributions(),
        'keylint',
        'sitecustomize',
        'usercustomize',
    }
    return {name for name in names if name.isidentifier()}


def test_the_trap_is_a_trap(tmp_path: Path, marked: Path) -> None:
    process(trapped(tmp_path / 'tree', marked, {'yaml'}), sys.executable, '-c', 'import yaml')
    assert marked.read_text() == 'yaml\n'


def test_no_module_of_the_tree_is_imported(tmp_path: Path, marked: Path, own_cache: Path) -> None:
    tree = trapped(tmp_path / 'tree', marked, module_names())
    first = process(
        tree,
        SCRIPTS / 'keylint',
        'scan',
        '--isolated',
        '--format',
        'json',
        KEYLINT_CACHE_DIR=str(own_cache),
    )
    assert first.returncode == 1, first.stderr
    seen = {place['path'] for finding in findings(first) for place in finding['places']}
    assert seen >= TREE.keys()
    assert not marked.exists(), marked.read_text()
    for command in ('scan', 'keys', 'publish', 'fix', 'doctor'):
        options = ('--dry-run',) if command == 'fix' else ()
        assert process(tree, SCRIPTS / 'keylint', command, *options, '--isolated').returncode in (
            0,
            1,
            2,
        )
        assert not marked.exists(), (command, marked.read_text())


def test_python_safe_path_imports_no_module_of_the_tree(tmp_path: Path, marked: Path) -> None:
    tree = trapped(tmp_path / 'tree', marked, module_names())
    assert (
        process(tree, sys.executable, '-P', '-m', 'keylint', 'scan', '--isolated').returncode == 1
    )
    assert not marked.exists(), marked.read_text()


def test_python_m_imports_no_dependency_from_the_tree(tmp_path: Path, marked: Path) -> None:
    tree = trapped(
        tmp_path / 'tree', marked, module_names() - sys.stdlib_module_names - {'keylint'}
    )
    done = process(tree, sys.executable, '-m', 'keylint', 'scan', '--isolated')
    assert done.returncode == 1, done.stderr
    assert not marked.exists(), marked.read_text()


def test_python_m_finds_a_keylint_in_the_tree_first(tmp_path: Path, marked: Path) -> None:
    """Nothing of keylint has run by then: that is why the documentation says `keylint`."""
    process(
        trapped(tmp_path / 'tree', marked, {'keylint'}), sys.executable, '-m', 'keylint', 'scan'
    )
    assert marked.read_text() == 'keylint\n'


def test_the_hook_imports_no_module_of_the_tree(
    repository: Repository, tmp_path: Path, marked: Path
) -> None:
    hook = yaml.safe_load((Path(__file__).parents[2] / '.pre-commit-hooks.yaml').read_text())[0]
    assert hook['entry'].split()[0] == 'keylint', 'a command, not a module'
    entry = f'{SCRIPTS / "keylint"} scan --staged --isolated'
    hooks = [{'repo': 'local', 'hooks': [{**hook, 'language': 'system', 'entry': entry}]}]
    trapped(repository.folder, marked, module_names())
    repository.write('.pre-commit-config.yaml', yaml.safe_dump({'repos': hooks}))
    repository.git('add', '-A')
    done = process(
        repository.folder,
        SCRIPTS / 'pre-commit',
        'run',
        'keylint',
        PRE_COMMIT_HOME=str(tmp_path / 'pre-commit'),
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert 'Binance' in done.stdout
    assert not marked.exists(), marked.read_text()


def _trapped_git(repository: Repository, marked: Path) -> None:
    program = repository.write('git', f'#!/bin/sh\necho git >> {marked}\nexit 1\n')
    program.chmod(0o755)
    repository.write('.env', LEAK)


def test_a_program_called_git_in_the_tree_does_not_run(
    repository: Repository, marked: Path
) -> None:
    _trapped_git(repository, marked)
    for arguments in (('scan', '--isolated'), ('scan', '--history', '--isolated'), ('doctor',)):
        process(repository.folder, SCRIPTS / 'keylint', *arguments)
        assert not marked.exists()


@pytest.mark.parametrize('entry', ['.', ''])
def test_a_program_called_git_does_not_run_where_the_path_says_dot(
    repository: Repository, marked: Path, entry: str
) -> None:
    _trapped_git(repository, marked)
    process(
        repository.folder,
        SCRIPTS / 'keylint',
        'scan',
        '--isolated',
        PATH=f'{entry}{os.pathsep}{os.environ["PATH"]}',
    )
    assert not marked.exists()
