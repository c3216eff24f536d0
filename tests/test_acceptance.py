"""Twelve cases that other scanners fail or split on, and their documented misses.

The twelfth, history, is not here yet.
"""

from __future__ import annotations

import json

import pytest

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import Rules, load_rules
from keylint.rules.recipes import expand_recipes

# Printed in Binance's own API documentation (binance-spot-api-docs, rest-api.md).
BINANCE_DOCS = (
    'vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A',
    'NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j',
)
# Hardhat's and Anvil's default phrase and first account.
DEV_PHRASE = 'test test test test test test test test test test test junk'
DEV_KEY = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'


@pytest.fixture(scope='module')
def rules() -> Rules:
    return load_rules()


def scan(rules: Rules, name: str, text: str, seed: str = 'acceptance') -> list[Finding]:
    result = scan_blob(
        Blob(expand_recipes(text, f'{seed}/{name}/{text}').encode(), Origin(name)), rules, Config()
    )
    assert result.failures == ()
    return list(result.findings)


def roles(finding: Finding) -> list[str]:
    return [part.role for part in finding.parts]


def test_1_a_ccxt_dictionary_is_one_credential(rules: Rules) -> None:
    found = scan(
        rules,
        'bot.py',
        "ccxt.okx({{'apiKey': '{uuid}', 'secret': '{HEX:32}', 'password': '{pass:12}'}})",
    )
    assert [(f.rule, f.severity, roles(f)) for f in found] == [
        ('okx-credential', 'critical', ['api-key', 'secret', 'passphrase'])
    ]


def test_2_the_same_in_a_notebook_gives_cell_and_line(rules: Rules) -> None:
    source = [
        'import ccxt\n',
        'x = ccxt.okx({"apiKey": "{uuid}", "secret": "{HEX:32}", "password": "{pass:12}"})',
    ]
    cells = [
        {'cell_type': 'markdown', 'source': ['# Bot']},
        {'cell_type': 'code', 'source': source, 'outputs': []},
    ]
    text = (
        json.dumps({'cells': cells, 'nbformat': 4}, indent=1).replace('{', '{{').replace('}', '}}')
    )
    for recipe in ('{uuid}', '{HEX:32}', '{pass:12}'):
        text = text.replace('{' + recipe + '}', recipe)
    (finding,) = scan(rules, 'bot.ipynb', text)
    assert finding.issuer == 'okx'
    assert finding.cell is not None
    assert (finding.cell.number, finding.cell.part, finding.cell.line) == (1, 'source', 2)
    expanded = expand_recipes(text, f'acceptance/bot.ipynb/{text}').splitlines()
    assert 'apiKey' in expanded[finding.place.line - 1]


@pytest.mark.parametrize(
    ('dry_run', 'environment', 'severity'),
    [('false', 'live', 'critical'), ('true', 'paper', 'medium')],
)
def test_3_freqtrade_dry_run_lowers_the_severity(
    rules: Rules, dry_run: str, environment: str, severity: str
) -> None:
    text = (
        '{{"dry_run": '
        + dry_run
        + ', "exchange": {{"name": "binance", "key": "{alnum:64}", "secret": "{alnum:64}"}}}}'
    )
    (finding,) = scan(rules, 'config.json', text)
    assert (finding.issuer, finding.environment, finding.severity) == (
        'binance',
        environment,
        severity,
    )


def test_4_a_uuid_is_a_secret_of_kucoin_but_not_an_order_id(rules: Rules) -> None:
    assert (
        scan(rules, 'orders.py', 'import kucoin\norder_id = "{uuid}"\nclient_oid = "{uuid}"') == []
    )
    (finding,) = scan(rules, 'bot.py', 'import kucoin\napi_key = "{hex:24}"\napi_secret = "{uuid}"')
    assert finding.issuer == 'kucoin'


def test_5_keys_in_groups_of_hex(rules: Rules) -> None:
    shape = '{hex:8}-{hex:8}-{hex:8}-{hex:5}'
    (finding,) = scan(rules, '.env', f'HTX_ACCESS_KEY={shape}\nHTX_SECRET_KEY={shape}')
    assert (finding.issuer, roles(finding)) == ('htx', ['api-key', 'secret'])


@pytest.mark.parametrize(
    'text',
    [
        'BINANCE_API_SECRET=os.environ["BINANCE_API_SECRET"]',
        'BINANCE_API_KEY=YOUR_API_KEY',
        f'BINANCE_API_KEY={BINANCE_DOCS[0]}\nBINANCE_API_SECRET={BINANCE_DOCS[1]}',
    ],
)
def test_6_look_ups_placeholders_and_published_samples_are_silent(rules: Rules, text: str) -> None:
    assert scan(rules, '.env', text) == []


@pytest.mark.parametrize('switch', ['exchange.set_sandbox_mode(True)', 'testnet = True'])
def test_7_a_sandbox_is_lower_and_not_silent(rules: Rules, switch: str) -> None:
    text = (
        "import ccxt\nexchange = ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}})\n"
        + switch
    )
    (finding,) = scan(rules, 'bot.py', text)
    assert (finding.environment, finding.severity) == ('testnet', 'medium')


def test_8_phrases_need_their_checksum(rules: Rules) -> None:
    assert scan(rules, 'a.txt', 'seed: {mnemonic-bad:12}') == []
    assert scan(rules, 'a.txt', f'seed: {DEV_PHRASE}') == []
    (finding,) = scan(rules, 'a.txt', 'seed: {mnemonic:12}')
    assert finding.rule == 'bip39-mnemonic-credential'


