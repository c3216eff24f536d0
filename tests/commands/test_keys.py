"""`keylint keys` as a process.

The table in four formats, the recipes, hostile names, and what a hook imports.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Run

BOT = """import os
import ccxt

exchange = ccxt.kraken({'apiKey': os.environ['KRAKEN_KEY'], 'secret': os.environ['KRAKEN_SECRET']})
exchange.fetch_balance()
exchange.create_order('BTC/EUR', 'limit', 'buy', 1, 1)
"""
INVENTORY = """keys:
  - exchange: kraken
    label: grid
    purpose: trading-bot
    permissions: [read, trade, withdraw]
    ip_allowlist: [52.54.32.109]
    created: 2025-12-01
    secret_ref: env:KRAKEN_SECRET
"""
TODAY = ('--today', '2026-01-01', '--isolated', '--no-progress')


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    (tmp_path / 'bot.py').write_text(BOT, encoding='utf-8')
    (tmp_path / 'keys.yaml').write_text(INVENTORY, encoding='utf-8')
    return tmp_path


def table(keylint: Run, *arguments: str) -> list[dict[str, Any]]:
    done = keylint('keys', '--format', 'json', *TODAY, *arguments)
    assert done.returncode == 0, done.stderr
    keys: list[dict[str, Any]] = json.loads(done.stdout)['keys']
    return keys


def test_nothing_known_is_said(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text('import json\n', encoding='utf-8')
    done = keylint('keys', *TODAY)
    assert (done.returncode, done.stdout) == (
        0,
        'no exchange keys: nothing declared, used or leaked\n',
    )
    assert keylint('keys', '--recipe', *TODAY).stdout == 'the code needs no exchange key\n'
    assert table(keylint) == []


def test_a_declared_key_and_the_code_that_uses_it_are_one_row(keylint: Run, bot: Path) -> None:
    [row] = table(keylint)
    assert (row['exchange'], row['label'], row['source'], row['age']) == (
        'kraken',
        'grid',
        'reference env:KRAKEN_SECRET',
        31,
    )
    assert (row['declared'], row['needed'], row['is_exact']) == (
        ['read', 'trade', 'withdraw'],
        ['read', 'trade'],
        True,
    )
    assert row['proofs'] == [
        {'level': 'read', 'call': 'fetch_balance bot.py:5'},
        {'level': 'trade', 'call': 'create_order bot.py:6'},
    ]
    assert row['restriction'] == '52.54.32.109'
    assert row['verdict'] != 'ok'


def test_a_key_that_only_code_knows(keylint: Run, bot: Path) -> None:
    (bot / 'keys.yaml').unlink()
    [row] = table(keylint)
    assert (row['declared'], row['needed'], row['source']) == (
        None,
        ['read', 'trade'],
        'reference KRAKEN_KEY, KRAKEN_SECRET',
    )


def test_a_leaked_key_is_named_and_never_shown(keylint: Run, tmp_path: Path) -> None:
    secret = expand_recipes('{alnum:64}', 'keys-command/secret')
    key = expand_recipes('{alnum:64}', 'keys-command/key')
    text = (
        f'import ccxt\nx = ccxt.binance({{"apiKey": "{key}", "secret": "{secret}"}})\n'
        'x.fetch_balance()\n'
    )
    (tmp_path / 'bot.py').write_text(text, encoding='utf-8')
    for kind in ('text', 'json', 'markdown', 'html'):
        done = keylint('keys', '--format', kind, *TODAY)
        assert 'leaked' in done.stdout
        assert secret[:8] not in done.stdout


@pytest.mark.parametrize('kind', ['text', 'markdown', 'html'])
def test_every_format_names_exchange_rights_and_lines(keylint: Run, bot: Path, kind: str) -> None:
    done = keylint('keys', '--format', kind, '--details', *TODAY)
    assert done.returncode == 0
    plain = done.stdout.replace('\\', '')
    for part in (
        'kraken',
        'grid',
        'withdraw',
        '52.54.32.109',
        'bot.py' if kind != 'markdown' else 'keys.yaml',
    ):
        assert part in plain


class Page(HTMLParser):
    """What a browser would load or run, and the text that it would show."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.shown: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.loads += [
            f'{name}={value}'
            for name, value in attrs
            if name in ('src', 'onerror', 'onload', 'style', 'action')
            or (name == 'href' and tag != 'a')  # a link loads nothing by itself
        ]

    def handle_data(self, data: str) -> None:
        self.shown.append(data)


