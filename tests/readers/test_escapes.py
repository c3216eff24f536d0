"""Backslash escapes: what they say, and where the runs between them lie."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keylint.core.model import OffsetSegment
from keylint.readers.escapes import decode_escapes, decode_with_pieces


@pytest.mark.parametrize(
    ('raw', 'want'),
    [
        (b'', b''),
        (b'abc', b'abc'),
        (rb'a\nb\tc\rd\be\ff', b'a\nb\tc\rd\be\ff'),
        (rb'\"\\\/', b'"\\/'),
        (rb'\q', b'q'),
        (rb'\u00e4\u20ac', 'ä€'.encode()),
        (rb'\ud834\udd1e', '𝄞'.encode()),
        (rb'\uD834\uDD1E', '𝄞'.encode()),
        (rb'\udbff\udfff', '\U0010ffff'.encode()),
        (rb'\ud834', b'?'),
        (rb'\u12', b'u12'),
        (b'a\\', b'a\\'),
        (b'a\\\nb', b'a\nb'),
    ],
)
def test_what_escapes_say(raw: bytes, want: bytes) -> None:
    assert decode_escapes(raw) == want
    assert decode_with_pieces(raw)[0] == want


def test_where_runs_lie() -> None:
    text, pieces = decode_with_pieces(rb'ab\u00e4cd\n', 100)
    assert text == 'abäcd\n'.encode()
    assert pieces == (
        OffsetSegment(0, 100, 2),
        OffsetSegment(2, 102, 2, 0),
        OffsetSegment(4, 108, 2),
        OffsetSegment(6, 110, 1, 0),
    )
    assert decode_with_pieces(b'ab', 7) == (b'ab', (OffsetSegment(0, 7, 2),))


@given(st.lists(st.sampled_from([b'ab', rb'\n', rb'\u00e4', rb'\ud834\udd1e', b'c'])))
def test_runs_are_what_they_point_at(parts: list[bytes]) -> None:
    raw = b''.join(parts)
    text, pieces = decode_with_pieces(raw, 3)
    assert text == decode_escapes(raw)
    at = 0
    for piece in pieces:
        if b'\\' in raw:
            assert piece.start == at
        if piece.scale:
            begin = piece.blob_start - 3
            assert (
                text[piece.start : piece.start + piece.length]
                == (raw[begin : begin + piece.length])
            )
        at = piece.start + piece.length
    assert at == len(text)
