"""What was misread in bots that were read later, as forms without their values.

Each form is silent; its likeness, in which a secret really stands, is not.
"""

from __future__ import annotations

import hashlib

import pytest

from keylint.rules.load import Rules, load_rules
from tests.detect.test_public_misreadings import HEADER_AND_PAYLOAD, find_rules

HEAD = HEADER_AND_PAYLOAD.partition('.')[0]
# {"sub":"u","iat":1516239022}: the time of jwt.io's sample, which people take along.
PAYLOAD_OF_THE_SAMPLE = 'eyJzdWIiOiJ1IiwiaWF0IjoxNTE2MjM5MDIyfQ'
PHRASE = ' '.join(['abandon'] * 11 + ['about'])
SEED = hashlib.pbkdf2_hmac('sha512', PHRASE.encode(), b'mnemonic', 2048).hex()
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
        'res, err := t.XRP.AccountChannels("rHb9CJAWyB4rj91VRWn96DkukG4bwdtyTh",'
        ' "rrrrrrrrrrrrrrrrrrrrBZbvji")',
        'res, err := t.XRP.Account("{base58:34}", "{base58:34}")',
        'generic-credential',
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
    assert find_rules(file, silent, rules) == set()


@pytest.mark.parametrize('form', FORMS)
def test_what_it_was_like_is_found(form: str, rules: Rules) -> None:
    file, _, loud, rule = FORMS[form]
    assert rule in find_rules(file, loud, rules)