HOSTILE = '<script>alert(1)</script><img src=x onerror=alert(2)>'


def test_the_html_stands_alone_and_names_stay_text(keylint: Run, bot: Path) -> None:
    text = INVENTORY.replace('label: grid', f"label: '{HOSTILE}'")
    (bot / 'keys.yaml').write_text(text, encoding='utf-8')
    page = Page()
    page.feed(keylint('keys', '--format', 'html', *TODAY).stdout)
    assert not {'script', 'img', 'link', 'iframe', 'form', 'object'} & set(page.tags)
    assert page.loads == []
    assert HOSTILE in ''.join(page.shown)


def test_the_page_says_at_least_and_what_was_not_read(keylint: Run, bot: Path) -> None:
    with (bot / 'bot.py').open('a', encoding='utf-8') as file:
        file.write('getattr(exchange, name)()\n')
    page = Page()
    page.feed(keylint('keys', '--format', 'html', *TODAY).stdout)
    shown = ''.join(page.shown)
    assert 'at least' in shown
    assert 'not read' in page.shown
    assert 'minmax(0,1fr)' in shown
    assert 'max-width:32rem' in shown
    assert 'ok' not in page.shown


def test_names_with_controls_do_not_reach_the_terminal(keylint: Run, bot: Path) -> None:
    (bot / 'keys.yaml').write_text(
        INVENTORY.replace('label: grid', 'label: "a\\e[2Jb|c\\rd"'), encoding='utf-8'
    )
    for kind in ('text', 'markdown', 'html'):
        out = keylint('keys', '--format', kind, *TODAY).stdout
        assert not re.search(r'[\x00-\x08\x0b-\x1f\x7f]', out)
    [row] = [
        line
        for line in keylint('keys', '--format', 'markdown', *TODAY).stdout.splitlines()[2:]
        if line
    ]
    assert len(re.findall(r'(?<!\\)\|', row)) == 11


def test_what_only_running_would_tell_is_said(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'bot.py').write_text(
        'import ccxt\nx = ccxt.okx({"apiKey": K})\nx.fetch_balance()\ngetattr(x, method)()\n',
        encoding='utf-8',
    )
    assert 'at least read' in keylint('keys', *TODAY).stdout
    assert 'at least' in keylint('keys', '--recipe', *TODAY).stdout


def test_an_exchange_chosen_at_run_time_has_a_row(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'bot.py').write_text(
        'import ccxt\nx = getattr(ccxt, name)({"apiKey": K})\nx.withdraw("A", 1, b)\n',
        encoding='utf-8',
    )
    [row] = table(keylint)
    assert (row['exchange'], row['needed'], row['is_exact']) == (None, ['withdraw'], False)
    assert 'chosen at run time' in keylint('keys', *TODAY).stdout


def test_a_file_that_is_no_python_3_is_named(keylint: Run, bot: Path) -> None:
    (bot / 'old.py').write_text('import krakenex\nprint "two"\n', encoding='utf-8')
    done = keylint('keys', '--details', *TODAY)
    assert done.returncode == 0
    assert 'old.py' in done.stderr
    assert 'at least' in done.stdout


def test_requests_of_python_2_are_at_least_guessed(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'old.py').write_text(
        'U = "https://bittrex.com/api/v1.1"\nprint "two"\n'
        'send("account/withdraw", {"apisign": s})\n# send("market/buylimit")\n',
        encoding='utf-8',
    )
    [row] = table(keylint)
    assert (row['exchange'], row['needed'], row['is_exact']) == ('bittrex', ['withdraw'], False)


