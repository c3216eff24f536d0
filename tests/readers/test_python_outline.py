"""The outline of a module: which values its names may be bound to."""

from __future__ import annotations

import ast

from keylint.readers.python_outline import Outline


def list_bound(text: str, owner: str, name: str) -> list[tuple[str, str]]:
    """List the expressions that an attribute of a class is bound to, each with the way."""
    bindings = Outline(ast.parse(text)).bindings.get((owner, name), [])
    return [(ast.unparse(one.value), one.way) for one in bindings]


FIELDS = '@dataclass\nclass Bot(Base):\n    exchange: Exchange\n    pause: int = 5\n'


def test_fields_of_a_class_without_a_constructor_take_the_arguments_of_its_calls() -> None:
    text = FIELDS + 'bot = Bot(exchange=make(), other=1)\n'
    assert list_bound(text, 'Bot', 'exchange') == [
        ('Exchange', 'annotation'),
        ('make()', 'argument'),
    ]
    assert list_bound(text, 'Bot', 'pause') == [('5', 'value')]
    assert list_bound(text, 'Bot', 'other') == []


def test_fields_take_no_arguments_of_calls_of_another_class() -> None:
    text = FIELDS + 'bot = Elsewhere(exchange=make())\n'
    assert list_bound(text, 'Bot', 'exchange') == [('Exchange', 'annotation')]
