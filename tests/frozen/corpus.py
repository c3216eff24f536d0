"""The trees of the frozen corpus, written from recipes: the same bytes every time.

A builder fills a folder. What it writes may grow by new builders; what an old one writes stays, or
the reports of before and after cannot be compared.
"""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any

from keylint.rules.files import read_policy_examples, read_shared
from keylint.rules.recipes import expand_recipes
from tests.archives import rows
from tests.archives.made import tarred, zipped_rows
from tests.dossiers import examples
from tests.frozen.bots import BOTS, FIXABLE
from tests.frozen.words import ENVIRONMENTS, FLAGS, FREQTRADE, HARMLESS, MADE, MODES, PARTS

ROOT = Path(__file__).parent.parent.parent
Files = dict[str, str | bytes]

BINANCE = 'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n'
KRAKEN = 'KRAKEN_API_KEY={base64:42}\nKRAKEN_API_SECRET={base64:64}\n'


def fill(text: str, seed: str) -> str:
    """Expand a template's recipes under a seed of the corpus."""
    return expand_recipes(text, f'frozen/{seed}')


def write(folder: Path, files: Files, seed: str = '') -> None:
    """Write files into a folder; texts are templates, bytes are written as they are."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = fill(content, f'{seed}/{name}').encode()
        path.write_bytes(content)


def neutral_name(label: str) -> str:
    """Name a folder so that no word in it says anything of an issuer."""
    return f'q{blake2b(label.encode(), digest_size=4).hexdigest()}'


def build_examples(folder: Path) -> None:
    """Copy the two bots of the documentation."""
    for name in ('leaky-bot', 'clean-bot'):
        shutil.copytree(
            ROOT / 'examples' / name, folder / name, ignore=shutil.ignore_patterns('*.py[co]')
        )


def build_dossiers(folder: Path) -> None:
    """Write every example of every dossier, loud or silent, each in a folder that tells nothing."""
    for kind in ('loud', 'silent'):
        for label, name, data in examples(kind):
            write(folder, {f'{neutral_name(label)}/{name}': data})


def policy_examples() -> Iterable[tuple[str, Files]]:
    """Label and files of every example of every policy."""
    policies = read_shared()['policies']
    for name, own in read_policy_examples(policies).items():
        for kind in ('loud', 'silent'):
            for number, example in enumerate(own.kinds[kind]):
                files: Files = {**(example.get('files') or {example['file']: example['text']})}
                yield f'{name}-{kind}-{number}', files


def build_policies(folder: Path) -> None:
    """Write every example of every policy."""
    for label, files in policy_examples():
        write(folder / label, files, label)


# Names that say an environment


def environment_files() -> Files:
    """Return a pair for each word of an environment.

    The words stand in names, keys of settings, switches and hosts.
    """
    files: Files = {}
    for word in ENVIRONMENTS:
        upper = word.upper()
        files[f'env/{word}/.env'] = (
            f'BINANCE_{upper}_API_KEY={{alnum:64}}\nBINANCE_{upper}_API_SECRET={{alnum:64}}\n'
        )
        files[f'yaml/{word}/accounts.yaml'] = (
            f'binance:\n  {word}:\n    api_key: {{alnum:64}}\n    api_secret: {{alnum:64}}\n'
        )
        files[f'python/{word}/bot.py'] = (
            f"kraken_{word}_key = '{{base64:42}}'\nkraken_{word}_secret = '{{base64:64}}'\n"
        )
    for word in MODES:
        files[f'mode/{word}/config.yaml'] = (
            f'mode: {word}\nbinance:\n  api_key: {{alnum:64}}\n  api_secret: {{alnum:64}}\n'
        )
    pair = '{{"apiKey": "{alnum:64}", "secret": "{alnum:64}"}}'
    for word in FLAGS:
        for state in ('true', 'false'):
            files[f'flag/{word}-{state}/config.json'] = (
                f'{{{{"{word}": {state}, "binance": {pair}}}}}\n'
            )
    pair = "binance = ccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}})\n"
    files['call/sandbox/bot.py'] = f'import ccxt\n{pair}binance.set_sandbox_mode(True)\n'
    files['call/no-sandbox/bot.py'] = f'import ccxt\n{pair}binance.set_sandbox_mode(False)\n'
    for host in (
        'testnet.binance.vision',
        'api.binance.com',
        'stream.sandbox.example.org',
        'mainnet.example.org',
    ):
        files[f'host/{host.replace(".", "-")}/bot.py'] = (
            f"URL = 'https://{host}/api'\nimport ccxt\n{pair}"
        )
    return files


def build_environments(folder: Path) -> None:
    """Write a pair for each way to say an environment."""
    write(folder, environment_files(), 'environments')


def build_words(folder: Path) -> None:
    """Write a value under every word that makes a name harmless or names a part of a credential."""
    harmless = ''.join(f"secret_{word} = '{{alnum:40}}'\n" for word in HARMLESS)
    anywhere = ''.join(f"{word}_api_secret = '{{alnum:40}}'\n" for word in HARMLESS)
    parts = {f'parts/{word}.py': f"kraken_{word} = '{{base64:64}}'\n" for word in PARTS}
    columns = {
        f'columns/{number}.csv': f'exchange,api_key,secret_{word}\n'
        'binance,{alnum:64},{alnum:64}\n'
        for number, word in enumerate(MADE)
    }
    write(folder, {'ends.py': harmless, 'anywhere.py': anywhere, **parts, **columns}, 'words')


# Values in values, and how they are masked


def value_files() -> Files:
    """Files in which a value holds another one: its beginning, its end, a repeated one."""
    long = [fill('{alnum:40}', f'values/{number}') for number in range(12)]
    files: Files = {}
    for number in range(0, 12, 3):
        head, tail, secret = long[number][:24], long[number][24:32], long[number]
        files[f'prefix-{number}.py'] = (
            f"kraken_api_secret = '{secret}'\nother_api_secret = '{head}'\ndb_password = '{tail}'\n"
        ).encode()
        files[f'repeated-{number}.env'] = (
            f'BYBIT_API_KEY={long[number + 1]}\n# was {secret} then {head} and {tail} again\n'
            f'BYBIT_API_SECRET={secret} # {head}-{tail}\nBINGX_API_SECRET={head} # {secret}\n'
        ).encode()
    short = fill('{alnum:5}x7', 'values/short')
    files['short.py'] = f"db_password = '{short}'  # {short} for {short}-tail\n".encode()
    okx = fill("apiKey='{uuid}', secret='{HEX:32}'", 'values/okx')
    files['okx.py'] = (
        f"okx = ccxt.okx(dict({okx}, password='{short}'))  # {short}, {short}\n".encode()
    )
    files['words.py'] = b"db_password = 'hunter-2'\nprint('hunter-2')\n"
    label = fill('{alnum:64}', 'values/label')
    files['keys.yaml'] = (
        f'keys:\n  - exchange: binance\n    label: {label}\n    permissions: [read, withdraw]\n'
        f'    ip_allowlist: []\n    secret: {label}\n'
    ).encode()
    return files


def pem_files() -> Files:
    """Private keys in lines that end with LF and CRLF, in files of their own and in settings."""
    files: Files = {}
    for kind in ('ec', 'rsa', 'ed25519'):
        key = fill(f'{{pem:{kind}}}\n', f'pem/{kind}')
        files[f'lf-{kind}.pem'] = key.encode()
        files[f'crlf-{kind}.pem'] = (
            fill(f'{{pem:{kind}}}\n', f'crlf/{kind}').replace('\n', '\r\n').encode()
        )
    indented = fill('{pem:ec}', 'pem/yaml').replace('\n', '\n    ')
    files['cdp.yaml'] = f'coinbase:\n  api_secret: |\n    {indented}\n'.encode()
    files['cdp.json'] = (
        b'{"name": "organizations/1/apiKeys/2", "privateKey": "'
        + fill('{pem1:ec}', 'pem/json').encode()
        + b'"}\n'
    )
    return files


def build_values(folder: Path) -> None:
    """Write values within values, private keys, and weak ones."""
    write(folder, value_files())
    write(folder / 'keys', pem_files())


# Folders, marks


FOLDERS = (
    'src',
    'tests',
    'my_tests',
    'testing',
    'contests',
    'docs',
    'mydocs',
    'node_modules/x',
    'my_node_modules/x',
    'lib/site-packages/x',
    'lib/my-site-packages/x',
    'dist-packages/x',
    'bower_components/x',
    'fixtures',
    'vendor/x',
    '__tests__',
    'spec',
    'mocks',
    'testdata',
    'examples',
)


def build_folders(folder: Path) -> None:
    """Write the same kinds of leaks into folders whose names say something, or nearly do."""
    files: Files = {}
    for name in FOLDERS:
        files[f'{name}/bot.py'] = (
            "password = '{pass:14}'\nkraken_secret = '{base64:64}'\napi_token = '{alnum:40}'\n"
        )
        files[f'{name}/a.pem'] = '{pem:ec}\n'
        files[f'{name}/.env'] = BINANCE
        files[f'{name}/README.md'] = 'Set `API_TOKEN={alnum:40}` first.\n'
    files['test_bot.py'] = files['latest_bot.py'] = "api_token = '{alnum:40}'\n"
    write(folder, files, 'folders')


def build_marks(folder: Path) -> None:
    """Write findings with marks: of others, in vain, for another rule, in odd bytes."""
    own = 'keylint' + ':'
    leak = "BINANCE_API_SECRET = '{alnum:64}'"
    files: Files = {
        'line.py': f'{leak}  # {own} ignore a test account\n',
        'rule.py': f'{leak}  # {own} ignore[binance-credential] sold\n',
        'other.py': f'{leak}  # {own} ignore[kraken-credential] sold\n',
        'above.py': f'# {own} ignore[binance-credential] the next line\n{leak}\n',
        'vain.py': f'x = 1  # {own} ignore[binance-credential] nothing here\n',
        'two.js': f'const a = {leak.partition("= ")[2]}; '
        f'// {own} ignore[generic-credential, binance-credential] x\n',
        'html.html': f'<!-- {own} ignore -->\n<p>BINANCE_API_SECRET={{alnum:64}}</p>\n',
        'bytes.py': fill(leak, 'marks/bytes').encode()
        + f'  # {own} ignore[bin\u00e9]'.encode('latin-1')
        + b' \xff why\n',
        'keys.yaml': f'keys:\n  - exchange: kraken\n    label: a\n'
        f'    permissions: [withdraw]  # {own} ignore[key-can-withdraw] x\n',
    }
    for number, word in enumerate(
        ('gitleaks:allow', 'pragma: allowlist secret', 'trufflehog:ignore', 'noqa: S105')
    ):
        files[f'peer-{number}.py'] = f'{leak}  # {word}\n'
    files['next.py'] = f'# pragma: allowlist nextline secret\n{leak}\n'
    write(folder, files, 'marks')


# Carriers, encoded layers, hostile bytes


def build_carriers(folder: Path) -> None:
    """Write every form in which a key lies in a file: archives, notebooks, databases."""
    for number, row in enumerate(rows.ROWS):
        write(folder / f'{number:03}', dict(row.files(*rows.values(row))))


def build_encoded(folder: Path) -> None:
    """Write values in layers of encoding, whole, broken and nearly encoded."""
    pair = fill(BINANCE, 'encoded').encode()
    once, url = base64.b64encode(pair).decode(), base64.urlsafe_b64encode(pair).decode()
    twice = base64.b64encode(once.encode()).decode()
    wrapped = base64.encodebytes(pair).decode()
    secret = fill('{alnum:64}', 'encoded/secret')
    halves = base64.b64encode(f'BINANCE_API_SECRET={secret}'.encode()).decode()
    files: Files = {
        'once.py': f'C = "{once}"\n'.encode(),
        'url.py': f'C = "{url}"\n'.encode(),
        'twice.py': f'C = "{twice}"\n'.encode(),
        'wrapped.txt': wrapped.encode(),
        'inner-pad.py': f'C = "{once[:40]}={once[40:]}"\nD = "{once[:-5]}"\n'.encode(),
        'odd.py': f'C = "{once.rstrip("=")[: -(len(once.rstrip("=")) % 4) or None]}A"\n'.encode(),
        'hex.py': f'C = "{pair.hex()}"\n'.encode(),
        'escaped.py': ('C = "' + ''.join(f'\\x{byte:02x}' for byte in pair) + '"\n').encode(),
        'percent.txt': ''.join(f'%{byte:02X}' for byte in pair).encode(),
        'wide.env': pair.decode().encode('utf-16'),
        'bom.env': b'\xef\xbb\xbf' + pair,
        'split.py': (
            f'C = ("{halves[:33]}"\n     "{halves[33:70]}"\n     "{halves[70:]}")\n'
        ).encode(),
        'pieces.py': (
            f"binance_secret = '{secret[:30]}' + '{secret[30:]}'\n"
            f"binance_key = ('{secret[:10]}'\n '{secret[10:40]}')\n"
        ).encode(),
        'pieces.js': (
            f"const binanceSecret = '{secret[:21]}' +\n  '{secret[21:]}';\n"
            f"const krakenSecret = ['{secret[:9]}', '{secret[9:]}'].join('');\n"
        ).encode(),
        'beside.py': (
            f"binance_secret = '{secret[:21]}' '{secret[21:]}'\n"
            f"parts = ['{secret[:9]}' '{secret[9:]}', x]\n"
        ).encode(),
        'names.py': (
            f"a = '{secret[:30]}'\nb = '{secret[30:]}'\nbinance_secret = a + b\n"
            "c = [a, b]\nbinance_api_secret = ''.join(c)\n"
        ).encode(),
    }
    for signs in ('>>>???>>>', '~~~~ ~~~'):
        text = f'{signs}BINANCE_API_SECRET={secret} {signs}'.encode()
        files[f'wide-{len(signs)}.py'] = (
            f'C = "{base64.urlsafe_b64encode(text).decode()}"\n'.encode()
        )
    write(folder, files)


def build_hostile(folder: Path) -> None:
    """Write files made to crash or fool a scanner, beside a leak that must still be found."""
    leak = fill(BINANCE, 'hostile').encode()
    files: Files = {
        'broken.zip': b'PK\x03\x04' + b'\x00' * 60,
        'broken.tar': tarred([('a.env', leak)])[:700],
        'bomb.zip': zipped_rows([('zeros.bin', b'\x00' * (4 << 20)), ('a.env', leak)]),
        'up.zip': zipped_rows([('../../a.env', leak), ('/abs/b.env', leak)]),
        'broken.ipynb': b'{"cells": [{"source": ' + leak,
        'broken.json': b'{"binance": {"apiKey": "' + leak[:30],
        'deep.json': b'[' * 5000 + leak,
        'nul.env': b'\x00' * 10 + leak,
        'latin.env': 'gr\xf6\xdfe=1\n'.encode('latin-1') + leak,
        'cr.env': leak.replace(b'\n', b'\r'),
        'long.env': b'x' * 50_000 + b'\n' + leak + b'y' * 50_000,
        'empty.env': b'',
        'comments.py': b'a=[' + b'#e\n' * 200 + leak,
        'three.jpg': b'\xff\xd8\xff',
        'xmp.jpg': rows.jpeg(b'', leak) + b'\xff\xe1\x00\x10Exif\x00\x00' + leak,
        'anchor.yaml': b'a: &x\nb: *x\nc: *y\nbinance: {api_secret: *x}\n' + leak,
        'tabs.yaml': b'binance:\n\tapi_key: 1\n' + leak,
        'odd.csv': b'exchange;api_key;secret\n"binance;' + leak.replace(b'\n', b';'),
        'name with \xe9 and \n line.env'.replace('\n', ' '): leak,
    }
    app1 = b'Exif\x00\x00' + rows.tiff({0x9286: leak})
    xmp = b'http://ns.adobe.com/xap/1.0/\x00<x>' + leak + b'</x>'
    segments = b''.join(
        b'\xff\xe1' + (len(part) + 2).to_bytes(2, 'big') + part
        for part in (app1, xmp, b'Other\x00' + leak)
    )
    segments += b'\xff\xe2' + (len(app1) + 2).to_bytes(2, 'big') + app1
    files['segments.jpg'] = b'\xff\xd8' + segments + b'\xff\xd9'
    write(folder, files)


# What declarations and code say


def notebook(*sources: str) -> str:
    """Write a notebook of some cells of code."""
    cells: list[dict[str, Any]] = [
        {
            'cell_type': 'code',
            'execution_count': 1,
            'metadata': {},
            'outputs': [],
            'source': text.splitlines(keepends=True),
        }
        for text in sources
    ]
    return json.dumps(
        {'cells': cells, 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5}, indent=1
    )


def build_fixable(folder: Path) -> None:
    """Write what `fix` can move, and what it must refuse, in every form that it knows."""
    call = fill("{{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}}", 'nb/call')
    crlf = "import ccxt\nccxt.binance({{'apiKey': '{alnum:64}', 'secret': '{alnum:64}'}})\n"
    files: Files = {
        **FIXABLE,
        'crlf.py': crlf.replace('\n', '\r\n'),
        'bot.ipynb': notebook(f'import ccxt\nccxt.binance({call})\n').encode(),
    }
    for word in FREQTRADE:
        for other in ('dry_run', 'timeframe'):
            exchange = '{{"name": "binance", "key": "{alnum:64}", "secret": "{alnum:64}"}}'
            text = f'{{{{"{word}": 1, "{other}": 1, "exchange": {exchange}}}}}\n'
            files[f'freqtrade/{word}-{other}/config.json'] = text
    write(folder, files, 'fixable')


def build_bot(name: str, folder: Path) -> None:
    """Write one of the bots."""
    write(folder, dict(BOTS[name]), f'bots/{name}')


TREES: dict[str, Callable[[Path], None]] = {
    'examples': build_examples,
    'dossiers': build_dossiers,
    'policies': build_policies,
    'environments': build_environments,
    'words': build_words,
    'values': build_values,
    'folders': build_folders,
    'marks': build_marks,
    'carriers': build_carriers,
    'encoded': build_encoded,
    'hostile': build_hostile,
    'fixable': build_fixable,
}
