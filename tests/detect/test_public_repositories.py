"""Forms that public bots and libraries are full of, which were taken for keys or for rights.

Each stands beside the same form with a secret in it, which is found.
"""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path

import pytest

from keylint.rules.recipes import expand_recipes
from tests.conftest import Run

TYPESCRIPT = """\
class Binance {{
  update(params: {{ apiKey: string; symbol?: string; ip: string; }}): Promise<object> {{
    return this.putPrivate('sapi/v1', params);
  }}
  remove(params: {{
    subAccountId: string;
    subAccountApiKey: string;
    ipAddress?: string;
    ipList: string[];
  }}) {{
    return this.deletePrivate('sapi/v1', params);
  }}
}}
"""
PASSED_ON = """\
class KucoinClient:
    def create_key(self, sub_name, passphrase, remark):
        data = {{"subName": sub_name, "passphrase": passphrase, "remark": remark}}
        return self._post('sub/api-key', True, data=data)
"""
# What stands behind a comparison with a number is a block, not a value.
GO_BLOCK = """\
package okx

func check(arg *Key) error {{
	if arg.APIKeyPermission == "" && len(arg.Permissions) != 0 {{
		for x := range arg.Permissions {{
			if !slices.Contains([]string{{"read", "withdraw", "trade"}}, arg.Permissions[x]) {{
				return nil
			}}
		}}
	}}
	return nil
}}
"""
ROUTE = """\
ctx, err := runtime.AnnotateIncomingContext(ctx, mux, req, "/rpc.Trader/WithdrawFunds",
	runtime.WithHTTPPathPattern("/v1/withdrawithdrawcryptofundswfiatfunds"))
"""
CURRENCIES = """\
[{{"currency": "BTC", "delisted": false, "withdraw_disabled": false, "withdraw_delayed": false,
   "deposit_disabled": false, "trade_disabled": false, "chain": "BTC"}}]
"""
FOUNDRY = '[profile.default]\nfs_permissions = [{{ access = "read-write", path = "./"}}]\n'
NO_DER = '-----BEGIN PRIVATE KEY-----\nlx1k{alnum:60}\n-----END PRIVATE KEY-----\n'
SENTRY = 'var c = {{sentry_dsn: "https://{hex:32}@{host}/24287"}};\n'

