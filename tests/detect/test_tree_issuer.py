"""The one exchange that a tree is about: the same hint whatever is scanned, and only a guess."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from keylint.detect.tree_issuer import find_tree_issuers
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from keylint.sources.tree_imports import list_imports, read_tree_name
from tests.conftest import Repository, Run

PAIR = 'API_KEY={alnum:64}\nAPI_SECRET={alnum:64}\n'
IMPORT = 'from binance.client import Client\n'


def find_pair(keylint: Run, folder: Path, text: str = PAIR) -> dict[str, Any]:
    (folder / 'settings.env').write_text(expand_recipes(text, 'tree'))
    [finding] = json.loads(keylint('scan', '--format', 'json', cwd=folder).stdout)['findings']
    return dict(finding)


def about(folder: Path) -> tuple[str, ...]:
    find_tree_issuers.cache_clear()
    found = find_tree_issuers(str(folder), load_rules().pack)
    return found.ids if found else ()


@pytest.mark.parametrize(
    ('files', 'wanted'),
    [
        ({}, ()),
        ({'README.md': 'A bot for binance.com and Binance\n'}, ()),
        ({'bot.py': 'import ccxt\n'}, ()),
        ({'bot.py': '# from binance.client import Client\n'}, ()),
        ({'bot.py': 'from config import BINANCE_KEY\n'}, ()),
        ({'bot.py': IMPORT, 'other.py': 'import pybit\n'}, ()),
        ({'node_modules/binance/a.js': "require('binance')\n"}, ()),
        ({'package.json': '{"name": "binance-bot", "keywords": ["binance"]}'}, ()),
        ({'pyproject.toml': '[project\ndependencies = ["pybit"]\n'}, ()),
        ({'bot.py': IMPORT}, ('binance',)),
        ({'deep/er/bot.py': f'"""Doc."""\n{IMPORT}'}, ('binance',)),
        ({'bot.py': IMPORT, 'other.py': 'import binance.enums\nimport os, pandas\n'}, ('binance',)),
        ({'bot.py': 'import ccxt\nx = ccxt.kraken()\n'}, ('kraken',)),
        ({'bot.py': 'import ccxt.pro\nx = ccxt.pro.kraken()\n'}, ('kraken',)),
        ({'requirements.txt': 'requests\npybit==5.1  # not binance\n'}, ('bybit',)),
        ({'requirements/base.txt': 'pybit\n'}, ()),
        ({'requirements-dev.txt': 'pybit>=5\n'}, ('bybit',)),
        ({'pyproject.toml': '[project]\ndependencies = ["pybit>=5"]\n'}, ('bybit',)),
        ({'pyproject.toml': '[tool.poetry.dependencies]\npybit = "^5"\n'}, ('bybit',)),
        ({'Pipfile': '[packages]\npybit = "*"\n'}, ('bybit',)),
        ({'package.json': '{"dependencies": {"node-binance-api": "1"}}'}, ('binance',)),
        ({'Cargo.toml': '[dependencies]\nbinance-rs = "1"\n'}, ('binance',)),
        ({'go.mod': 'require github.com/adshao/go-binance/v2 v2.4\n'}, ('binance',)),
        ({'main.go': 'import (\n\t"github.com/adshao/go-binance/v2"\n)\n'}, ('binance',)),
        ({'bot.ts': "import Api from 'node-binance-api';\n"}, ('binance',)),
        ({'bot.js': "const Api = require('node-binance-api');\n"}, ('binance',)),
        ({'Bot.cs': 'using Binance.Net.Clients;\n'}, ('binance',)),
        ({'a.ipynb': '{"cells": [{"source": ["from pybit import HTTP\\n"]}]}'}, ()),
        ({'a.ipynb': '{"source": [\n "from pybit.unified import HTTP\\n"\n]}'}, ('bybit',)),
    ],
)
def test_the_only_exchange_that_is_imported_counts(
    repository: Repository, files: dict[str, str], wanted: tuple[str, ...]
) -> None:
    for name, text in files.items():
        repository.write(name, text)
    assert about(repository.folder) == wanted


@pytest.mark.parametrize(
    ('name', 'remote', 'wanted'),
    [
        ('bot', '', ()),
        ('my-binance-bot', '', ('binance',)),
        ('bot', 'git@example.org:me/kraken-grid.git', ('kraken',)),
        ('my-binance-bot', 'https://example.org/me/grid', ()),
        ('binance-kraken-arbitrage', '', ()),
    ],
)
def test_a_repository_is_named_by_its_remote(
    tmp_path: Path, name: str, remote: str, wanted: tuple[str, ...]
) -> None:
    repository = Repository(tmp_path / name)
    if remote:
        repository.git('remote', 'add', 'origin', remote)
    assert about(repository.folder) == wanted


def test_a_name_that_speaks_of_another_exchange_than_the_imports_is_no_hint(tmp_path: Path) -> None:
    repository = Repository(tmp_path / 'kraken-bot')
    repository.write('bot.py', IMPORT)
    assert about(repository.folder) == ()


def test_a_linked_work_tree_and_a_bare_copy_are_the_same_tree(tmp_path: Path) -> None:
    repository = Repository(tmp_path / 'my-binance-bot')
    repository.write('bot.py', 'import pandas\n')
    repository.commit()
    repository.git('worktree', 'add', '-q', str(tmp_path / 'wt'))
    repository.git('clone', '-q', '--bare', str(repository.folder), str(tmp_path / 'copy.git'))
    assert read_tree_name(str(tmp_path / 'wt')) == 'my-binance-bot'
    assert about(tmp_path / 'wt') == about(tmp_path / 'copy.git') == ('binance',)
    assert list_imports(str(tmp_path / 'copy.git')) == {'pandas'}


def test_what_the_tree_says_is_a_guess_with_its_ground(
    keylint: Run, repository: Repository
) -> None:
    before = find_pair(keylint, repository.folder)
    repository.write('bot.py', IMPORT)
    finding = find_pair(keylint, repository.folder)
    assert (before['rule'], finding['rule']) == ('generic-credential', 'binance-credential')
    assert finding['title'].startswith('likely Binance')
    assert 'Likely of Binance: the only exchange that the repository imports' in finding['message']
    assert (finding['issuer_certainty'], finding['issuer_proof']) == (
        'likely',
        'the only exchange that the repository imports',
    )
    assert finding['confidence'] == before['confidence']


@pytest.mark.parametrize(
    'text',
    [
        'API_KEY={alnum:41}\nAPI_SECRET={alnum:41}\n',  # nobody's shape, not Binance's
        'API_KEY={hex:64}\nAPI_SECRET={hex:64}\n',  # hashes
        'SECRET_KEY={alnum:64}\n',
        'JWT_API_SECRET={alnum:64}\n',
        'DB_PASSWORD={alnum:64}\n',
        'API_KEY={alnum:64}\n',  # the id alone would look less severe
    ],
)
def test_other_shapes_and_names_are_given_to_nobody(
    keylint: Run, repository: Repository, text: str
) -> None:
    repository.write('bot.py', IMPORT)
    finding = find_pair(keylint, repository.folder, text)
    assert finding['rule'].startswith('generic-')


def test_what_is_named_is_not_given_to_another_one(keylint: Run, repository: Repository) -> None:
    repository.write('bot.py', IMPORT)
    text = 'MEXC_API_KEY={alnum:64}\nMEXC_API_SECRET={alnum:64}\n'
    finding = find_pair(keylint, repository.folder, text)
    assert finding['rule'] == 'mexc-credential'
    assert not finding['title'].startswith('likely')


def test_a_clean_hook_does_not_look_at_the_tree(repository: Repository) -> None:
    """The hint costs reading the tree: nothing of it is loaded where nothing is found."""
    repository.write('bot.py', IMPORT)
    repository.git('add', '-A')
    code = (
        'import sys; from keylint.cli import main\n'
        'try: main(["scan", "--staged"])\n'
        'except SystemExit: pass\n'
        'print([name for name in sys.modules if "tree_i" in name])'
    )
    done = subprocess.run(
        [sys.executable, '-c', code],
        cwd=repository.folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == '[]'
