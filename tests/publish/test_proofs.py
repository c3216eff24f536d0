"""`keylint publish` clears by proof only, and lists what was accepted or could not be read."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Repository, Run
from tests.publish.leaks import BINANCE, TESTNET, made, values

Published = Callable[..., dict[str, Any]]

# freqtrade's own default says `dry_run`, whatever keys stand beside it.
FREQTRADE = """{{
    "dry_run": true, "dry_run_wallet": 1000, "trading_mode": "spot",
    "exchange": {{"name": "binance", "key": "{alnum:64}", "secret": "{alnum:64}"}},
    "telegram": {{"enabled": true, "token": "{digits:10}:AA{urlsafe:33}", "chat_id": "1"}},
    "openai_api_key": "sk-proj-{alnum:64}",
    "aws": {{"aws_access_key_id": "AKIA{base32:16}", "aws_secret_access_key": "{base64:40}"}},
    "db_url": "postgresql://bot:{alnum:20}@db.trades.internal:5432/trades",
    "wallet": {{"private_key": "0x{evm}"}}
}}
"""
ACCOUNTS = """{{"accounts": [
 {{"exchange": "binance", "testnet": true, "apiKey": "{alnum:64}", "secret": "{alnum:64}"}},
 {{"exchange": "binance", "testnet": false, "apiKey": "{alnum:64}", "secret": "{alnum:64}"}}]}}