SILENT = {
    'types of fields': ('src/main-client.ts', TYPESCRIPT),
    'a request that passes names on': ('kucoin/client.py', PASSED_ON),
    'a block behind a comparison': ('exchanges/okx/okx.go', GO_BLOCK),
    'a route': ('rpc.pb.gw.go', ROUTE),
    'the path of a request': (
        'Extensions.cs',
        'var request = new BinanceHttpRequest("/api/v3/avgPrice");\n',
    ),
    'paths of requests': ('api.py', "kraken = KrakenClient('/private/v0/AddOrderBatch')\n"),
    'a password before its hash': ('hash.test.ts', 'check("pass1234", "{hex:64}");\n'),
    'passwords and their hashes': (
        'test_hash.py',
        'CASES = [("pass1234", "{hex:40}"), ("secret99", "{hex:40}")]\n',
    ),
    'a constant of a program on Solana': (
        'idl.json',
        '{{"name": "BITMAP_SEED", "type": "bytes", "value": "[98, 105, 116, 109, 97, 112]"}}\n',
    ),
    'a command in a message': (
        'S.cs',
        "throw new E(\"dotnet user-secrets set 'Bot:PrivateKey' '0xYOUR_KEY' --project X\");\n",
    ),
    'a sequence in capitals': ('t.py', 'robinhood_mfa_secret="ABCDEFGH12345678"\n'),
    'a sequence in pieces': ('T.md', 'the SECRET KEY (16 characters, like `ABCD1234EFGH5678`)\n'),
    'a switch of a script': ('f.sh', '# binance\nVERIFY=false\nTARGET=""\n'),
    'an address in a comment': (
        'b.ts',
        'const type = trade[0]; // see http://blog.bitfinex.com/api/websocket-api-update/\n',
    ),
    'a token that nobody signed': (
        'a.py',
        'TOKEN = "eyJ0eXAiOiJKV1QifQ.eyJ1c2VyX2lkIjoiMSIsImV4cCI6OTk5OTk5OTk5OX0.fake-signature"\n',
    ),
    'encrypted values': (
        'a.env',
        'ENCRYPTED_SECRET_KEY={hex:32}:{hex:64}\nencrypted_api_key={hex:24}:{hex:32}:{hex:64}\n',
    ),
    'a token of public channels': (
        'kucoin.json',
        '{{"token": "2neAiuYvAU61ZDXANAGAsiL4-{alnum:120}==.{alnum:22}=="}}\n',
    ),
    'a token of a connection': ('ws.txt', 'wss://x.io/connect?connectionToken={alnum:112}\n'),
    'code points of a kind of letters': (
        'uni.js',
        'x={{Sk:"005E006000A8' + '00AF-00B4' * 20 + '"}}\n',
    ),
    'a pair of coins and its mint': ('a.rs', '("BONK/WIF", 200.0, "{base58-bytes:32}"),\n'),
    'an address that lacks a digit': ('a.md', '"l1Auth": "0x{hex:38}", "maker": "0x{hex:38}"\n'),
    'an address on Stellar': (
        'a.go',
        'build.SourceAccount{{{{AddressOrSeed: "G{base32:55}"}}}},\n',
    ),
    'a password in leet': ('t.py', 'url = "postgresql://bot:s3cretpw@db.shop.io:5432/trades"\n'),
    'a salted hash': ('a.json', '{{"account": {{"password": "{hex:32}:{hex:128}"}}}}\n'),
    'an option that is passed on': (
        'mexc/s.ts',
        'validate({{ exchange: "mexc", apiKey: mask(k),\n'
        '  validateIpAllowlist: config.validateIpAllowlist, permissions: config.permissions }});\n',
    ),
    'a database of everybody': ('t.ts', "'mysql://root:admin123@localhost:3306/database'\n"),
    'a password in brackets': (
        'm.md',
        'DB=postgresql://postgres:[password]@db.example-shop.io:5432/postgres\n',
    ),
    'coins that may be withdrawn': ('gate/api_v4_spot_currencies.json', CURRENCIES),
    'files that a build may read': ('contracts/foundry.toml', FOUNDRY),
    'mints, one a line': ('snipe-list.txt', '{base58-bytes:32}\n{base58-bytes:32}\n'),
    'a body that is no key': ('auth.md', NO_DER),
    'where errors go': ('bundle.js', SENTRY.replace('{host}', 'app.getsentry.com')),
    'a call in prose': ('README.md', 'With your credentials, pass this to `createExchange()`:\n'),
    'a secret in leet': ('app.test.ts', "const dbPassword = 'Sup3rdup3rS3cr3t';\n"),
    'a password that needs escapes': (
        'redis.test.ts',
        "const url = 'redis://worker:p%40ss%2Fword@redis.internal:6380/4';\n",
    ),
    'a name of a variable': ('llms.txt', '  api_secret: ed25519PrivateKey,\n'),
    'where a stake goes': ('beacon.rst', "'withdrawal_credentials': '0x00{hex:62}',\n"),
}
FOUND = {
    'the addresses of an anyone': (
        'binance/keys.json',
        '{{"apiKey": "{alnum:64}", "permissions": ["withdraw"], "ip": "0.0.0.0/0"}}\n',
    ),
    'a key and a secret, one a line': ('keys.txt', '{alnum:64}\n{alnum:64}\n'),
    'a key of a wallet a line': ('wallets.txt', '{solana}\n{solana}\n'),
    'a key in DER': ('auth.md', '{pem:ed25519}\n'),
    'another address with a login': ('b.js', SENTRY.replace('{host}', 'db.trades.internal')),
    'a password in prose': ('README.md', 'The password is `{pass:14}`.\n'),
    'a name before its value': ('a.py', 'setting("api_secret2", "{alnum:64}")\n'),
    'a key of 64 numbers': ('id.json', '{solana-array}\n'),
    'a key and its secret in hexadecimal digits': (
        'a.sh',
        'curl -u "{hex:32}:{hex:32}" api.hitbtc.com\n',
    ),
    'a password of a server': ('t.ts', "'mysql://root:{pass:12}@db.shop.io:3306/database'\n"),
    'a certificate that is not verified': (
        'b.py',
        'import ccxt\nrequests.get("https://api.binance.com", verify=False)\n',
    ),
    'a secret with slashes': ('.env', 'KRAKEN_SECRET={base64:88}\n'),
    'three texts of a client': ('Demo.java', 'new Kucoin("{hex:24}", "{uuid}", "{pass:12}");\n'),
}


def find_rules(keylint: Run, name: str, recipe: str) -> list[str]:
    """Return the rules that find something in a file, whatever the severity."""
    text = expand_recipes(recipe, f'public/{name}')
    options = ('--stdin-filename', name, '--isolated', '--format', 'json', '--exit-zero')
    done = keylint('scan', '-', *options, stdin=text.encode())
    return [finding['rule'] for finding in json.loads(done.stdout)['findings']]


