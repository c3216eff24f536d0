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
from tests.detect.misread_forms import find_rules

HEADER_AND_PAYLOAD = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9' + '.eyJ1c2VyX2lkIjoiMTIzIn0'
# File, what was misread, what it was like, and the rule that the likeness has.
FORMS = {
    'a number of JavaScript': (
        'reward.mdx',
        'const rewardPerToken = await actions.getReward(client)\n// globalRewardPerToken:'
        ' {digits:21}n\n',
        'const rewardBotToken = "{alnum:40}"\n',
        'generic-credential',
    ),
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
    'the scope of a selector': (
        'app.css',
        '.login .show-pwd[data-v-{hex:8}]{{position:absolute;right:10px}}',
        '.login .show-pwd {{ content: "{alnum:8}" }} /* pwd: "{pass:12}" */',
        'generic-password',
    ),
    'models of widgets in a notebook': (
        'state.json',
        '{{"a": "binance okx", "children": [\n "IPY_MODEL_{hex:32}",\n "IPY_MODEL_{hex:32}",\n'
        ' "IPY_MODEL_{hex:32}"\n]}}',
        '{{"a": "binance okx", "apiKey": "{alnum:64}",\n "secretKey": "{alnum:64}"}}',
        'binance-credential',
    ),
    'a token with the signature of another': (
        'auth.go',
        f'AccessToken: "{HEADER_AND_PAYLOAD}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",\n'
        f'RefreshToken: "{HEADER_AND_PAYLOAD}.oK5oK5oK5oK5oK5oK5oK5oK5oK5oK5oK5oK5oK5oK5o",',
        f'AccessToken: "{HEADER_AND_PAYLOAD}.{{alnum:43}}",',
        'generic-credential',
    ),
    'an account of NEAR': (
        'route.js',
        "const c = {{ routeInputToken: 'aurora',"
        " routeOutputToken: '{hex:40}.factory.bridge.near' }}",
        "const c = {{ accessToken: '{hex:40}' }}",
        'generic-credential',
    ),
    'a value that a test asks about': (
        'wallet.test.ts',
        "expect(isSolPrivateKey('{base58:55}')).toEqual(false);\n"
        "expect(isEthPrivateKey(\n  '{lower:2}g{lower:5}{hex:56}'\n)).toEqual(false);",
        "expect(isSolPrivateKey('{solana}')).toEqual(true);",
        'solana-keypair-credential',
    ),
    'the connection to a database': (
        'db.js',
        '// binance\nconst c = new Pool({{ ssl: {{\n  rejectUnauthorized: false\n}} }});',
        '// binance\nconst c = new https.Agent({{ rejectUnauthorized: false }});',
        'code-insecure-connection',
    ),
    'rules of a firewall': (
        'setup.md',
        '# gate.io\naws ec2 authorize-security-group-egress --ip-permissions \\\n'
        '\'[{{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"IpRanges":[{{"CidrIp":"0.0.0.0/0"}}]}}]\'',
        '{{"exchange": "gate", "apiKey": "x", "ipWhitelist": ["0.0.0.0/0"]}}',
        'key-ip-too-broad',
    ),
    'the name of the next entry': (
        'buckets.py',
        'T = {{  # kraken\n "{uuid}": "exchange auth",\n "{uuid}": "exchange auth",\n}}',
        'T = ("exchange auth token", "{alnum:40}")',
        'generic-credential',
    ),
    'a name in a sentence': (
        'signals.py',
        '"""Prefer the other one. Never pass raw ``volume_24h``\n into the engine."""',
        '"""Log in with password: {pass:14}"""',
        'generic-password',
    ),
    'words in leet': (
        'settings.json',
        '{{"WebhookSecretToken": "s3cr3t-w3bh00k-t0k3n"}}',
        '{{"WebhookSecretToken": "{alnum:20}"}}',
        'generic-credential',
    ),
    'a short word in base64': (
        'mongo.yaml',
        'data:\n  MONGO_ROOT_PASSWORD: cGFzc3dvcmQ=',
        'data:\n  MONGO_ROOT_PASSWORD: {pass:12}',
        'generic-password',
    ),
    'what is printed masked': (
        'check.py',
        'import ccxt  # binance\nprint(f"a: {{_mask(api_secret)}} {{preview_secret(api_secret)}}")',
        'import ccxt  # binance\nprint(f"a: {{unmask_all}} {{api_secret}}")',
        'code-prints-secret',
    ),
    'the name of a variable': (
        'move.py',
        'import ccxt  # binance\nsecret_key = f"BINANCE_{{x}}_API_SECRET"\n'
        'value = os.environ.get(secret_key)\nlogger.warning(f"no {{secret_key}}")',
        'import ccxt  # binance\nsecret_key = os.environ.get("BINANCE_API_SECRET")\n'
        'logger.warning(f"no {{secret_key}}")',
        'code-prints-secret',
    ),
}


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


