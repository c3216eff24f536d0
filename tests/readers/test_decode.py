"""Bytes to text: what went in as text comes out as its UTF-8.

What is no text comes back unchanged.
"""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keylint.readers.decode import is_table, to_text
from keylint.rules.recipes import expand_recipes

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
    b'a' * 5000 + b'\x00',
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
