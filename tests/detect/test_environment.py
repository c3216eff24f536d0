"""Which environment is claimed of a credential, how sure, and by which proof: texts in, claims out.

A claim of a test environment lowers the severity and lets a repository be published, so the silent
cases come first: what proves nothing.
"""

from __future__ import annotations

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes
from tests.detect.environment_cases import (
    ENV_PAIR,
    EVIDENCE,
    NO_TESTS,
    NOTHING,
    PAIR,
    TESTNET,
    UNKNOWN,
)

EVERYTHING = Config(severity='info', confidence='low')


def scan(path: str, text: str) -> list[Finding]:
    data = expand_recipes(text, f'environment/{path}/{len(text)}').encode()
    return list(scan_blob(Blob(data, Origin(path)), load_rules(), EVERYTHING).findings)


def claims(path: str, text: str) -> dict[str, str]:
    """Return the environment of the one finding of each rule, as `testnet/proven`."""
    found: dict[str, str] = {}
    for finding in scan(path, text):
        claim = finding.environment_claim
        rule = finding.rule.removesuffix('-credential')
        found[rule] = f'{found[rule]} ' if rule in found else ''
        found[rule] += f'{claim.value}/{claim.certainty}'
    return found


@pytest.mark.parametrize('case', NOTHING)
def test_this_proves_nothing(case: str) -> None:
    path, text = NOTHING[case]
    found = claims(path, text)
    assert found['binance'] == UNKNOWN, found


@pytest.mark.parametrize('kind', NO_TESTS)
def test_no_test_environment_no_testnet(kind: str) -> None:
    text = f'USE_TESTNET=true\nSANDBOX=true\nENVIRONMENT=testnet\n{NO_TESTS[kind]}'
    found = claims('testnet.env', text)
    assert found
    assert set(' '.join(found.values()).split()) == {UNKNOWN}


@pytest.mark.parametrize('case', EVIDENCE)
def test_this_is_evidence(case: str) -> None:
    rule, path, text, want, proof = EVIDENCE[case]
    assert claims(path, text)[rule] == want
    finding = next(one for one in scan(path, text) if one.rule == f'{rule}-credential')
    assert proof in finding.environment_claim.describe()
    assert finding.environment_claim.describe().lower() in finding.message.lower()


def test_a_document_of_one_key_says_it_without_a_section() -> None:
    """Nothing but the key is in it, so that a switch beside the key is meant for it."""
    text = (
        '{{"exchange": "binance", "testnet": true, "apiKey": "{alnum:64}", "secret": "{alnum:64}"}}'
    )
    assert claims('config.json', text) == {'binance': TESTNET}
    assert claims('config.json', f'[{text}]') == {'binance': TESTNET}


def test_each_account_has_its_own() -> None:
    text = (
        '{{"accounts": [{{"exchange": "binance", "testnet": true, "apiKey": "{alnum:64}", '
        '"secret": "{alnum:64}"}},\n'
        '{{"exchange": "binance", "testnet": false, "apiKey": "{alnum:64}", "secret": '
        '"{alnum:64}"}}]}}'
    )
    assert claims('accounts.json', text)['binance'] == f'{TESTNET} live/proven'
    assert [finding.severity for finding in scan('accounts.json', text)] == ['medium', 'critical']


def test_the_key_of_the_other_branch_is_another_key() -> None:
    text = (
        "TESTNET = True\nif TESTNET:\n    API_KEY = '{alnum:18}'\n    API_SECRET = '{alnum:36}'\n"
        "else:\n    API_KEY = '{alnum:18}'\n    API_SECRET = '{alnum:36}'\n"
        'session = pybit.HTTP(testnet=TESTNET, api_key=API_KEY, api_secret=API_SECRET)\n'
    )
    assert claims('bot.py', text) == {'bybit': f'{UNKNOWN} {UNKNOWN}'}


def test_a_cell_of_a_notebook_counts_its_own_lines() -> None:
    source = (
        '"import ccxt\\n'
        '", "okx = ccxt.bybit({{\\"apiKey\\": \\"{alnum:18}\\", \\"secret\\": '
        '\\"{alnum:36}\\"}})\\n", '
        '"okx.set_sandbox_mode(True)"'
    )
    text = (
        '{{"cells": [{{"cell_type": "code", "metadata": {{}}, "outputs": [], "source": ['
        + source
        + ']}}], "nbformat": 4, "nbformat_minor": 5, "metadata": {{}}}}'
    )
    (finding,) = scan('bot.ipynb', text)
    told = finding.environment_claim.describe()
    assert told == 'testnet: call set_sandbox_mode(true), line 3'


@pytest.mark.parametrize(
    ('line', 'want'),
    [('', 'critical'), ('USE_TESTNET=true\n', 'high'), ('BINANCE_TESTNET=true\n', 'medium')],
)
def test_a_guess_lowers_by_one_step(line: str, want: str) -> None:
    (finding,) = scan('.env', ENV_PAIR + line)
    assert finding.severity == want


def test_no_name_of_a_setting_is_repeated_beyond_its_words() -> None:
    """A key of a mapping may hold anything; the proof repeats words of the rules only."""
    planted = expand_recipes('{alnum:24}', 'planted')
    (finding,) = scan(
        'config.yaml',
        f'binance:\n  {planted}_testnet: true\n  api_key: {PAIR}\n  api_secret: {PAIR}\n',
    )
    assert finding.environment == 'unknown'
    assert planted not in finding.message
