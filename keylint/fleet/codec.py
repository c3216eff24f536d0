"""Write nouns as JSON and read them again: findings in the store, batches of objects on their way.

What comes from a database is never unpickled: others may have written to it.
"""

from __future__ import annotations

import json
import types
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from keylint.core.errors import SourceError
from keylint.core.lazy_typing import resolve_hint

Noun = TypeVar('Noun')
Checked = TypeVar('Checked')
Reader = Callable[[object], object]
# A noun that unfolds to more bytes than this was written by nobody of ours.
_MAX_BYTES = 1 << 28
_BROKEN = 'the store has broken data, or data of another version of keylint'


def pack(noun: object) -> bytes:
    """Write a named tuple, or a tuple of them, as compressed JSON."""
    return zlib.compress(json.dumps(_to_plain(noun), separators=(',', ':')).encode(), 6)


def unpack(kind: type[Noun], data: bytes) -> Noun:
    """Read what `pack` has written for a noun of this type. Raises SourceError for other data."""
    machine = zlib.decompressobj()
    try:
        text = machine.decompress(data, _MAX_BYTES)
        if machine.unconsumed_tail or not machine.eof:
            raise SourceError(_BROKEN)
        return cast(Noun, _find_reader(cast(object, kind))(json.loads(text)))
    except (zlib.error, TypeError, ValueError, RecursionError):
        raise SourceError(_BROKEN) from None


def _to_plain(noun: object) -> object:
    if isinstance(noun, bytes):
        return noun.hex()
    if isinstance(noun, frozenset):
        return sorted((_to_plain(one) for one in noun), key=repr)
    if isinstance(noun, tuple):
        return [_to_plain(one) for one in noun]
    return noun


@lru_cache(maxsize=512)
def _find_reader(kind: object) -> Reader:
    """Return what makes a value of an annotated type from plain JSON.

    The types are looked at once, not with every finding. A reader raises TypeError or ValueError
    for what is of another type.
    """
    kind = resolve_hint(kind)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        [rest] = (one for one in inner if one is not types.NoneType)
        read_rest = _find_reader(rest)
        return lambda plain: None if plain is None else read_rest(plain)
    if origin is Literal:
        return lambda plain: _check_word(plain, inner)
    if origin is frozenset:
        read_one = _find_reader(inner[0])
        return lambda plain: frozenset(map(read_one, _check_type(plain, list)))
    if origin is tuple and inner[1:] == (Ellipsis,):
        return lambda plain: tuple(map(_find_reader(inner[0]), _check_type(plain, list)))
    if origin is tuple:
        return lambda plain: tuple(_read_fields(inner, plain))
    if not isinstance(kind, type):
        raise TypeError('a type that no noun has')
    return _find_value_reader(kind)


def _find_value_reader(kind: type) -> Reader:
    if kind is bytes:
        return lambda plain: bytes.fromhex(_check_type(plain, str))
    if kind is float:
        return lambda plain: float(_check_type(plain, (int, float)))
    if not hasattr(kind, '_fields'):
        return lambda plain: _check_type(plain, kind)
    return lambda plain: kind(*_read_fields(_read_hints(kind), plain))


def _read_fields(kinds: tuple[object, ...], plain: object) -> Iterator[object]:
    for kind, value in zip(kinds, _check_type(plain, list), strict=True):
        yield _find_reader(kind)(value)


def _check_word(plain: object, words: tuple[object, ...]) -> object:
    if plain not in words:
        raise TypeError('a word that is not known')
    return plain


def _check_type(plain: object, kind: type[Checked] | tuple[type[Checked], ...]) -> Checked:
    if not isinstance(plain, kind):
        raise TypeError('a value of another type')
    return plain


@lru_cache(maxsize=64)
def _read_hints(kind: type) -> tuple[object, ...]:
    """Return the types of a named tuple's fields, in their order."""
    hints = get_type_hints(kind)
    return tuple(hints[name] for name in getattr(kind, '_fields', ()))
