"""What stands for `typing` resolves to the real types, and says the same of mistakes."""

from __future__ import annotations

import typing
from collections.abc import Callable

import pytest

from keylint.core import lazy_typing
from keylint.core.terms import SEVERITIES, Severity

_HINTS = {
    'words': (lazy_typing.Literal['a', 'b'], typing.Literal['a', 'b']),
    'one word': (lazy_typing.Literal['a'], typing.Literal['a']),
    'a union with None': (lazy_typing.Literal['a'] | None, typing.Literal['a'] | None),
    'a union from the right': (int | lazy_typing.Literal['a'], int | typing.Literal['a']),
    'a union of two': (
        lazy_typing.Literal['a'] | lazy_typing.Literal['b'],
        typing.Literal['a'] | typing.Literal['b'],
    ),
    'anything': (lazy_typing.Any, typing.Any),
    'another type': (int, int),
    'none of a type': (None, None),
}


@pytest.mark.parametrize('name', _HINTS)
def test_a_hint_resolves_to_the_real_type(name: str) -> None:
    hint, expected = _HINTS[name]
    assert lazy_typing.resolve_hint(hint) == expected


def test_words_of_the_code_can_be_listed() -> None:
    assert typing.get_args(lazy_typing.resolve_hint(Severity)) == SEVERITIES


def test_a_generic_class_is_a_usual_one() -> None:
    item = lazy_typing.TypeVar('item')

    class Box(lazy_typing.Generic[item]):
        def __init__(self, content: item) -> None:
            self.content = content

    assert Box[int](3).content == 3


def test_what_cannot_be_is_told_as_usual() -> None:
    for module in (typing, lazy_typing):
        check: Callable[[object], object] = module.assert_never
        with pytest.raises(AssertionError, match="unreachable, but got: 'x'"):
            check('x')
    value: object = 'x'
    assert lazy_typing.cast('int', value) is value
