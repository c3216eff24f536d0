"""What SECURITY.md says of an attacker and no other test shows.

Hostile trees, and real processes beside them.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from keylint.core import cache_files as caches
from keylint.core.errors import RuleError
from keylint.matcher.hyperscan import compile_database
from keylint.rules.form import Form
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand
from tests.archives.made import zipped
from tests.conftest import Repository, Run
from tests.hiding import Git


@pytest.fixture
def keylint(process: Run) -> Run:
    """Every run here is a process from nothing, as a user starts it."""
    return process


resource = pytest.importorskip('resource', reason='limits of POSIX')
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == 'nt', reason='links, modes and limits of POSIX'),
]

LEAK = expand('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'threat')
SCRIPTS = Path(sys.executable).parent
TREE: dict[str, str | bytes] = {
    '.env': LEAK,
    'config.yaml': expand(
        'binance:\n  api_key: {alnum:64}\n  api_secret: {alnum:64}\n', 'threat/yaml'
    ),
    'bot.py': expand(
        'from binance.client import Client\n'
        "Client('{alnum:64}', '{alnum:64}').withdraw(coin='BTC')\n",
        'threat/py',
    ),
    'backup.zip': zipped(**{'bot.env': LEAK.encode()}),
    'keys.csv': expand(
        'exchange,api_key,api_secret\nbinance,{alnum:64},{alnum:64}\n', 'threat/csv'
    ),
    'web.config': expand('<add key="BINANCE_API_SECRET" value="{alnum:64}"/>\n', 'threat/xml'),
    'cloud.env': expand('SOFTLAYER_API_KEY={hex:64}\n', 'threat/cloud'),
}


def process(
    folder: Path, *command: str | Path, **variables: str
) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value for name, value in os.environ.items() if name != 'PYTHONPATH'
    } | variables
    return subprocess.run(
        list(command),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )


def findings(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(done.stdout)['findings']
    return found


# Programs in the tree


@pytest.fixture
def marked(tmp_path: Path) -> Path:
    """Provide what a hostile program leaves behind."""
    return tmp_path / 'ran'


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


def trapped(folder: Path, marked: Path, names: set[str]) -> Path:
    """Provide a tree with leaks in many forms.

    A module for every name leaves a mark.
    """
    folder.mkdir(exist_ok=True)
    for name, data in TREE.items():
        (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    for name in names:
        (folder / f'{name}.py').write_text(
            f'open({str(marked)!r}, "a").write({name!r} + chr(10))\n'
        )
    return folder


def test_the_trap_is_a_trap(tmp_path: Path, marked: Path) -> None:
    process(trapped(tmp_path / 'tree', marked, {'yaml'}), sys.executable, '-c', 'import yaml')
    assert marked.read_text() == 'yaml\n'


def test_no_module_of_the_tree_is_imported(tmp_path: Path, marked: Path) -> None:
    tree = trapped(tmp_path / 'tree', marked, module_names())
    first = process(
        tree,
        SCRIPTS / 'keylint',
        'scan',
        '--isolated',
        '--format',
        'json',
        KEYLINT_CACHE_DIR=str(tmp_path / 'cache'),
    )
    assert first.returncode == 1, first.stderr
    assert {finding['path'] for finding in findings(first)} >= TREE.keys()
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
    hook = yaml.safe_load((Path(__file__).parent.parent / '.pre-commit-hooks.yaml').read_text())[0]
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


# Settings in the tree


SILENCERS = {
    'paths left out': ('keylint.toml', 'exclude = ["*"]\n', 'excluded by configuration'),
    'rules left out': ('keylint.toml', 'ignore = ["binance-"]\n', 'no findings'),
    'rules left out of paths': (
        'pyproject.toml',
        '[tool.keylint.per-path-ignores]\n"*" = ["binance-"]\n',
        'no findings',
    ),
    'a threshold': (
        'keylint.toml',
        'fail-on = "critical"\nconfidence = "high"\nselect = ["key-"]\n',
        'no findings',
    ),
}


@pytest.mark.parametrize('name', SILENCERS)
def test_a_configuration_in_the_tree_silences_and_isolated_undoes_it(
    keylint: Run, tmp_path: Path, name: str
) -> None:
    file, text, says = SILENCERS[name]
    (tmp_path / '.env').write_text(LEAK)
    (tmp_path / file).write_text(text)
    silenced = keylint('scan')
    assert (silenced.returncode, says in silenced.stdout) == (0, True)
    assert keylint('scan', '--isolated').returncode == 1
    assert file in keylint('config').stdout


def test_a_baseline_in_the_tree_silences_and_isolated_undoes_it(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / '.env').write_text(LEAK)
    assert keylint('baseline', 'create', '--isolated').returncode == 0
    known = keylint('scan')
    assert (known.returncode, '1 known' in known.stdout) == (0, True)
    assert keylint('scan', '--isolated').returncode == 1
    assert keylint('scan', '--no-baseline').returncode == 1


def test_a_mark_silences_and_the_report_says_so(keylint: Run, tmp_path: Path) -> None:
    key, secret, _ = LEAK.split('\n')
    mark = ' '.join(
        ('keylint:', 'ignore', 'because')
    )  # in one piece it would be a mark of this file
    (tmp_path / '.env').write_text(f'# {mark}\n{key}\n# {mark}\n{secret}\n')
    done = keylint('scan', '--isolated', '--format', 'json')
    assert done.returncode == 0
    assert {finding['state'] for finding in findings(done)} == {'suppressed'}
    assert 'suppressed' in keylint('scan', '--isolated').stdout


def test_a_configuration_above_a_repository_is_not_read(
    keylint: Run, repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / 'keylint.toml').write_text('exclude = ["*"]\n')
    repository.write('bot/.env', LEAK)
    assert keylint('scan', cwd=repository.folder / 'bot').returncode == 1


def test_variables_in_an_env_file_of_the_tree_are_not_ours(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / '.env').write_text(f'KEYLINT_EXCLUDE=*\nKEYLINT_SELECT=key-\n{LEAK}')
    assert keylint('scan', '--isolated').returncode == 1


DOSSIER = """
id: evil
name: Evil
kind: exchange
aliases: [evil]
credentials:
  - {role: secret, shape: '%s', within: 'evil=(%s)', confidence: documented, alone: true}
