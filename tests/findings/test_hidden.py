"""What the configuration hides is counted, in every report that has a place for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Repository, Run
from tests.publish.leaks import made

_BINANCE = made('BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n')
_KRAKEN = made('KRAKEN_API_KEY={base64:42}\nKRAKEN_API_SECRET={base64:64}\n')
_SETTINGS = {
    'ignore': 'ignore = ["kraken"]',
    'select': 'select = ["binance"]',
    'per-path-ignores': '[per-path-ignores]\n"k.env" = ["kraken"]',
    'confidence': 'confidence = "high"\nignore = ["binance"]',
    'severity': 'severity = "critical"\nignore = ["binance", "kraken"]',
}


@pytest.fixture
def bot(repository: Repository) -> Repository:
    """Provide two leaks, each in a file of its own, in two commits."""
    repository.write('bot.py', 'print(1)\n')
    repository.commit('one')
    repository.write('k.env', _KRAKEN)
    repository.commit('two')
    repository.write('b.env', _BINANCE)
    repository.commit('three')
    return repository


def _summary(keylint: Run, folder: Path, *arguments: str) -> dict[str, object]:
    done = keylint('scan', *arguments, '--format', 'json', cwd=folder)
    summary: dict[str, object] = json.loads(done.stdout)['summary']
    return summary


def test_nothing_is_hidden_by_default(bot: Repository, keylint: Run) -> None:
    assert _summary(keylint, bot.folder)['hidden'] == {}
    assert 'hidden' not in keylint('scan', cwd=bot.folder).stdout


@pytest.mark.parametrize(
    'scope',
    [
        ('.',),
        ('--staged', 'k.env', 'b.env'),
        ('--history',),
        ('--since', 'HEAD~2'),
        ('--range', 'HEAD~2..HEAD'),
        ('--diff', 'HEAD~2'),
    ],
    ids=lambda scope: scope[0],
)
@pytest.mark.parametrize('key', ['ignore', 'select', 'per-path-ignores'])
def test_a_hidden_pair_is_counted(
    bot: Repository, keylint: Run, key: str, scope: tuple[str, ...]
) -> None:
    bot.write('keylint.toml', _SETTINGS[key])
    assert _summary(keylint, bot.folder, *scope)['hidden'] == {key: 1}
    text = keylint('scan', *scope, cwd=bot.folder).stdout
    assert f'1 finding hidden by {key}' in text.splitlines()[-1]


def test_thresholds_of_the_user_are_counted(repository: Repository, keylint: Run) -> None:
    repository.write('a.env', made('BINANCE_API_KEY={alnum:64}\n'))  # low: an id alone
    done = keylint('scan', '--severity', 'high', cwd=repository.folder)
    assert '1 finding hidden by severity' in done.stdout
    done = keylint('scan', cwd=repository.folder)
    assert 'hidden' not in done.stdout


def test_a_value_in_a_name_is_counted(repository: Repository, keylint: Run) -> None:
    repository.write(made('binance_key_{alnum:40}.txt'), 'x')
    done = keylint('scan', '--ignore', 'generic', cwd=repository.folder)
    assert '1 finding hidden by ignore' in done.stdout


def test_the_count_is_the_same_with_what_an_earlier_run_knows(
    bot: Repository, keylint: Run, tmp_path: Path
) -> None:
    for number in range(70):  # enough files for the cache
        bot.write(f'f{number}.py', f'print({number})\n')
    (bot.folder / 'logo.bin').write_bytes(bytes(range(256)) * 40)
    for scope in ('.', '--history'):
        first = _summary(keylint, bot.folder, scope, '--ignore', 'kraken')
        second = _summary(keylint, bot.folder, scope, '--ignore', 'kraken')
        assert first['hidden'] == second['hidden'] == {'ignore': 1}
        assert first['skipped'] == second['skipped']


@pytest.mark.parametrize('name', ['markdown', 'html', 'sarif', 'jsonl', 'text'])
def test_formats_with_a_place_say_it(bot: Repository, keylint: Run, name: str) -> None:
    done = keylint('scan', '--ignore', 'kraken', '--format', name, cwd=bot.folder)
    want = '"hidden":{"ignore":1}' if name == 'jsonl' else '1 finding hidden by ignore'
    assert want in done.stdout.replace('": ', '":')


# Files that are left out


def test_ignored_files_are_counted(repository: Repository, keylint: Run) -> None:
    repository.write('.gitignore', '*.env\nnode_modules/\nlogs/\n')
    repository.write('bot.py', 'print(1)\n')
    for name in ('a.env', 'sub/b.env', 'logs/1.log', 'logs/2.log', 'node_modules/x/y.js'):
        repository.write(name, _BINANCE)
    assert _summary(keylint, repository.folder)['skipped'] == {
        'ignored by git': 3,
        'ignored by git (dependencies and caches)': 1,
    }
    text = keylint('scan', cwd=repository.folder).stdout
    assert 'skipped: 3 ignored by git (--no-ignore scans it), 1 ignored by git (dep' in text
    assert _summary(keylint, repository.folder, 'sub')['skipped'] == {'ignored by git': 1}
    assert 'ignored by git' not in str(_summary(keylint, repository.folder, '--no-ignore'))


def test_nothing_ignored_is_no_word(repository: Repository, keylint: Run) -> None:
    repository.write('bot.py', 'print(1)\n')
    assert 'ignored' not in keylint('scan', cwd=repository.folder).stdout


@pytest.mark.parametrize('data', [bytes(range(256)) * 20, b'\x7fELF' + bytes(500)])
def test_binary_files_are_counted(tmp_path: Path, keylint: Run, data: bytes) -> None:
    (tmp_path / 'a.bin').write_bytes(data)
    (tmp_path / 'b.txt').write_text('no secret\n')
    (tmp_path / 'c.txt').write_bytes('no secret\n'.encode('utf-16'))
    (tmp_path / 'd.png').write_bytes(b'\x89PNG\r\n\x1a\n' + bytes(30))
    want = {'binary: only tokens that name themselves were looked for': 1}
    assert _summary(keylint, tmp_path)['skipped'] == want
