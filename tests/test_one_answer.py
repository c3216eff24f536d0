"""One question, one answer: the same findings from every folder, by every way of asking.

Generated trees hold keys with and without a name, in folders that are evidence.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Repository, Run

Answers = set[tuple[str, str, str, str]]

FOLDERS = (
    '',
    'src/',
    'tests/',
    'docs/',
    'examples/live/',
    'exchanges/kraken/',
    'binance/',
    'vendored/shop/',
    'a b/c/',
)
TEXTS = {
    'pair.env': 'API_KEY={alnum:64}\nAPI_SECRET={alnum:64}\n',
    'named.py': "client = connect('kraken')\nBYBIT_API_SECRET = '{alnum:36}'\n",
    'pair.py': "api_key = '{alnum:64}'\napi_secret = '{alnum:64}'\n",
    'mail.yaml': 'smtp:\n  password: "{pass:20}"\n',
    'token.json': '{{"access_token": "{alnum:40}"}}\n',
    'testnet-pair.env': 'API_KEY={alnum:64}\nAPI_SECRET={alnum:64}\n',
}
IMPORTS = ('', '', 'from binance.client import Client\n', 'import ccxt\nx = ccxt.kraken()\n')
NAMES = ('bot', 'my-binance-bot', 'tests', 'kraken')


def make_tree(repository: Repository, seed: int) -> list[str]:
    """Write a tree of some files with values of their own, and return their names."""
    draw = random.Random(seed)  # noqa: S311 - a seed, so that a case can be repeated
    found = []
    for folder in draw.sample(FOLDERS, 4):
        for name in draw.sample(list(TEXTS), 2):
            repository.write(
                folder + name, expand_recipes(TEXTS[name], f'answer/{seed}/{folder}{name}')
            )
            found.append(folder + name)
    repository.write('main.py', f'{draw.choice(IMPORTS)}print(1)\n')
    repository.write('empty/deep/README.txt', 'nothing here\n')
    return found


def ask(keylint: Run, *arguments: str, cwd: Path, stdin: bytes = b'') -> Answers:
    done = keylint('scan', *arguments, '--format', 'json', '--no-cache', cwd=cwd, stdin=stdin)
    return {
        (f['rule'], f['severity'], f['confidence'] + f['environment'], f['fingerprint'])
        for f in json.loads(done.stdout)['findings']
        if f['parts']
    }


@pytest.mark.parametrize('seed', range(6))
def test_every_way_of_asking_gives_the_same_findings(
    keylint: Run, tmp_path: Path, seed: int
) -> None:
    top = tmp_path / 'binance' / 'tests' / NAMES[seed % len(NAMES)]
    repository = Repository(top)
    repository.git('commit', '-q', '--allow-empty', '-m', 'start')
    names = make_tree(repository, seed)
    repository.git('add', '-A')
    wanted = ask(keylint, '.', cwd=top)
    assert len(wanted) >= 6
    deep, above = top / 'empty/deep', tmp_path / 'binance'
    ways = {
        'absolute': ask(keylint, str(top), cwd=tmp_path),
        'from above': ask(keylint, f'tests/{top.name}', cwd=above),
        'from below': ask(keylint, '../..', cwd=deep),
        'all files': ask(keylint, '--no-ignore', '.', cwd=top),
        'staged': ask(keylint, '--staged', cwd=top),
        'staged from below': ask(keylint, '--staged', cwd=deep),
        'changed': ask(keylint, '--diff', 'HEAD', cwd=top),
        'file by file': set().union(*(ask(keylint, name, cwd=top) for name in names)),
        'files from below': ask(keylint, *(f'../../{name}' for name in names), cwd=deep),
        'absolute files': ask(keylint, *(str(top / name) for name in names), cwd=tmp_path),
        'standard input': set().union(
            *(
                ask(
                    keylint,
                    *('-', '--stdin-filename', f'../../{name}'),
                    cwd=deep,
                    stdin=(top / name).read_bytes(),
                )
                for name in names
            )
        ),
    }
    folders = {name.partition('/')[0] for name in names}
    ways['folder by folder'] = set().union(*(ask(keylint, folder, cwd=top) for folder in folders))
    repository.commit()
    repository.git('clone', '-q', '--bare', str(top), str(tmp_path / 'copy.git'))
    ways |= {
        'range': ask(keylint, '--since', 'HEAD~1', cwd=deep),
        'history': ask(keylint, '--history', cwd=deep),
        'history of': ask(keylint, '--history', str(top), cwd=tmp_path),
        'history of a copy': ask(keylint, '--history', 'copy.git', cwd=tmp_path),
    }
    done = keylint('publish', str(top), '--format', 'json', '--no-cache', cwd=tmp_path)
    ways['publish'] = {
        (
            leak['rule'],
            leak['severity'],
            leak['confidence'] + leak['environment'],
            leak['fingerprint'],
        )
        for leak in json.loads(done.stdout)['leaks']
    }
    assert {way: found ^ wanted for way, found in ways.items() if found != wanted} == {}


def ask_for_places(keylint: Run, top: Path, *arguments: str, cwd: Path) -> set[tuple[str, ...]]:
    """Return the rule, the severity and the places of each value, from the top of the tree."""
    done = keylint('scan', *arguments, '--format', 'json', '--no-cache', cwd=cwd)
    base = top if {'--staged', '--history'} & set(arguments) else cwd
    return {
        (
            finding['rule'],
            finding['severity'],
            *sorted(os.path.relpath(base / place['path'], top) for place in finding['places']),
        )
        for finding in json.loads(done.stdout)['findings']
    }


@pytest.mark.parametrize('seed', range(3))
def test_a_copied_value_has_the_same_places_everywhere(
    keylint: Run, repository: Repository, seed: int
) -> None:
    draw, top = random.Random(seed), repository.folder  # noqa: S311 - as above
    repository.write('empty/deep/README.txt', 'nothing here\n')
    for name, text in TEXTS.items():
        body = expand_recipes(text, f'copies/{seed}/{name}')
        for folder in draw.sample(FOLDERS, draw.randint(1, 4)):
            # A history reads one object under one path: copies differ in a line.
            end = '' if name.endswith('.json') else f'# {folder}\n'
            repository.write(folder + name, body + end)
    repository.git('add', '-A')
    wanted = ask_for_places(keylint, top, '.', cwd=top)
    assert any(len(row) > 3 for row in wanted)
    deep = top / 'empty/deep'
    ways = {
        'absolute': ask_for_places(keylint, top, str(top), cwd=top.parent),
        'from below': ask_for_places(keylint, top, '../..', cwd=deep),
        'staged': ask_for_places(keylint, top, '--staged', cwd=deep),
    }
    repository.commit()
    ways['history'] = ask_for_places(keylint, top, '--history', cwd=deep)
    assert {way: found ^ wanted for way, found in ways.items() if found != wanted} == {}