help: {manage: null, revoke: [x]}
examples:
  loud: [{file: a.env, text: 'evil=abc1!', roles: [secret]}]
  silent: [{file: a.env, text: x}]
"""


def test_rules_of_the_tree_are_read_where_its_configuration_says_so_and_isolated_undoes_it(
    keylint: Run, tmp_path: Path
) -> None:
    (tmp_path / 'rules').mkdir()
    (tmp_path / 'rules' / 'evil.yaml').write_text(DOSSIER % ('[a-z]+[0-9]!', '[a-z]+[0-9]!'))
    (tmp_path / 'x.env').write_text('evil=abcdefgh1!\n')
    assert keylint('scan').returncode == 0, 'rules beside the tree are only files'
    (tmp_path / 'keylint.toml').write_text('rules = ["rules"]\n')
    assert keylint('scan').returncode == 1
    assert keylint('scan', '--isolated').returncode == 0


@pytest.mark.parametrize(
    'pattern', [r'(?=x)y', r'(?!x)y', r'(?<=x)y', r'(?<!x)y', r'(x)\1', r'(?P<a>x)(?P=a)']
)
def test_patterns_of_rules_know_no_look_around_and_no_back_reference(pattern: str) -> None:
    form = Form('evil.yaml')
    form.check_pattern(pattern, ('shape',))
    with pytest.raises(RuleError, match='not allowed'):
        form.raise_first()


HOSTILE_SETTINGS = (
    'pyproject.toml is a device',
    'pyproject.toml is a pipe',
    'keylint.toml is deep',
)


def _hostile_settings(folder: Path, name: str) -> None:
    (folder / '.env').write_text(LEAK)
    file = folder / name.split(' ')[0]
    if name.endswith('device'):
        file.symlink_to('/dev/zero')
    elif name.endswith('pipe'):
        os.mkfifo(file)
    else:
        file.write_text(f'exclude = {"[" * 100_000}')


def _bounded(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Keylint with a gigabyte of address space."""
    return subprocess.run(
        [SCRIPTS / 'keylint', *arguments],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30)),
    )


