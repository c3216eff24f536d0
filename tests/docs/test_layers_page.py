"""Each row of docs/layers.md is made into files, and found in them."""

from __future__ import annotations

import base64
import gzip
import html
import quopri
import re
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.detect.layered import KEY, PAIR, SECRET, scanned
from tests.docs.pages import read_page, read_rows

Encode = Callable[[str], str]


def encode_base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def wrap(text: str, columns: int, end: str) -> str:
    return end.join(text[at : at + columns] for at in range(0, len(text), columns))


def escape(form: str) -> Encode:
    return lambda text: ''.join(form % ord(char) for char in text)


def entities(form: str) -> Encode:
    return lambda text: ''.join(form % ord(char) if char in '"=:\n' else char for char in text)


TWO = f'BINANCE_API_KEY="{KEY}"\nBINANCE_API_SECRET="{SECRET}"\n'
MAIL = 'From: a@example.org\nContent-Type: text/plain\nContent-Transfer-Encoding: {}\n\n{}'

# For each layer of the page: files, by name, that hold the pair in each form that the row names.
MADE: dict[str, dict[str, str]] = {
    '`base64`': {
        'standard.txt': encode_base64(PAIR.encode()),
        'url-safe.txt': base64.urlsafe_b64encode(PAIR.encode()).decode(),
        'bare.txt': encode_base64(PAIR.encode()).rstrip('='),
        'wrapped.txt': wrap(encode_base64(PAIR.encode()), 76, '\n'),
        'wrapped.json': '{"a": "' + wrap(encode_base64(PAIR.encode()), 76, '\\n') + '"}',
    },
    '`base64 of gzip`': {
        'gzip.txt': encode_base64(gzip.compress(PAIR.encode(), mtime=0)),
        'zlib.py': f'BLOB = "{encode_base64(zlib.compress(PAIR.encode()))}"\n',
    },
    '`base64 of UTF-16`': {
        'run.ps1': f'powershell -EncodedCommand {encode_base64(TWO.encode("utf-16-le"))}',
        'call.ps1': f'[Convert]::FromBase64String("{encode_base64(TWO.encode("utf-16-le"))}")',
    },
    '`hex`': {
        'bare.txt': PAIR.encode().hex(),
        'with.js': f'const blob = "0x{PAIR.encode().hex()}"',
    },
    '`escapes`': {
        'x.js': f'a = "{escape(chr(92) + "x%02x")(PAIR)}"',
        'u.js': f'a = "{escape(chr(92) + "u%04x")(PAIR)}"',
        'braces.js': f'a = "{escape(chr(92) + "u{%x}")(PAIR)}"',
        'long.py': f'a = "{escape(chr(92) + "U%08x")(PAIR)}"',
    },
    '`percent-encoding`': {'a.txt': f'https://a.example/?q={quote(TWO, safe="")}'},
    '`HTML entities`': {
        'named.html': f'<p>{html.escape(TWO)}</p>',
        'decimal.html': f'<p>{entities("&#%d;")(TWO)}</p>',
        'hexadecimal.html': f'<p>{entities("&#x%x;")(TWO)}</p>',
    },
    '`quoted-printable`': {
        'a.eml': MAIL.format(
            'quoted-printable', quopri.encodestring(PAIR.encode(), quotetabs=True).decode()
        )
    },
    '`constant expression`': {
        'bot.py': (
            f'api_key = "".join(["{KEY[:30]}", "{KEY[30:]}"])\n'
            f'FIRST = "{SECRET[:30]}"\n'
            f'import ccxt\nsecret = FIRST + "{SECRET[30:]}"\n'
            'x = ccxt.binance({"apiKey": api_key, "secret": secret})'
        )
    },
}


def test_every_row_of_the_page_is_tried() -> None:
    assert [row[0] for row in read_rows('layers.md', 'layer')] == list(MADE)


@pytest.mark.parametrize(
    ('layer', 'name'), [(layer, name) for layer, files in MADE.items() for name in files]
)
def test_a_pair_in_a_layer_is_found_with_both_values(layer: str, name: str) -> None:
    findings = scanned(name, MADE[layer][name]).findings
    values = {part.value for finding in findings for part in finding.parts}
    assert {KEY, SECRET} <= values
    assert {finding.issuer for finding in findings} == {'binance'}
    named = layer.strip('`')
    if named not in ('HTML entities', 'quoted-printable', 'percent-encoding'):
        assert any(named in (finding.container or '') for finding in findings)


def test_layers_in_layers_as_the_page_limits_them() -> None:
    """What has a sign goes three layers deep; what is deeper is named, what has none is silent."""
    (row,) = [row for row in read_rows('layers.md', 'limit') if row[0] == 'layers in layers']
    most = int(re.findall(r'\d+', row[1])[0])
    text = SECRET.encode()
    for depth in range(1, most + 2):
        text = base64.b64encode(text)
        result = scanned('a.env', b'BINANCE_SECRET_B64=' + text + b'\n')
        found = any(part.value == SECRET for one in result.findings for part in one.parts)
        assert found == (depth <= most), depth
        assert bool(result.failures) == (depth > most), depth
    bare = PAIR.encode()
    for _ in range(most):
        bare = base64.b64encode(bare)
    assert not scanned('a.txt', bare).findings
    assert 'a text in base64 three times' in read_page('layers.md')
