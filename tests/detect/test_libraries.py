"""What public libraries hold that looks like a credential and is none."""

from __future__ import annotations

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes

NOTHING = {
    'the generator of a curve beside the name of an exchange': (
        'bundle.js',
        'var bingx={{'
        'Gx:BigInt("0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"),'
        'Gy:BigInt("0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8")}};',
    ),
    'the generator of a curve as a private key': (
        'a.py',
        "private_key = '0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296'",
    ),
    'two numbers of a chain beside the name of an exchange': (
        'bundle.js',
        '// bingx\nconst points = ["0x{hex:64}", "0x{hex:64}"];',
    ),
    'serialized options of a message': (
        'keys_pb2.py',
        "_PRIVKEY._options = b'\\212\\347\\260*\\033tendermint/PrivKeySecp256k1\\222'",
    ),
    'the id of a coin': ('a.js', '// Crypto_Token__: "crtok-ptabkh-ra4r-anbd-cqra-bqfbtnba"'),
    'what counts requests': ('a.js', '// "rateLimitToken": "{hex:64}"'),
    'where a list goes on': ('a.json', '{{"nextPageToken": "{base64url:40}"}}'),
    'a code of a gift card': ('a.js', '// "code": "AP6EXTLKNHM6CEX7"'),
    'a value that is passed': ('a.py', "check.passValue('str\\xc0\\x80ing')"),
    'the name of another password': ('a.js', 'var a={{password:"l2Passphrase"}}'),
    'a word among others': ('words.txt', 'barnes\npassword06\n{alnum:10}\nsunny'),
    'errors about addresses': (
        'binance.py',
        "errors = {{'apiKey ip_whitelist': PermissionDenied, 'ip': errors.AuthenticationError}}",
    ),
    'what a request costs': (
        'binance.py',
        "# binance apiKey\nlimits = {{'api': {{'sapi': {{'order': 0.1, 'ip': 0.1}}}}}}",
    ),
}


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


@pytest.mark.parametrize('case', NOTHING)
def test_what_libraries_hold_is_silent(case: str, rules: Rules) -> None:
    name, recipe = NOTHING[case]
    text = expand_recipes(recipe, case)
    result = scan_blob(Blob(text.encode(), Origin(name)), rules, Config())
    assert [finding.rule for finding in result.findings] == []
