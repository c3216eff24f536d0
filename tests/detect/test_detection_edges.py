"""Single decisions of detection, each with a case on both sides."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Run
from tests.hiding import Git

PAIR = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'


def make(recipe: str) -> str:
    return expand_recipes(recipe, 'edges')


def scan(keylint: Run, folder: Path, name: str, data: str | bytes) -> list[dict[str, Any]]:
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    arguments = ('scan', name, '--isolated', '--pedantic', '--show-secrets', '--format', 'json')
    done = keylint(*arguments, cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    document = json.loads(done.stdout)
    assert document['failures'] == []
    found: list[dict[str, Any]] = document['findings']
    return found


# Values that are paths, names that promise a token


VALUES = {
    'a short path': ('APP_SECRET=/run/Kx8/9zQw3T/v7Lp2\n', 0),
    'a longer one': ('DB_SECRET=/r3nK/x8Q9zQw/3Tv7Lp2mN\n', 0),
    'a path of words': ('APP_SECRET=services/production/binance_trading_secret\n', 0),
    'a path of words, from here': ('KEY_SECRET=./app/config/secrets/binance\n', 0),
    'a long random value with slashes': ('APP_SECRET=/{alnum:20}/{alnum:20}/{alnum:20}\n', 1),
    'random pieces that begin like names': ('A_SECRET=a{alnum:12}/b{alnum:12}/c{alnum:12}\n', 1),
    'one slash alone': ('APP_SECRET=/{alnum:24}\n', 1),
    'bearer': ('bearer: {alnum:40}\n', 1),
    'token': ('token: {alnum:40}\n', 1),
    'the name of a bearer': ('bearer_name: {alnum:40}\n', 0),
}


@pytest.mark.parametrize('name', VALUES)
def test_what_is_taken_for_a_value(keylint: Run, tmp_path: Path, name: str) -> None:
    text, count = VALUES[name]
    file = 'settings.yaml' if ': ' in text else 'settings.env'
    assert len(scan(keylint, tmp_path, file, make(text))) == count


@pytest.mark.parametrize(
    ('value', 'is_told'),
    [('secrets/okx/pass', False), ('./secrets/okx/', False), ('secrets/okx-pass1', True)],
)
def test_a_path_of_names_is_no_passphrase(
    keylint: Run, tmp_path: Path, value: str, is_told: bool
) -> None:
    text = make('OKX_KEY={uuid}\nOKX_SECRET={HEX:32}\n') + f'OKX_PASSPHRASE={value}\n'
    (finding,) = scan(keylint, tmp_path, 'settings.env', text)
    assert ('passphrase' in [part['role'] for part in finding['parts']]) is is_told


DAY = 86400


@pytest.mark.parametrize(
    ('seconds', 'confidence'),
    [(3600, 'low'), (30 * DAY, 'low'), (90 * DAY, 'medium'), (0, 'medium'), (-3600, 'medium')],
)
def test_a_token_of_a_session_is_told_with_low_confidence(
    keylint: Run, tmp_path: Path, seconds: int, confidence: str
) -> None:
    issued = 1_700_000_000
    payload = {'iat': issued, 'exp': issued + seconds, 'sub': 'bot'}
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b'=').decode()
        for part in ({'alg': 'HS256', 'typ': 'JWT'}, payload)
    ]
    token = '.'.join([*parts, make('{base64url:32}')])
    (finding,) = scan(keylint, tmp_path, 'settings.env', f'SESSION_TOKEN={token}\n')
    assert (finding['rule'], finding['confidence']) == ('generic-credential', confidence)


# Encoded texts


def encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_base64_that_is_none_is_not_decoded(keylint: Run, tmp_path: Path) -> None:
    whole = encode(make(PAIR)).rstrip('=')
    padded = whole + '=' * (-len(whole) % 4)
    assert len(scan(keylint, tmp_path, 'a.txt', f'data = "{padded}"\n')) == 1
    assert len(scan(keylint, tmp_path, 'a.txt', f'data = "{whole}"\n')) == 1
    inner = f'{whole[:40]}={whole[40:]}'
    assert scan(keylint, tmp_path, 'a.txt', f'data = "{inner}"\n') == []
    impossible = whole[: len(whole) // 4 * 4] + 'A'
    assert len(impossible) % 4 == 1
    assert scan(keylint, tmp_path, 'a.txt', f'data = "{impossible}"\n') == []


@pytest.mark.parametrize('before', ['', 'x?', 'xy'])
def test_both_alphabets_of_base64(keylint: Run, tmp_path: Path, before: str) -> None:
    """Question marks and tildes become the signs in which the two alphabets differ."""
    text = f'{before}~~?>~~\n' + make(PAIR) + '# ~~~???>>>\n'
    standard = encode(text)
    url_safe = base64.urlsafe_b64encode(text.encode()).decode()
    assert standard != url_safe
    for run in (standard, url_safe):
        (finding,) = scan(keylint, tmp_path, 'a.txt', f'data = "{run}"\n')
        assert (finding['rule'], len(finding['parts'])) == ('binance-credential', 2)


# Texts that a program puts together


JOINED = {
    'a list': ("''.join(['{alnum:32}', '{alnum:32}'])", 64),
    'a list with neighbours in it': ("''.join(['{alnum:24}' '{alnum:8}', '{alnum:32}'])", 64),
    'a sum in brackets': ("('{alnum:32}' + '{alnum:32}')", 64),
    'neighbours': ("'{alnum:32}' '{alnum:32}'", 64),
    'neighbours on two lines': ("('{alnum:32}'\n    '{alnum:32}')", 64),
    'a sum': ("'{alnum:32}' + '{alnum:32}'", 64),
    'a sum of which a part is unknown': ("'{alnum:32}' + tail", 32),
}


@pytest.mark.parametrize('name', JOINED)
def test_a_secret_that_is_put_together(keylint: Run, tmp_path: Path, name: str) -> None:
    text, length = JOINED[name]
    program = f"BINANCE_API_KEY = '{{alnum:64}}'\nBINANCE_API_SECRET = {text}\n"
    (finding,) = scan(keylint, tmp_path, 'bot.py', make(program))
    assert [len(part['value']) for part in finding['parts']] == [64, length]


@pytest.mark.parametrize('name', [name for name, (_, length) in JOINED.items() if length == 64])
def test_the_history_holds_what_a_program_put_together(
    keylint: Run, tmp_path: Path, name: str
) -> None:
    """Nothing else in the file tells that it may hold a secret."""
    git = Git(tmp_path / 'bot')
    git.write('bot.py', make(f'BINANCE_API_SECRET = {JOINED[name][0]}\n'))
    git.commit()
    git.write('bot.py', 'print(1)\n')
    git.commit()
    arguments = ('scan', '--history', '.', '--isolated', '--show-secrets', '--format', 'json')
    (finding,) = json.loads(keylint(*arguments, cwd=git.folder).stdout)['findings']
    assert [len(part['value']) for part in finding['parts']] == [64]


# What belongs together


def test_the_key_of_a_wallet_beside_the_address_of_a_node(keylint: Run, tmp_path: Path) -> None:
    text = "URL = 'https://mainnet.infura.io/v3/{hex:32}'\nWALLET_PRIVATE_KEY = '0x{evm}'\n"
    found = scan(keylint, tmp_path, 'bot.py', make(text))
    assert [(finding['rule'], finding['severity']) for finding in found] == [
        ('infura-credential', 'medium'),
        ('evm-private-key-credential', 'critical'),
    ]


# Marks


def test_a_mark_with_a_byte_that_is_no_utf_8(keylint: Run, tmp_path: Path) -> None:
    """The file is read to its end, and the mark covers what it names."""
    first = b'BINANCE_API_SECRET = "VALUE"  # keylint: ignore[binance-credential, caf\xe9] old\n'
    second = b'KRAKEN_API_SECRET = "VALUE"  # keylint: ignore[caf\xe9] not this one\n'
    data = first.replace(b'VALUE', make('{alnum:64}').encode())
    data += second.replace(b'VALUE', make('{base64:64}').encode())
    found = scan(keylint, tmp_path, 'bot.py', data)
    assert [(finding['issuer'], finding['state']) for finding in found] == [
        ('binance', 'suppressed'),
        ('kraken', 'open'),
    ]


# git's own settings that would travel with a copy of the folder


SETTINGS = {
    'a header that says who asks': ('http.extraHeader', 'Authorization: Basic {alnum:24}', True),
    'a header with a token': ('http.extraHeader', 'X-Token: {alnum:24}', True),
    'another header': ('http.extraHeader', 'Accept-Language: de', False),
    'another name': ('http.userAgent', 'Authorization', False),
    'an address with a password': (
        'url.https://bot:{alnum:20}@example.org/.insteadOf',
        'https://example.org/',
        True,
    ),
    'an address without one': ('url.https://example.com/.insteadOf', 'https://example.org/', False),
    'a token': ('bot.apiToken', '{alnum:24}', True),
    'a short value': ('bot.apiToken', 'none', False),
    'seven characters': ('bot.apiToken', '{alnum:7}', False),
    'eight characters': ('bot.apiToken', '{alnum:8}', True),
}


@pytest.mark.parametrize('name', SETTINGS)
def test_settings_of_git_that_hold_credentials(keylint: Run, tmp_path: Path, name: str) -> None:
    setting, value, is_told = SETTINGS[name]
    git = Git(tmp_path / 'bot')
    git.commit()
    git('config', make(setting), make(value))
    done = keylint('publish', '.', '--format', 'json', cwd=git.folder)
    kinds = [item['kind'] for item in json.loads(done.stdout)['exposures']]
    assert kinds == ['git-config'] * is_told
    assert make('{alnum:20}') not in done.stdout