@pytest.mark.parametrize('name', HOSTILE_SETTINGS)
def test_a_hostile_file_of_settings_does_nothing_where_none_is_read(
    tmp_path: Path, name: str
) -> None:
    _hostile_settings(tmp_path, name)
    assert _bounded(tmp_path, 'scan', '--isolated').returncode == 1


@pytest.mark.parametrize('name', HOSTILE_SETTINGS)
def test_a_hostile_file_of_settings_is_one_clear_line_or_nothing(tmp_path: Path, name: str) -> None:
    _hostile_settings(tmp_path, name)
    done = _bounded(tmp_path, 'scan')
    assert done.returncode in (1, 2)
    assert b'Traceback' not in done.stderr


# The cache


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """Provide a cache whose gate sees nothing: any keylint that loads it calls every tree clean.

    A leak lies beside it in `bot`.
    """
    gate = load_rules().matcher.database.to_bytes()
    (file,) = (
        path for path in Path(caches.cache_folder()).glob('*.gate') if gate in path.read_bytes()
    )
    (tmp_path / 'bot').mkdir()
    (tmp_path / 'bot' / '.env').write_text(LEAK)
    folder = tmp_path / 'cache'
    folder.mkdir(0o700)
    shutil.copy(file.with_suffix('.pack'), folder)
    head, _, _ = file.read_bytes().partition(gate)
    body = head[-8:] + compile_database([b'never-in-any-file']).to_bytes()
    (folder / file.name).write_bytes(head[:-8] + body + zlib.crc32(body).to_bytes(4))
    for path in folder.iterdir():
        path.chmod(0o600)
    return folder


def test_a_cache_of_ones_own_is_believed(keylint: Run, cache: Path) -> None:
    """The trap is a trap."""
    assert (
        keylint(
            'scan', '--isolated', cwd=cache.parent / 'bot', KEYLINT_CACHE_DIR=str(cache)
        ).returncode
        == 0
    )


def test_a_cache_that_is_committed_in_the_tree_is_made_anew(
    keylint: Run, cache: Path, tmp_path: Path
) -> None:
    git = Git(tmp_path / 'origin')
    shutil.copytree(cache, git.folder / 'cache')
    git.write('.env', LEAK)
    git.commit()
    git('clone', '-q', str(git.folder), str(tmp_path / 'clone'))
    done = keylint('scan', '.env', '--isolated', cwd=tmp_path / 'clone', KEYLINT_CACHE_DIR='cache')
    assert done.returncode == 1, done.stderr


@pytest.mark.parametrize('mode', [0o620, 0o602, 0o640, 0o604, 0o644, 0o666])
def test_a_cache_that_others_may_touch_is_made_anew(tmp_path: Path, mode: int) -> None:
    path = tmp_path / 'x.gate'
    caches.write_cache_file(str(path), b'state', b'body', ('.gate',))
    assert caches.read_cache_file(str(path), b'state') == b'body'
    path.chmod(mode)
    assert caches.read_cache_file(str(path), b'state') is None


@pytest.mark.skipif(
    not hasattr(os, 'geteuid') or os.geteuid() != 0,
    reason='only root can give a file to somebody else',
)
def test_a_cache_of_somebody_else_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / 'x.gate'
    caches.write_cache_file(str(path), b'state', b'body', ('.gate',))
    os.chown(path, 12345, 12345)
    assert caches.read_cache_file(str(path), b'state') is None


def test_a_cache_of_pipes_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / 'x.gate', 0o600)
    assert caches.read_cache_file(str(tmp_path / 'x.gate'), b'') is None


