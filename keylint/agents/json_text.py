"""Read and write JSON without `json`, which loads regular expressions.

CPython has the reader and the writer in C.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

parse_in_python = None
try:
    from _json import encode_basestring_ascii, make_scanner
except ImportError:  # another Python, which has neither
    from json import dumps as encode_basestring_ascii
    from json import loads as parse_in_python  # type: ignore[assignment]

_BLANKS = ' \t\r\n'


class _ScannerOptions:
    """What `json.JSONDecoder` tells the scanner: plain values, control characters allowed."""

    def __init__(self) -> None:
        self.strict = False
        self.object_hook = self.object_pairs_hook = None
        self.parse_float = self.parse_int = self.parse_constant = str
        self.memo: dict[str, str] = {}


def parse_json(text: str) -> Any:  # noqa: ANN401 - whatever an agent writes
    """Return the value of a JSON text; numbers stay texts.

    Raises ValueError where it is none.
    """
    if parse_in_python is not None:
        return parse_in_python(text)
    start = len(text) - len(text.lstrip(_BLANKS))
    try:
        value, end = make_scanner(_ScannerOptions())(text, start)  # type: ignore[arg-type]
    except (StopIteration, RecursionError):
        raise ValueError('no JSON') from None
    if text[end:].strip(_BLANKS):
        raise ValueError('more than one JSON value')
    return value


def write_json(value: object) -> str:
    """Write a value as JSON on one line; what JSON has no form for is written as its text."""
    if isinstance(value, dict):
        return '{' + ', '.join(f'{_quote(name)}: {write_json(value[name])}' for name in value) + '}'
    if isinstance(value, list | tuple):
        return '[' + ', '.join(map(write_json, value)) + ']'
    if value is None or isinstance(value, bool):
        return {None: 'null', True: 'true', False: 'false'}[value]
    return _quote(value)


def _quote(value: object) -> str:
    return encode_basestring_ascii(str(value))
