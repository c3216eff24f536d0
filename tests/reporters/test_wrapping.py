"""Words are wrapped as `textwrap` wraps them."""

from __future__ import annotations

import random
from textwrap import wrap

import pytest

from keylint.reporters.text import wrap_words

_HEADS = ('', '  ', '  help: ', '      ')


@pytest.mark.parametrize(
    'text', ['', ' ', 'word', '  two  words ', 'a\nb', 'a\tb', 'long-word-with-hyphens ' * 4]
)
@pytest.mark.parametrize('head', _HEADS)
def test_a_short_text(text: str, head: str) -> None:
    assert wrap_words(text, 20, head, 4) == wrap_expected(text, 20, head, 4)


@pytest.mark.parametrize('number', range(200))
def test_any_text(number: int) -> None:
    source = random.Random(number)  # noqa: S311 - the same every time
    lengths = [source.choice((1, 3, 8, 40)) for _ in range(source.randrange(60))]
    gaps = (' ', ' ', '  ', '\n', ' \n')
    text = ''.join('x' * length + source.choice(gaps) for length in lengths)
    width, indent = source.randrange(12, 60), source.randrange(9)
    head = source.choice(_HEADS)
    assert wrap_words(text, width, head, indent) == wrap_expected(text, width, head, indent)


def wrap_expected(text: str, width: int, head: str, indent: int) -> list[str]:
    lines = wrap(
        text,
        width,
        initial_indent=head,
        subsequent_indent=' ' * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [f'{line}\n' for line in lines]
