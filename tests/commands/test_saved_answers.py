"""`keylint init --keys --from` and `keylint keys --ask`: inventories from saved answers."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import jsonschema
import pytest

from keylint.reporters.key_requests import build_command
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run
from tests.declarations.inventories import SCHEMA, plain

KEY = expand_recipes('{alnum:18}', 'saved-answer-key')
SECRET = expand_recipes('{alnum:36}', 'saved-answer-secret')
BYBIT = {
    'retCode': 0,
    'result': {
        'note': 'grid-fra1',
        'apiKey': KEY,
        'secret': SECRET,
        'readOnly': 0,
        'permissions': {'Spot': ['SpotTrade'], 'Wallet': ['AccountTransfer']},
        'ips': ['52.54.32.109'],
        'userID': 24617703,
        'createdAt': '2026-05-16T03:05:31Z',
        'expiredAt': '2026-08-16T03:05:31Z',
    },
}
BOT = """import os
import ccxt
bybit = ccxt.bybit({'apiKey': os.environ['BYBIT_KEY'], 'secret': os.environ['BYBIT_SECRET']})
bybit.create_order('BTC/EUR', 'limit', 'buy', 1, 1)
"""


def test_an_answer_fills_its_entry(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'bot.py').write_text(BOT)
    (tmp_path / 'saved').mkdir()
    answer = tmp_path / 'saved' / 'answer.json'
    answer.write_text(json.dumps(BYBIT))
    done = keylint('init', '--keys', '--from', str(answer))
    assert (done.returncode, done.stderr) == (0, '')
    text = (tmp_path / 'keys.yaml').read_text(encoding='utf-8')
    document = plain(text)
    jsonschema.validate(document, SCHEMA)
    (entry,) = document['keys']
    assert entry == {
        'exchange': 'bybit',
        'used_by': ['bot.py'],
        'secret_ref': 'env:BYBIT_SECRET',
        'label': 'grid-fra1',
        'account': '24617703',
        'permissions': ['trade', 'margin', 'transfer'],
        'ip_allowlist': ['52.54.32.109'],
        'created': '2026-05-16',
        'expires': '2026-08-16',
    }
    assert re.findall(r'(\w+):  # TODO', text) == ['purpose']
    assert KEY not in text
    assert SECRET not in text


def test_each_answer_has_an_entry_and_says_what_it_leaves_out(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'one.json').write_text(json.dumps(BYBIT))
    binance = {'ipRestrict': True, 'enableReading': True, 'enableWithdrawals': False}
    answer = {**binance, 'enableInternalTransfer': False, 'createTime': 1698645219000}
    (tmp_path / 'binance.json').write_text(json.dumps(answer))
    done = keylint('init', '--keys', '--dry-run', '--from', 'one.json', '--from', 'binance.json')
    assert done.returncode == 0
    entries = plain(done.stdout)['keys']
    assert [entry['exchange'] for entry in entries] == ['binance', 'bybit']
    assert entries[0]['permissions'] == ['read']
    assert 'ip_allowlist' not in entries[0]
    assert 'binance.json says that there is a list' in done.stdout


def test_a_list_that_is_empty_is_not_one_that_is_not_stated(keylint: Run, tmp_path: Path) -> None:
    open_key = {**BYBIT, 'result': {**BYBIT['result'], 'ips': ['*']}}  # type: ignore[dict-item]
    (tmp_path / 'open.json').write_text(json.dumps(open_key))
    done = keylint('init', '--keys', '--dry-run', '--from', 'open.json')
    assert plain(done.stdout)['keys'][0]['ip_allowlist'] == []


@pytest.mark.parametrize('text', ['{}', '{"price": 1}', 'no document', ''])
def test_what_is_no_answer_is_an_error(text: str, keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'other.json').write_text(text)
    done = keylint('init', '--keys', '--from', 'other.json')
    assert done.returncode == 2
    assert 'other.json: not an answer that says what a key may do' in done.stderr
    assert not (tmp_path / 'keys.yaml').exists()


def test_answers_are_for_the_inventory(keylint: Run) -> None:
    done = keylint('init', '--from', 'gone.json')
    assert done.returncode == 2
    assert '--from needs --keys' in done.stderr
    assert 'gone.json: cannot read' in keylint('init', '--keys', '--from', 'gone.json').stderr


def test_asking_prints_what_the_tree_uses(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'bot.py').write_text(BOT)
    done = keylint('keys', '--ask', '--isolated')
    assert done.returncode == 0
    assert 'GET https://api.bybit.com/v5/user/query-api' in done.stdout
    assert "os.environ['BYBIT_SECRET']" in done.stdout
    assert 'binance' not in done.stdout.lower()
    assert 'keylint does not connect' in done.stdout
    assert 'GET https://api.binance.com/' in keylint('keys', '--ask-all').stdout


def test_asking_names_the_page_where_no_request_is_known(keylint: Run, tmp_path: Path) -> None:
    (tmp_path / 'keys.yaml').write_text('keys:\n  - {exchange: bitstamp, purpose: tax}\n')
    done = keylint('keys', '--ask', '--isolated')
    assert 'no known request shows: look at https://' in done.stdout


def test_every_command_is_python_that_reads_the_environment_and_nothing_else() -> None:
    asks = load_rules().pack.asks
    assert len(asks) > 10
    for issuer, questions in asks.items():
        for ask in questions:
            command = build_command(issuer, ask)
            match = re.fullmatch(r'python -c "([^"]+)" > [a-z-]+-key\.json', command)
            assert match is not None, command
            names = {n.id for n in ast.walk(ast.parse(match[1])) if isinstance(n, ast.Name)}
            assert names == {'print', 'json', 'ccxt', 'os'}
            method, _, address = ask.request.partition(' ')
            assert method in ('GET', 'POST')
            assert address.startswith('https://')
            assert ask.source, f'{issuer}: a request needs a page that names it'
            assert not re.search(r'(?i)create|delete|edit|update|revoke', ask.request)
