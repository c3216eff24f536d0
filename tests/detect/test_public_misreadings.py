"""What was misread in public repositories, as forms without their values, and what it was like.

Each form is silent; its likeness, in which a value or a right really stands, is not.
"""

from __future__ import annotations

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes

# File, what was misread, what it was like, and the rule that the likeness has.
FORMS = {
    'a table of fees': (
        'prices.html',
        "const c = {{ exchanges: {{ 'CoinDCX': {{ basePrice: 87.2, fee: 1, withdrawal: 1 }} }} }};",
        "const c = {{ exchanges: {{ 'CoinDCX': {{ apiKey: process.env.K, withdrawal: 1 }} }} }};",
        'key-can-withdraw',
    ),
    'the status of a venue': (
        'status.ts',
        "const s = [{{ name: 'Binance', depositsEnabled: true, withdrawalsEnabled: true,"
        " reason: 'open' }}];",
        "const s = [{{ exchange: 'Binance', apiKey: process.env.K, enableWithdrawals: true }}];",
        'key-can-withdraw',
    ),
    'the rights of a user of the program': (
        'session.json',
        '{{"exchange": "binance", "user": {{"roles": ["a"], "permissions": ["trade"]}}}}',
        '{{"exchange": "binance", "key": {{"label": "a", "permissions": ["trade"]}}}}',
        'key-unrestricted-ip',
    ),
    'whether there is a secret': (
        'check.ts',
        "import ccxt from 'ccxt';\nconsole.log('secret:', !!process.env.KUCOIN_API_SECRET);",
        "import ccxt from 'ccxt';\nconsole.log('secret:', process.env.KUCOIN_API_SECRET);",
        'code-prints-secret',
    ),
    'ids in a table': (
        'trades.csv',
        '18302,"2017-06-22 23:36:17","AP9{alnum:14}","USD-JPY","short"',
        '18302,"2017-06-22 23:36:17","artifactory AP9{alnum:14}","USD-JPY"',
        'vendor-token',
    ),
    'the form of an address': (
        'app.yml',
        '# redis://:[password]@[hostname]:[port]/[db]',
        '# redis://:{alnum:20}@cache.example.net:6379/0',
        'database-uri-credential',
    ),
    'the head of a JSON Web Token': (
        'RedactTests.cs',
        '[InlineData("Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9")]',
        '[InlineData("Authorization: Bearer {alnum:36}")]',
        'generic-credential',
    ),
    'an address without 0x': (
        'decoder.ts',
        "const token1 = 'C02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2';",
        "const accessToken1 = '{hex:40}';",
        'generic-credential',
    ),
    'ids that end with an address': (
        'prices.ts',
        "const keys = ['bsc:pancakeswap:0x{hex:40}', 'ethereum:uniswap:0x{hex:40}'];",
        "const apiSecrets = ['{alnum:40}', '{alnum:40}'];",
        'generic-credential',
    ),
    'a verb before a type': (
        'predictor.ts',
        '// fix: Pass Float32Array directly to the tensor',
        '// fix: Pass = {pass:12} directly to the tensor',
        'generic-password',
    ),
    'half a private key': (
        'validate.ts',
        "process.env.WALLET_PRIVATE_KEY = '0x{hex:36}';",
        "process.env.WALLET_PRIVATE_KEY = '0x{evm}';",
        'evm-private-key-credential',
    ),
    'the log of git': (
        'HEAD',
        '{hex:40} {hex:40} Max <a@example.org> 1700000000 +0000\tcommit: token\n'
        '{hex:40} {hex:40} Max <a@example.org> 1700000001 +0000\tcommit: more',
        'access token\n{hex:40}\n',
        'generic-credential',
    ),
    'a coin of another chain': (
        'example.ts',
        "const c = await connectNetwork('a-testnet', 'ibc/{HEX:64}', 'adv4tnt');",
        "const c = await connectNetwork('{alnum:64}', '{alnum:64}');",
        'generic-credential',
    ),
    'a serialized message': (
        'proto.py',
        r"SERIALIZED_SEND_TOKEN = b'\n+{lower:30}\x12{lower:30}\x1a\x13\n\x07{alnum:20}'",
        "SERIALIZED_SEND_TOKEN = b'{alnum:40}'",
        'generic-credential',
    ),
    'names of constants': (
        'bundle.js',
        'a=["crypto_secretbox_xsalsa20poly1305_KEYBYTES","crypto_secretbox_KEYBYTES"]',
        'a={{"api_secret":"{alnum:40}"}}',
        'generic-credential',
    ),
    'a list of functions': (
        'mode.js',
        'a("vprintf|vpopmail_passwd|w32api_deftype|w32api_init_dtype|vsprintf")',
        'a("vpopmail_passwd={pass:12}")',
        'generic-password',
    ),
}


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


def find_rules(file: str, recipe: str, rules: Rules) -> set[str]:
    text = expand_recipes(recipe, recipe) + '\n'
    found = scan_blob(Blob(text.encode(), Origin(file)), rules, Config(severity='medium'))
    return {finding.rule for finding in found.findings}


@pytest.mark.parametrize('form', FORMS)
def test_a_form_that_was_misread_is_silent(form: str, rules: Rules) -> None:
    file, silent, _, _ = FORMS[form]
    assert find_rules(file, silent, rules) == set()


@pytest.mark.parametrize('form', FORMS)
def test_what_it_was_like_is_found(form: str, rules: Rules) -> None:
    file, _, loud, rule = FORMS[form]
    assert rule in find_rules(file, loud, rules)


def test_a_secret_with_the_word_of_another_vendor_is_not_the_neighbours(rules: Rules) -> None:
    text = expand_recipes(
        '  WEIBO_SECRET: {hex:32}\n\n  TWILIO_SID: {hex:6}\n  TWILIO_TOKEN: none\n', 'neighbours'
    )
    found = scan_blob(Blob(text.encode(), Origin('c.yml')), rules, Config(severity='medium'))
    assert [finding.issuer for finding in found.findings] == [None]
