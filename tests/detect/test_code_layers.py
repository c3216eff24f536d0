"""What code puts together is found, and what only looks encoded is silent."""

from __future__ import annotations

import gzip
from urllib.parse import quote

import pytest

import keylint.detect.decoded
import keylint.detect.encoded_runs
from tests.detect.layered import KEY, SECRET, b64, found, lines, noise

HALVES = f'A = "{KEY[:30]}"\nB = "{KEY[30:]}"\nC = "{SECRET[:30]}"\nD = "{SECRET[30:]}"\n'


CODE = {
    'join': (
        'a.py',
        f'import binance\n{HALVES}api_key = "".join([A, B])\napi_secret = "".join((C, D))\n',
    ),
    'f-string': (
        'a.py',
        f'import binance\n{HALVES}api_key = f"{{A}}{{B}}"\napi_secret = f"{{C}}{{D}}"\n',
    ),
    'percent': (
        'a.py',
        f'import binance\n{HALVES}api_key = "%s%s" % (A, B)\napi_secret = "%s%s" % (C, D)\n',
    ),
    'format': (
        'a.py',
        f'import binance\n{HALVES}api_key = "{{}}{{}}".format(A, B)\n'
        f'api_secret = "{{}}{{}}".format(C, D)\n',
    ),
    'sum': (
        'a.py',
        f'import binance\n{HALVES}client = binance.Client(api_key=A + B, api_secret=C + D)\n',
    ),
    'base64': (
        'a.py',
        f'import binance\n'
        f'client = binance.Client(b64decode("{b64(KEY)}").decode(), b64decode("{b64(SECRET)}"'
        f').decode())\n',
    ),
    'hex': (
        'a.py',
        f'import binance\napi_key = bytes.fromhex("{KEY.encode().hex()}")\n'
        f'api_secret = bytes.fromhex("{SECRET.encode().hex()}")\n',
    ),
    'base64 of names': (
        'a.py',
        f'import binance\nX = "{b64(KEY)}"\nY = "{b64(SECRET)}"\napi_key = b64decode(X)\n'
        f'api_secret = b64decode(Y)\n',
    ),
    'template': (
        'a.ts',
        'import "binance";\nconst '
        + HALVES.replace('\n', ';\nconst ', 3)
        + 'const apiKey = `${A}${B}`;\nconst apiSecret = `${C}${D}`;\n',
    ),
    'sum in TypeScript': (
        'a.ts',
        'import "binance";\nconst '
        + HALVES.replace('\n', ';\nconst ', 3)
        + 'new Client({ apiKey: A + B, apiSecret: C + D });\n',
    ),
    'join in TypeScript': (
        'a.ts',
        f'import "binance";\nconst apiKey = ["{KEY[:30]}", "{KEY[30:]}"].join("");\n'
        f'const apiSecret = ["{SECRET[:9]}", "{SECRET[9:]}"].join("");\n',
    ),
}


@pytest.mark.parametrize('case', CODE)
def test_what_code_puts_together(case: str) -> None:
    name, text = CODE[case]
    (finding,) = found(name, text)
    assert (finding.rule, finding.container) == (
        'binance-credential',
        keylint.detect.encoded_runs.JOINED,
    )
    assert {part.value for part in finding.parts} == {KEY, SECRET}
    assert finding.place.end_line >= finding.place.line > 1


@pytest.mark.parametrize('case', ['adjacent', 'sum'])
def test_literals_side_by_side_need_no_layer(case: str) -> None:
    between = {'adjacent': '"\n    "', 'sum': '" +\n    "'}[case]
    text = (
        f'import binance\napi_key = ("{KEY[:30]}{between}{KEY[30:]}")\n'
        f'api_secret = ("{SECRET[:30]}{between}{SECRET[30:]}")\n'
    )
    (finding,) = found('a.py', text)
    assert (finding.rule, finding.container) == ('binance-credential', None)


PNG_HEAD = bytes([0x89]) + b'PNG'


TEMPLATE = 'api_key: {{ .Values.apiKey }}\nsecret: ${BINANCE_SECRET}\n'


SILENT = {
    'an image': (
        'a.svg',
        f'<image href="data:image/png;base64,{b64(PNG_HEAD + noise("png", 60_000))}"/>',
    ),
    'a font': (
        'a.css',
        f'@font-face {{ src: url(data:font/woff2;base64,{b64(b"wOF2" + noise("font", 30_000))}) }}',
    ),
    'hashes': (
        'a.lock',
        ''.join(f'"integrity": "sha512-{b64(noise(str(n), 64))}",\n' for n in range(200)),
    ),
    'hashes under names': (
        'a.py',
        ''.join(f'token_hash_{n} = "{noise(str(n), 32).hex()}"\n' for n in range(200)),
    ),
    'long hex': ('a.txt', noise('hex', 40_000).hex()),
    'words in base64': (
        'a.txt',
        b64('the secret key of a good token is to keep the password private\n' * 40),
    ),
    'a template in base64': ('a.yaml', f'data: {b64(TEMPLATE)}\n'),
    'a placeholder in base64': (
        'a.yaml',
        f'data: '
        f'{b64("api_key=YOUR_API_KEY" + chr(10) + "api_secret=your-secret-goes-here" + chr(10))}\n',
    ),
    'minified code': (
        'a.js',
        'var key=a+b,secret=[c,d].join(""),t="\\x41\\x42\\x43\\x44\\x45\\x46",u="\\u0020\\'
        'u0020\\u0020\\u0020\\u0020";' * 300,
    ),
    'a signed token': ('a.txt', f'eyJ{b64(b"{{}}")}.{b64(noise("sig", 40))}'),
    'keys of nobody in percent': (
        'a.txt',
        f'https://example.org/?key%3D{quote("some words, and more words")}&%20%20%20%20%20\n',
    ),
    'a certificate': (
        'a.pem',
        f'-----BEGIN CERTIFICATE-----\n{lines(b64(noise("certificate", 900)), chr(10), 64)}\n'
        f'-----END CERTIFICATE-----\n',
    ),
    'compressed noise': ('a.txt', f'"{b64(gzip.compress(noise("gzip", 5000)))}"'),
}


@pytest.mark.parametrize('case', SILENT)
def test_silent(case: str) -> None:
    name, text = SILENT[case]
    assert found(name, text) == []
