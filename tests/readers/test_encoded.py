"""Decoders: what was encoded comes back, and nothing else is taken for encoded.

Every byte of it leads to the bytes that it was made of.
"""

from __future__ import annotations

import base64 as standard
import gzip
import html
import quopri
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keylint.core.model import Fragment
from keylint.core.spans import map_to_blob
from keylint.readers.codecs import (
    Decoded,
    StreamTooLargeError,
    decode_backslashes,
    decode_base64,
    decode_entities,
    decode_hex,
    decode_percent,
    decode_quoted_printable,
    inflate,
    is_text,
    narrow_utf16,
)

ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=300)
DATA = st.binary(min_size=1, max_size=300)


def wrapped(text: bytes, width: int, end: bytes) -> bytes:
    return end.join(text[at : at + width] for at in range(0, len(text), width))


def spans(decoded: Decoded) -> list[tuple[int, int]]:
    """Return the encoded bytes behind every decoded one."""
    fragment = Fragment(decoded.data, decoded.pieces)
    return [map_to_blob(fragment, at, at + 1) for at in range(len(decoded.data))]


def lead_back(run: bytes, decoded: Decoded | None, decode: Callable[[bytes], bytes | None]) -> None:
    """Check that every byte stands among the bytes that its own span decodes to.

    Spans are in order and lie in the run.
    """
    assert decoded is not None
    found = spans(decoded)
    assert found == sorted(found)
    for byte, (start, end) in zip(decoded.data, found, strict=True):
        assert 0 <= start < end <= len(run)
        assert bytes([byte]) in (decode(run[start:end]) or b''), (run, start, end)


def of_digits(run: bytes) -> bytes | None:
    found = decode_base64(run)
    return found.data if found else None


@given(DATA, st.booleans(), st.booleans())
def test_base64(data: bytes, is_url_safe: bool, is_padded: bool) -> None:
    run = (standard.urlsafe_b64encode if is_url_safe else standard.b64encode)(data)
    run = run if is_padded else run.rstrip(b'=')
    decoded = decode_base64(run)
    assert decoded is not None
    assert decoded.data == data
    lead_back(run, decoded, of_digits)


@given(
    DATA,
    st.integers(1, 20),
    st.sampled_from((b'\n', b'\r\n', b'\n    ', b'\\n', b'\\r\\n', b'\n> ')),
)
def test_wrapped_base64(data: bytes, width: int, end: bytes) -> None:
    run = wrapped(standard.b64encode(data), 4 * width, end)
    decoded = decode_base64(run)
    assert decoded is not None
    assert decoded.data == data
    lead_back(run, decoded, of_digits)


@given(DATA)
def test_base64_wrapped_in_the_middle_of_groups_leads_to_the_whole_run(data: bytes) -> None:
    run = wrapped(standard.b64encode(data), 7, b'\n')
    decoded = decode_base64(run)
    assert decoded is not None
    assert decoded.data == data
    assert set(spans(decoded)) <= {(0, len(run)), *((start, start + 4) for start in range(0, 8, 4))}


@given(DATA, st.booleans(), st.booleans())
def test_hex(data: bytes, is_large: bool, is_marked: bool) -> None:
    run = data.hex().encode()
    run = (b'0x' if is_marked else b'') + (run.upper() if is_large else run)
    decoded = decode_hex(run)
    assert decoded is not None
    assert decoded.data == data
    lead_back(run, decoded, lambda part: bytes.fromhex(part.decode()))


FORMS: dict[str, tuple[Callable[[str], str], Callable[[bytes], Decoded | None]]] = {
    'x': (lambda text: ''.join(f'\\x{ord(c):02x}' for c in text), decode_backslashes),
    'u': (lambda text: ''.join(f'\\u{ord(c):04X}' for c in text), decode_backslashes),
    'braces': (lambda text: ''.join(f'\\u{{{ord(c):x}}}' for c in text), decode_backslashes),
    'long u': (lambda text: ''.join(f'\\U{ord(c):08x}' for c in text), decode_backslashes),
    'some u': (
        lambda text: ''.join(c if c.isalnum() else f'\\u{ord(c):04x}' for c in text),
        decode_backslashes,
    ),
    'percent': (lambda text: ''.join(f'%{ord(c):02X}' for c in text), decode_percent),
    'some percent': (lambda text: quote(text, safe=''), decode_percent),
    'entities': (lambda text: ''.join(f'&#{ord(c)};' for c in text), decode_entities),
    'entities in hex': (lambda text: ''.join(f'&#x{ord(c):x};' for c in text), decode_entities),
    'named entities': (html.escape, decode_entities),
    'quoted-printable': (
        lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
        decode_quoted_printable,
    ),
}


@pytest.mark.parametrize('form', FORMS)
@given(text=ASCII)
def test_escapes(form: str, text: str) -> None:
    encode, decode = FORMS[form]
    run = encode(text).encode()
    decoded = decode(run)
    if run == text.encode():
        assert decoded is None
        return
    assert decoded is not None
    assert decoded.data == text.encode()
    lead_back(run, decoded, lambda part: found.data if (found := decode(part)) else part)


@given(st.binary(max_size=200))
def test_any_bytes_decode_or_do_not(data: bytes) -> None:
    for decode in (
        decode_base64,
        decode_hex,
        decode_backslashes,
        decode_percent,
        decode_entities,
        decode_quoted_printable,
    ):
        decoded = decode(data)
        if decoded is not None:
            assert all(0 <= start < end <= len(data) for start, end in spans(decoded))


@given(DATA)
def test_compressed_streams(data: bytes) -> None:
    assert inflate(gzip.compress(data), 1000) == data
    assert inflate(zlib.compress(data), 1000) == data
    assert inflate(data, 1000) is None or data[:1] in (b'\x1f', b'\x78')


@given(
    st.text(st.characters(min_codepoint=1, max_codepoint=126), min_size=1),
    st.sampled_from(('', '\ufeff')),
)
def test_ascii_in_utf_16(text: str, mark: str) -> None:
    assert narrow_utf16((mark + text).encode('utf-16-le')) == text.encode()


@pytest.mark.parametrize(
    'data',
    [
        b'',
        b'\xff\xfe',
        b'text',
        b't\x00e',
        'ü'.encode('utf-16-le'),
        b'a\x00\x00\x00b\x00',
        b'\x00a\x00b',
    ],
)
def test_no_ascii_in_utf_16(data: bytes) -> None:
    assert narrow_utf16(data) is None


def test_a_stream_that_holds_too_much() -> None:
    with pytest.raises(StreamTooLargeError):
        inflate(gzip.compress(bytes(100_000)), 1000)


@pytest.mark.parametrize('run', [b'A', b'AAAAA', b'QUJD=QUJD', b'QUI', b'====', b'Q*=='])
def test_no_base64(run: bytes) -> None:
    decoded = decode_base64(run)
    assert decoded is None or decoded.data in (b'AB', b'')


@pytest.mark.parametrize(
    ('data', 'wanted'),
    [
        (b'', False),
        (b'plain words\r\n\tand more', True),
        (b'\x00text', False),
        (b'\x89PNG\r\n', False),
        ('Schlüssel für alle'.encode(), True),
        (b'a\xffb', False),
        ('ключ'.encode(), False),
        (b'\x7f', False),
    ],
)
def test_text_is_what_people_could_read(data: bytes, wanted: bool) -> None:
    assert is_text(data) is wanted