@pytest.mark.parametrize('form', SILENT)
def test_forms_of_public_code_are_silent(keylint: Run, form: str) -> None:
    assert find_rules(keylint, *SILENT[form]) == []


@pytest.mark.parametrize('form', FOUND)
def test_the_same_forms_with_secrets_are_found(keylint: Run, form: str) -> None:
    assert find_rules(keylint, *FOUND[form]) != []


@pytest.mark.parametrize(
    ('words', 'want'),
    [
        ('my secret key for tests', False),
        ('Super Secret Signing Key', False),
        ('changeme-changeme', False),
        ('{alnum:40}', True),
        ('{pass:18}', True),
        ('{mnemonic:12}', True),
    ],
)
def test_base64_is_judged_by_what_it_holds(keylint: Run, words: str, want: bool) -> None:
    text = b64encode(expand_recipes(words, 'base64').encode()).decode()
    secret = f'apiVersion: v1\nkind: Secret\ndata:\n  wallet_secret: {text}\n'
    assert bool(find_rules(keylint, 'secret.yaml', secret)) is want
    bare = f"const secret = '{text.rstrip('=')}';\n"
    assert want or not find_rules(keylint, 'hmac.test.ts', bare)


def test_folders_that_builds_name_by_digests_hold_no_value(keylint: Run, tmp_path: Path) -> None:
    for name, recipe in (('aws-lc-rs', '{hex:16}'), ('polymarket-client-sdk', '{hex:20}')):
        folder = tmp_path / 'target/.fingerprint' / f'{name}-{expand_recipes(recipe, name)}'
        folder.mkdir(parents=True)
        (folder / 'invoked.timestamp').write_text('made\n')
    assert keylint('scan', '.', '--isolated').returncode == 0


def make_answer(seed: str) -> str:
    """Return what KuCoin says of a key that may transfer, from anywhere."""
    data = {
        'remark': 'bot',
        'apiKey': expand_recipes('{hex:24}', seed),
        'apiVersion': 3,
        'permission': 'General,Futures,Spot,InnerTransfer',
        'createdAt': 1770014893000,
        'uid': 157267400,
        'isMaster': True,
    }
    return json.dumps({'code': '200000', 'data': data}, indent=2)


def list_severities(keylint: Run, path: str, text: str) -> set[str]:
    """Return the severities of what is found about the rights of keys."""
    options = ('--stdin-filename', path, '--isolated', '--format', 'json')
    done = keylint('scan', '-', *options, stdin=text.encode())
    found = json.loads(done.stdout)['findings']
    return {finding['severity'] for finding in found if finding['rule'].startswith('key-')}


@pytest.mark.parametrize(
    ('folder', 'want'),
    [
        ('Kucoin.Net.UnitTests/Endpoints', {'low'}),
        ('tests/answers', {'low'}),
        ('src', {'high', 'low'}),
    ],
)
def test_an_answer_saved_among_the_tests_is_the_vendors(
    keylint: Run, folder: str, want: set[str]
) -> None:
    """Nobody here may change that key; the same answer elsewhere is one's own."""
    assert list_severities(keylint, f'{folder}/kucoin.json', make_answer('saved')) == want


@pytest.mark.parametrize(('count', 'want'), [(1, {'high', 'low'}), (8, {'low'})])
def test_a_manual_that_was_saved_shows_nobodys_keys(
    keylint: Run, count: int, want: set[str]
) -> None:
    pages = [
        f'> Example responses\n\n```json\n{make_answer(str(number))}\n```\n'
        for number in range(count)
    ]
    assert list_severities(keylint, 'notes/kucoin-rest.md', '\n'.join(pages)) == want


@pytest.mark.parametrize('length', range(12, 30))
def test_base64_of_any_length_is_no_accident(keylint: Run, length: int) -> None:
    text = expand_recipes(f'{{alnum:{length}}}', 'lengths')
    for end in ('', '=', '=='):
        line = f"secret = '{text}{end}'\n".encode()
        done = keylint('scan', '-', '--stdin-filename', 'a.py', '--isolated', stdin=line)
        assert done.returncode in (0, 1)


def test_a_value_in_brackets_at_the_end_of_a_text_is_read(keylint: Run) -> None:
    """The value may be the last token of a text: no position behind it is asked for."""
    text = "keys = ['a', {hex:24}"
    assert isinstance(find_rules(keylint, 'cut.py', text), list)