@pytest.mark.parametrize('form', FORMS)
def test_a_form_that_was_misread_is_silent(form: str, rules: Rules) -> None:
    file, silent, _, _ = FORMS[form]
    assert find_rules(file, silent, rules, 'medium') == set()


@pytest.mark.parametrize('form', FORMS)
def test_what_it_was_like_is_found(form: str, rules: Rules) -> None:
    file, _, loud, rule = FORMS[form]
    assert rule in find_rules(file, loud, rules, 'medium')


def test_a_secret_with_the_word_of_another_vendor_is_not_the_neighbours(rules: Rules) -> None:
    text = expand_recipes(
        '  WEIBO_SECRET: {hex:32}\n\n  TWILIO_SID: {hex:6}\n  TWILIO_TOKEN: none\n', 'neighbours'
    )
    found = scan_blob(Blob(text.encode(), Origin('c.yml')), rules, Config(severity='medium'))
    assert [finding.issuer for finding in found.findings] == [None]


@pytest.mark.parametrize(
    ('line', 'issuer'),
    [
        ('STRIPE_WEBHOOK_SECRET=whsec_{alnum:32}', 'stripe'),
        ('secret = "whsec_{alnum:32}"', 'stripe'),
        ('RESEND_WEBHOOK_SECRET=whsec_{alnum:32}', None),
        ('CLERK_WEBHOOK_SECRET=whsec_{alnum:32}', None),
        ('SVIX_SECRET=whsec_{alnum:32}', None),
        ('STRIPE_SECRET_KEY=sk_live_{alnum:24}', 'stripe'),
        ('STRIPE_SECRET_KEY=sk_live_51{alnum:97}', 'stripe'),
        ('CLERK_SECRET_KEY=sk_test_{alnum:42}', None),
        ('SECRET_KEY=sk_test_{alnum:42}', None),
    ],
)
def test_a_form_that_several_issuers_have_is_of_the_one_named(
    line: str, issuer: str | None, rules: Rules
) -> None:
    text = expand_recipes(line, line) + '\n'
    found = scan_blob(Blob(text.encode(), Origin('.env')), rules, Config(severity='medium'))
    assert [finding.issuer for finding in found.findings] == [issuer]


def test_a_key_of_rsa_is_never_the_exchanges_that_signs_with_curves(rules: Rules) -> None:
    text = expand_recipes('// coinbase\nkey = """{pem:rsa}"""\n', 'rsa')
    found = scan_blob(Blob(text.encode(), Origin('keys.py')), rules, Config(severity='medium'))
    assert [finding.rule for finding in found.findings] == ['pem-private-key-credential']


@pytest.mark.parametrize('vendor', ['DIGITOPAY', 'RAZORPAY', 'MERCADOPAGO'])
def test_a_pair_with_the_word_of_a_vendor_is_no_exchanges_by_its_form(
    vendor: str, rules: Rules
) -> None:
    text = expand_recipes(f'{vendor}_CLIENT_ID={{uuid}}\n{vendor}_CLIENT_SECRET={{uuid}}\n', vendor)
    found = scan_blob(Blob(text.encode(), Origin('D.md')), rules, Config(severity='low'))
    assert {finding.issuer for finding in found.findings} == {None}