def test_9_a_private_key_is_told_from_hashes(rules: Rules) -> None:
    silent = [
        'tx_hash = "0x{hex:64}"',
        'blockHash: 0x{hex:64}',
        'sha256 = "{hex:64}"',
        f'private_key = "{DEV_KEY}"',
    ]
    for text in silent:
        assert scan(rules, 'a.py', text) == [], text
    (finding,) = scan(rules, 'a.py', 'private_key = "0x{evm}"')
    assert finding.rule == 'evm-private-key-credential'


def test_10_a_solana_key_pair_proves_itself(rules: Rules) -> None:
    (finding,) = scan(rules, 'id.json', '{solana-array}')
    assert finding.rule == 'solana-keypair-credential'
    numbers = ','.join(str(n * 7 % 256) for n in range(64))
    assert scan(rules, 'numbers.json', f'[{numbers}]') == []


@pytest.mark.parametrize(
    'url',
    [
        'https://mainnet.infura.io/v3/{hex:32}',
        'https://eth-mainnet.g.alchemy.com/v2/{alnum:32}',
        'https://rpc.ankr.com/eth/{hex:64}',
        'https://mainnet.helius-rpc.com/?api-key={uuid}',
    ],
)
def test_11_addresses_with_a_key_in_them(rules: Rules, url: str) -> None:
    (finding,) = scan(rules, 'a.py', f'w3 = Web3(Web3.HTTPProvider("{url}"))')
    assert finding.issuer is not None


@pytest.mark.parametrize(
    'url', ['https://mainnet.infura.io/v3/YOUR_KEY', 'https://mainnet.infura.io/v3/${{INFURA_KEY}}']
)
def test_11_addresses_without_a_key(rules: Rules, url: str) -> None:
    assert scan(rules, 'a.py', f'rpc_url = "{url}"') == []


KNOWN_MISSES = {
    'an escaped JSON string': ('a.json', '"{{\\"x_token\\": \\"{alnum:40}\\"}}"'),
    'a name and value pair': ('a.json', '{{"name": "x_token", "value": "{alnum:40}"}}'),
    'an XML element': ('a.xml', '<apiToken>{alnum:40}</apiToken>'),
    'a literal block': ('a.yaml', 'api_token: |\n  {alnum:40}\n'),
    'a folded block': ('a.yaml', 'api_token: >-\n  {alnum:40}\n'),
    'a typed variable of Kotlin': ('a.kt', 'var apiToken: String = "{alnum:40}"'),
    'a null-coalescing assignment of PHP': ('a.php', '$apiToken ??= "{alnum:40}";'),
    'a query parameter': ('a.txt', 'https://example.org/?api_token={alnum:40}&x=1'),
    'a comment': ('a.py', '# api_token: {alnum:40}'),
    'an appended make variable': ('Makefile', 'API_TOKEN += {alnum:40}\n'),
    'a Telegram address': (
        'a.py',
        'url = "https://api.telegram.org/bot{digits:10}:AA{urlsafe:33}/sendMessage"',
    ),
    'a Telegram token as argument': ('a.js', 'new Telegraf("{digits:10}:AA{urlsafe:33}")'),
    'a Kraken pair at the end of the file': (
        '.env',
        'KRAKEN_KEY={base64:42}\nKRAKEN_SECRET={base64:64}',
    ),
    'a BitMEX pair without blanks': ('a.py', 'bitmex = Client("{urlsafe:24}","{urlsafe:48}")'),
    'a Discord webhook on the old host': (
        'a.py',
        'h = "https://discordapp.com/api/webhooks/{digits:19}/{urlsafe:68}"',
    ),
    'literals that the language joins': ('a.py', 'API_KEY = "{alnum:20}" + \\\n    "{alnum:20}"'),
    'a fallback of an environment look-up': ('a.go', 'GetEnvOrDefault("api_token", "{uuid}")'),
}


@pytest.mark.parametrize('case', KNOWN_MISSES)
def test_what_other_scanners_document_as_missed(rules: Rules, case: str) -> None:
    name, text = KNOWN_MISSES[case]
    assert len(scan(rules, name, text)) == 1


SILENT = {
    'an XSD type': ('a.xml', 'type="clm12345678:AgencyIdentificationCodeContentType"'),
    'a credentials id of Jenkins': ('Jenkinsfile', "credentialsId: '{uuid}'"),
    'a CSRF token': ('a.html', '<meta name="csrf-token" content="{base64:32}">'),
    'a pinned action': ('ci.yml', 'uses: actions/checkout@{hex:40}'),
    'a lock file': ('poetry.lock', '{{file = "keyring.whl", hash = "sha256:{hex:64}"}}'),
    'an integrity string': ('package-lock.json', '"integrity": "sha512-{base64:64}"'),
    'a compressed public key': ('a.json', '{{"public_key": "02{hex:64}"}}'),
    'half of the order of the curve': (
        'a.py',
        'HALF_N = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0',
    ),
    'a sealed secret': (
        'a.yaml',
        'api_secret: ENC[AES256_GCM,data:{base64:40},iv:{base64:24},type:str]',
    ),
    'a header name': ('a.py', 'API_KEY_HEADER = "X-MBX-APIKEY"'),
    'a row of the alphabet': ('a.py', 'token = "0123456789abcdefghijklmnopqrstuvwxyz"'),
}


@pytest.mark.parametrize('case', SILENT)
def test_what_other_scanners_report_for_nothing(rules: Rules, case: str) -> None:
    name, text = SILENT[case]
    assert scan(rules, name, text) == []
