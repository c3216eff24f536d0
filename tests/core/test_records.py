"""Named tuples of keylint behave as those of `typing` do."""

from __future__ import annotations

import copy
import inspect
import pickle
import typing
from collections.abc import Callable

import pytest

from keylint.core import records

_BODY = '''
class Row(NamedTuple):
    """Say what a row is."""

    name: str
    size: int = 3
    parts: 'tuple[Row, ...]' = ()

    @property
    def twice(self) -> int:
        return self.size * 2

    def __str__(self) -> str:
        return f'row {self.name}'

class Empty(NamedTuple):
    """Have no field."""
'''


class Pair(records.NamedTuple):
    """Hold two numbers."""

    start: int
    end: int


def _define(base: object) -> dict[str, typing.Any]:
    names: dict[str, typing.Any] = {'NamedTuple': base, '__name__': __name__}
    exec('from __future__ import annotations\n' + _BODY, names)  # noqa: S102
    return names


OURS, USUAL = _define(records.NamedTuple), _define(typing.NamedTuple)
CASES: dict[str, Callable[[typing.Any], object]] = {
    'positions': lambda row: row('a', 1, (2,)),
    'names': lambda row: row(name='a', parts=(1,)),
    'defaults': lambda row: row('a'),
    'missing': lambda row: row(),
    'unknown': lambda row: row('a', colour=1),
    'too many': lambda row: row('a', 1, 2, 3),
    'twice': lambda row: row('a', name='b'),
    'text': lambda row: (repr(row('a')), str(row('a'))),
    'fields': lambda row: (row('a').name, row('a').parts, row('a', 4).twice),
    'set': lambda row: setattr(row('a'), 'name', 'b'),
    'other': lambda row: setattr(row('a'), 'colour', 'b'),
    'class': lambda row: (row.__name__, row.__doc__, row._fields, row.__match_args__),
    'default values': lambda row: row._field_defaults,
    'replace': lambda row: row('a')._replace(size=9),
    'replace wrongly': lambda row: row('a')._replace(colour=9),
    'make': lambda row: row._make(['a', 1, 2]),
    'make wrongly': lambda row: row._make(['a']),
    'dict': lambda row: row('a')._asdict(),
    'copy': lambda row: copy.copy(row('a')),
    'signature': lambda row: [
        (one.name, one.default, one.kind) for one in inspect.signature(row).parameters.values()
    ],
    'equal': lambda row: (row('a') == ('a', 3, ()), hash(row('a')) == hash(('a', 3, ()))),
    'order': lambda row: sorted([row('b'), row('a', 4), row('a')]),
    'tuple': lambda row: (isinstance(row('a'), tuple), len(row('a')), [*row('a')]),
    'subclass': lambda row: type('Sub', (row,), {})('a').name,
}


def _make_class(name: str, body: dict[str, typing.Any]) -> typing.Any:
    kind: Callable[..., typing.Any] = type(records.NamedTuple)
    return kind(name, (records.NamedTuple,), body)


def _answer(case: str, row: object) -> object:
    try:
        return CASES[case](row)
    except (TypeError, AttributeError, ValueError) as error:
        return type(error)


@pytest.mark.parametrize('case', CASES)
def test_rows_behave_as_usual(case: str) -> None:
    assert _answer(case, OURS['Row']) == _answer(case, USUAL['Row'])


def test_a_class_without_fields() -> None:
    assert OURS['Empty']() == () == USUAL['Empty']()


@pytest.mark.parametrize('count', [1, 7, 8, 9, 12, 30])
def test_any_number_of_fields(count: int) -> None:
    body = {'__annotations__': {f'field_{number}': 'int' for number in range(count)}}
    made = _make_class('Many', body)
    row = made(*range(count))
    assert [getattr(row, name) for name in made._fields] == list(range(count))
    assert made(**row._asdict()) == row
    with pytest.raises(TypeError):
        made(*range(count - 1))


def test_a_default_is_followed_by_defaults() -> None:
    body = {'__annotations__': {'first': 'int', 'second': 'int'}, 'first': 1}
    with pytest.raises(TypeError, match='default'):
        _make_class('Wrong', body)


def test_rows_can_be_pickled_and_have_no_dict() -> None:
    pair = Pair(1, 2)
    again = pickle.loads(pickle.dumps(pair))  # noqa: S301 - what was dumped here
    assert (again, type(again)) == (pair, Pair)
    assert not hasattr(pair, '__dict__')
    assert typing.get_type_hints(Pair)['start'] is int
