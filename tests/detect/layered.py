"""A pair of keys in a layer, and what a scan says of it."""

from __future__ import annotations

import base64
import gzip
import json
import random
import zlib
from collections.abc import Callable
from urllib.parse import quote

from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import BlobResult
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand_recipes

RULES = load_rules()


KEY, SECRET = (
    expand_recipes('{alnum:64}', 'layers/key'),
    expand_recipes('{alnum:64}', 'layers/secret'),
)


PAIR = f'BINANCE_API_KEY={KEY}\nBINANCE_API_SECRET={SECRET}\n'


TEXTS = {
    'a pair': (PAIR, 'binance-credential', (KEY, SECRET)),
    'a document': (
        json.dumps({'exchange': {'name': 'binance', 'key': KEY, 'secret': SECRET}}),
        'binance-credential',
        (KEY, SECRET),
    ),
    'a token': (
        expand_recipes('see github_pat_{alnum:22}_{alnum:59} for it\n', 'layers/token'),
        'github-credential',
        (),
    ),
    'a key in PEM': (
        expand_recipes('{pem:rsa}', 'layers/pem') + '\n',
        'pem-private-key-credential',
        (),
    ),
}


def scanned(name: str, text: str | bytes) -> BlobResult:
    return scan_blob(
        Blob(text if isinstance(text, bytes) else text.encode(), Origin(name)),
        RULES,
        Config(show_secrets=True),
    )


def found(name: str, text: str | bytes) -> list[Finding]:
    result = scanned(name, text)
    assert result.failures == ()
    return list(result.findings)


def b64(text: str | bytes) -> str:
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def lines(text: str, end: str, width: int = 76) -> str:
    return end.join(text[at : at + width] for at in range(0, len(text), width))


def each(form: str) -> Callable[[str], str]:
    return lambda text: ''.join(form.format(byte) for byte in text.encode())


# Name of the layer, and how a text is brought into it.
ENCODINGS: dict[str, tuple[str, Callable[[str], str]]] = {
    'base64': ('base64', b64),
    'URL-safe': ('base64', lambda text: base64.urlsafe_b64encode(text.encode()).decode()),
    'without padding': ('base64', lambda text: b64(text).rstrip('=')),
    'wrapped': ('base64', lambda text: lines(b64(text), '\n')),
    'wrapped at 64 with CRLF': ('base64', lambda text: lines(b64(text), '\r\n', 64)),
    'wrapped and indented': ('base64', lambda text: lines(b64(text), '\n    ')),
    'wrapped in a text of JSON': ('base64', lambda text: lines(b64(text), '\\n')),
    'twice': ('base64 of base64', lambda text: b64(b64(text))),
    'three times': ('base64 of base64 of base64', lambda text: b64(b64(b64(text)))),
    'gzip': ('base64 of gzip', lambda text: b64(gzip.compress(text.encode(), mtime=0))),
    'zlib': ('base64 of gzip', lambda text: b64(zlib.compress(text.encode()))),
    'as Helm does': (
        'base64 of base64 of gzip',
        lambda text: b64(b64(gzip.compress(text.encode(), mtime=0))),
    ),
    'hex': ('hex', lambda text: text.encode().hex()),
    'HEX': ('hex', lambda text: '0x' + text.encode().hex().upper()),
    'x': ('escapes', each('\\x{:02x}')),
    'u': ('escapes', each('\\u{:04X}')),
    'all percent': ('percent-encoding', each('%{:02X}')),
    'percent': ('percent-encoding', lambda text: quote(text, safe='')),
    'entities': ('HTML entities', each('&#{};')),
    'entities in hex': ('HTML entities', each('&#x{:x};')),
}


def noise(seed: str, size: int) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311 - only to be hard to compress
