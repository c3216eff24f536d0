"""What was misread in bots that were read later, as forms without their values.

Each form is silent; its likeness, in which a secret really stands, is not.
"""

from __future__ import annotations

import base64
import hashlib

import base58
import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes
from tests.detect.misread_forms import find_rules
from tests.detect.test_public_misreadings import HEADER_AND_PAYLOAD

HEAD = HEADER_AND_PAYLOAD.partition('.')[0]
# {"sub":"u","iat":1516239022}: the time of jwt.io's sample, which people take along.
PAYLOAD_OF_THE_SAMPLE = 'eyJzdWIiOiJ1IiwiaWF0IjoxNTE2MjM5MDIyfQ'
PHRASE = ' '.join(['abandon'] * 11 + ['about'])
SEED = hashlib.pbkdf2_hmac('sha512', PHRASE.encode(), b'mnemonic', 2048).hex()
ACCOUNTS = [
    base58.b58encode_check(b'\0' + bytes(range(n, n + 20)), base58.RIPPLE_ALPHABET).decode()
    for n in (7, 90)
]
TWICE = hashlib.sha512(b'twice').hexdigest()[:60] + 'kjhg'
MASH = ''.join('asdfghjklqwer'[(n**3 + 5 * n * n // 3) % 13] for n in range(64))
LOGIN = base64.b64encode(b'admin:testnet_admin').decode()
DEFAULT = base64.b64encode(b'{"session_id": "default"}').decode()
WORDS = base64.b64encode(b'this is a local secret').decode()
SIGNED = f'{HEADER_AND_PAYLOAD}.{{alnum:43}}'
# File, what was misread, what it was like, and the rule that the likeness has.
FORMS = {
    'words behind the head of a token': (
        'auth.rs',
        f'let token = "{HEAD}.test.token"; let auth_token = "{HEAD}.payload.signature";',
        f'let auth_token = "{SIGNED}";',
        'generic-credential',
    ),
    'a word behind the head of a token': (
        '.env.example',
        f'# JITO_AUTH={HEAD}.example',
        f'# JITO_AUTH={SIGNED}',
        'generic-credential',
    ),
    'a payload before a word': (
        'answer.json',
        f'{{{{"token": "{HEADER_AND_PAYLOAD}.signature", "refresh_token": "{HEAD}.refresh.sig"}}}}',
        f'{{{{"token": "{SIGNED}"}}}}',
        'generic-credential',
    ),
    'a token with the time of the sample': (
        'auth.go',
        f'RefreshToken: "{HEAD}.{PAYLOAD_OF_THE_SAMPLE}.{{alnum:43}}",',
        f'RefreshToken: "{SIGNED}",',
        'generic-credential',
    ),
    'the password of a demo': (
        'demo.py',
        'USERS = [{{"email": "dev@example.com", "password": "DevPass123!"}},'
        ' {{"password": "Admin@123456"}}, {{"password": "trader_2024"}}]',
        'USERS = [{{"email": "dev@example.com", "password": "{pass:14}"}}]',
        'generic-password',
    ),
    'the rest of an escape': (
        'report.json',
        '{{"source": "assert!(verify_password(password, \\u0026hashed).unwrap());"}}',
        '{{"source": "let password = \\"{pass:14}\\";"}}',
        'generic-password',
    ),
    'addresses of the XRP Ledger': (
        'account_test.go',
        f'res, err := t.XRP.AccountChannels("{ACCOUNTS[0]}", "{ACCOUNTS[1]}")',
        'res, err := t.XRP.Account("{base58:34}", "{base58:34}")',
        'generic-credential',
    ),
    'letters hit at random': (
        'README.md',
        f'"auth": {{{{"key": "{MASH}", "secret": "{MASH[::-1]}"}}}} // binance',
        '"auth": {{"key": "{alnum:64}", "secret": "{alnum:64}"}} // binance',
        'binance-credential',
    ),
    'the alphabet behind a word': (
        'ControllerTest.kt',
        'Request(appSecret = "SECRET1234567890ABCDEFGHIJKLMNOPQRSTUVWX")',
        'Request(appSecret = "SECRET{alnum:34}")',
        'generic-credential',
    ),
    'a log-in of a test network in a header': (
        'collection.json',
        '{{"header": [{{"key": "Authorization", "value": "Basic ' + LOGIN + '"}}]}}',
        '{{"header": [{{"key": "Authorization", "value": "Basic {base64:40}"}}]}}',
        'generic-credential',
    ),
    'words in base64 in an address': (
        '.env.dev',
        f'DATABASE_URL=postgresql://bot:{WORDS}@localhost/bot',
        'DATABASE_URL=postgresql://bot:{alnum:28}@localhost/bot',
        'database-uri-credential',
    ),
    'results of checks in a table': (
        'report.md',
        '| check | result | where |\n|---|---|---|\n'
        '| lint | **PASS** | `plan-{hex:8}` (track B) |\n'
        '| audit of one in ten modules | **PASS** | `notional <= 100k` for `mode-{hex:8}.0` |\n'
        '| cover | ✅ PASSED | `lcov-{hex:8}` |',
        '| what | value |\n|---|---|\n| PASS | {pass:14} |',
        'generic-password',
    ),
    'the next parameter of a request': (
        'auth.md',
        '`POST /token` with `grant_type=refresh_token`, `client_id={uuid}`, scopes: `a:b`',
        '`POST /token` with `refresh_token={alnum:40}`, scopes: `a:b`',
        'generic-credential',
    ),
    'a list of models': (
        'providers.h',
        'P{{"local", "http://127.0.0.1:11434/v1", "qwen3:8b", "LOCAL_LLM_API_KEY",'
        ' "qwen3:0.6b,qwen3:1.7b,qwen3:4b,qwen3:8b,qwen3:14b,qwen3:30b-a3b,qwen3:32b,'
        'deepseek-r1:8b,deepseek-r1:14b,llama3.3:70b,mistral-small:24b,gemma3:27b"}}',
        'P{{"local", "http://127.0.0.1:11434/v1", "qwen3:8b", "LOCAL_LLM_API_KEY", "{alnum:40}"}}',
        'generic-credential',
    ),
    'mints of a test': (
        'scoring_tests.rs',
        'let token = "TokenOfTheTest'
        + '1' * 27
        + '"; let secret_token = "SlowPath'
        + '2' * 33
        + '";',
        'let secret_token = "{alnum:41}";',
        'generic-credential',
    ),
    'digests one a line': (
        'evidence/normalized.hashes',
        '{hex:64}\n{hex:64}\n{hex:64}',
        '0x{hex:64}\n0x{hex:64}\n0x{hex:64}',
        'evm-private-key-credential',
    ),
    'the default token of a library': (
        'plot.html',
        f'<script>n.DEFAULT_TOKEN="{DEFAULT}";</script>',
        '<script>n.DEFAULT_TOKEN="{alnum:34}";</script>',
        'generic-credential',
    ),
    'letters and digits in turn': (
        'test_hooks.py',
        'URL = "https://discord.com/api/webhooks/123456789012345678/'
        'XYZ123abc456RST789efg012MNO345pqr678STU901vwx234YZA567bcd890EFG"',
        'URL = "https://discord.com/api/webhooks/{digits:18}/{alnum:68}"',
        'discord-credential',
    ),
    'one value for key and secret': (
        'README.md',
        f'"auth": {{{{"key": "{TWICE}", "secret": "{TWICE}"}}}} // binance',
        '"auth": {{"key": "{alnum:64}", "secret": "{alnum:64}"}} // binance',
        'binance-credential',
    ),
    'the seed of a published phrase': (
        'wallet_test.go',
        f'expectedSeedHex := "{SEED}"',
        'expectedSeedHex := "{hex:128}"',
        'generic-credential',
    ),
}


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


@pytest.mark.parametrize('form', FORMS)
def test_a_form_that_was_misread_is_silent(form: str, rules: Rules) -> None:
    file, silent, _, _ = FORMS[form]
    assert find_rules(file, silent, rules, 'low') == set()


@pytest.mark.parametrize('form', FORMS)
def test_what_it_was_like_is_found(form: str, rules: Rules) -> None:
    file, _, loud, rule = FORMS[form]
    assert rule in find_rules(file, loud, rules, 'low')


@pytest.mark.parametrize('scheme', ['Basic', 'Bearer', 'bearer', 'Token'])
@pytest.mark.parametrize(
    ('file', 'text'),
    [
        ('headers.json', '{{"Authorization": "SCHEME {alnum:40}"}}'),
        ('c.json', '{{"header": [{{"key": "Authorization", "value": "SCHEME {alnum:40}"}}]}}'),
        ('c.yaml', 'headers:\n- name: Authorization\n  value: SCHEME {alnum:40}'),
    ],
)
def test_a_token_in_a_header_is_one_finding(
    file: str, text: str, scheme: str, rules: Rules
) -> None:
    text = expand_recipes(text.replace('SCHEME', scheme), 'header')
    found = scan_blob(Blob(text.encode(), Origin(file)), rules, Config(severity='medium')).findings
    places = [part.place for one in found for part in one.parts]
    assert [place.end_column - place.column for place in places] == [40]


def test_a_passphrase_of_many_small_letters_is_a_part(rules: Rules) -> None:
    words = 'the correct horse battery staple for bots'.replace(' ', '')
    text = 'OKX_API_KEY={uuid}\nOKX_SECRET_KEY={HEX:32}\nOKX_PASSPHRASE=' + words + '\n'
    data = expand_recipes(text, 'passphrase').encode()
    [found] = scan_blob(Blob(data, Origin('.env')), rules, Config()).findings
    assert {part.role for part in found.parts} == {'api-key', 'secret', 'passphrase'}
