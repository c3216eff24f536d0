"""Find the runs of characters in plain text that could be values."""

from __future__ import annotations

from collections.abc import Iterator

from keylint.core.lazy_patterns import defer_regex

_RUN = defer_regex(
    rb'(?:(?:(?<=[=,({\["\'`])|(?<=[=:] ))-(?!-))?[A-Za-z0-9+/_](?:[A-Za-z0-9+/_\-]|\\/){3,}={0,2}'
)
# Text that ends like words or is too short for a value is skipped in one step.
_NO_VALUES = defer_regex(
    rb'(?:[^A-Za-z0-9+/_\-]++|(?<![=,({\["\'` ])-|-(?=-)'
    rb'|(?:[A-Z]?[a-z]{1,14}|[A-Za-z0-9+/_]{1,3})(?=[=:(\[. "\'`,\n\r<&;]))*+'
)
_QUOTED_TAIL = defer_regex(rb'[^\s"\'`\\]*')
_BARE_TAIL = defer_regex(rb'[^\s"\'`\\,;&<>)}\]|]*')
_MAX_TAIL_BYTES = 160
_MIN_DOTTED_CHARS = 16
_QUOTES = (b'"', b"'", b'`')
_ENDS_NAME = frozenset(
    (
        b'=',
        b':',
        b'(',
        b'[',
        b'.',
        b' ',
        b'"',
        b"'",
        b'`',
        b',',
        b'\\',
        b'\n',
        b'\r',
        b'',
        b'<',
        b'&',
        b';',
    )
)
# Padding may also precede a closing bracket: `${NAME:-…==}`, `Key(…==)`.
_ENDS_PADDING = _ENDS_NAME | {b'}', b')', b']'}
_RANGE = defer_regex(rb'a-z|A-Z|0-9|a-f|A-F')


def find_value_spans(data: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the byte spans of possible values in `data[start:end]`, in order.

    A quoted value extends to the closing quote.
    """
    position = start
    while run := _RUN.search(data, _skip_words(data, position, end), end):
        first, last = run.span()
        if data[last - 1] == 0x3D and data[last : last + 1] not in _ENDS_PADDING:
            last = first + len(data[first:last].rstrip(b'='))  # the `=` of NAME= is not padding
        before = data[first - 1 : first] if first else b''
        if data[last : last + 1] not in _ENDS_NAME:
            last = _extend_to_delimiter(data, first, last, end)
        last = _extend_over_dots(data, first, last, end)
        position = last
        if b'{' in data[first : last + 1] or before == b'}' or _is_in_regex(data, first, last):
            continue  # a part of a template or of a regular expression
        if data[last : last + 1] == b'=' and before not in _QUOTES:
            continue  # the name of the next value
        yield first, last


def _skip_words(data: bytes, start: int, end: int) -> int:
    words = _NO_VALUES.match(data, start, end)
    return words.end() if words else start


def _extend_to_delimiter(data: bytes, first: int, last: int, end: int) -> int:
    """Return the end of a value with other characters: up to its quote or delimiter."""
    before = data[first - 1 : first] if first else b''
    if before in _QUOTES:
        tail = _QUOTED_TAIL.match(data, last, min(end, last + _MAX_TAIL_BYTES))
        if tail and data[tail.end() : tail.end() + 1] in (before, b'\\'):
            return tail.end()
    elif _follows_operator(data, first):
        tail = _BARE_TAIL.match(data, last, min(end, last + _MAX_TAIL_BYTES))
        return tail.end() if tail else last
    return last


def _follows_operator(data: bytes, first: int) -> bool:
    """Tell whether an assignment precedes a bare value: `NAME=value`, `name: value`."""
    return data[max(0, first - 3) : first].strip()[-1:] in (b'=', b':')


def _extend_over_dots(data: bytes, first: int, last: int, end: int) -> int:
    """Return the end of a value that continues after a dot.

    Examples are tokens in three parts, and values cut off with `...`.
    """
    if data[last : last + 3] == b'...':
        return last + 3
    while last - first >= _MIN_DOTTED_CHARS and data[last : last + 1] == b'.':
        more = _RUN.match(data, last + 1, end)
        if not more:
            break
        last = more.end()
    return last


def _is_class(run: bytes) -> bool:
    """Tell whether a run in brackets may be a character class: ranges, or each character once.

    Other such runs are lists of one item, long brackets of Lua, or a section of CDATA.
    """
    letters = run.replace(b'-', b'').replace(b'_', b'')
    return _RANGE.search(run) is not None or len(set(letters)) == len(letters)


def _is_in_regex(data: bytes, first: int, last: int) -> bool:
    """Tell whether a value is a part of a regular expression.

    It precedes a class or an escaped dot, is a class itself, or is the first alternative of a
    choice.
    """
    after = data[last : last + 2]
    before = data[first - 1 : first]
    return (
        after[:1] == b'['
        or after == b'\\.'
        or (before == b'[' and after[:1] == b']' and _is_class(data[first:last]))
        or (before == b'(' and after[:1] == b'|' != after[1:])
    )
