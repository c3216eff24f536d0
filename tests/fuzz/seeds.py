"""The small corpus from which fuzzing begins.

Recipes and archives made at run time, so that no value lies in the repository.
"""

from __future__ import annotations

import marshal
import pickle
from collections.abc import Iterator

from keylint.rules.recipes import expand_recipes
from tests.archives.made import database, tarred, zipped
from tests.fuzz.targets import NAMES
from tests.reporters.hostile import HOSTILE

_ENV = (
    'BINANCE_API_KEY={alnum:64}\n'
    'BINANCE_API_SECRET="{alnum:64}"  # keylint: ignore[binance-credential] why\n'
)
_JSON = (
    '{{"exchange": {{"name": "kraken", "key": "{base64:42}", "secret": "{base64:64}"}}, '
    '"list": [1, null, "\\u0041\\n", {{}}], "deep": [[[{{"a": []}}]]]}}'
)
_YAML = """\
kind: Secret
data:
  token: &a "{base64:64}"
  other: *a
merged: {{<<: *a, x: !!str 1}}
text: |
  {pass:16}
---
- [1, {{a: b}}, 'it''s', "\\x41"]
"""
_SECTIONS = """\
[exchange.kraken]
key = "{base64:42}"
secret = '''{base64:64}'''
export A="x \\" y" # why
[[keys]]
list = [
  "a", # comment
  {{b = 1}},
]
"""
_PYTHON = """\
import ccxt, os
BINANCE_API_KEY = '{alnum:32}' '{alnum:32}'
x = ccxt.kraken({{'apiKey': os.environ['K'], 'secret': "{base64:64}"}})
client = Client("{alnum:64}", "{alnum:64}")
def f(a, *, key=f'{{x}}'): return [client.withdraw(a) for a in x.fetch_balance() if (y := a)]
class Bot(Base):
    def __init__(self): self.okx = ccxt.okx(dict(password='{pass:12}'))
"""
_NOTEBOOK = """\
{{"cells": [{{"cell_type": "code", "metadata": {{"key": "{hex:32}"}}, \
"outputs": [{{"data": {{"text/plain": ["{hex:64}\\n"], "image/png": "AAAA"}}}}],
"source": ["KUCOIN_KEY = '{hex:24}'\\n", "s = \\"{uuid}\\"\\n"]}}], \
"metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}
"""
_TABLE = """\
exchange,api_key,api_secret
binance,{alnum:64},"{alnum:64}"

| name | key |
|---|---|
| kraken | `{base64:42}` |

INSERT INTO keys (exchange, key, secret) VALUES ('bybit', '{alnum:18}', '{alnum:36}');
key, secret = "{alnum:64}", "{alnum:64}"
"""
_KEYS = """\
keys:
  - exchange: kraken
    label: grid
    permissions: [read, trade, withdraw]
    ip_allowlist: [52.54.32.109, 0.0.0.0/0]
    created: 2020-01-01
    secret_ref: env:KRAKEN_SECRET
"""
_PROSE = """\
# Bot
1. Enable **withdrawals** for the key, leave the IP list empty.

```yaml
api_key: {alnum:64}
```
mnemonic: {mnemonic:12}
https://user:{pass:16}@mainnet.example.org/v3/{hex:32} 0x{evm} {wif}
{pem:ec}
"""
_OWN = """\
severity = "low"
select = ["binance"]
[policies]
max-age-days = 30
[per-path-ignores]
"tests/" = ["key-"]
[tool.keylint]
fail-on = "high"
"""
_BASELINE = (
    '{"keylint-baseline": 1, "salt": "00000000000000000000000000000000", '
    '"entries": [{"rule": "a", "path": "b", "fingerprint": "c"}]}'
)
_FOREIGN = (
    '{"version": "1.5.0", "results": {"a.py": '
    '[{"type": "Secret Keyword", "hashed_secret": "00", "line_number": 1}]}, '
    '"filters_used": [{"path": "x"}]}'
)
_TEXTS = tuple(
    expand_recipes(text, f'fuzz/{number}').encode()
    for number, text in enumerate(
        (_ENV, _JSON, _YAML, _SECTIONS, _PYTHON, _NOTEBOOK, _TABLE, _KEYS, _PROSE)
    )
)
_HOSTILE = (
    b'[' * 300,
    b'{"a":' * 300,
    b'- ' * 200,
    b'a: &a [*a]\nb: *a',
    b'((((' * 100,
    b'\xff\xfea\x00=\x00',
    b'\xfe\xff\x00a',
    b'\xef\xbb\xbfkey: x',
    b'\x00\x01',
    b'"""' * 9,
    b'a = """',
    b"key = '''\\",
    b'%YAML 9.9\n---\n!!python/object:os.system x',
    b'<<: [*x]\n',
    b'? [a]\n: b',
    b'=,=,=',
    b'\r\r\r',
    b'',
)


def seeds(target: str) -> Iterator[bytes]:
    """Yield the first inputs of a target."""
    if target == 'reports':
        texts = [text.encode('utf-8', 'surrogateescape') for text in HOSTILE]
        yield from (
            bytes((number % 11,)) + text + b'\x00a/' + text for number, text in enumerate(texts * 3)
        )
    elif target == 'own-files':
        yield from (text.encode() for text in (_OWN, _BASELINE, _FOREIGN))
        yield from (b'tool = 1', b'[tool]\nkeylint = 1', b'[tool]\nkeylint = {rules = {a = 1}}')
        yield from (b'select = [[]]', b'a = ' + b'[' * 2000, b'policies = 1')
        yield from (b'per-path-ignores = {a = 1}', b'per-path-ignores = [1]', b'limits = 1')
        yield from (b'severity = [1]', b'baseline = 1', b'[' * 3000, b'{"a":' * 3000)
        yield from _HOSTILE
    elif target == 'folders':  # six scans each
        yield from (bytes((number,)) + _TEXTS[number % len(_TEXTS)] for number in range(12))
    elif target in ('documents', 'pipeline', 'excerpts', 'code', 'carriers'):
        yield from (
            bytes((number,)) + text
            for number, _ in enumerate(NAMES)
            for text in (_TEXTS[number % len(_TEXTS)], *_packed())
        )
        yield from (
            bytes((number % len(NAMES),)) + text for number, text in enumerate((*_TEXTS, *_HOSTILE))
        )
    else:
        yield from (*_TEXTS, *_HOSTILE)


def _packed() -> Iterator[bytes]:
    """Yield a carrier of every kind."""
    import bz2
    import gzip
    import lzma

    text = _TEXTS[1]
    yield zipped(**{'a.json': text, 'b.tar.gz': gzip.compress(tarred([('../x', text)]), mtime=0)})
    yield tarred([('a.json', text), ('/etc/x' * 30, b'x')])
    yield gzip.compress(text, mtime=0)
    yield bz2.compress(text)
    yield lzma.compress(text)
    yield database(
        'CREATE VIEW v AS SELECT * FROM api_keys', rows=(('kraken', 'x' * 40, 'y' * 40),)
    )
    yield pickle.dumps({'key': 'a' * 40, 'list': [1, ('b', b'c')]}, protocol=4)
    yield (
        bytes.fromhex('a70d0d0a')
        + bytes(12)
        + marshal.dumps(compile("a = {'key': 'b'}\ndef f(x='y'): return (x, 'z')", 'n', 'exec'))
    )
