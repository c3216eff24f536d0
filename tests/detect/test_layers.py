"""Find what is encoded where it stands, in any encoding; what only looks encoded is silent."""

from __future__ import annotations

import base64
import gzip
import html
import json
import quopri
import random
import re
import subprocess
import sys
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import keylint.detect.decoded
import keylint.detect.encoded_runs
from keylint.core.blob import Blob, Origin
from keylint.core.config import Config
from keylint.core.model import Finding
from keylint.core.report import BlobResult
from keylint.core.spans import Lines
from keylint.matcher.encoded_patterns import list_known_digits
from keylint.matcher.match import list_kinds
from keylint.pipeline.blob import scan_blob
from keylint.rules.load import load_rules
from keylint.rules.recipes import expand
from tests.archives.made import zipped_rows
from tests.conftest import Repository, Run

RULES = load_rules()
KEY, SECRET = expand('{alnum:64}', 'layers/key'), expand('{alnum:64}', 'layers/secret')
PAIR = f'BINANCE_API_KEY={KEY}\nBINANCE_API_SECRET={SECRET}\n'
TEXTS = {
    'a pair': (PAIR, 'binance-credential', (KEY, SECRET)),
    'a document': (
        json.dumps({'exchange': {'name': 'binance', 'key': KEY, 'secret': SECRET}}),
        'binance-credential',
        (KEY, SECRET),
    ),
    'a token': (
        expand('see github_pat_{alnum:22}_{alnum:59} for it\n', 'layers/token'),
        'github-credential',
        (),
    ),
    'a key in PEM': (expand('{pem:rsa}', 'layers/pem') + '\n', 'pem-private-key-credential', ()),
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
# The matcher knows words that are encoded twice. And the token: no name and no quotes are escaped
# around it, and `%20` ends in a digit.
NOT_SEEN = {
    ('a token', 'percent'): 'nothing around the token is escaped, so no escape wakes the gate',
    **{
        (kind, 'three times'): 'the gate knows telling words in base64 once and twice: a third time'
        ' has too many alignments, and base64 that holds no known word wakes it nowhere'
        for kind in TEXTS
    },
}
AROUND = {
    'a.py': 'import os\n\nBLOB = "{}"\n',
    'a.yaml': 'first: 1\nsecond: 2\nblob: {}\n',
    'a.json': '{{\n"a": 1,\n"blob": "{}"}}\n',
    'a.txt': 'words\n\n{}\n',
}


@pytest.mark.parametrize('encoding', ENCODINGS)
@pytest.mark.parametrize('kind', TEXTS)
def test_each_text_in_each_encoding(kind: str, encoding: str) -> None:
    text = TEXTS[kind][0]
    label, encode = ENCODINGS[encoding]
    if (kind, encoding) in NOT_SEEN:
        pytest.xfail(NOT_SEEN[kind, encoding])
    for name, template in AROUND.items():
        finding = found_in_layer(name, template.format(encode(text)), kind, label, encode(text))
        assert finding.place.line >= 3


def found_in_layer(name: str, text: str, kind: str, label: str, code: str) -> Finding:
    """Check the one finding of a text that holds one of TEXTS as `code`.

    Whose it is, in which layer, with all values, at its digits.
    """
    data = text.encode()
    (finding,) = found(name, data)
    assert (finding.rule, finding.container) == (TEXTS[kind][1], label), name
    assert {part.value for part in finding.parts} >= set(TEXTS[kind][2])
    assert_points_at_its_code(data, finding, data.index(code[:40].encode()), code)
    return finding


def assert_points_at_its_code(data: bytes, finding: Finding, start: int, code: str) -> None:
    """Places lie in the encoded run, and no line that is shown holds any of it."""
    offsets = Lines(data)
    for part in finding.parts:
        first = offsets.offset(part.place)
        end = offsets.bounds(part.place.end_line)[0] + part.place.end_column - 1
        assert start <= first < end <= start + len(code)
    run = re.compile(r'[A-Za-z0-9+/_\-]{40,}')
    assert not any(run.search(line) for line in finding.excerpt)


POWERSHELL = {
    'a.cmd': 'powershell -e {}\n',
    'b.cmd': 'start powershell.exe -NoProfile /EncodedCommand "{}"\n',
    'c.ps1': '$s = [Text.Encoding]::Unicode.GetString([Convert]::FromBase64String("{}"))\n',
    'd.env': 'BOT_CREDENTIALS={}\n',
}


@pytest.mark.parametrize('kind', TEXTS)
@pytest.mark.parametrize('mark', ['', '\ufeff'])
@pytest.mark.parametrize('name', POWERSHELL)
def test_encoded_commands_of_powershell(name: str, mark: str, kind: str) -> None:
    if mark and name == 'd.env':
        pytest.skip('a variable holds no mark of byte order')
    code = b64((mark + TEXTS[kind][0]).encode('utf-16-le'))
    found_in_layer(name, POWERSHELL[name].format(code), kind, 'base64 of UTF-16', code)


@pytest.mark.parametrize('kind', TEXTS)
def test_quoted_printable_and_html(kind: str) -> None:
    text, rule, _ = TEXTS[kind]
    mail = (
        'Subject: x\nContent-Transfer-Encoding: quoted-printable\n\n'
        + quopri.encodestring(text.encode()).decode()
    )
    page = f'<html>\n<p data-bot="{html.escape(text)}"></p>\n'
    assert [finding.rule for finding in found('a.eml', mail)] == [rule]
    assert [finding.rule for finding in found('a.html', page)] == [rule]


def test_a_part_points_at_its_own_digits() -> None:
    """Not at the whole run: the digits of the secret decode to the secret."""
    code = b64(PAIR)
    (finding,) = found('a.txt', f'{code}\n')
    for part, value in zip(finding.parts, (KEY, SECRET), strict=True):
        digits = code[part.place.column // 4 * 4 : part.place.end_column - 1]
        assert value.encode() in base64.b64decode(digits + '=' * (-len(digits) % 4))
        assert len(digits) <= len(value) * 4 // 3 + 8


CASES = {
    'values of an env file': (
        'a.env',
        f'BINANCE_API_KEY={b64(KEY)}\nBINANCE_API_SECRET={b64(SECRET)}\n',
        'base64',
        1,
    ),
    'values in hex': (
        'a.py',
        f'import binance\napi_key_hex = "{KEY.encode().hex()}"\n'
        f'api_secret_hex = "{SECRET.encode().hex()}"\n',
        'hex',
        2,
    ),
    'a header': (
        'a.py',
        f'import binance\nheaders = {{"Authorization": "Basic {b64(f"{KEY}:{SECRET}")}"}}\n',
        'base64',
        2,
    ),
    'a shell': (
        'a.sh',
        f'# binance\nBINANCE_API_SECRET=$(echo "{b64(SECRET)}" | base64 -d)\n',
        'base64',
        2,
    ),
    'a Kubernetes Secret': (
        'a.yaml',
        f'kind: Secret\ndata:\n  binance-api-key: {b64(KEY)}\n'
        f'  binance-api-secret: {b64(SECRET)}\n',
        None,
        3,
    ),
    'a Kubernetes Secret in JSON': (
        'a.json',
        json.dumps(
            {'kind': 'Secret', 'data': {'binance-key': b64(KEY), 'binance-secret': b64(SECRET)}}
        ),
        'base64',
        1,
    ),
    'stringData': (
        'a.yaml',
        f'kind: Secret\nstringData:\n  binance-api-key: {KEY}\n  binance-api-secret: {SECRET}\n',
        None,
        3,
    ),
    'a file in a Secret': (
        'a.yaml',
        f'kind: Secret\ndata:\n  config.json: {b64(TEXTS["a document"][0])}\n',
        'base64',
        3,
    ),
    'a file in stringData': (
        'a.yaml',
        f'kind: Secret\nstringData:\n  c.yaml: |\n    binance:\n      key: {KEY}\n'
        f'      secret: {SECRET}\n',
        None,
        5,
    ),
    'JSON in JSON': (
        'a.json',
        json.dumps({'body': json.dumps({'inner': TEXTS['a document'][0]})}),
        None,
        1,
    ),
    'JSON in JSON with escaped quotes': (
        'a.js',
        f'x = "\\u0022binanceKey\\u0022:\\u0022{KEY}\\u0022,\\u0022binanceSecret\\u0022:\\'
        f'u0022{SECRET}\\u0022"',
        'escapes',
        1,
    ),
    'an address': (
        'a.txt',
        f'\n'
        f'/bot?config=%7B%22binance_key%22%3A%22{KEY}%22%2C%22binance_secret%22%3A%22{SECRET}'
        f'%22%7D\n',
        'percent-encoding',
        2,
    ),
    'YAML in base64': (
        'a.txt',
        f'\n{b64(f"binance:{chr(10)}  key: {KEY}{chr(10)}  secret: {SECRET}{chr(10)}")}\n',
        'base64',
        2,
    ),
    'escapes in base64': (
        'a.py',
        'x = b64decode("' + b64('binance_secret = "' + each('\\x{:02x}')(SECRET) + '"') + '")\n',
        'base64 of escapes',
        1,
    ),
}


@pytest.mark.parametrize('case', CASES)
def test_where_people_encode(case: str) -> None:
    name, text, container, line = CASES[case]
    (finding,) = found(name, text)
    assert (finding.rule, finding.place.line) == ('binance-credential', line)
    if case != 'escapes in base64':
        assert finding.container == container
    assert SECRET in {part.value for part in finding.parts}


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


def noise(seed: str, size: int) -> bytes:
    return random.Random(seed).randbytes(size)  # noqa: S311 - only to be hard to compress


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


def test_several_credentials_in_one_run_are_all_told() -> None:
    more = expand(
        'KUCOIN_API_KEY={hex:24}\nKUCOIN_API_SECRET={uuid}\nKUCOIN_PASSPHRASE={pass:12}\n',
        'layers/kucoin',
    )
    for code in (
        b64(PAIR + '\n' * 12 + more),
        b64(gzip.compress((PAIR + '\n' * 12 + more).encode())),
    ):
        assert sorted(finding.rule for finding in found('a.txt', f'"{code}"')) == [
            'binance-credential',
            'kucoin-credential',
        ]


def test_what_stands_in_clear_is_told_once() -> None:
    (finding,) = found('a.env', f'{PAIR}BLOB={b64(PAIR)}\n')[:1]
    assert finding.container is None
    assert (
        len(
            found(
                'a.env', f'{PAIR}BLOB={b64("nothing secret in this text, no key, no password")}\n'
            )
        )
        == 1
    )


def test_a_member_of_an_archive_says_both() -> None:
    (finding,) = found('a.zip', zipped_rows([('conf/a.txt', b64(PAIR).encode())]))
    assert (finding.container, finding.place.line) == ('a.zip!/conf/a.txt!/base64', 1)


def test_a_notebook_cell() -> None:
    cell = {
        'cell_type': 'code',
        'metadata': {},
        'outputs': [],
        'source': ['import x\n', f'BLOB = "{b64(PAIR)}"\n'],
    }
    (finding,) = found('a.ipynb', json.dumps({'cells': [cell], 'nbformat': 4}, indent=1))
    assert (
        finding.rule,
        finding.container,
        finding.cell and (finding.cell.number, finding.cell.line),
    ) == ('binance-credential', 'base64', (0, 2))


def test_a_mark_on_the_encoded_line_covers_it() -> None:
    (finding,) = found('a.py', f'BLOB = "{b64(PAIR)}"  # keylint: ignore made up\n')
    assert finding.state == 'suppressed'


# Limits


def nested(depth: int) -> str:
    text = PAIR
    for number in range(depth):
        text = b64(f'secret {number} ' + text if number % 2 else text + ' secret')
    return text


def test_deeper_than_the_limit_is_a_failure() -> None:
    assert [
        failure.error
        for failure in scanned('a.txt', nested(keylint.detect.decoded.MAX_LAYERS)).failures
    ] == []
    result = scanned('a.txt', nested(keylint.detect.decoded.MAX_LAYERS + 1))
    assert [(failure.stage, failure.error) for failure in result.failures] == [
        ('decode', 'nested more than 3 deep: not decoded')
    ]


def test_a_bomb_is_a_failure() -> None:
    bomb = b64(gzip.compress(b'secret ' * (4 << 20)))
    result = scanned('a.txt', f'{PAIR}"{bomb}"')
    assert [failure.error for failure in result.failures] == [
        'more than 16 MB come out of a compressed run: not decoded'
    ]
    assert [finding.rule for finding in result.findings] == ['binance-credential']


def test_what_cannot_be_decoded_is_no_failure() -> None:
    for text in (
        'c2VjcmV0' * 30 + 'A',
        'secret ' + 'eJz' + 'A' * 60,
        '"H4sI' + 'A' * 60 + '"',
        'quoted-printable\n\n=ZZ=3',
    ):
        assert scanned('a.txt', text).failures == ()


# The first law: the gate never says no where a layer would be read

WORDS = (
    b'secret',
    b'SECRET',
    b'Secret',
    b'token',
    b'passphrase',
    b'password',
    b'PRIVATE',
    b'api_key',
    b'API_KEY=',
    b'"key":',
    b'mnemonic',
    b'-----BEGIN ',
)


@given(st.sampled_from(WORDS), st.binary(max_size=40), st.binary(max_size=40), st.booleans())
def test_a_telling_word_wakes_the_gate_wherever_it_stands(
    word: bytes, before: bytes, after: bytes, is_url_safe: bool
) -> None:
    encode = base64.urlsafe_b64encode if is_url_safe else base64.b64encode
    for shift in range(3):
        data = bytes(shift) + before + word + after
        for code in (
            encode(data),
            encode(encode(data)),
            data.hex().encode(),
            data.hex().upper().encode(),
        ):
            assert 'encoded' in list_kinds(RULES.matcher.find_matches(code)), (code, word)


@given(st.binary(min_size=4, max_size=12), st.binary(max_size=9), st.binary(max_size=9))
def test_some_digits_of_a_word_are_the_same_wherever_it_stands(
    word: bytes, before: bytes, after: bytes
) -> None:
    code = base64.b64encode(before + word + after)
    first, last = len(before) * 8 // 6, -(-8 * (len(before) + len(word)) // 6)
    assert any(
        first <= code.find(known, first) and code.find(known, first) + len(known) <= last
        for known in list_known_digits(word)
    )


@given(
    st.sampled_from(sorted(TEXTS)),
    st.integers(0, 40),
    st.sampled_from(('base64', 'URL-safe', 'wrapped', 'twice', 'hex', 'gzip')),
)
def test_a_credential_is_found_at_every_alignment(kind: str, shift: int, encoding: str) -> None:
    text, rule, _ = TEXTS[kind]
    words = ('words and ' * 5)[:shift] + '\n' + text
    assert rule in [
        finding.rule for finding in found('a.txt', f'x "{ENCODINGS[encoding][1](words)}"\n')
    ]


@given(st.text('ab=+/%\\xu0123456789&#;"\n H4sIeJw', max_size=300))
def test_any_text_ends_without_a_failure(text: str) -> None:
    assert scanned('a.py', f'api_secret = "{text}"\n{b64(text)}secret').failures == ()


# As processes


def test_scan_staged_and_history(keylint: Run, repository: Repository) -> None:
    repository.write('bot.py', f'import binance\n\nBLOB = "{b64(PAIR)}"\n')
    repository.git('add', '-A')
    for arguments in [['scan', '.'], ['scan', '--staged'], ['scan', '--history']]:
        if arguments[-1] == '--history':
            repository.commit()
            repository.write('bot.py', 'import binance\n')
            repository.commit()
        done = keylint(*arguments, '--format', 'json', cwd=repository.folder)
        (finding,) = json.loads(done.stdout)['findings']
        assert (done.returncode, finding['rule'], finding['line'], finding['container']) == (
            1,
            'binance-credential',
            3,
            'base64',
        ), arguments
        assert KEY not in done.stdout
        assert b64(PAIR)[8:40] not in done.stdout


def test_nothing_is_imported_for_a_file_without_layers() -> None:
    text = PAIR + 'x = "' + noise('quiet', 64).hex() + '"\n'
    code = (
        'import sys; from keylint.cli import main\n'
        'try: main(["scan", "-", "--isolated"])\nfinally: print(*sys.modules)'
    )
    done = subprocess.run(
        [sys.executable, '-c', code], input=text.encode(), capture_output=True, check=False
    )
    loaded = done.stdout.decode().split()
    assert 'keylint.pipeline.examine' in loaded
    assert 'keylint.detect.decoded' not in loaded
