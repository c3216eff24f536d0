"""Values stay in: whatever a report can show, no piece of five characters of a value is in it.

Values are planted in every place that something is said of: names of files, folders, branches and
tags, authors, messages, keys of mappings, lines of findings, escapes, what makes libraries fail.
Some of them no rule can know.
"""

from __future__ import annotations

import os
import pickle
from pathlib import Path

import pytest

from keylint.reporters import REPORTERS
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run
from tests.hiding import Git

PIECE = 5
# What is planted, and where: rules know some of it, from others nothing but the place is known.
RECIPES = {
    'file': '{alnum:64}',
    'folder': '{alnum:32}',
    'password in a file name': '{pass:14}',
    'branch': '{alnum:40}',
    'other branch': '{alnum:40}',
    'tag': '{alnum:40}',
    'author': '{alnum:32}',
    'email': '{alnum:32}',
    'message': '{alnum:64}',
    'key of a mapping': '{alnum:32}',
    'key of the inventory': '{pass:12}',
    'exchange of the inventory': '{alnum:24}',
    'alias': '{alnum:24}',
    'user and password': '{pass:12}',
    'word in a comment': '{pass:12}',
    'half a secret': '{alnum:15}',
    'string on the line': '{pass:13}',
    'bare value in a shell': '{pass:13}',
    'cell of a table': '{pass:13}',
    'json beside': '{pass:12}',
    'escape': '{alnum:33}',
    'pickle': '{alnum:24}',
    'toml': '{alnum:24}',
    'context of a change': '{pass:12}',
    'list of files': '{pass:12}',
    'environment file': '{pass:12}',
    'secret': '{alnum:64}',
}
VALUES = {place: expand_recipes(recipe, f'stay in/{place}') for place, recipe in RECIPES.items()}
# Digits, words and groups, which have no five characters of a kind.
PIN = '7301864925'
PHRASE = 'ski dune rose mercy orbit fabric lunar tilt gauge solve pluck zebrax'
SEED = 'KZQW Y3DP EHPK 3PXP JBSW'
V = VALUES


def write_tree(git: Git) -> None:
    """Write a bot with a value in every place."""
    api_key = expand_recipes('{alnum:64}', 'stay in/key')
    pair = f"{{'apiKey': '{api_key}', 'secret': '{V['secret']}'}}"
    git.write(
        'bot.py',
        'import ccxt\n'
        f"old = '{V['context of a change']}'\n"
        f"b = ccxt.binance({pair}); x = '{V['string on the line']}'; pin = {PIN}"
        f'  # {V["word in a comment"]} {PHRASE}\n'
        f"c = '{V['half a secret']}' + '{V['half a secret']}'\n",
    )
    secret = V['escape']
    git.write(
        'escaped.py', f"KRAKEN_SECRET = '{secret[:16]}\\x41{secret[16:]}{secret}{secret}=='\n"
    )
    key = expand_recipes('{alnum:64}', 'stay in/shell')
    git.write(
        'run.sh',
        f'curl -u bot:{V["user and password"]} -H "X-MBX-APIKEY: {key}" api.binance.com\n'
        f'BINANCE_API_SECRET={V["secret"]} PASS={V["bare value in a shell"]} ./bot.sh {PIN}\n',
    )
    git.write(
        'accounts.csv',
        'exchange,api_key,api_secret,seed,note\n'
        f'binance,{key},{V["secret"]},{SEED},{V["cell of a table"]}\n',
    )
    git.write(
        'notes.md',
        f'| name | key |\n|---|---|\n| BINANCE_API_SECRET | {V["secret"]} |\n\n'
        f'binance secret {V["secret"]}, phrase {PHRASE}, seed {SEED}, {V["cell of a table"]}\n',
    )
    git.write(
        'config.json',
        f'{{"binance": {{"apiKey": "{key}", "secret": "{V["secret"]}", "n": "{V["json beside"]}", '
        f'"{V["key of a mapping"]}": {PIN}}}}}\n',
    )
    git.write(
        'keys.yaml',
        'version: 1\nkeys:\n'
        f'  - exchange: {V["exchange of the inventory"]}\n    {V["key of the inventory"]}: 1\n'
        '    label: bot\n    permissions: [read, withdraw]\n    ip_allowlist: []\n',
    )
    git.write('more/keys.yml', f'keys:\n  - exchange: kraken\n    secret: *{V["alias"]}\n')
    git.write('more/keys.toml', f'[[keys]]\nexchange = "kraken"\n[{V["toml"]}]\n[{V["toml"]}]\n')
    git.write('broken.pkl', b"I'" + V['pickle'].encode() + b"'\n." + pickle.dumps(1))
    git.write(f'binance_{V["file"]}.py', 'x = 1\n')
    git.write(f'api_key_{V["folder"]}/a.txt', 'x\n')
    git.write('okx.env', 'OKX_API_KEY={}\nOKX_SECRET={}\nOKX_PASSPHRASE={}\n'.format(
        expand_recipes('{uuid}', 'stay in/okx'), expand_recipes('{HEX:32}', 'stay in/okx'),
        V['password in a file name'],
    ))  # fmt: skip
    name = V['password in a file name'].replace('/', '')
    git.write(f'backup-{name}.txt', 'x\n')


