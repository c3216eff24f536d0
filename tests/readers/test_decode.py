"""Bytes to text: what went in as text comes out as its UTF-8.

What is no text comes back unchanged.
"""

from __future__ import annotations

import codecs
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keylint.readers.decode import is_table, may_be_binary, to_text
from keylint.rules.recipes import expand_recipes
from tests.conftest import Run

TEXT = st.text(st.characters(exclude_categories=['Cs'], exclude_characters='\x00'), max_size=200)
LATIN = st.text(st.characters(min_codepoint=9, max_codepoint=126), min_size=1, max_size=200)
BOMS = {'utf-16-le': codecs.BOM_UTF16_LE, 'utf-16-be': codecs.BOM_UTF16_BE}


@given(TEXT.filter(lambda text: not text.startswith('\ufeff')))
def test_utf_8_comes_back(text: str) -> None:
    assert to_text(text.encode()) == (text.encode(), True)


@given(TEXT)
def test_a_mark_is_cut_off(text: str) -> None:
    assert to_text(codecs.BOM_UTF8 + text.encode()) == (text.encode(), True)


@pytest.mark.parametrize('order', BOMS)
@given(text=TEXT)
def test_utf_16_with_a_mark(order: str, text: str) -> None:
    assert to_text(BOMS[order] + text.encode(order)) == (text.encode(), True)


@pytest.mark.parametrize('order', BOMS)
@given(text=LATIN)
def test_utf_16_without_a_mark(order: str, text: str) -> None:
    assert to_text(text.encode(order)) == (text.encode(), True)


@pytest.mark.parametrize('order', BOMS)
@given(accents=st.text('éüßñç', min_size=1, max_size=10))
def test_utf_16_with_accents(order: str, accents: str) -> None:
    text = f'{accents} = {expand_recipes("{alnum:64}", "utf-16")}\n' * 3
    assert to_text(text.encode(order)) == (text.encode(), True)
    assert to_text(BOMS[order] + text.encode(order)) == (text.encode(), True)


@given(
    st.binary(max_size=200).filter(
        lambda data: (
            b'\x00' not in data and not data.startswith((b'\xff\xfe', b'\xfe\xff', b'\xef\xbb\xbf'))
        )
    )
)
def test_latin_1_comes_back(data: bytes) -> None:
    assert to_text(data) == (data, True)


@given(st.binary(max_size=300))
def test_bytes_never_raise(data: bytes) -> None:
    text, is_text = to_text(data)
    if not is_text:
        assert text == data
        assert b'\x00' in data
    else:
        assert text == data or data[:1] in b'\xff\xfe\xef' or b'\x00' in data


BINARY = (
    bytes(100),
    b'\x7fELF\x02\x01\x01' + bytes(9) + b'\x03\x00\x3e\x00' * 9,
    b'PK\x03\x04\x14\x00\x08\x00abc',
    b'ab\x00cd\x00e\x01' * 3000,
    (b'name' + bytes(96) + b'0000644\x000001750\x0000001750\x00' + bytes(376)) * 3,
)


@pytest.mark.parametrize('data', BINARY)
def test_binary_is_no_text(data: bytes) -> None:
    assert to_text(data) == (data, False)


@pytest.mark.parametrize(
    'data', [b'\xff\xfea', b'\xfe\xff\xd8\x00', b'\xff\xfe\x00\xd8', b'\xff\xfe']
)
def test_broken_utf_16_is_text_all_the_same(data: bytes) -> None:
    text, is_text = to_text(data)
    assert is_text
    assert text.decode() in ('', '\ufffd')


@pytest.mark.parametrize(
    ('path', 'header', 'wanted'),
    [
        ('keys.csv', b'exchange,api_key,secret', True),
        ('keys.TSV', b'exchange\tAPI Secret', True),
        ('a/wallets.csv', b'\n\naddress,mnemonic', True),
        ('prices.csv', b'date,open,high,low,close', False),
        ('prices.csv', b'date,open\n2024,secret', False),
        ('keys.txt', b'exchange,api_key,secret', False),
        ('empty.csv', b'', False),
    ],
)
def test_tables_are_told_by_their_header(path: str, header: bytes, wanted: bool) -> None:
    assert is_table(path, header) is wanted


PAIR = expand_recipes(
    'BINANCE_API_KEY={alnum:64}\nBINANCE_API_SECRET={alnum:64}\n', 'zeros'
).encode()
WIDE = PAIR.decode().encode('utf-16-le')


HIDDEN = {
    'a log cut by copytruncate': (bytes(9000) + PAIR, b' ' * 9000 + PAIR),
    'a file after a power cut': (PAIR + bytes(4096), PAIR + b' ' * 4096),
    'one zero at the end': (PAIR + b'\x00', PAIR + b' '),
    'a zero behind a mark': (codecs.BOM_UTF8 + PAIR + b'\x00', PAIR + b' '),
    'plain text behind UTF-16': (codecs.BOM_UTF16_LE + WIDE + PAIR, PAIR * 2),
    'plain text behind UTF-16 without a mark': (WIDE + PAIR, PAIR * 2),
    'UTF-16 behind plain text': (PAIR + WIDE, PAIR * 2),
    'big-endian behind plain text': (PAIR + PAIR.decode().encode('utf-16-be'), PAIR * 2),
    'UTF-32, little-endian': (codecs.BOM_UTF32_LE + PAIR.decode().encode('utf-32-le'), PAIR),
    'UTF-32, big-endian': (codecs.BOM_UTF32_BE + PAIR.decode().encode('utf-32-be'), PAIR),
}


@pytest.mark.parametrize('case', HIDDEN)
def test_zeros_do_not_hide_a_text(case: str) -> None:
    data, text = HIDDEN[case]
    assert to_text(data) == (text, True)


@pytest.mark.parametrize(
    ('data', 'wanted'),
    [
        (b'', False),
        (PAIR, False),
        (PAIR * 100, False),
        (b'\x00' + PAIR * 100, True),
        (PAIR * 100 + b'\x00', True),
    ],
    ids=['nothing', 'short', 'long', 'zero first', 'zero last'],
)
def test_only_zeros_make_a_close_look_necessary(data: bytes, wanted: bool) -> None:
    assert may_be_binary(data) is wanted


@pytest.mark.parametrize('packed', [False, True], ids=['file', 'member'])
@pytest.mark.parametrize('case', HIDDEN)
def test_zeros_do_not_hide_a_leak(keylint: Run, tmp_path: Path, case: str, packed: bool) -> None:
    if packed:
        with zipfile.ZipFile(tmp_path / 'backup.zip', 'w') as archive:
            archive.writestr('live.env', HIDDEN[case][0])
    else:
        (tmp_path / 'live.env').write_bytes(HIDDEN[case][0])
    done = keylint('scan', '--format', 'json')
    found = json.loads(done.stdout)['findings']
    assert {(finding['issuer'], len(finding['parts'])) for finding in found} == {('binance', 2)}