def test_recipes_are_in_the_words_of_the_exchange(keylint: Run, bot: Path) -> None:
    done = keylint('keys', '--recipe', '--format', 'json', *TODAY)
    [recipe] = json.loads(done.stdout)['recipes']
    assert (recipe['exchange'], recipe['levels'], recipe['is_exact']) == (
        'kraken',
        ['read', 'trade'],
        True,
    )
    assert any('withdraw' in box.lower() for box in recipe['leave'])
    assert not any('withdraw' in box.lower() for box in recipe['tick'])
    assert recipe['rotate'] == '2026-04-01'
    text = keylint('keys', '--recipe', *TODAY).stdout
    assert all(box in text for box in recipe['tick'])
    assert '- [x]' in keylint('keys', '--recipe', '--format', 'markdown', *TODAY).stdout


def test_reading_needs_no_deposits(keylint: Run, bot: Path) -> None:
    [recipe] = json.loads(keylint('keys', '--recipe', '--format', 'json', *TODAY).stdout)['recipes']
    assert 'Deposit Funds' not in recipe['tick']
    (bot / 'more.py').write_text(BOT + "exchange.fetch_deposit_address('BTC')\n", encoding='utf-8')
    [recipe] = json.loads(keylint('keys', '--recipe', '--format', 'json', *TODAY).stdout)['recipes']
    assert 'Deposit Funds' in recipe['tick']


def test_an_exchange_chosen_at_run_time_has_a_recipe(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'bot.py').write_text(
        'import ccxt\nx = getattr(ccxt, name)({"apiKey": K, "secret": S})\nx.create_order()\n',
        encoding='utf-8',
    )
    done = keylint('keys', '--recipe', *TODAY)
    assert 'the exchange chosen at run time: the code needs at least to trade' in done.stdout
    assert 'let it trade, and nothing more' in done.stdout
    assert 'tick:' not in done.stdout


def test_recipes_have_no_page(keylint: Run, bot: Path) -> None:
    done = keylint('keys', '--recipe', '--format', 'html', *TODAY)
    assert (done.returncode, done.stdout) == (2, '')
    assert 'allowed formats' in done.stderr


def test_the_table_goes_to_a_file(keylint: Run, bot: Path) -> None:
    done = keylint('keys', '--format', 'html', '--output', 'keys.html', *TODAY)
    assert (done.returncode, done.stdout) == (0, '')
    assert (bot / 'keys.html').read_text(encoding='utf-8').startswith('<!doctype html>')
    assert keylint('keys', '--output', 'none/keys.html', *TODAY).returncode == 2


QUIET = [
    pytest.param('import json\nprint(json.dumps({}))\n', id='no exchange at all'),
    pytest.param(
        'import requests\nAPI_KEY = "changeme"\nrequests.get("https://example.org")\n',
        id='a placeholder',
    ),
    pytest.param('KRAKEN_SECRET = "{base64:64}"\n', id='a leak'),
    pytest.param(
        'import ccxt\nx = ccxt.kraken()\nx.fetch_ticker("A/B")\n',
        id='a client without a declaration',
    ),
]


@pytest.mark.parametrize('text', QUIET)
def test_libcst_sleeps_unless_a_call_makes_keys(tmp_path: Path, text: str) -> None:
    assert 'libcst' not in loaded(tmp_path, expand_recipes(text, 'keys-command/quiet'))


def test_calls_that_make_keys_wake_neither_libcst_nor_a_grammar(tmp_path: Path) -> None:
    text = (
        'from pybit.unified_trading import HTTP\ns = HTTP()\n'
        's.create_sub_api_key(subuid=1, ips=["*"])\n'
    )
    assert not {'libcst', 'tree_sitter'} & loaded(tmp_path, text)


def loaded(folder: Path, text: str) -> set[str]:
    """Return the modules that a scan of one file imports."""
    (folder / 'bot.py').write_text(text, encoding='utf-8')
    code = (
        'import sys; from keylint.cli import main; main(["scan", "--isolated", "bot.py"]); '
        'print("loaded", *sys.modules)'
    )
    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, check=True, cwd=folder, text=True
    )
    return set(done.stdout.rsplit('loaded ', 1)[1].split())