def test_the_cache_is_private_and_in_the_home_of_its_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ('KEYLINT_CACHE_DIR', 'XDG_CACHE_HOME'):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv('HOME', str(tmp_path))
    folder = Path(caches.cache_folder())
    assert (
        folder
        == tmp_path / ('Library/Caches' if sys.platform == 'darwin' else '.cache') / 'keylint'
    )
    caches.write_cache_file(str(folder / 'x.gate'), b'state', b'body', ('.gate',))
    assert (folder.stat().st_mode & 0o777, (folder / 'x.gate').stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


# Writing


def test_a_scan_writes_nothing_into_the_tree(keylint: Run, repository: Repository) -> None:
    trapped(repository.folder, repository.folder.parent / 'ran', set())
    repository.commit()

    def state() -> dict[str, tuple[int, int]]:
        return {
            str(path): (path.lstat().st_mtime_ns, path.lstat().st_size)
            for path in repository.folder.rglob('*')
        }

    before = state()
    for arguments in (
        ('scan',),
        ('scan', '--history'),
        ('scan', '--staged'),
        ('keys',),
        ('publish',),
        ('fix', '--dry-run'),
        ('doctor',),
    ):
        keylint(*arguments, '--isolated', cwd=repository.folder)
        assert state() == before, arguments


def test_init_leaves_links_alone(keylint: Run, repository: Repository, tmp_path: Path) -> None:
    outside = tmp_path / 'outside'
    outside.mkdir()
    (outside / 'mine').write_text('mine\n')
    (repository.folder / '.github').symlink_to(outside)
    for name in ('keylint.toml', '.gitignore', '.pre-commit-config.yaml'):
        (repository.folder / name).symlink_to(outside / 'mine')
    keylint('init', cwd=repository.folder)
    assert {path.name: path.read_text() for path in outside.iterdir()} == {'mine': 'mine\n'}


def test_a_plan_replaces_links(keylint: Run, repository: Repository, tmp_path: Path) -> None:
    victim = tmp_path / 'mine'
    victim.write_text('mine\n')
    repository.write('.env', LEAK)
    repository.commit()
    plan = tmp_path / 'plan'
    keylint('publish', '--isolated', '--plan', str(plan), cwd=repository.folder)
    names = sorted(path.name for path in plan.iterdir())
    assert names
    for name in names:
        (plan / name).unlink()
        (plan / name).symlink_to(victim)
    keylint('publish', '--isolated', '--plan', str(plan), cwd=repository.folder)
    assert victim.read_text() == 'mine\n'
    assert not any((plan / name).is_symlink() for name in names)


def test_a_report_goes_where_the_link_of_its_name_leads(keylint: Run, tmp_path: Path) -> None:
    """So that `--output` can name a link that its user made; a tree can make one too."""
    (tmp_path / 'tree').mkdir()
    (tmp_path / 'tree' / '.env').write_text(LEAK)
    (tmp_path / 'tree' / 'report.json').symlink_to(tmp_path / 'elsewhere')
    keylint('scan', '--isolated', '--output', 'json:report.json', cwd=tmp_path / 'tree')
    assert json.loads((tmp_path / 'elsewhere').read_text())['findings']


def test_a_baseline_is_not_created_through_a_link(
    keylint: Run, repository: Repository, tmp_path: Path
) -> None:
    (repository.folder / '.keylint-baseline.json').symlink_to(tmp_path / 'outside')
    repository.write('.env', LEAK)
    assert keylint('baseline', 'create', '--isolated', cwd=repository.folder).returncode == 2
    assert not (tmp_path / 'outside').exists()


def test_an_export_is_not_written_through_a_link(
    keylint: Run, repository: Repository, tmp_path: Path
) -> None:
    victim = tmp_path / 'mine'
    victim.write_text('mine\n')
    repository.write('.env', LEAK)
    keylint('baseline', 'create', '--isolated', cwd=repository.folder)
    (repository.folder / '.secrets.baseline').symlink_to(victim)
    keylint('baseline', 'export', '--detect-secrets', '--isolated', cwd=repository.folder)
    assert victim.read_text() == 'mine\n'
