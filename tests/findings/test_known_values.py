"""The values of a file are found again wherever they stand, in one way or another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keylint.findings import known_values
from keylint.findings.known_values import KnownValues

VALUES = frozenset({b'abcdef', b'abcdefgh', b'cdefgh-tail', b'zzzzzz'})


@pytest.mark.parametrize(
    ('text', 'blanked', 'masked'),
    [
        (b'', b'', b''),
        (b'abcde', b'abcde', b'abcde'),
        (b'x=abcdef;', b'x=\0\0\0\0\0\0;', b'x=\0;'),
        (b'xabcdefghx', b'x\0\0\0\0\0\0\0\0x', b'x\0x'),
        (b'abcdefgh-tail.', b'\0' * 13 + b'.', b'\0.'),  # two values, one over the other
        (b'zzzzzzz', b'\0' * 7, b'\0'),  # a value over itself
        (b'abcdef abcdef', b'\0' * 6 + b' ' + b'\0' * 6, b'\0 \0'),
    ],
)
@pytest.mark.parametrize('most', [0, 100])
def test_what_is_masked(
    monkeypatch: pytest.MonkeyPatch, most: int, text: bytes, blanked: bytes, masked: bytes
) -> None:
    monkeypatch.setattr(known_values, '_MAX_SEARCHED_VALUES', most)
    known = KnownValues(VALUES)
    assert known.blank(text) == blanked
    assert known.mask(text) == masked


def test_no_values_mask_nothing() -> None:
    assert KnownValues(frozenset()).mask(b'abc') == b'abc'


LETTERS = st.binary(min_size=1, max_size=5).map(lambda data: bytes(b'ab'[one % 2] for one in data))


@given(st.frozensets(LETTERS, max_size=8), st.lists(LETTERS, max_size=12).map(b''.join))
def test_both_ways_find_what_a_walk_over_all_places_finds(
    values: frozenset[bytes], text: bytes
) -> None:
    covered = {
        at + step
        for value in values
        for at in range(len(text))
        if text.startswith(value, at)
        for step in range(len(value))
    }
    expected = bytes(0 if at in covered else one for at, one in enumerate(text))
    for most in (0, 100):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(known_values, '_MAX_SEARCHED_VALUES', most)
            known = KnownValues(values)
        assert known.blank(text) == expected
