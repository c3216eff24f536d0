"""The front of the hook: what it calls clean, the ordinary way calls clean in the same words."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from keylint import cli, front
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run
from tests.matcher.test_plain_text import make_text, seed

_SECONDS = re.compile(r'\d+\.\d\d s')
_POINTER = b'version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 3\n' % 0
_CODE = 'def add(first: int, second: int) -> int:\n    return first + second\n'
_LEAK = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'
# What a clean hook may import: nothing that takes longer than the scan itself.
_FORBIDDEN = {
    'argparse',
    'collections',
    'contextlib',
    'dataclasses',
    'enum',
    'functools',
    'hashlib',
    'inspect',
    'json',
    'pathlib',
    'random',
    're',
    'signal',
    'subprocess',
    'threading',
    'tomllib',
    'typing',
    'yaml',
}
# Of these what a finding takes.
_PASSED = {'collections', 'functools'}
_OWN = {
    '_version',
    'archives',
    'archives.sealed_formats',
    'core',
    'core.cache_files',
    'core.copies',
    'core.errors',
    'front',
    'matcher',
    'matcher.engine_module',
    'matcher.plain_text',
    'rules',
    'rules.cache_state',
    'rules.gate_file',
    'rules.listing',
    'sources',
    'sources.git_command',
    'sources.unpack_object',
}


def git(folder: Path, *arguments: str) -> None:
    identity = ('-c', 'user.name=a', '-c', 'user.email=a@example.org')
    subprocess.run(['git', *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def staged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a repository with a commit, the working directory; the rules are in the cache."""
    load_rules()
    git(tmp_path, 'init', '-q')
    (tmp_path / 'old.py').write_text(_CODE)
    git(tmp_path, 'add', '-A')
    git(tmp_path, 'commit', '-qm', 'first')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run_ordinary(names: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Run all of keylint in this process."""
    capsys.readouterr()
    code = cli.main(['scan', '--staged', *names])
    out, err = capsys.readouterr()
    return code, _SECONDS.sub('', out), err


def compare(names: list[str], capsys: pytest.CaptureFixture[str]) -> bool:
    """Hold what the front says against the ordinary way; tell whether it says anything."""
    try:
        summary = front.summarize_clean_index(['scan', '--staged', *names]).decode()
    except Exception:  # noqa: BLE001 - `entry` goes the ordinary way
        return False
    if summary:
        ordinary = run_ordinary(names, capsys)
        assert ordinary == (0, _SECONDS.sub('', summary), ''), names
    return bool(summary)


_CALLS = 'get_api_key_of_exchange readTokenFromFile REST_CLIENT_FACTORY client.fetch_orders'.split()
_PATHS = (
    'bot.py src/deep/client.py .env config.json docs/notes.md .github/workflows/ci.yml keys.yaml '
    'table.csv page.html book.ipynb data.db archive.zip x.pyc a-b.py env.py settings.toml.bak run '
    'token-abcdef0123456789abcdef.txt 12345678-1234-note.txt ünï.py Makefile go.sum old.py'
).split()


def make_content(draw: random.Random) -> bytes:
    """Draw what a file may hold: mostly text that means nothing, now and then anything else."""
    texts: tuple[Callable[[], bytes], ...] = (
        lambda: b'',
        lambda: make_text(draw).decode().encode('utf-16'),
        lambda: b'\xef\xbb\xbf' + make_text(draw),
        lambda: b'a\x00b' * 40,
        lambda: draw.randbytes(300),
        lambda: b'PK\x03\x04' + draw.randbytes(60),
        lambda: (
            b'version https://git-lfs.github.com/spec/v1\noid sha256:' + b'0' * 64 + b'\nsize 3\n'
        ),
        lambda: b'x = 1  # keylint: ignore[binance] because\n',
        lambda: b'api_key,secret\n1,2\n',
        lambda: expand_recipes(_LEAK, str(draw.random())).encode(),
        lambda: b'\xff\xfe',
        lambda: b'caf\xe9 = 1\n',
        lambda: b'permissions: [trade, withdraw]\nexchange: binance\n',
        lambda: b'# Enable withdrawals for the API key\n',
    )
    if draw.random() < 0.2:
        return draw.choice(texts)()
    if draw.random() < 0.2:
        return make_text(draw)
    calls = (f'api_key = {draw.choice(_CALLS)}(order)\n' for _ in range(draw.randint(0, 3)))
    return (''.join(calls) + _CODE).encode()


@pytest.mark.parametrize('number', range(4))
def test_both_ways_say_the_same(
    staged: Path, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    draw, said = seed(f'front {number}'), 0
    for _ in range(14):
        names = draw.sample(_PATHS, draw.randint(1, 4))
        for name in names:
            path = staged / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.unlink(missing_ok=True)
            if draw.random() < 0.03:
                path.symlink_to('old.py')
            else:
                path.write_bytes(make_content(draw))
                path.chmod(draw.choice((0o644, 0o755)))
        git(staged, 'add', '-A', '--force')
        for name in names:  # what lies in the folder is not what is staged
            if draw.random() < 0.2:
                (staged / name).unlink()
                (staged / name).write_text(expand_recipes(_LEAK, name))
        said += compare(names, capsys)
        for name in names:
            said += compare([name], capsys)
    assert said > 5


def _stage(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f'{name}.py').write_text(text)
    git(folder, 'add', '-A')


def _rename(folder: Path) -> None:
    git(folder, 'mv', 'old.py', 'new.py')


def _delete(folder: Path) -> None:
    git(folder, 'rm', '-q', 'old.py')
    _stage(folder, new=_CODE)


def _merge(folder: Path) -> None:
    git(folder, 'checkout', '-qb', 'side')
    _stage(folder, old=_CODE + '# one\n')
    git(folder, 'commit', '-qm', 'side')
    git(folder, 'checkout', '-q', '-')
    _stage(folder, old=_CODE + '# two\n')
    git(folder, 'commit', '-qm', 'main')
    subprocess.run(['git', 'merge', '-q', 'side'], cwd=folder, check=False, capture_output=True)


def _pack(folder: Path) -> None:
    _stage(folder, new=_CODE + '# packed\n')
    git(folder, 'commit', '-qm', 'second')
    git(folder, 'gc', '-q', '--prune=now')


def _configure(folder: Path) -> None:
    _stage(folder, new=_CODE)
    (folder / 'keylint.toml').write_text('select = ["nothing"]\n')


def _configure_project(folder: Path) -> None:
    _stage(folder, new=_CODE)
    (folder / 'pyproject.toml').write_text('[tool.keylint]\nseverity = "nonsense"\n')


def _write_baseline(folder: Path) -> None:
    _stage(folder, new=_CODE)
    (folder / '.keylint-baseline.json').write_text('{}')


def _intend(folder: Path) -> None:
    (folder / 'new.py').write_text(_CODE)
    git(folder, 'add', '-N', 'new.py')


def _break_object(folder: Path) -> None:
    _stage(folder, new=_CODE + '# broken\n')
    listing = subprocess.run(
        ['git', 'ls-files', '-s', 'new.py'], cwd=folder, check=True, capture_output=True, text=True
    ).stdout
    name = listing.split()[1]
    path = folder / '.git' / 'objects' / name[:2] / name[2:]
    path.chmod(0o644)
    path.write_bytes(b'no zlib')


@pytest.mark.parametrize(
    'prepare',
    [_rename, _delete, _merge, _pack, _configure, _configure_project, _write_baseline, _intend],
)
def test_states_of_a_repository(
    staged: Path, capsys: pytest.CaptureFixture[str], prepare: Callable[[Path], None]
) -> None:
    prepare(staged)
    for names in (['new.py'], ['old.py'], ['new.py', 'old.py'], ['none.py'], ['.'], ['./new.py']):
        compare(names, capsys)
    assert compare(['new.py'], capsys) == (prepare in (_rename, _delete, _intend))


_PLAIN = 'severity = "medium"\nconfidence = "high"  # sure\nfail-on = "critical"\nexclude = []\n'
_OTHER = (
    'severity = "info"\n',
    'confidence = "low"\n',
    'pedantic = true\n',
    'exclude = ["docs"]\n',
    'ignore = ["binance"]\n',
    'select = ["okx"]\n',
    'baseline = "known.json"\n',
    'inventory = ["keys.yaml"]\n',
    '[limits]\narchive-files = 3\n',
    'severity = "nonsense"\n',
    'severity = "low"\nseverity = "low"\n',
    'unknown = 1\n',
    'no TOML',
)


def _write_config(folder: Path, name: str, text: str) -> None:
    head = '[tool.keylint]\n' if name == 'pyproject.toml' else ''
    table = text.replace('[limits]', '[tool.keylint.limits]') if head else text
    (folder / name).write_text(head + table)


@pytest.mark.parametrize('name', ['keylint.toml', 'pyproject.toml'])
def test_a_known_configuration_that_leaves_clean_what_is_clean(
    staged: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    _stage(staged, new=_CODE)
    _write_config(staged, name, _PLAIN)
    assert not compare(['new.py'], capsys)  # nobody has read it yet
    run_ordinary(['new.py'], capsys)
    assert compare(['new.py'], capsys)
    _write_config(staged, name, _PLAIN + '# changed\n')
    assert not compare(['new.py'], capsys)


@pytest.mark.parametrize('name', ['keylint.toml', 'pyproject.toml'])
def test_any_other_configuration_goes_the_ordinary_way(
    staged: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    _stage(staged, new=_CODE)
    for text in _OTHER:
        _write_config(staged, name, text)
        run_ordinary(['new.py'], capsys)
        assert not front.summarize_clean_index(['scan', '--staged', 'new.py']), text


def test_a_broken_object_is_left_to_the_ordinary_way(
    staged: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _break_object(staged)
    assert not compare(['new.py'], capsys)
    code, out, _ = run_ordinary(['new.py'], capsys)
    assert code == 2
    assert 'missing from the repository or broken' in out


@pytest.mark.parametrize(
    'arguments',
    [
        [],
        ['scan'],
        ['scan', '--staged'],
        ['scan', 'new.py'],
        ['scan', '--staged', '--format', 'json', 'new.py'],
        ['scan', '--staged', '--', 'new.py'],
        ['scan', '--staged', 'new.py', '--exit-zero'],
        ['scan', 'new.py', '--staged'],
        ['keys', '--staged', 'new.py'],
        ['scan', '--staged', ''],
        ['scan', '--staged', *(f'{number}.py' for number in range(40))],
    ],
)
def test_other_commands_go_the_ordinary_way(staged: Path, arguments: list[str]) -> None:
    _stage(staged, new=_CODE)
    assert front.summarize_clean_index(arguments) == b''


@pytest.mark.parametrize(
    'name', ['FORMAT', 'CONFIG', 'SEVERITY', 'EXCLUDE', 'WORKERS', 'NO_CACHE', 'DEBUG', 'NEW']
)
def test_a_variable_of_keylint_goes_the_ordinary_way(
    staged: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    _stage(staged, new=_CODE)
    assert front.summarize_clean_index(['scan', '--staged', 'new.py'])
    monkeypatch.setenv(f'KEYLINT_{name}', '1')
    assert not front.summarize_clean_index(['scan', '--staged', 'new.py'])


def test_a_git_that_fails_or_is_not_there_is_left_to_the_ordinary_way(
    staged: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _stage(staged, new=_CODE)
    (staged / '.git' / 'index').write_bytes(b'no index')
    assert not compare(['new.py'], capsys)
    monkeypatch.setenv('PATH', '')
    assert not compare(['new.py'], capsys)


def test_a_missing_cache_is_made_by_the_ordinary_way(
    staged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stage(staged, new=_CODE)
    monkeypatch.setenv('KEYLINT_CACHE_DIR', str(staged / 'nowhere'))
    assert not front.summarize_clean_index(['scan', '--staged', 'new.py'])
    assert not (staged / 'nowhere').exists()


def test_the_process_itself(staged: Path, process: Run) -> None:
    _stage(staged, new=_CODE, leak=expand_recipes(_LEAK, 'process'))
    clean = process('scan', '--staged', 'new.py')
    found = process('scan', '--staged', 'new.py', 'leak.py')
    assert (clean.returncode, clean.stderr) == (0, '')
    assert _SECONDS.sub('', clean.stdout) == f'no findings in 1 file ({len(_CODE)} bytes, )\n'
    assert found.returncode == 1
    assert '1 critical in 2 files' in found.stdout


def test_a_clean_hook_imports_nothing_that_is_not_needed(staged: Path) -> None:
    _stage(staged, new=_CODE + 'api_key = get_api_key_from_environment()\n')
    said, names = list_imports('new.py')
    assert said.startswith('no findings in 1 file')
    assert not names & _FORBIDDEN
    own = {name.removeprefix('keylint.') for name in names if name.startswith('keylint.')}
    assert own == _OWN
    assert os.environ.get('KEYLINT_CACHE_DIR')


def test_a_finding_in_the_hook_imports_nothing_that_starts_slowly(staged: Path) -> None:
    _stage(staged, new=_CODE, leak=expand_recipes(_LEAK, 'imports'))
    list_imports('new.py', 'leak.py')  # keeps the expressions that this finding takes
    said, names = list_imports('new.py', 'leak.py')
    assert '1 critical in 2 files' in said
    assert not names & (_FORBIDDEN - _PASSED), sorted(names & (_FORBIDDEN - _PASSED))


def list_imports(*names: str) -> tuple[str, set[str]]:
    """Run the hook; return what it says and the modules that it imports."""
    code = (
        'import os, sys; before = set(sys.modules)\n'
        'def end(code): print(*(set(sys.modules) - before)); sys.stdout.flush(); leave(code)\n'
        'leave, os._exit = os._exit, end\n'
        f'sys.argv = {["keylint", "scan", "--staged", *names]}\n'
        'from keylint.front import entry; entry()'
    )
    command = [sys.executable, '-I', '-c', code]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ''
    *said, loaded = done.stdout.splitlines()
    return '\n'.join(said), set(loaded.split())
