"""Write nouns as JSON and read them again: findings in the store, batches of objects on their way.

What comes from a database is never unpickled: others may have written to it.
"""

from __future__ import annotations

import json
import types
import zlib
from functools import lru_cache
from typing import Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from keylint.core.errors import SourceError

Noun = TypeVar('Noun')
Checked = TypeVar('Checked')
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
        return cast(Noun, _to_noun(kind, json.loads(text)))
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


def _to_noun(kind: object, plain: object) -> object:
    """Make a value of an annotated type from plain JSON. Raises TypeError if it is of another."""
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        [rest] = (one for one in inner if one is not types.NoneType)
        return None if plain is None else _to_noun(rest, plain)
    if origin is Literal:
        if plain not in inner:
            raise TypeError('a word that is not known')
        return plain
    if origin is frozenset:
        return frozenset(_to_noun(inner[0], one) for one in _check_type(plain, list))
    if origin is tuple and inner[1:] == (Ellipsis,):
        return tuple(_to_noun(inner[0], one) for one in _check_type(plain, list))
    if origin is tuple:
        rows = zip(inner, _check_type(plain, list), strict=True)
        return tuple(_to_noun(one, value) for one, value in rows)
    if not isinstance(kind, type):
        raise TypeError('a type that no noun has')
    return _to_value(kind, plain)


def _to_value(kind: type, plain: object) -> object:
    if kind is bytes:
        return bytes.fromhex(_check_type(plain, str))
    if kind is float:
        return float(_check_type(plain, (int, float)))
    if not hasattr(kind, '_fields'):
        return _check_type(plain, kind)
    rows = zip(_read_hints(kind), _check_type(plain, list), strict=True)
    return kind(*(_to_noun(hint, value) for hint, value in rows))


def _check_type(plain: object, kind: type[Checked] | tuple[type[Checked], ...]) -> Checked:
    if not isinstance(plain, kind):
        raise TypeError('a value of another type')
    return plain


@lru_cache(maxsize=64)
def _read_hints(kind: type) -> tuple[object, ...]:
    """Return the types of a named tuple's fields, in their order."""
    hints = get_type_hints(kind)
    return tuple(hints[name] for name in getattr(kind, '_fields', ()))
