"""Which environment a credential is said to belong to, and what follows: severity and verdict.

A test account lowers the severity and lets a repository be published, so an answer that changes
here changes what people publish. Only what is proven makes harmless; a guess lowers by one step.
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
    certainty: str
    severity: str
    verdict: str


UNKNOWN = Answer('unknown', 'unknown', 'critical', 'rotate')
LIVE = Answer('live', 'proven', 'critical', 'rotate')
PERHAPS_LIVE = Answer('live', 'likely', 'critical', 'rotate')
TESTNET = Answer('testnet', 'proven', 'medium', 'harmless')
PERHAPS = Answer('testnet', 'likely', 'high', 'rotate')

# A word in the name of a credential: of Binance (with a testnet), and of Kraken (without).
WORDS = {
    '': (UNKNOWN, UNKNOWN),
    'paper': (UNKNOWN, UNKNOWN),
    'simulated': (UNKNOWN, UNKNOWN),
    'live': (LIVE, LIVE),
    'prod': (LIVE, LIVE),
    'production': (LIVE, LIVE),
    'mainnet': (LIVE, LIVE),
    'testnet': (TESTNET, UNKNOWN),
    'demo': (TESTNET, UNKNOWN),
    'sandbox': (PERHAPS, UNKNOWN),
    'uat': (UNKNOWN, UNKNOWN),
    'practice': (UNKNOWN, UNKNOWN),
    'testing': (UNKNOWN, UNKNOWN),
    'sepolia': (UNKNOWN, UNKNOWN),
    'test': (UNKNOWN, UNKNOWN),
    'staging': (UNKNOWN, UNKNOWN),
    'alive': (UNKNOWN, UNKNOWN),
    'live_testnet': (UNKNOWN, UNKNOWN),
    'demo_prod': (UNKNOWN, UNKNOWN),
}
KRAKEN_KEY = '{base64:42}'
KRAKEN_SECRET = '{base64:64}'
KEY = SECRET = '{alnum:64}'
SOURCES = {
    'binance.env': f'BINANCE_WORD_API_KEY={KEY}\nBINANCE_WORD_API_SECRET={SECRET}\n',
    'binance.yaml': f'binance_word:\n  api_key: {KEY}\n  api_secret: {SECRET}\n',
    'binance.py': f"BINANCE_WORD_API_KEY = '{KEY}'\nBINANCE_WORD_API_SECRET = '{SECRET}'\n",
    'kraken.env': f'KRAKEN_WORD_API_KEY={KRAKEN_KEY}\nKRAKEN_WORD_API_SECRET={KRAKEN_SECRET}\n',
}
# What stands in the same mapping as a key of Binance, in YAML.
SETTINGS = {
    'mode: paper': UNKNOWN,
    'mode: live': UNKNOWN,
    'mode: test': UNKNOWN,
    'environment: test': UNKNOWN,
    'environment: prod': PERHAPS_LIVE,
    'env: sandbox': UNKNOWN,
    'env: testnet': TESTNET,
    'env: demo': PERHAPS,
    'network: mainnet': PERHAPS_LIVE,
    'network: testnet': TESTNET,
    'network: uat': UNKNOWN,
    'account_type: practice': UNKNOWN,
    'paper: true': UNKNOWN,
    'paper_trading: yes': UNKNOWN,
    'dry_run: on': UNKNOWN,
    'dry_run: off': UNKNOWN,
    'simulated: 1': UNKNOWN,
    'sandbox: true': TESTNET,
    'sandbox: false': LIVE,
    'demo: true': PERHAPS,
    'is_testnet: true': TESTNET,
    'testnet: 0': LIVE,
    'base_url: https://testnet.binance.vision': TESTNET,
    'base_url: https://api.binance.com': PERHAPS_LIVE,
    'testnet_url: https://testnet.binance.vision': UNKNOWN,
    'base_url: https://testnet.bybit.com': UNKNOWN,
    '# testnet: true': UNKNOWN,
}
# What stands below the keys of Binance in a program.
PROGRAMS = {
    'use_testnet = True': PERHAPS,
    'use_testnet = False': PERHAPS_LIVE,
    'connect(testnet=True)': UNKNOWN,
    "MODE = 'paper'": UNKNOWN,
    'dry_run = True': UNKNOWN,
    'client = Client(BINANCE_API_KEY, BINANCE_API_SECRET, testnet=True)': TESTNET,
    'client = Client(BINANCE_API_KEY, BINANCE_API_SECRET, testnet=False)': LIVE,
    'client = Client(BINANCE_API_KEY, BINANCE_API_SECRET)\nclient.set_sandbox_mode(True)': TESTNET,
    'client = Client(BINANCE_API_KEY, BINANCE_API_SECRET)\n'
    'client.setSandboxMode(enabled=True)': TESTNET,
    'client = Client(BINANCE_API_KEY, BINANCE_API_SECRET)\nother.set_sandbox_mode(True)': UNKNOWN,
    'client = Client(BINANCE_API_KEY, BINANCE_API_SECRET)\nclient.set_sandbox_mode(False)': LIVE,
    '# client.set_sandbox_mode(True)': UNKNOWN,
    "BASE_URL = 'https://testnet.binance.vision/api'": TESTNET,
    "BASE_URL = 'https://api.binance.com'\n"
    "TESTNET_URL = 'https://testnet.binance.vision'": PERHAPS_LIVE,
    "URLS = 'https://testnet.binance.vision', 'https://api.binance.com'": UNKNOWN,
    "URL = 'https://api.testnet.example/v1'": UNKNOWN,
}
# A name says more than what stands around it, and a name against its mapping nothing.
NAMES_FIRST = {
    'api_key: {key}\n  api_secret: {secret}/live/testnet: true': UNKNOWN,
    'live_api_key: {key}\n  live_api_secret: {secret}/x/testnet: true': LIVE,
    'testnet_api_key: {key}\n  testnet_api_secret: {secret}/x/testnet: false': TESTNET,
    'api_key: {key}\n  api_secret: {secret}/testnet/dry_run: true': TESTNET,
}
# Credentials of which nothing is known: no word makes them test keys.
UNNAMED = {
    'password.env': ('{WORD}_DB_PASSWORD={pass:18}\n', 'medium'),
    'wallet.env': ('{WORD}_WALLET_PRIVATE_KEY=0x{evm}\n', 'critical'),
}
UNNAMED_WORDS = {
    'MY': ('unknown', 'unknown'),
    'PROD': ('live', 'proven'),
    'MAINNET': ('live', 'proven'),
    'PAPER': ('unknown', 'unknown'),
    'TESTNET': ('unknown', 'unknown'),
    'SANDBOX': ('unknown', 'unknown'),
}
OPTIONS = ('--isolated', '--format', 'json')
# A random value may look like the token of some vendor as well; that is not the matter here.
BY_ACCIDENT = 'vendor-token'


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
            f'binance:\n  {setting}\n  api_key: {KEY}\n  api_secret: {SECRET}\n'
        )
    for number, line in enumerate(PROGRAMS):
        files[f'programs/{number}.py'] = put_word(SOURCES['binance.py'], '') + f'{line}\n'
    for number, case in enumerate(NAMES_FIRST):
        parts, word, setting = case.rsplit('/', 2)
        parts = parts.replace('{key}', KEY).replace('{secret}', SECRET)
        files[f'names/{number}.yaml'] = f'binance_{word}:\n  {setting}\n  {parts}\n'
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
        for key in ('environment', 'environment_certainty', 'environment_proof', 'severity'):
            assert leak[key] == finding[key]
        is_known = finding['environment'] != 'unknown'
        assert (finding['environment_proof'] is not None) == is_known
        return Answer(
            finding['environment'],
            finding['environment_certainty'],
            finding['severity'],
            leak['verdict']['action'],
        )


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
    want = WORDS[word][source.startswith('kraken')]
    assert told.answer_for(f'words/{word or "none"}/{source}') == want


@pytest.mark.parametrize('setting', SETTINGS)
def test_a_setting_beside_the_key(told: Told, setting: str) -> None:
    answer = told.answer_for(f'settings/{list(SETTINGS).index(setting)}.yaml')
    assert answer == SETTINGS[setting]


@pytest.mark.parametrize('line', PROGRAMS)
def test_a_line_of_the_program(told: Told, line: str) -> None:
    assert told.answer_for(f'programs/{list(PROGRAMS).index(line)}.py') == PROGRAMS[line]


@pytest.mark.parametrize('case', NAMES_FIRST)
def test_the_nearest_name_says_more(told: Told, case: str) -> None:
    assert told.answer_for(f'names/{list(NAMES_FIRST).index(case)}.yaml') == NAMES_FIRST[case]


@pytest.mark.parametrize('source', UNNAMED)
@pytest.mark.parametrize('word', UNNAMED_WORDS)
def test_what_nobody_signs_for(told: Told, word: str, source: str) -> None:
    want = Answer(*UNNAMED_WORDS[word], UNNAMED[source][1], 'rotate')
    assert told.answer_for(f'unnamed/{word}/{source}') == want


def test_the_reasons_give_the_proof(told: Told) -> None:
    """Whoever reads that a leak is harmless must see why it is said to be."""
    (leak,) = told.judged['words/testnet/binance.env']
    assert leak['verdict']['reasons'] == [
        'testnet: the word testnet in its name, line 1',
        'it belongs to a test network: there is no money behind it',
    ]
    (leak,) = told.judged['words/prod/kraken.env']
    assert 'live: the word prod in its name, line 1' in leak['verdict']['reasons']
    (leak,) = told.judged['words/none/binance.env']
    assert 'nothing proves that it is for tests only' in leak['verdict']['reasons']
    (leak,) = told.judged[f'settings/{list(SETTINGS).index("demo: true")}.yaml']
    assert (
        'likely testnet: setting demo true, line 2: a guess, which makes no key harmless'
        in leak['verdict']['reasons']
    )


def test_a_test_key_alone_may_be_published_and_a_live_one_may_not(
    keylint: Run, tmp_path: Path
) -> None:
    for word, code in (('testnet', 0), ('prod', 1), ('', 1)):
        git = Git(tmp_path / (word or 'none'))
        text = expand_recipes(put_word(SOURCES['binance.py'], word), f'environments/{word}')
        git.write('settings.py', text)
        git.commit()
        assert keylint('publish', str(git.folder)).returncode == code
