"""Named tuples that are cheap to define: `typing.NamedTuple` to a reader and to mypy.

A finding in the hook loads 111 of them. `typing` checks each annotation and compiles a constructor
from text for each class, which took 13 % of that time. Here constructors are copies of a few
that Python has compiled with this module, under other names: one for each number of fields.
"""

from __future__ import annotations

import sys
from _collections import _tuplegetter  # type: ignore[import-not-found]

TYPE_CHECKING = False
if TYPE_CHECKING or sys.implementation.name != 'cpython':
    from typing import NamedTuple as NamedTuple
else:
    _make = tuple.__new__
    _TEMPLATES = [
        lambda _: _make(_, ()),
        lambda _, a: _make(_, (a,)),
        lambda _, a, b: _make(_, (a, b)),
        lambda _, a, b, c: _make(_, (a, b, c)),
        lambda _, a, b, c, d: _make(_, (a, b, c, d)),
        lambda _, a, b, c, d, e: _make(_, (a, b, c, d, e)),
        lambda _, a, b, c, d, e, f: _make(_, (a, b, c, d, e, f)),
        lambda _, a, b, c, d, e, f, g: _make(_, (a, b, c, d, e, f, g)),
        lambda _, a, b, c, d, e, f, g, h: _make(_, (a, b, c, d, e, f, g, h)),
        lambda _, a, b, c, d, e, f, g, h, i: _make(_, (a, b, c, d, e, f, g, h, i)),
        lambda _, a, b, c, d, e, f, g, h, i, j: _make(_, (a, b, c, d, e, f, g, h, i, j)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k: _make(_, (a, b, c, d, e, f, g, h, i, j, k)),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m: _make(
            _, (a, b, c, d, e, f, g, h, i, j, k, m)
        ),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n: _make(
            _, (a, b, c, d, e, f, g, h, i, j, k, m, n)
        ),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o: _make(
            _, (a, b, c, d, e, f, g, h, i, j, k, m, n, o)
        ),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p: _make(
            _, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p)
        ),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q: _make(
            _, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q)
        ),
        lambda _, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r: _make(
            _, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r)
        ),
    ]
    _FUNCTION = type(_TEMPLATES[0])
    _GETTERS: list[object] = []

    class _Record(tuple):
        """Holds the methods of all named tuples."""

        __slots__ = ()

        @classmethod
        def _make(cls, values):
            made = _make(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f'Expected {len(cls._fields)} arguments, got {len(made)}')
            return made

        def _replace(self, /, **changes):
            made = self._make(map(changes.pop, self._fields, self))
            if changes:
                raise ValueError(f'Got unexpected field names: {list(changes)!r}')
            return made

        __replace__ = _replace

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            fields = zip(self._fields, self, strict=True)
            return f'{type(self).__name__}({", ".join(f"{name}={one!r}" for name, one in fields)})'

        def __getnewargs__(self):
            return tuple(self)

    class _RecordType(type):
        """Turns the body of a class with annotated fields into a named tuple."""

        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get('__annotations__', ()))
            defaults = {field: body[field] for field in fields if field in body}
            if tuple(defaults) != fields[len(fields) - len(defaults) :]:
                raise TypeError(f'{name}: a field without a default follows one with a default')
            body['__new__'] = _make_constructor(name, fields, tuple(defaults.values()))
            body |= zip(fields, _make_getters(len(fields)), strict=True)
            body |= {'__slots__': (), '_fields': fields, '__match_args__': fields}
            body['_field_defaults'] = defaults
            own = tuple(_Record if base is NamedTuple else base for base in bases)
            return type(name, own, body)

    class NamedTuple(metaclass=_RecordType):
        """Replaces `typing.NamedTuple` as a base class."""

    def _make_constructor(name, fields, defaults):
        """Make `__new__`, with the names and defaults of the fields."""
        template = _find_template(len(fields))
        code = template.__code__.replace(
            co_varnames=('_cls', *fields), co_name='__new__', co_qualname=f'{name}.__new__'
        )
        return _FUNCTION(code, {'_make': _make, '__name__': __name__}, '__new__', defaults)

    def _find_template(count):
        """Find the constructor for a number of fields; those for many are compiled when needed."""
        if count < len(_TEMPLATES):
            return _TEMPLATES[count]
        names = ', '.join(f'_{field}' for field in range(count))
        return eval(f'lambda _, {names}: _make(_, ({names}))')  # noqa: S307

    def _make_getters(count):
        """Return the descriptors for this many fields, which all classes share."""
        _GETTERS.extend(
            _tuplegetter(index, f'Alias for field number {index}')
            for index in range(len(_GETTERS), count)
        )
        return _GETTERS[:count]
