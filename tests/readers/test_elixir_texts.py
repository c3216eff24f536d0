"""Elixir's maps, keyword lists and configurations in braces: every byte keeps its place."""

from __future__ import annotations

import pytest

from keylint.readers.elixir_texts import to_braces

TEXTS = {
    'a keyword list': (b'x = [a: 1, b: [2]]', b'x = {a: 1, b: [2]}'),
    'one within another': (b'[a: [b: (1)]]', b'{a: {b: (1)}}'),
    'a list of values': (b'x = [1, 2]', b'x = [1, 2]'),
    'brackets of other kinds pair with each other': (b'x = [a: 1)', b'x = {a: 1}'),
    'one that nothing closes': (b'x = [a: 1', b'x = [a: 1'),
    'one that is closed before it': (b'] x = [a: 1]', b'] x = {a: 1}'),
    'one that is closed too far away': (
        b'x = [a: ' + b' ' * 20_000 + b'1]',
        b'x = [a: ' + b' ' * 20_000 + b'1]',
    ),
    'very many that nothing closes': (b'x = [a: 1, ' * 20_000, b'x = [a: 1, ' * 20_000),
}


@pytest.mark.parametrize('case', TEXTS)
def test_keyword_lists_are_mappings(case: str) -> None:
    text, want = TEXTS[case]
    assert to_braces(text) == want