@pytest.fixture(scope='module')
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    git = Git(tmp_path_factory.mktemp('values') / 'bot')
    write_tree(git)
    identity = {
        'GIT_AUTHOR_NAME': f'Ann {V["author"]}',
        'GIT_AUTHOR_EMAIL': f'{V["email"]}@example.org',
    }
    git.commit(f'use BINANCE_API_SECRET={V["message"]} pin {PIN}', **identity)
    git('branch', f'fix-{V["other branch"]}')
    git('branch', f'binance-{V["branch"]}')
    git('tag', '-a', '-m', f'secret={V["message"]}', f'v1-{V["tag"]}')
    git.write('bot.py', (git.folder / 'bot.py').read_text() + '# later\n')
    git.commit('later')
    return git.folder


def list_pieces() -> dict[str, str]:
    """Every piece of five characters, and where it was planted."""
    texts = {**VALUES, 'pin': PIN, 'seed': SEED.replace(' ', '')}
    pieces = {
        text[at : at + PIECE]: place
        for place, text in texts.items()
        for at in range(len(text) - PIECE + 1)
    }
    return pieces | {word: 'phrase' for word in PHRASE.split() if len(word) >= PIECE}


PIECES = list_pieces()


def told_in(text: str) -> dict[str, str]:
    return {piece: place for piece, place in PIECES.items() if piece in text}


@pytest.mark.parametrize('mode', [(), ('--history',), ('--since', 'HEAD~1'), ('--pedantic',)])
def test_no_format_of_a_scan_shows_a_piece(
    process: Run, tree: Path, tmp_path: Path, mode: tuple[str, ...]
) -> None:
    outputs = [part for name in REPORTERS for part in ('--output', f'{name}:{tmp_path / name}')]
    done = process('scan', '--isolated', *mode, *outputs, cwd=tree)
    assert done.returncode in (0, 1, 2), done.stderr
    assert told_in(done.stdout + done.stderr) == {}
    for name in REPORTERS:
        text = (tmp_path / name).read_text(encoding='utf-8')
        assert told_in(text) == {}, name
        if name == 'text' and not mode:
            assert "a value in a file's name" in text
            assert "a value in a folder's name" in text
            assert 'binance,…' in text  # names are shown
        if name == 'text' and mode == ('--history',):
            assert "a value in a branch's name" in text


def test_no_answer_of_publish_shows_a_piece(process: Run, tree: Path, tmp_path: Path) -> None:
    for form in ('text', 'markdown', 'json', 'html'):
        done = process('publish', '.', '--identity', '--format', form, cwd=tree)
        assert done.returncode in (1, 2), done.stderr
        assert told_in(done.stdout + done.stderr) == {}, form
    plan = tmp_path / 'plan'
    done = process('publish', '.', '--plan', str(plan), cwd=tree)
    assert told_in(done.stdout + done.stderr) == {}
    # Two files carry what is to be removed, for their owner only; the others are for reading.
    for path in plan.iterdir():
        assert path.stat().st_mode & 0o077 == 0
        if path.name not in ('SECRET-replacements.txt', 'paths-to-drop.txt'):
            assert told_in(path.read_bytes().decode('utf-8', 'replace')) == {}, path.name
    done = process('publish', '.', '--verify', '--plan', str(plan), cwd=tree)
    assert told_in(done.stdout + done.stderr) == {}


@pytest.mark.parametrize(
    'command',
    [
        ('keys', '.', '--isolated'),
        ('keys', '.', '--isolated', '--format', 'json'),
        ('keys', '.', '--isolated', '--format', 'html'),
        ('fix', '--dry-run', '.', '--isolated'),
        ('doctor',),
        ('config',),
    ],
)
def test_no_other_command_shows_a_piece(process: Run, tree: Path, command: tuple[str, ...]) -> None:
    done = process(*command, cwd=tree)
    assert 'Traceback' not in done.stderr
    assert told_in(done.stdout + done.stderr) == {}


def test_no_baseline_and_no_cache_holds_a_piece(
    process: Run, tree: Path, tmp_path: Path, own_cache: Path
) -> None:
    file = tmp_path / 'baseline.json'
    shown = ''
    for command in ('create', 'update', 'show'):
        done = process(
            'baseline', command, '--baseline', str(file), cwd=tree, KEYLINT_CACHE_DIR=str(own_cache)
        )
        shown += done.stdout + done.stderr
    assert told_in(shown) == {}
    text = file.read_text()
    assert text.count('"id"') > 5
    assert told_in(text) == {}
    again = process('scan', '--baseline', str(file), '--isolated', cwd=tree)
    assert 'known' in again.stdout
    assert ' high' not in again.stdout.splitlines()[-1]
    process('scan', '--history', '--isolated', cwd=tree, KEYLINT_CACHE_DIR=str(own_cache))
    files = [path for path in own_cache.rglob('*') if path.is_file()]
    assert files
    for path in files:
        text = path.read_bytes().decode('latin-1')
        # Rules have words too, and digests five digits in a row.
        assert set(told_in(text).values()) <= {'phrase', 'pin'}, path.name
        assert PIN not in text


def test_a_list_of_files_that_is_none_is_not_shown(process: Run, tmp_path: Path) -> None:
    (tmp_path / '.env').write_text(f'DB_PASSWORD={V["list of files"]}\n')
    done = process('scan', '--files-from', '.env', cwd=tmp_path)
    assert (done.returncode, '.env: line 1' in done.stderr) == (2, True)
    assert told_in(done.stdout + done.stderr) == {}


def test_control_characters_of_others_are_escaped(process: Run, tmp_path: Path) -> None:
    done = process('scan', f'missing\x1b[31m{V["file"]}', cwd=tmp_path)
    assert done.returncode == 2
    assert '\x1b' not in done.stderr
    assert told_in(done.stderr) == {}
    assert os.path.basename(tmp_path) not in done.stdout
