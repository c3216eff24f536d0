"""JSON and its relatives (comments, trailing commas, single quotes, bare keys) as settings with byte spans.

A tolerant tokenizer and a stack, no recursion: a broken or half-written document still gives what stands before the break
and after it. `tests/readers` holds it against `json` on every valid document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from keylint.model import Piece, Setting

_TOKEN = re.compile(
    rb'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|//[^\n]*|/\*.*?\*/|[{}\[\]:,]|[^\s{}\[\]:,"\'/]+|/',
    re.DOTALL,
)
_ESCAPE = re.compile(rb'\\(?:u([0-9a-fA-F]{4})|(.))', re.DOTALL)
_SIMPLE = {b'n': b'\n', b't': b'\t', b'r': b'\r', b'b': b'\b', b'f': b'\f'}
_DEEPEST = 100


def settings(data: bytes) -> tuple[Setting, ...]:
    """Every scalar of the document, in order."""
    return tuple(_settings(data))


def _settings(data: bytes) -> Iterator[Setting]:
    stack: list[list[str | int | None]] = []  # one [key, index] for each open container; index is None in objects
    pending: re.Match[bytes] | None = None
    for token in _TOKEN.finditer(data):
        text = token.group()
        if text in (b'{', b'['):
            if len(stack) >= _DEEPEST:
                return
            stack.append([None, None if text == b'{' else 0])
            pending = None
        elif text.startswith((b'//', b'/*')):
            continue
        elif text == b':' and stack:
            stack[-1][0] = _key(pending)
            pending = None
        elif text in (b',', b'}', b']'):
            if pending is not None:
                yield _setting(data, pending, stack)
                pending = None
            _close(stack, text)
        else:
            pending = token
    if pending is not None:
        yield _setting(data, pending, stack)


def _close(stack: list[list[str | int | None]], text: bytes) -> None:
    if not stack:
        return
    if text == b',':
        stack[-1][0] = None
        if isinstance(stack[-1][1], int):
            stack[-1][1] += 1
    else:
        stack.pop()


def _key(token: re.Match[bytes] | None) -> str:
    if token is None:
        return ''
    return unescape(token.group()[1:-1])[0].decode('utf-8', 'replace') if token.group()[:1] in b'"\'' else token.group().decode('utf-8', 'replace')


def _setting(data: bytes, token: re.Match[bytes], stack: list[list[str | int | None]]) -> Setting:
    path = tuple(str(level[0] if level[1] is None or level[0] is not None else level[1]) for level in stack if level != [None, None])
    start, end = token.span()
    if data[start : start + 1] in (b'"', b"'"):
        start, end = start + 1, end - 1
        return Setting(path, unescape(data[start:end])[0], start, end)
    return Setting(path, data[start:end], start, end)


def unescape(raw: bytes, at: int = 0) -> tuple[bytes, tuple[Piece, ...]]:
    """The text of a string literal's inside, and where its unbroken runs lie; `at` is the offset of `raw` in the blob."""
    if b'\\' not in raw:
        return raw, (Piece(0, at, len(raw)),)
    parts: list[bytes] = []
    pieces: list[Piece] = []
    length = position = 0
    for escape in _ESCAPE.finditer(raw):
        run = raw[position : escape.start()]
        decoded = _decoded(escape)
        parts += [run, decoded]
        pieces += [Piece(length, at + position, len(run)), Piece(length + len(run), at + escape.start(), len(decoded), 0)]
        length += len(run) + len(decoded)
        position = escape.end()
    parts.append(raw[position:])
    pieces.append(Piece(length, at + position, len(raw) - position))
    return b''.join(parts), tuple(piece for piece in pieces if piece.length)


def _decoded(escape: re.Match[bytes]) -> bytes:
    if escape.group(1):
        return chr(int(escape.group(1), 16)).encode('utf-8', 'replace')
    return _SIMPLE.get(escape.group(2), escape.group(2))
