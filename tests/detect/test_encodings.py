"""Every encoding that people write keys in is a layer that leads back to the file."""

from __future__ import annotations

import base64
import html
import json
import quopri
import re

import pytest

from keylint.core.model import Finding
from keylint.core.spans import Lines
from tests.detect.layered import ENCODINGS, KEY, PAIR, SECRET, TEXTS, b64, each, found

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
    assert not any(run.search(line.text) for line in finding.excerpt)


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
        None,
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


# All ways to write a character as its number, each as quotes and as the text itself.
SPELLINGS = ('\\x{:02x}', '\\u{:04x}', '\\u{{{:x}}}', '\\u{{{:06x}}}', '\\U{:08x}')
ENTITIES = ('&quot;', '&apos;', '&#34;', '&#39;', '&#x22;', '&#x27;')


@pytest.mark.parametrize('spelling', SPELLINGS)
@pytest.mark.parametrize(
    'text', ["KEY = §'{0}'§", "§KEY = '{0}'§", "KEY = '§{0}§'", "x = '§KEY={0}§'"]
)
def test_every_spelling_of_a_character(text: str, spelling: str) -> None:
    before, escaped, after = text.replace('KEY', 'BINANCE_API_SECRET').format(SECRET).split('§')
    if escaped == f"'{SECRET}'":
        escaped = each(spelling)("'") + SECRET + each(spelling)("'")
    else:
        escaped = each(spelling)(escaped)
    (finding,) = found('a.js', before + escaped + after + ';\n')
    assert finding.rule == 'binance-credential'
    assert [part.value for part in finding.parts] == [SECRET]


@pytest.mark.parametrize('name', ['a.html', 'a.xml', 'a.txt'])
@pytest.mark.parametrize('quote', ENTITIES)
@pytest.mark.parametrize('join', ['=', ': ', '§: ', '§='])
def test_entities_are_quotes(join: str, quote: str, name: str) -> None:
    text = f'<env x="BINANCE_API_SECRET{join}{quote}{SECRET}{quote};A=1"/>\n'
    (finding,) = found(name, text.replace('§', quote))
    assert finding.rule == 'binance-credential'
    assert [part.value for part in finding.parts] == [SECRET]
