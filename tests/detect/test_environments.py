"""Which environment a credential is said to belong to, and what follows: severity and verdict.

The tables hold what is said today. A test account lowers the severity and lets a repository be
published, so an answer that changes here changes what people publish.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Run
from tests.hiding import Git


class Answer(NamedTuple):
    """Hold what keylint must say of a key in a file."""

    environment: str
    severity: str
    verdict: str


LIVE = Answer('live', 'critical', 'rotate')
PAPER = Answer('paper', 'medium', 'harmless')
TESTNET = Answer('testnet', 'medium', 'harmless')

# A word in the name of a credential. The last two pairs: which word wins.
WORDS = {
    '': LIVE,
    'paper': PAPER,
    'simulated': PAPER,
    'papertrading': PAPER,
    'live': LIVE,
    'prod': LIVE,
    'production': LIVE,
    'mainnet': LIVE,
    'testnet': TESTNET,
    'sandbox': TESTNET,
    'demo': TESTNET,
    'uat': TESTNET,
    'practice': TESTNET,
    'testing': TESTNET,
    'sepolia': TESTNET,
    'devnet': TESTNET,
    'test': LIVE,
    'staging': LIVE,
    'paperwork': LIVE,
    'alive': LIVE,
    'paper_prod': PAPER,
    'live_testnet': TESTNET,
}
KRAKEN_KEY = '{base64:42}'
KRAKEN_SECRET = '{base64:64}'
BINANCE_KEY = BINANCE_SECRET = '{alnum:64}'
SOURCES = {
    'kraken.env': (f'KRAKEN_WORD_API_KEY={KRAKEN_KEY}\nKRAKEN_WORD_API_SECRET={KRAKEN_SECRET}\n'),
    'binance.env': (
        f'BINANCE_WORD_API_KEY={BINANCE_KEY}\nBINANCE_WORD_API_SECRET={BINANCE_SECRET}\n'
    ),
    'kraken.yaml': f'kraken_word:\n  api_key: {KRAKEN_KEY}\n  api_secret: {KRAKEN_SECRET}\n',
    'kraken.py': (
        f"KRAKEN_WORD_API_KEY = '{KRAKEN_KEY}'\nKRAKEN_WORD_API_SECRET = '{KRAKEN_SECRET}'\n"
    ),
}
# What stands in the same mapping as an exchange's key, in YAML.
SETTINGS = {
    'mode: paper': PAPER,
    'mode: live': LIVE,
    'mode: test': TESTNET,
    'mode: backtest': LIVE,
    'environment: prod': LIVE,
    'environment: production': LIVE,
    'env: sandbox': TESTNET,
    'env: demo': TESTNET,
    'network: mainnet': LIVE,
    'network: testnet': TESTNET,
    'network: uat': TESTNET,
    'account_type: practice': TESTNET,
    'paper: true': PAPER,
    'paper_trading: yes': PAPER,
    'paper: false': LIVE,
    'dry_run: on': PAPER,
    'dry_run: off': LIVE,
    'simulated: 1': PAPER,
    'sandbox: true': TESTNET,
    'sandbox: false': LIVE,
    'demo: true': TESTNET,
    'is_testnet: true': TESTNET,
    'testnet: 0': LIVE,
}
# What stands below an exchange's key in a program.
PROGRAMS = {
    'use_testnet = True': TESTNET,
    'use_testnet = False': LIVE,
    'connect(paper=True)': PAPER,
    "MODE = 'paper'": PAPER,
    "MODE = 'live'": LIVE,
    'client.set_sandbox_mode(True)': TESTNET,
    'client.setSandboxMode(enabled=True)': TESTNET,
    'client.set_sandbox_mode(False)': LIVE,
    "URL = 'https://api.testnet.kraken.example/v1'": TESTNET,
    "URLS = 'https://api.testnet.kraken.example', 'https://mainnet.kraken.example'": LIVE,
    "URL = 'https://api.kraken.example/v1'": LIVE,
}
# A name says more than what stands around it.
NAMES_FIRST = {
    'live/sandbox: true': LIVE,
    'prod/mode: paper': LIVE,
    'mainnet/network: testnet': LIVE,
    'paper/mode: live': PAPER,
    'sandbox/paper: true': TESTNET,
}
# Credentials of which nothing is known unless a name says it.
UNNAMED = {
    'password.env': ('{WORD}_DB_PASSWORD={pass:18}\n', 'medium'),
    'wallet.env': ('{WORD}_WALLET_PRIVATE_KEY=0x{evm}\n', 'critical'),
}
UNNAMED_WORDS = {
    'MY': 'unknown',
    'PROD': 'live',
    'PRODUCTION': 'live',
    'LIVE': 'live',
    'MAINNET': 'live',
    'PAPER': 'paper',
    'SIMULATED': 'paper',
    'TESTNET': 'testnet',
    'SANDBOX': 'testnet',
}
OPTIONS = ('--isolated', '--format', 'json')
# A random value may look like the token of some vendor as well; that is not the matter here.
BY_ACCIDENT = 'vendor-token'
LOWERED = {'critical': 'medium', 'high': 'medium', 'medium': 'low'}


def put_word(template: str, word: str) -> str:
    part = f'_{word}' if word else ''
    return template.replace('_WORD', part.upper()).replace('_word', part)


def make_files() -> dict[str, str]:
    """Every case as a file of its own."""
    files = {
        f'words/{word or "none"}/{name}': put_word(template, word)
        for word in WORDS
        for name, template in SOURCES.items()
    }
    for number, setting in enumerate(SETTINGS):
        files[f'settings/{number}.yaml'] = (
            f'kraken:\n  {setting}\n  api_key: {KRAKEN_KEY}\n  api_secret: {KRAKEN_SECRET}\n'
        )
    for number, line in enumerate(PROGRAMS):
        files[f'programs/{number}.py'] = put_word(SOURCES['kraken.py'], '') + f'{line}\n'
    for number, case in enumerate(NAMES_FIRST):
        word, setting = case.split('/')
        text = put_word(SOURCES['kraken.yaml'], word)
        files[f'names/{number}.yaml'] = text.replace(':\n', f':\n  {setting}\n', 1)
    for word in UNNAMED_WORDS:
        for name, (template, _) in UNNAMED.items():
            files[f'unnamed/{word}/{name}'] = template.replace('{WORD}', word)
    return {name: expand_recipes(text, f'environment/{name}') for name, text in files.items()}


class Told(NamedTuple):
    """What a scan and `publish` say, by path."""

    scanned: dict[str, list[dict[str, Any]]]
    judged: dict[str, list[dict[str, Any]]]

    def answer_for(self, path: str) -> Answer:
        (finding,), (leak,) = self.scanned[path], self.judged[path]
        assert leak['environment'] == finding['environment']
        assert leak['severity'] == finding['severity']
        return Answer(finding['environment'], finding['severity'], leak['verdict']['action'])


@pytest.fixture(scope='module')
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """All cases in one repository, scanned once and judged once."""
    git = Git(tmp_path_factory.mktemp('environments'))
    for name, text in make_files().items():
        git.write(name, text)
    git.commit()

    def by_path(*arguments: str, key: str) -> dict[str, list[dict[str, Any]]]:
        command = [sys.executable, '-m', 'keylint', *arguments]
        done = subprocess.run(command, cwd=git.folder, capture_output=True, check=False)
        assert done.returncode == 1, done.stderr
        found: dict[str, list[dict[str, Any]]] = {}
        for item in json.loads(done.stdout)[key]:
            if item['rule'] != BY_ACCIDENT:
                found.setdefault(item['path'], []).append(item)
        return found

    return Told(
        by_path('scan', '.', *OPTIONS, '--pedantic', key='findings'),
        by_path('publish', '.', *OPTIONS, key='leaks'),
    )


@pytest.mark.parametrize('source', SOURCES)
@pytest.mark.parametrize('word', WORDS)
def test_a_word_in_the_name(told: Told, word: str, source: str) -> None:
    assert told.answer_for(f'words/{word or "none"}/{source}') == WORDS[word]


@pytest.mark.parametrize('setting', SETTINGS)
def test_a_setting_beside_the_key(told: Told, setting: str) -> None:
    answer = told.answer_for(f'settings/{list(SETTINGS).index(setting)}.yaml')
    assert answer == SETTINGS[setting]


@pytest.mark.parametrize('line', PROGRAMS)
def test_a_line_of_the_program(told: Told, line: str) -> None:
    assert told.answer_for(f'programs/{list(PROGRAMS).index(line)}.py') == PROGRAMS[line]


@pytest.mark.parametrize('case', NAMES_FIRST)
def test_the_name_says_more_than_what_is_around(told: Told, case: str) -> None:
    assert told.answer_for(f'names/{list(NAMES_FIRST).index(case)}.yaml') == NAMES_FIRST[case]


@pytest.mark.parametrize('source', UNNAMED)
@pytest.mark.parametrize('word', UNNAMED_WORDS)
def test_what_nobody_signs_for(told: Told, word: str, source: str) -> None:
    environment, severity = UNNAMED_WORDS[word], UNNAMED[source][1]
    is_test = environment in ('paper', 'testnet')
    want = Answer(
        environment, LOWERED[severity] if is_test else severity, 'harmless' if is_test else 'rotate'
    )
    assert told.answer_for(f'unnamed/{word}/{source}') == want


def test_the_reasons_name_the_kind_of_account(told: Told) -> None:
    """Whoever reads that a leak is harmless must see why it is said to be."""
    for word, expected in (
        ('paper', ['it belongs to a paper account: there is no money behind it']),
        ('testnet', ['it belongs to a test network: there is no money behind it']),
    ):
        (leak,) = told.judged[f'words/{word}/kraken.env']
        assert leak['verdict']['reasons'] == expected
    (leak,) = told.judged['words/prod/kraken.env']
    assert 'it says that it is live' in leak['verdict']['reasons']
    (leak,) = told.judged['unnamed/MY/wallet.env']
    assert 'nothing says that it is for tests only' in leak['verdict']['reasons']


def test_a_paper_key_alone_may_be_published_and_a_live_one_may_not(
    keylint: Run, tmp_path: Path
) -> None:
    for word, code in (('paper', 0), ('prod', 1)):
        git = Git(tmp_path / word)
        text = expand_recipes(put_word(SOURCES['kraken.py'], word), f'environments/{word}')
        git.write('settings.py', text)
        git.commit()
        assert keylint('publish', str(git.folder)).returncode == code