"""
TRUE_TESTNETS = {
    'settings.yaml': (
        'bybit:\n  testnet: true\n  api_key: {alnum:18}\n  api_secret: {alnum:36}\n'
        'alpaca:\n  api_key: PK{upper:18}\n  api_secret: {alnum:40}\n'
    ),
    'bot.py': (
        "import ccxt\nexchange = ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}})\n"
        'exchange.set_sandbox_mode(True)\n'
    ),
}

LIVE_PAIR = "BINANCE_API_KEY = '{alnum:64}'\nBINANCE_API_SECRET = '{alnum:64}'\n"


def actions(answer: dict[str, Any]) -> list[str]:
    return [leak['verdict']['action'] for leak in answer['leaks']]


def test_a_dry_run_of_the_bot_makes_nothing_harmless(
    repository: Repository, published: Published
) -> None:
    repository.write('config.json', made(FREQTRADE))
    repository.commit()
    answer = published()
    assert answer['verdict'] == 'not publishable'
    assert len(answer['leaks']) >= 6
    assert set(actions(answer)) == {'rotate'}
    assert {leak['environment'] for leak in answer['leaks']} == {'unknown'}
    assert answer['summary']['keys_tried'] == 0
    assert answer['summary']['to_revoke']['Binance'] == 1


def test_a_testnet_account_does_not_clear_the_one_beside_it(
    repository: Repository, published: Published
) -> None:
    repository.write('accounts.json', made(ACCOUNTS))
    repository.commit()
    answer = published()
    told = [(leak['verdict']['action'], leak['environment']) for leak in answer['leaks']]
    assert sorted(told) == [('harmless', 'testnet'), ('rotate', 'live')]


def test_a_bot_that_is_truly_on_testnets_may_be_published(
    repository: Repository, published: Published
) -> None:
    for name, text in TRUE_TESTNETS.items():
        repository.write(name, made(text, name))
    repository.commit()
    answer = published()
    assert (answer['verdict'], set(actions(answer))) == ('publishable', {'harmless'})
    proofs = {leak['environment_proof'] for leak in answer['leaks']}
    assert proofs == {
        'setting testnet true, line 2',
        'the form of the API key, line 6',
        'call set_sandbox_mode(true), line 3',
    }


@pytest.mark.parametrize(
    'line', ['USE_TESTNET=true\n', 'DEMO=true\n', 'DRY_RUN=true\n', '# BINANCE_TESTNET=true\n', '']
)
def test_a_guess_never_says_yes(repository: Repository, published: Published, line: str) -> None:
    text = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'
    repository.write('bot.env.txt', made(line + text, line))
    repository.commit()
    assert (published()['verdict'], actions(published())) == ('not publishable', ['rotate'])


def test_what_a_later_version_says_of_the_same_key_counts(
    repository: Repository, published: Published
) -> None:
    """A key that went live is none of a testnet because an old version says so."""
    text = 'bybit:\n  testnet: {}\n  api_key: {{alnum:18}}\n  api_secret: {{alnum:36}}\n'
    for switch in ('true', 'false', 'true'):
        repository.write('config.yaml', made(text.format(switch)))
        repository.commit()
    answer = published()
    assert [(leak['environment'], leak['severity']) for leak in answer['leaks']] == [
        ('live', 'critical')
    ]


def test_what_the_work_tree_says_of_the_same_key_counts(
    repository: Repository, published: Published
) -> None:
    text = 'bybit:\n  testnet: {}\n  api_key: {{alnum:18}}\n  api_secret: {{alnum:36}}\n'
    repository.write('config.yaml', made(text.format('true')))
    repository.commit()
    repository.write('config.yaml', made(text.format('false')))
    answer = published()
    assert (actions(answer), answer['leaks'][0]['severity']) == (['rotate'], 'critical')


@pytest.mark.parametrize(
    ('mark', 'action', 'code'),
    [
        ('# keylint: ignore[binance-credential] made for a test\n', 'accepted', 1),
        ('# keylint: ignore[binance-credential]\n', 'rotate', 1),
    ],
)
def test_what_a_mark_accepts_is_listed_as_still_there(
    repository: Repository, keylint: Run, mark: str, action: str, code: int
) -> None:
    text = "BINANCE_API_KEY = '{alnum:64}'\nBINANCE_API_SECRET = '{alnum:64}'\n"
    repository.write('bot.py', mark + made(text))
    repository.commit()
    done = keylint('publish', str(repository.folder))
    assert done.returncode == code
    assert ('ACCEPTED, BUT STILL THERE' in done.stdout) == (action == 'accepted')
    assert ('1 accepted, but still there' in done.stdout) == (action == 'accepted')
    assert ('unless you stand by what was accepted' in done.stdout) == (action == 'accepted')
    done = keylint('publish', str(repository.folder), '--format', 'json')
    assert actions(json.loads(done.stdout)) == [action]


@pytest.mark.parametrize(('option', 'is_kept'), [((), False), (('--keep-harmless',), True)])
def test_what_is_harmless_is_purged_as_well(
    repository: Repository, keylint: Run, tmp_path: Path, option: tuple[str, ...], is_kept: bool
) -> None:
    repository.write('live.json', made(BINANCE))
    repository.write('test.py', made(TESTNET, 'testnet'))
    repository.commit()
    plan = tmp_path / 'plan'
    keylint('publish', str(repository.folder), '--plan', str(plan), *option)
    replaced = (plan / 'SECRET-replacements.txt').read_text()
    held = values(made(TESTNET, 'testnet'))
    assert len(held) == 2
    assert all((value not in replaced) == is_kept for value in held)
    assert all(value in replaced for value in values(made(BINANCE)))


def test_a_shallow_clone_is_completed_first(
    repository: Repository, keylint: Run, tmp_path: Path
) -> None:
    for text in ('1', '2'):
        repository.write('a.txt', text)
        repository.commit()
    where = tmp_path / 'other'
    command = ['git', 'clone', '-q', '--depth', '1', repository.folder.as_uri(), str(where)]
    subprocess.run(command, check=True)
    done = keylint('publish', str(where))
    assert done.returncode == 2
    assert '1. Get what is missing, and ask again' in done.stdout
    assert f'$ git -C {where} fetch --unshallow' in done.stdout
    assert '. Publish\n' not in done.stdout
    subprocess.run(['git', '-C', str(where), 'fetch', '-q', '--unshallow', '--tags'], check=True)
    done = keylint('publish', str(where))
    assert (done.returncode, done.stdout.startswith('Yes')) == (0, True)


def test_a_partial_clone_is_completed_first(
    repository: Repository, keylint: Run, tmp_path: Path
) -> None:
    repository.git('config', 'uploadpack.allowFilter', 'true')
    for text in ('1', '2'):
        repository.write('a.txt', text)
        repository.commit()
    where = tmp_path / 'other'
    command = ['git', 'clone', '-q', '--bare', '--filter=blob:none', repository.folder.as_uri()]
    subprocess.run([*command, str(where)], check=True)
    done = keylint('publish', str(where))
    assert done.returncode == 2
    assert 'This is a partial clone' in done.stdout
    assert f'$ git -C {where} fetch --refetch origin' in done.stdout
    assert '. Publish\n' not in done.stdout


def test_the_first_lines_count_what_to_revoke(repository: Repository, keylint: Run) -> None:
    repository.write('a.json', made(BINANCE))
    repository.write('b.json', made(BINANCE, 'second'))
    repository.write(
        'k.env.txt', made('KRAKEN_API_KEY={base64:56}\nKRAKEN_API_SECRET={base64:86}==\n')
    )
    repository.write('t.py', made(TESTNET, 'testnet'))
    repository.commit()
    done = keylint('publish', str(repository.folder), COLUMNS='160')
    first = done.stdout.split('\n')[:3]
    assert first[0].startswith('No: do not publish this yet')
    assert first[1] == (
        'Revoke today: 3 credentials (2 Binance, 1 Kraken); none proven to be for tests only. '
        'No key was tried.'
    )
    assert '3 to rotate before publishing, 1 harmless' in first[2]


@pytest.mark.parametrize(
    'line', ['RAPIDAPI_KEY={alnum:50}\n', 'MOBULA_API_KEY={uuid}\n', 'BIRDEYE_API_KEY={hex:32}\n']
)
def test_a_key_without_a_dossier_may_be_whole(
    repository: Repository, keylint: Run, line: str
) -> None:
    repository.write('bot.env.txt', made(line))
    repository.commit()
    text = keylint('publish', str(repository.folder)).stdout
    assert 'useless without its secret' not in text


@pytest.mark.parametrize(
    ('setting', 'key'),
    [
        ('ignore = ["binance"]', 'ignore'),
        ('select = ["kraken"]', 'select'),
        ('[per-path-ignores]\n"*.py" = ["binance"]', 'per-path-ignores'),
        ('severity = "critical"\nignore = ["binance-credential"]', 'ignore'),
    ],
)
def test_what_the_configuration_hides_is_listed_as_still_there(
    repository: Repository, keylint: Run, published: Published, setting: str, key: str
) -> None:
    repository.write('keylint.toml', f'{setting}\n')
    repository.write('bot.py', made(LIVE_PAIR))
    repository.commit()
    answer = published()
    assert actions(answer) == ['accepted']
    assert answer['verdict'] != 'publishable'
    assert f'hidden by {key}' in answer['leaks'][0]['verdict']['reasons'][0]
    done = keylint('publish', str(repository.folder))
    assert done.returncode == 1
    assert 'unless you stand by what was accepted' in done.stdout


@pytest.mark.parametrize('mark', ['', '  # keylint: ignore[binance-credential] made for a test'])
def test_what_is_proven_harmless_hinders_nothing_though_it_is_accepted(
    repository: Repository, published: Published, mark: str
) -> None:
    repository.write('keylint.toml', '' if mark else 'ignore = ["binance"]\n')
    lines = made(TESTNET, 'testnet').splitlines()
    repository.write('test.py', '\n'.join(f'{line}{mark}' for line in lines) + '\n')
    repository.commit()
    answer = published()
    assert (actions(answer), answer['verdict']) == (['harmless'], 'publishable')


def test_a_baseline_accepts_nothing_that_is_published(
    repository: Repository, keylint: Run, published: Published
) -> None:
    repository.write('bot.py', made(LIVE_PAIR))
    repository.commit()
    assert keylint('baseline', 'create', cwd=repository.folder).returncode == 0
    assert keylint('scan', cwd=repository.folder).returncode == 0
    assert actions(published()) == ['rotate']


def test_an_id_alone_is_purged_among_tests_too(
    repository: Repository, published: Published
) -> None:
    """It names the account; whoever made it up says so by a mark."""
    line = made("AWS_KEY = 'AKIA{base32:16}'")
    repository.write('tests/test_store.py', f'{line}\n')
    repository.commit()
    answer = published()
    assert (answer['verdict'], actions(answer)) == ('not publishable', ['purge'])
    repository.write('tests/test_store.py', f'{line}  # keylint: ignore[aws-credential] made up\n')
    repository.commit()
    assert actions(published()) == ['accepted']
