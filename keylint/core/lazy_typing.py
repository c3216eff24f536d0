"""Names of `typing` for modules that a finding in the hook loads.

Importing `typing` takes half of the time that Python takes to start. For mypy and for readers these
are the real names; at run time they are stand-ins. Code that reads annotations at run time, as
`fleet.codec` does, gets the real type from `resolve_hint`.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any as Any
    from typing import AnyStr as AnyStr
    from typing import Generic as Generic
    from typing import Literal as Literal
    from typing import Protocol as Protocol
    from typing import TextIO as TextIO
    from typing import TypeVar as TypeVar
    from typing import assert_never as assert_never
    from typing import cast as cast
else:

    class _LazyForm:
        """A stand-in for a form of `typing` with arguments: `Literal['a', 'b']`, a union."""

        def __init__(self, name, args=()):
            self.name = name
            self.args = args

        def __getitem__(self, args):
            return _LazyForm(self.name, args if isinstance(args, tuple) else (args,))

        def __or__(self, other):
            return _LazyForm('Union', (self, other))

        def __ror__(self, other):
            return _LazyForm('Union', (other, self))

    class Protocol:
        """A stand-in for a class that nothing uses at run time."""

        __slots__ = ()

        def __class_getitem__(cls, _):
            return cls

    Generic = Protocol
    Literal, Any, TextIO = _LazyForm('Literal'), _LazyForm('Any'), _LazyForm('TextIO')
    AnyStr = _LazyForm('AnyStr')

    def TypeVar(name):  # noqa: N802 - the name in `typing`
        """Return a stand-in for a variable, which only annotations use."""
        return _LazyForm('Any')

    def assert_never(value, /):
        """Raise what `typing.assert_never` raises."""
        raise AssertionError(f'Expected code to be unreachable, but got: {value!r}')

    def cast(_, value):
        """Return the value as it is."""
        return value


def resolve_hint(hint: object) -> object:
    """Return the form of `typing` that a hint stands for; any other object unchanged."""
    if TYPE_CHECKING or not isinstance(hint, _LazyForm):
        return hint
    form: object = getattr(import_module('typing'), hint.name)
    args = tuple(resolve_hint(arg) for arg in hint.args)
    return form[args] if args else form
